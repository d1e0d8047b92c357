"""Prints a year of calls against one machine and the crews' days, and writes the report with its charts.

Usage: ``python -m tests.bench.year [--volumes N ...] [--bookings N]``. Arrivals: ``../shared/data/calls_1999_6min.csv``
(a real call centre; week-end moved to ours, scaled) where it is, else an invented profile, which is said. What a turn
costs is what ``make bench-equity`` measured last (processor time), else the figures of the README.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

import numpy as np
from rich.console import Console

from callbot.booking.offers import PUBLIC_HOLIDAYS
from callbot.bootstrap.register import evidence_of
from callbot.insight.staffing import Demand, History, InventedProfile, LogNormal, Times, read_counts, week_shift
from callbot.insight.staffing.spreads import Floats
from callbot.knowledge import load_knowledge
from callbot.privacy.charter import Kind
from callbot.settings import LOCAL_ZONE, Settings, load_settings
from callbot.telephony.admission import CALLS_A_CORE, Door
from tests.bench.year.dates import YearOfDates, booked, crews_of
from tests.bench.year.machine import Machine, YearOfDoors, through
from tests.bench.year.report import Chart, Table, page

_DATA: Final = Path(__file__).parents[4] / "shared" / "data" / "calls_1999_6min.csv"
_FIRST_DAY: Final = date(2027, 1, 4)
"""a Monday, as simulated years begin with one"""
_VOLUMES: Final = (180_000, 600_000)
_BOOKINGS: Final = 94_000
"""a year, kept ones (../shared/domain_facts.md has where that is from)"""
_CORES: Final = 2
_TURNS: Final = 6
_WORK_S: Final = LogNormal(0.8, 0.7)
"""a turn's processor time: 4.7 s a call of six turns (2026-11-30, x86_64, see the README)"""
SEED: Final = 7
_HOUR_S: Final = 3_600
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

console = Console(width=150, highlight=False)


@dataclass(frozen=True, slots=True)
class Year:
    """One volume: what was asked, and what came of it."""

    volume: int
    at: Floats
    doors: YearOfDoors
    machine: Machine


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.year")
    parser.add_argument("--volumes", type=int, nargs="+", default=list(_VOLUMES), help="calls a year")
    parser.add_argument("--bookings", type=int, default=_BOOKINGS, help="bookings asked for a year")
    options = parser.parse_args()
    settings = load_settings()
    machine, measured = machine_of(settings)
    years = [played(demand(volume), volume, machine) for volume in options.volumes]
    by_factor = [(factor, dates(settings, options.bookings, factor)) for factor in (1.0, 1.5, 2.0)]
    notes = [
        f"{datetime.now(LOCAL_ZONE):%Y-%m-%d}. Arrivals: {demand(options.volumes[0]).origin}.",
        f"One machine of {_CORES} cores: at most {machine.most} calls by ear, a turn takes {machine.work_s.mean:.2f} s "
        f"of a core ({measured}), {machine.turns} turns a call.",
        f"Dates: {options.bookings:,} bookings a year against the capacities of the sample rules, spread over the "
        "sectors as their capacities are.",
    ]
    parts: list[Chart | Table] = [
        doors_table(years),
        *(busy_chart(year) for year in years),
        dates_table(by_factor),
        lack_chart(by_factor),
    ]
    for note in notes:
        console.print(note)
    for part in parts:
        if isinstance(part, Table):
            shown(part)
    report = settings.data_dir / "bench" / "year.html"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(page("A year of calls on one machine", notes, parts), encoding="utf-8")
    console.print(f"report with charts: {report}")


def demand(volume: int) -> Demand:
    """The history where it is, scaled."""
    if not _DATA.is_file():
        return InventedProfile(volume)
    with _DATA.open(encoding="utf-8", newline="") as file:
        days = read_counts(file)
    return History(days, volume, week_shift(days))


def machine_of(settings: Settings) -> tuple[Machine, str]:
    """What is simulated, and where the work of a turn was measured."""
    kept = evidence_of(settings).read(Kind.EQUITY)
    groups = list(kept.result["groups"].values()) if kept else []
    if kept is None or not groups:
        return Machine(CALLS_A_CORE * _CORES, _CORES, _WORK_S, _TURNS, 200), "figures of the README"
    work = sum(group["cpu_ms_p50"] for group in groups) / len(groups) / 1000
    # the mean of a log-normal is above its median by this much at the spread measured
    work_s = LogNormal(work * float(np.sqrt(1 + _WORK_S.cv**2)), _WORK_S.cv)
    turns = round(sum(group["turns"] for group in groups) / len(groups))
    return Machine(CALLS_A_CORE * _CORES, _CORES, work_s, turns, 200), f"bench-equity of {kept.made_at:%Y-%m-%d}"


