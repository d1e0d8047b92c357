"""The life of a booking as a small state machine: which move leads from which state to which.

::

    (nothing) -> held -> booked -> (amended) -> collected | not presented | not conform | inaccessible | missed
                 held -> (nothing)              missed | inaccessible -> replanned -> as booked
                         booked | replanned -> cancelled

A crew may correct what it entered; nothing leads out of "cancelled". ``None`` stands for no booking at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from callbot.domain.bookings import BookingStatus


class Move(StrEnum):
    """Everything that can happen to a booking."""

    HOLD = "hold"
    LAPSE = "lapse"
    """the hold ran out or was given back"""
    BOOK = "book"
    AMEND = "amend"
    CANCEL = "cancel"
    COLLECT = "collect"
    FIND_NOTHING = "find_nothing"
    LEAVE = "leave"
    """left there because it is not what was announced"""
    FAIL_TO_REACH = "fail_to_reach"
    MISS = "miss"
    REPLAN = "replan"


class NotAllowedError(Exception):
    """The state does not allow the move."""


OUTCOMES: Mapping[BookingStatus, Move] = {
    BookingStatus.COLLECTED: Move.COLLECT,
    BookingStatus.NOT_PRESENTED: Move.FIND_NOTHING,
    BookingStatus.NOT_CONFORM: Move.LEAVE,
    BookingStatus.INACCESSIBLE: Move.FAIL_TO_REACH,
    BookingStatus.MISSED: Move.MISS,
}
"""what a crew may enter, and the move each is"""
_TO_COME = (BookingStatus.BOOKED, BookingStatus.REPLANNED)

_LEADS: dict[tuple[BookingStatus | None, Move], BookingStatus | None] = {
    (None, Move.HOLD): BookingStatus.HELD,
    (BookingStatus.HELD, Move.HOLD): BookingStatus.HELD,
    (BookingStatus.HELD, Move.LAPSE): None,
    (None, Move.BOOK): BookingStatus.BOOKED,
    (BookingStatus.HELD, Move.BOOK): BookingStatus.BOOKED,
    (BookingStatus.MISSED, Move.REPLAN): BookingStatus.REPLANNED,
    (BookingStatus.INACCESSIBLE, Move.REPLAN): BookingStatus.REPLANNED,
    **{(status, Move.REPLAN): BookingStatus.REPLANNED for status in _TO_COME},
    **{(status, Move.AMEND): status for status in _TO_COME},
    **{(status, Move.CANCEL): BookingStatus.CANCELLED for status in _TO_COME},
    **{(before, move): after for before in (*_TO_COME, *OUTCOMES) for after, move in OUTCOMES.items()},
}


def after(status: BookingStatus | None, move: Move) -> BookingStatus | None:
    """Where ``move`` leads from ``status``; raises ``NotAllowedError`` where it leads nowhere."""
    try:
        return _LEADS[status, move]
    except KeyError:
        raise NotAllowedError(f"{move} does not follow {status or 'nothing'}") from None


def allows(status: BookingStatus | None, move: Move) -> bool:
    """True when ``move`` leads somewhere from ``status``."""
    return (status, move) in _LEADS
