"""When people ring: years of calls drawn from a real history of counts, or from an invented profile.

A simulated year is 52 weeks from a Monday on, so that every weekday counts alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from callbot.insight.staffing.spreads import Floats
from callbot.insight.staffing.week import DAY_S

DAYS = 364
"""a simulated year"""
_SEASON_DAYS = 28
"""a day is drawn among days of the same weekday no further away in the year: seasons stay, chance does not repeat"""


class Demand(Protocol):
    """A year of calls, other each time."""

    @property
    def origin(self) -> str:
        """Where it comes from, in words."""
        ...

    def draw(self, dice: np.random.Generator) -> Floats:
        """The moments of a year's calls in seconds since its first midnight, a Monday's; ascending."""
        ...


@dataclass(frozen=True, slots=True)
class CountedDay:
    """Calls that came in on a day, by intervals of equal length from midnight to midnight."""

    day: date
    counts: Floats


@dataclass(frozen=True, slots=True)
class History:
    """Days that were counted, each as it was; the real thing, except that the volume is another.

    ``shift`` days are added to every date before its weekday is read: a week-end elsewhere becomes ours.
    """

    days: tuple[CountedDay, ...]
    volume: float
    shift: int

    @property
    def origin(self) -> str:
        """Days, calls and what was done to them."""
        calls = sum(float(day.counts.sum()) for day in self.days)
        moved = f", weekdays moved by {self.shift}" if self.shift else ""
        return f"history of {len(self.days)} days and {calls:,.0f} calls{moved}, scaled to {self.volume:,.0f} a year"

    def draw(self, dice: np.random.Generator) -> Floats:
        """Each day is one of the history: same weekday, same season. Fewer calls are a share of them, drawn singly."""
        chosen = [pool[dice.integers(len(pool))] if len(pool) else -1 for pool in self._pools()]
        nothing = np.zeros_like(self.days[0].counts)
        counts = np.stack([self.days[day].counts if day >= 0 else nothing for day in chosen]).ravel()
        return _moments(_scaled(counts, self._factor(), dice), dice)

    def _factor(self) -> float:
        """The volume asked for over the calls that a year drawn has on average."""
        totals = np.array([float(day.counts.sum()) for day in self.days])
        expected = sum(float(totals[pool].mean()) for pool in self._pools() if len(pool))
        return self.volume / expected if expected else 0.0

    def _pools(self) -> list[NDArray[np.int64]]:
        """For each day of the simulated year the days of the history it may be."""
        weekdays = np.array([(day.day.weekday() + self.shift) % 7 for day in self.days])
        seasons = np.array([day.day.timetuple().tm_yday for day in self.days])
        return [_pool(day, weekdays, seasons) for day in range(DAYS)]


def _pool(day: int, weekdays: NDArray[np.int64], seasons: NDArray[np.int64]) -> NDArray[np.int64]:
    """Days of the weekday of ``day`` and near it in the year; where there is none near, all of the weekday."""
    same = np.flatnonzero(weekdays == day % 7)
    apart = np.abs(seasons[same] - 1 - day) % 365
    near = same[np.minimum(apart, 365 - apart) <= _SEASON_DAYS]
    return near if len(near) else same


HOURS_INVENTED = (
    0, 0, 0, 0, 0, 0, 0.5, 2.5, 8, 11.5, 12, 10.5, 6.5, 7, 9.5, 8.5, 8, 6.5, 4, 2.5, 1.5, 0.7, 0.3, 0,
)  # fmt: skip
"""share of a day's calls in each hour, in percent; the busiest has 12 %, the rest is invented"""
WEEKDAYS_INVENTED = (1.30, 1.05, 1.0, 0.95, 0.95, 0.55, 0.15)
"""how busy the weekdays are beside each other, Monday first; invented"""
DAY_CV_INVENTED = 0.15
"""days of one kind differ by this share of their mean more than chance makes them; invented"""


@dataclass(frozen=True, slots=True)
class InventedProfile:
    """Calls by hour and weekday as they might be, for as long as nothing was counted."""

    volume: float

    @property
    def origin(self) -> str:
        """Says that it is invented."""
        return f"invented profile by hour and weekday, {self.volume:,.0f} calls a year: bring counts with --calls"

    def draw(self, dice: np.random.Generator) -> Floats:
        """Poisson arrivals whose rate is the profile's, times how busy the day happens to be."""
        week = np.outer(WEEKDAYS_INVENTED, HOURS_INVENTED)
        year = np.tile(week, (DAYS // 7, 1)) * (self.volume / (week.sum() * (DAYS // 7)))
        shape = 1 / DAY_CV_INVENTED**2
        busy = dice.gamma(shape, 1 / shape, (DAYS, 1))
        return _moments(dice.poisson(year * busy).ravel(), dice)


def _scaled(counts: Floats, factor: float, dice: np.random.Generator) -> NDArray[np.int64]:
    """Whole calls: up to ``factor`` 1 each call of the history is ours with that chance, above it they are Poisson.

    A share of Poisson arrivals is Poisson again. Half calls (somebody smoothed the counts) are rounded by chance.
    """
    if factor > 1:
        return dice.poisson(counts * factor)
    whole = np.floor(counts)
    calls = (whole + (dice.random(len(counts)) < counts - whole)).astype(np.int64)
    return dice.binomial(calls, factor)


def _moments(counts: NDArray[np.int64], dice: np.random.Generator) -> Floats:
    """Moments spread evenly over the intervals, which fill ``DAYS`` days, in ascending order."""
    length = DAYS * DAY_S / len(counts)
    starts = np.repeat(np.arange(len(counts)) * length, counts)
    return np.sort(starts + dice.random(len(starts)) * length)
