"""The busiest minutes of a year, rung in real time: ``python -m tests.bench.year.live [--volume N] [--minutes N]``.

Calls arrive as they did in the busiest minutes of that year (an hour, unless it is told otherwise), each over a media
stream with sound, and book; the service is ``callbot serve`` with the doors it has by itself. Callers share its cores.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
from rich.console import Console

from callbot.insight.staffing.spreads import Floats
from callbot.rehearsal.report import CallReport, End
from callbot.settings import LOCAL_ZONE, Settings, load_settings
from tests.bench.__main__ import Callers, callers_line, callers_of, cpu_seconds, resident_mb, serving
from tests.bench.year.__main__ import SEED, demand

_VOLUME: Final = 180_000
_MINUTES: Final = 60
_ARRIVAL_S: Final = 360
"""what the history counts by"""

console = Console(soft_wrap=True, highlight=False)


def busiest(at: Floats, window_s: float) -> Floats:
    """Arrivals of the busiest window, in seconds from its beginning, which is where the history counts anew."""
    starts = np.unique(at // _ARRIVAL_S) * _ARRIVAL_S
    counts = np.searchsorted(at, starts + window_s) - np.searchsorted(at, starts)
    begins = float(starts[int(np.argmax(counts))])
    within: Floats = at[(at >= begins) & (at < begins + window_s)] - begins
    return within


async def ring_all(callers: Callers, url: str, at: Floats) -> list[CallReport]:
    """One call at each of these seconds."""

    async def one(seconds: float) -> list[CallReport]:
        await asyncio.sleep(seconds)
        return await callers.ring_one_by_one(url, 1)

    return [report for call in await asyncio.gather(*(one(float(seconds)) for seconds in at)) for report in call]


def most_at_once(at: Floats, reports: list[CallReport]) -> int:
    """Calls that went on together."""
    lasts = [report.seconds for report in reports]
    moves = sorted([(second, 1) for second in at] + [(second + s, -1) for second, s in zip(at, lasts, strict=True)])
    return int(np.cumsum([step for _, step in moves]).max())


async def bench(settings: Settings, callers: Callers, at: Floats) -> None:
    """Rings and prints."""
    with tempfile.TemporaryDirectory() as name:
        async with serving(settings, Path(name), most_at_once=0) as (url, pid, _):
            before = cpu_seconds(pid)
            reports = await ring_all(callers, url, at)
            console.print(callers_line(f"{len(at)} calls, {most_at_once(at, reports)} at once at most", reports))
            well = [report for report in reports if report.end is End.HANG_UP]
            spent = cpu_seconds(pid) - before
            console.print(
                f"    {spent / len(reports):.1f} s of processor a call, {resident_mb(pid):.0f} MB; "
                f"{len(reports) - len(well)} did not end well"
            )


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.year.live")
    parser.add_argument("--volume", type=int, default=_VOLUME, help="calls a year")
    parser.add_argument("--minutes", type=int, default=_MINUTES, help="how much of the busiest time is rung")
    options = parser.parse_args()
    at = busiest(demand(options.volume).draw(np.random.default_rng(SEED)), options.minutes * 60)
    console.print(
        f"{datetime.now(LOCAL_ZONE):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores: the busiest "
        f"{options.minutes} minutes of a year of {options.volume:,} calls ({demand(options.volume).origin})"
    )
    settings = load_settings()
    asyncio.run(bench(settings, callers_of(settings), at))


if __name__ == "__main__":
    main()
