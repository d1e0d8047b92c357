"""Collection rules of a territory: who serves it, when, how much, and how to put things out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from callbot.domain.items import Certainty


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


@dataclass(frozen=True, slots=True)
class Closure:
    """No collection from ``first`` to ``last`` included (strike, storm...)."""

    first: date
    last: date
    reason: str


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
    """Rules of one territory. Whatever is None is not filled in: the bot does not guess, a person decides."""

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

    def sector_of(self, insee: str) -> SectorRules | None:
        """The sector that serves a commune or arrondissement, None where none is filled in."""
        return next((sector for sector in self.sectors if insee in sector.communes), None)
