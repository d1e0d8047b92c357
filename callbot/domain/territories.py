"""Collection rules of a territory: who serves it, when, how much, and how to put things out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from callbot.domain.items import Certainty, Ground


class BookingMode(StrEnum):
    """How a territory collects bulky waste."""

    APPOINTMENT = "appointment"
    CALENDAR = "calendar"
    """fixed days by quarter: nothing to book"""
    UNKNOWN = "unknown"
    """not filled in: a person decides"""


@dataclass(frozen=True, slots=True)
class CutOff:
    """A date can be booked until ``at`` (local time), ``days_before`` days before it."""

    days_before: int
    at: time


@dataclass(frozen=True, slots=True)
class PutOut:
    """When and where to put the objects out, never before ``start``; ``spoken`` is the French sentence for callers."""

    evening_before: bool
    start: time
    latest: time
    place: str
    spoken: str


@dataclass(frozen=True, slots=True)
class HouseholdLimit:
    """A household may have ``most`` pickups within any ``within_days`` days."""

    most: int
    within_days: int


class AssistedOffer(StrEnum):
    """Whether objects are fetched inside the home for people who cannot carry them out."""

    YES = "yes"
    NO = "no"
    BY_PERSON = "by_person"
    """an agent decides case by case"""


@dataclass(frozen=True, slots=True)
class Assisted:
    """Assisted collection; ``spoken`` is the French sentence for callers."""

    offered: AssistedOffer
    spoken: str


class ProfessionalsMode(StrEnum):
    """What becomes of the request of a shop, a company, a building manager."""

    REFUSED_HERE = "refused_here"
    """not this service: ``spoken`` names another way"""
    BY_PERSON = "by_person"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Professionals:
    """The rule for professionals; ``spoken`` is the French sentence for callers."""

    mode: ProfessionalsMode
    spoken: str


class ClosureKind(StrEnum):
    """Why there is no collection."""

    STRIKE = "strike"
    STORM = "storm"
    WORKS = "works"
    HOLIDAY = "holiday"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Closure:
    """No collection from ``first`` to ``last`` included, in ``sectors``; in all of them when none is named."""

    first: date
    last: date
    reason: str
    kind: ClosureKind = ClosureKind.OTHER
    sectors: frozenset[str] = frozenset()

    def closes(self, sector: str, day: date) -> bool:
        """True when ``sector`` is not served on ``day``."""
        return self.first <= day <= self.last and (not self.sectors or sector in self.sectors)


@dataclass(frozen=True, slots=True)
class SectorRules:
    """A collection sector: the communes it serves, its weekdays (Monday = 0), what it takes a day.

    ``capacity`` in bookings, ``capacity_items`` in objects, ``capacity_m3`` in cubic metres; None: not limited.
    """

    id: str
    name: str
    communes: frozenset[str]
    weekdays: frozenset[int]
    capacity: int
    capacity_items: int | None = None
    capacity_m3: float | None = None


@dataclass(frozen=True, slots=True)
class TerritoryRules:
    """Rules of one territory from ``valid_from`` to ``valid_to``, both included; None: no such end.

    Whatever else is None is not filled in: the bot does not guess, a person decides. ``marks``: how well a rule is
    established where that is not ``certainty``, by its key in the file (``limits``, ``limits.max_weight_kg``).
    """

    id: str
    name: str
    communes: frozenset[str]
    mode: BookingMode
    sectors: tuple[SectorRules, ...]
    cut_off: CutOff | None
    put_out: PutOut | None
    max_items: int | None
    max_volume_m3: float | None
    horizon_days: int
    closures: tuple[Closure, ...]
    works_on_holidays: bool
    sample: bool
    source: str
    certainty: Certainty
    household: HouseholdLimit | None = None
    max_weight_kg: float | None = None
    """of one object"""
    assisted: Assisted | None = None
    professionals: Professionals | None = None
    holidays_worked: frozenset[date] = frozenset()
    """public holidays on which the crews come all the same"""
    valid_from: date | None = None
    valid_to: date | None = None
    later: bool = False
    """True when other rules of the same territory came before these"""
    marks: Mapping[str, Certainty] = field(default_factory=dict, hash=False)
    spoken_source: str = ""
    """the source as a caller hears it who asks why; empty where nobody worded it"""

    @property
    def key(self) -> str:
        """The name of this version: the id for the first one, ``id@2027-01-01`` for those that follow."""
        return f"{self.id}@{self.valid_from}" if self.later else self.id

    def valid_on(self, day: date) -> bool:
        """True when these rules are in force on ``day``."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def ground(self, rule: str) -> Ground:
        """What a "no" by ``rule`` rests on; ``rule``: its key in the file, like ``household``, ``limits.max_items``."""
        block = rule.partition(".")[0]
        certainty = self.marks.get(rule) or self.marks.get(block) or self.certainty
        return Ground(
            f"{self.id}/{rule}", self.source, certainty, self.valid_from, self.spoken_source, self._most.get(rule)
        )

    @property
    def _most(self) -> Mapping[str, float | None]:
        """What each limit allows, by its key in the file."""
        return {
            "limits.max_items": self.max_items,
            "limits.max_volume_m3": self.max_volume_m3,
            "limits.max_weight_kg": self.max_weight_kg,
        }

    def sector_of(self, insee: str) -> SectorRules | None:
        """The sector that serves a commune or arrondissement, None where none is filled in."""
        return next((sector for sector in self.sectors if insee in sector.communes), None)
