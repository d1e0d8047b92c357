"""Shares out of the service's own calls: what became of those that the bot answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from callbot.domain.events import HandOverReason
from callbot.insight.figures.facts import Outcome
from callbot.insight.staffing.outcomes import Counted, Shares

COUNTED_DAYS = 365
"""how far back calls are counted: every season is in it once"""
_SETTLED = frozenset(
    {
        Outcome.BOOKED, Outcome.AMENDED, Outcome.CANCELLED, Outcome.REPORTED, Outcome.STATUS_TOLD, Outcome.ANSWERED,
    }
)  # fmt: skip
_NOT_THE_BOTS = frozenset({Outcome.UNANSWERED, Outcome.GOING_ON})


class CallsOfAKind(NamedTuple):
    """How many telephone calls came to this; ``reason``: why they were handed over, "" where they were not."""

    outcome: str
    reason: str
    calls: int


def counted_shares(rows: Iterable[CallsOfAKind], otherwise: Shares) -> Counted:
    """Shares of calls the bot answered; ``otherwise`` while they are too few.

    A call that was handed over is not settled, whatever the bot did before: a person works on it. Nor is one that is
    called back. Calls that people got in the bot's stead, that nobody answered or that go on are left out, and so are
    words that this version does not know.
    """
    settled = left = called_back = 0
    people: Counter[HandOverReason] = Counter()
    for row in rows:
        if row.reason == HandOverReason.DIVERTED or row.outcome in _NOT_THE_BOTS or row.outcome not in set(Outcome):
            continue
        if row.reason in set(HandOverReason):
            people[HandOverReason(row.reason)] += row.calls
        elif row.outcome == Outcome.CALL_BACK:
            called_back += row.calls
        elif row.outcome in _SETTLED:
            settled += row.calls
        else:
            left += row.calls
    return Counted(settled, people, left, otherwise, called_back)
