"""Which days can be offered: weekdays of the sector, cut-off, closures, public holidays, horizon."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from callbot.domain.territories import CutOff, SectorRules, TerritoryRules


@dataclass(frozen=True, slots=True)
class PickupDate:
    """A day on which a sector is served, and how many bookings it can still take."""

    sector: str
    day: date
    room: int


def still_open(day: date, cut_off: CutOff, now: datetime) -> bool:
    """True before the cut-off of ``day``; the cut-off minute itself is too late. ``now`` is local time."""
    last_day = day - timedelta(days=cut_off.days_before)
    return (now.date(), now.time().replace(tzinfo=None)) < (last_day, cut_off.at)


def is_served(rules: TerritoryRules, sector: SectorRules, day: date, holidays: Collection[date]) -> bool:
    """True when the crews of ``sector`` work on ``day`` under these rules.

    That is one of its weekdays while the rules are in force, no public holiday they have off, no closure of theirs.
    """
    if day.weekday() not in sector.weekdays or not rules.valid_on(day):
        return False
    if day in holidays and not (rules.works_on_holidays or day in rules.holidays_worked):
        return False
    return not any(closure.closes(sector.id, day) for closure in rules.closures)


def served_days(
    rules: TerritoryRules, sector: SectorRules, now: datetime, holidays: Collection[date]
) -> Iterator[date]:
    """Days within the horizon that can still be booked, earliest first; none without a cut-off: unknown is not open."""
    if rules.cut_off is None:
        return
    for offset in range(rules.horizon_days + 1):
        day = now.date() + timedelta(days=offset)
        if is_served(rules, sector, day, holidays) and still_open(day, rules.cut_off, now):
            yield day
