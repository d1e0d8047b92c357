"""What becomes of the calls that the bot answers: settled, handed over (why), or left by the caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from callbot.domain.events import HandOverReason
from callbot.insight.figures.statistics import Interval, wilson

ENOUGH_CALLS = 400
"""with so many calls a share is known to within five points (95 %)"""
ASSUMED_SETTLED = 0.50
"""between what public bots have published: 36 % (Renfrewshire, 2024) to 50 % (Plaisir, 2023)"""
ASSUMED_LEFT = 0.05
"""callers who hang up on the bot with nothing done; a guess"""
ASSUMED_REASONS: Mapping[HandOverReason, float] = {
    HandOverReason.ASKED: 0.34,
    HandOverReason.NOT_UNDERSTOOD: 0.18,
    HandOverReason.RULE_UNKNOWN: 0.11,
    HandOverReason.OTHER_REQUEST: 0.11,
    HandOverReason.NOT_KNOWN: 0.09,
    HandOverReason.ASSISTED: 0.05,
    HandOverReason.PROFESSIONAL: 0.05,
    HandOverReason.COMPLAINT: 0.04,
    HandOverReason.LANGUAGE: 0.02,
    HandOverReason.TECHNICAL: 0.01,
}
"""why calls are handed over, as shares of those that are; a guess"""


class UnfitSharesError(ValueError):
    """Shares of calls that cannot be."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Shares of the calls that the bot answers; what is neither settled nor handed over, the caller left.

    ``reasons`` are shares of the calls handed over. ``UnfitSharesError`` when shares are negative or above 1 together.
    """

    settled: float
    handed_over: float
    reasons: Mapping[HandOverReason, float]
    origin: str
    calls: int = 0
    """on how many calls the shares rest, 0 where they were not counted"""

    def __post_init__(self) -> None:
        fit = 0 <= self.settled <= 1 and 0 <= self.handed_over <= 1
        if not fit or self.settled + self.handed_over > 1 + 1e-9:
            raise UnfitSharesError("shares settled and handed over: each from 0 to 1, together at most 1")

    @property
    def settled_between(self) -> Interval | None:
        """The interval of the share settled; None where it was not counted."""
        return wilson(round(self.settled * self.calls), self.calls)

    @property
    def handed_over_between(self) -> Interval | None:
        """That of the share handed over."""
        return wilson(round(self.handed_over * self.calls), self.calls)

    @property
    def left(self) -> float:
        """Share of the calls that end with the bot and nothing done."""
        return max(0.0, 1 - self.settled - self.handed_over)


class Shares(Protocol):
    """Where the shares come from: an assumption, or the service's own calls."""

    def outcomes(self) -> Outcomes:
        """The shares and, in their ``origin``, where they come from."""
        ...


@dataclass(frozen=True, slots=True)
class Assumed:
    """Shares nobody measured here: the caller's own, else the defaults above."""

    settled: float | None = None
    handed_over: float | None = None

    def outcomes(self) -> Outcomes:
        """One share given fixes the other; ``UnfitSharesError`` when they do not fit."""
        settled, handed_over = self.settled, self.handed_over
        if settled is None:
            settled = ASSUMED_SETTLED if handed_over is None else max(0.0, 1 - ASSUMED_LEFT - handed_over)
        if handed_over is None:
            handed_over = max(0.0, 1 - ASSUMED_LEFT - settled)
        given = self.settled is not None or self.handed_over is not None
        return Outcomes(settled, handed_over, ASSUMED_REASONS, "given" if given else "assumed")


@dataclass(frozen=True, slots=True)
class Counted:
    """Shares of calls that the bot has answered; ``otherwise`` while they are too few.

    ``called_back``: never put through, and still work for people, though nobody noted a reason.
    """

    settled: int
    handed_over: Mapping[HandOverReason, int]
    left: int
    otherwise: Shares
    called_back: int = 0

    @property
    def calls(self) -> int:
        """All of them."""
        return self.settled + sum(self.handed_over.values()) + self.called_back + self.left

    def outcomes(self) -> Outcomes:
        """The shares counted, from ``ENOUGH_CALLS`` calls on."""
        put_through, calls = sum(self.handed_over.values()), self.calls
        if calls < ENOUGH_CALLS:
            return self.otherwise.outcomes()
        people = put_through + self.called_back
        reasons = {why: count / put_through for why, count in self.handed_over.items()}
        return Outcomes(self.settled / calls, people / calls, reasons, f"counted on {calls:,} calls", calls)
