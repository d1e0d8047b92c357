"""From days to a period, and a period cut by hour, day or territory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from callbot.insight.figures.figure import CallFilter
from callbot.insight.figures.sample import Baseline, Sample
from callbot.insight.figures.tally import HOURS, Hours, Tally, is_ripe, total

ALL = "*"
"""stands for all territories together"""
UNKNOWN_TERRITORY = "territoire inconnu"


class By(StrEnum):
    """How a period is cut."""

    HOUR = "hour"
    DAY = "day"
    TERRITORY = "territory"


@dataclass(frozen=True, slots=True)
class DayTally:
    """The calls of one local day in one territory, ``ALL`` together or "" where it is not known; ``hours`` if read."""

    day: date
    territory: str
    whole: Tally
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One hour, one day or one territory of a period."""

    key: str
    label: str
    sample: Sample


@dataclass(frozen=True, slots=True)
class Reader:
    """How tallies are read: what day it is, what steps are called, what there was before."""

    today: date
    step_words: Mapping[str, str] = field(default_factory=dict)
    territory_words: Mapping[str, str] = field(default_factory=dict)
    baseline: Baseline | None = None

    def sample(self, days: Iterable[DayTally], where: CallFilter) -> Sample:
        """The whole period."""
        return self._of([(each.day, each.whole) for each in days], where)

    def cut(self, days: Sequence[DayTally], by: By, where: CallFilter) -> list[Part]:
        """One part for each hour, each day or each territory that had calls, in order."""
        match by:
            case By.HOUR:
                return self._hours(days, where)
            case By.DAY:
                return [self._day(day, of_day, where) for day, of_day in sorted(_by_day(days).items())]
        parts = [self._territory(each, days, where) for each in {each.territory for each in days} - {ALL}]
        return sorted(parts, key=lambda part: (part.key == "", part.label))

    def _hours(self, days: Sequence[DayTally], where: CallFilter) -> list[Part]:
        ripe, fresh = Hours(), Hours()
        for each in days:
            if each.hours:
                (ripe if is_ripe(each.day, self.today) else fresh).add(each.hours)
        tallies = [(ripe.tally(hour), fresh.tally(hour)) for hour in range(HOURS)]
        return [Part(str(hour), f"{hour} h", self._sums(*pair, where)) for hour, pair in enumerate(tallies)]

    def _day(self, day: date, days: Sequence[DayTally], where: CallFilter) -> Part:
        only = replace(where, since=day, until=day)
        label = f"{day:%d/%m/%Y}"
        return Part(day.isoformat(), label, self._of([(day, each.whole) for each in days], only))

    def _territory(self, territory: str, days: Sequence[DayTally], where: CallFilter) -> Part:
        tallies = [(each.day, each.whole) for each in days if each.territory == territory]
        label = self.territory_words.get(territory, territory) or UNKNOWN_TERRITORY
        return Part(territory, label, self._of(tallies, replace(where, territory=territory)))

    def _of(self, tallies: Sequence[tuple[date, Tally]], where: CallFilter) -> Sample:
        ripe = total(tally for day, tally in tallies if is_ripe(day, self.today))
        fresh = total(tally for day, tally in tallies if not is_ripe(day, self.today))
        return self._sums(ripe, fresh, where)

    def _sums(self, ripe: Tally, fresh: Tally, where: CallFilter) -> Sample:
        whole = total(tally for tally in (ripe, fresh) if tally.counts)
        return Sample(whole, ripe, fresh["traced"], where, self.step_words, self.baseline)


def _by_day(days: Iterable[DayTally]) -> dict[date, list[DayTally]]:
    found: dict[date, list[DayTally]] = {}
    for each in days:
        found.setdefault(each.day, []).append(each)
    return found
