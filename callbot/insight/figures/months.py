"""Sums of the days of a month whose figures cannot change any more, kept in memory: a year is twelve of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from callbot.insight.figures.periods import DayTally
from callbot.insight.figures.tally import Hours, is_ripe, total

MOST_KEPT = 500
"""sums in memory, some 20 kB each; above, they are made again"""


@dataclass(frozen=True, slots=True)
class Stamped:
    """A day and the stamp of what it was summed from: another stamp, another sum."""

    stamp: str
    tally: DayTally


class Months:
    """Condenses days into months."""

    def __init__(self) -> None:
        self._kept: dict[object, DayTally] = {}

    def condensed(self, days: Iterable[Stamped], today: date) -> list[DayTally]:
        """The ripe days of each month and territory as one; the others as they are."""
        found: list[DayTally] = []
        ripe: dict[tuple[str, int, int], list[Stamped]] = {}
        for each in days:
            day = each.tally.day
            if is_ripe(day, today):
                ripe.setdefault((each.tally.territory, day.year, day.month), []).append(each)
            else:
                found.append(each.tally)
        return [*(self._sum(place, those) for place, those in ripe.items()), *found]

    def _sum(self, place: tuple[str, int, int], days: list[Stamped]) -> DayTally:
        by_hour = days[0].tally.hours is not None
        key = (place, by_hour, tuple((each.tally.day, each.stamp) for each in days))
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept = {}
            self._kept[key] = _summed([each.tally for each in days])
        return self._kept[key]


def _summed(days: list[DayTally]) -> DayTally:
    hours = Hours()
    for each in days:
        if each.hours is not None:
            hours.add(each.hours)
    whole = total(each.whole for each in days)
    return replace(days[-1], whole=whole, hours=hours if days[0].hours is not None else None)