def played(arrivals: Demand, volume: int, machine: Machine) -> Year:
    """One year of calls through the machine."""
    dice = np.random.default_rng(SEED)
    at = arrivals.draw(dice)
    lasts = Times().bot_settles.draw(dice, len(at))
    return Year(volume, at, through(machine, at, lasts, dice), machine)


def dates(settings: Settings, bookings: int, factor: float) -> YearOfDates:
    """One year of bookings at ``factor`` times the capacity of the rules."""
    dice = np.random.default_rng(SEED)
    moments = demand(bookings).draw(dice)
    crews = crews_of(load_knowledge(settings.knowledge_dir).territories, PUBLIC_HOLIDAYS)
    return booked(crews, moments, _FIRST_DAY, dice, factor)


def doors_table(years: Sequence[Year]) -> Table:
    """What became of the calls of each year."""
    head = ("", *(f"{year.volume:,} calls" for year in years))
    rows: list[tuple[str, ...]] = [
        head,
        ("busiest hour, calls", *(f"{busiest_hour(year.at)}" for year in years)),
        ("most calls at once", *(f"{year.doors.at_once.max()}" for year in years)),
        ("at once, 999 of 1,000 calls", *(f"{np.quantile(year.doors.at_once, 0.999):.0f}" for year in years)),
        *((f"by {door.value}", *(f"{year.doors.doors[door]:,}" for year in years)) for door in Door),
        *(
            (f"a turn waits for the ears, p{share * 100:g}", *(f"{_quantile(year, share):.2f} s" for year in years))
            for share in (0.5, 0.95, 0.99, 0.999)
        ),
        ("turns that wait 2 s or more", *(f"{(year.doors.waits >= 2).mean():.3%}" for year in years)),
    ]
    return Table("Calls", rows)


def _quantile(year: Year, share: float) -> float:
    return float(np.quantile(year.doors.waits, share)) if year.doors.waits.size else 0.0


def busiest_hour(at: Floats) -> int:
    """Calls in the busiest clock hour."""
    return max(Counter((at // _HOUR_S).astype(int).tolist()).values(), default=0)


def busy_chart(year: Year) -> Chart:
    """The most calls at once by hour of the week, over all weeks."""
    hours = ((year.at // _HOUR_S) % (7 * 24)).astype(int)
    most = np.zeros(7 * 24, dtype=int)
    np.maximum.at(most, hours, year.doors.at_once)
    bars = [
        (f"{_WEEKDAYS[hour // 24]}" if hour % 24 == 12 else "", float(calls))
        for hour, calls in enumerate(most.tolist())
    ]
    limit = float(year.machine.most)
    return Chart(f"Most calls at once by hour of the week, {year.volume:,} a year", bars, limit, "heard by ear at once")


def dates_table(by_factor: Sequence[tuple[float, YearOfDates]]) -> Table:
    """How long people wait for a pickup, and who finds no date."""
    rows: list[tuple[str, ...]] = [
        ("capacity", "got a date", "no date within the horizon", "days until it, p50", "p90")
    ]
    for factor, year in by_factor:
        leads = year.lead_days
        asked = leads.size + year.without
        rows.append((
            f"x {factor:g}", f"{leads.size:,}", f"{year.without:,} ({year.without / asked:.1%})",
            f"{np.quantile(leads, 0.5):.0f}", f"{np.quantile(leads, 0.9):.0f}",
        ))  # fmt: skip
    return Table("Dates", rows)


def lack_chart(by_factor: Sequence[tuple[float, YearOfDates]]) -> Chart:
    """Callers without a date, month by month, at the capacity of the rules."""
    _, year = by_factor[0]
    return Chart(
        "Callers without a date by month of four weeks", [(str(n + 1), float(c)) for n, c in enumerate(year.by_month)]
    )


def shown(table: Table) -> None:
    """A table on the terminal."""
    console.print(f"\n{table.title}")
    widths = [max(len(row[place]) for row in table.rows) for place in range(len(table.rows[0]))]
    for row in table.rows:
        console.print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))


if __name__ == "__main__":
    main()
