"""What people may ask about their own data, the life of such a request, and until when it must be answered.

Deadlines: RGPD art. 12(3), one month from the receipt, three where the person was told why within the first; counted as
Regulation (EEC, Euratom) 1182/71 art. 3 says: to the day of the same number, the last of a shorter month, and to the
next working day where it ends on a weekend or a public holiday. The month runs from the receipt, not from the moment
the person was identified: that is never too late.
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from callbot.domain.personal import PhoneNumber

FIRST_MONTHS, EXTENDED_MONTHS = 1, 3
SOON_DAYS = 7
"""a request that is due within so many days is shown as pressing"""
_SATURDAY = 5


class DataRight(StrEnum):
    """Rights of the RGPD that somebody may use here. Portability (art. 20) is none of them, as the service rests on a
    mission of public interest; the copy of art. 15 is given in a portable form all the same."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    LIMITATION = "limitation"
    OBJECTION = "objection"


class RequestState(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    """written down; nobody has made sure yet whose number it is about"""
    IDENTIFIED = "identified"
    TAKEN = "taken"
    """an officer works on it"""
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    NOT_IDENTIFIED = "not_identified"
    """closed: the person could not be identified (art. 12(2))"""

    @property
    def open(self) -> bool:
        """True while an answer is owed."""
        return bool(MOVES[self])


MOVES: Mapping[RequestState, frozenset[RequestState]] = MappingProxyType(
    {
        RequestState.RECEIVED: frozenset(
            {
                RequestState.IDENTIFIED,
                RequestState.REFUSED,
                RequestState.WITHDRAWN,
                RequestState.NOT_IDENTIFIED,
            }
        ),
        RequestState.IDENTIFIED: frozenset(
            {RequestState.TAKEN, RequestState.ANSWERED, RequestState.REFUSED, RequestState.WITHDRAWN}
        ),
        RequestState.TAKEN: frozenset({RequestState.ANSWERED, RequestState.REFUSED, RequestState.WITHDRAWN}),
        RequestState.ANSWERED: frozenset(),
        RequestState.REFUSED: frozenset(),
        RequestState.WITHDRAWN: frozenset(),
        RequestState.NOT_IDENTIFIED: frozenset(),
    }
)
"""every move there is; nothing is answered before its person is identified, and nothing that is closed opens again"""


class Identity(StrEnum):
    """How somebody showed that a number is theirs; nothing else is ever asked."""

    CODE = "code"
    """a code sent to the number by SMS"""
    CALL_BACK = "call_back"
    """an officer rang the number"""


class Came(StrEnum):
    """By which way a request came."""

    PHONE = "phone"
    SMS = "sms"
    TEXT = "text"
    PAGE = "page"
    LETTER = "letter"
    """by letter, e-mail or at a counter: an officer wrote it down"""


@dataclass(frozen=True, slots=True)
class DataWish:
    """What somebody said in a conversation that they want; ``phone``: the number the network shows, if any.
    The way it came makes no other wish of it."""

    right: DataRight
    came: Came = field(compare=False)
    phone: PhoneNumber | None = None


class Urgency(StrEnum):
    """How near the deadline is."""

    CLOSED = "closed"
    IN_TIME = "in_time"
    SOON = "soon"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day on which an answer is in time."""

    day: date

    def urgency(self, today: date) -> Urgency:
        """Of a request that is open; the last day itself is in time."""
        if today > self.day:
            return Urgency.OVERDUE
        return Urgency.SOON if (self.day - today).days <= SOON_DAYS else Urgency.IN_TIME


def deadline(received: date, holidays: Collection[date], *, extended: bool = False) -> Deadline:
    """Until when a request of that day is answered; ``holidays``: public ones."""
    day = months_later(received, EXTENDED_MONTHS if extended else FIRST_MONTHS)
    while day.weekday() >= _SATURDAY or day in holidays:
        day += timedelta(days=1)
    return Deadline(day)


def months_later(day: date, months: int) -> date:
    """The day of the same number so many months later, the last of its month where there is none."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def may_extend(state: RequestState, received: date, today: date, holidays: Collection[date], *, extended: bool) -> bool:
    """Whether more time may still be taken: once, and only while the first month runs (art. 12(3))."""
    return state.open and not extended and today <= deadline(received, holidays).day
