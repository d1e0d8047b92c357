"""A figure as it is shown: its formula, what it was counted from, how sure it is, and where the calls behind it are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from urllib.parse import urlencode

from callbot.insight.figures.facts import Motive, Outcome
from callbot.insight.figures.statistics import Interval

NO_SENSE = "sans objet"
"""what is shown where the denominator is empty: nobody was counted, which is not 0 %"""


class Unit(StrEnum):
    """What a value is."""

    CALLS = "calls"
    SHARE = "share"
    SECONDS = "seconds"
    CHANGE = "change"
    """a relative change: -0.3 is 30 % less"""


class Family(StrEnum):
    """What a figure is about; the order of the pages."""

    PICK_UP = "pick_up"
    WAITING = "waiting"
    ABANDONED = "abandoned"
    HANDLING = "handling"
    RESOLUTION = "resolution"
    PEOPLE = "people"
    SATISFACTION = "satisfaction"
    QUALITY = "quality"


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Finds the calls behind a figure. ``until`` is included; empty fields filter nothing."""

    since: date | None = None
    until: date | None = None
    territory: str = ""
    motive: Motive | None = None
    outcome: Outcome | None = None
    asked: bool = False
    """only calls in which a person was asked for"""
    abandoned_at: str = ""
    reason: str = ""
    """why the call was handed over"""

    @property
    def query(self) -> str:
        """As the list of calls takes it in its address."""
        named = {
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "territory": self.territory,
            "motive": self.motive or "",
            "outcome": self.outcome or "",
            "asked": "1" if self.asked else "",
            "abandoned_at": self.abandoned_at,
            "reason": self.reason,
        }
        return urlencode({name: value for name, value in named.items() if value})

    def narrowed(self, **fields: object) -> CallFilter:
        """The same with more conditions."""
        return replace(self, **fields)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Named:
    """Which figure it is: ``key`` for programs, ``label`` and ``formula`` for people, in French."""

    key: str
    family: Family
    label: str
    formula: str


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` is ``numerator / denominator`` where there is a denominator; None: "sans objet"."""

    named: Named
    unit: Unit
    value: float | None
    numerator: float | None = None
    denominator: int | None = None
    interval: Interval | None = None
    calls: CallFilter = field(default_factory=CallFilter)
    exact: bool = True
    """the filter finds exactly the calls of the numerator; False: the calls among which they are"""
    note: str = ""
    target: float | None = None

    @property
    def is_empty(self) -> bool:
        """Nobody was counted."""
        return self.value is None
