"""A year of bookings against the days of the crews: how far away the first date with room is, who finds none. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np

from callbot.domain.calendar import is_served, still_open
from callbot.domain.territories import SectorRules, TerritoryRules
from callbot.insight.staffing.spreads import Floats


@dataclass(slots=True)
class Crews:
    """The days of one sector within a year, and what each can still take."""

    rules: TerritoryRules
    sector: SectorRules
    holidays: Collection[date]
    _room: dict[date, int] = field(default_factory=dict)

    def first_with_room(self, now: datetime) -> date | None:
        """Takes a place on it; None when there is none within the horizon."""
        cut_off = self.rules.cut_off
        if cut_off is None:
            return None
        for offset in range(self.rules.horizon_days + 1):
            day = now.date() + timedelta(days=offset)
            if self._left(day) and still_open(day, cut_off, now):
                self._room[day] -= 1
                return day
        return None

    def _left(self, day: date) -> int:
        if day not in self._room:
            served = is_served(self.rules, self.sector, day, self.holidays)
            self._room[day] = self.sector.capacity if served else 0
        return self._room[day]


@dataclass(frozen=True, slots=True)
class YearOfDates:
    """``lead_days``: from the call to the pickup, of those who got a date; ``without``: callers who got none."""

    lead_days: Floats
    without: int
    by_month: tuple[int, ...]
    """callers without a date, by month of four weeks"""


def booked(
    crews: Sequence[Crews], moments: Floats, first_day: date, dice: np.random.Generator, factor: float = 1.0
) -> YearOfDates:
    """Each caller, at ``moments`` seconds after the midnight of ``first_day``, takes the first day with room.

    Sectors are called in proportion to what they take (nothing better is known). ``factor``: of the capacity.
    """
    if factor != 1.0:
        crews = [_scaled(each, factor) for each in crews]
    weights = np.array([each.sector.capacity * len(each.sector.weekdays) for each in crews], dtype=float)
    chosen = dice.choice(len(crews), size=len(moments), p=weights / weights.sum())
    midnight = datetime.combine(first_day, datetime.min.time())
    leads, without = [], [0] * 13
    for place, seconds in zip(chosen.tolist(), moments.tolist(), strict=True):
        now = midnight + timedelta(seconds=seconds)
        day = crews[place].first_with_room(now)
        if day is None:
            without[min(12, int(seconds // (28 * 86_400)))] += 1
        else:
            leads.append((day - now.date()).days)
    return YearOfDates(np.array(leads, dtype=float), sum(without), tuple(without))


def _scaled(crews: Crews, factor: float) -> Crews:
    sector = crews.sector
    more = SectorRules(
        sector.id, sector.name, sector.communes, sector.weekdays, max(1, round(sector.capacity * factor))
    )
    return Crews(crews.rules, more, crews.holidays)


def crews_of(territories: Iterable[TerritoryRules], holidays: Collection[date]) -> list[Crews]:
    """Every sector that takes bookings."""
    return [Crews(rules, sector, holidays) for rules in territories for sector in rules.sectors]
