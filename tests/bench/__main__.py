"""Prints the latency table of calls (each part, its owner, the sum), the first greeting, start and memory.

Usage: ``python -m tests.bench [CALLS ...]``: four calls one after the other, then so many lines at once (1 6 12 25),
each of which rings twice, with the service in a process of its own: waits, calls lost, processor time and memory a
call. Lines begin at any moment within the length of a call, as arrivals do; at last the most of them within a quarter
of a minute.
"""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random
from statistics import mean
from typing import Final

from rich.console import Console
from rich.table import Table

from callbot.bootstrap import open_service
from callbot.commands.demo import SCENARIO, clips_of
from callbot.commands.rehearse import own_settings
from callbot.commands.service import running
from callbot.rehearsal.clips import Clips
from callbot.rehearsal.report import CallReport
from callbot.rehearsal.ring import ring
from callbot.rehearsal.scenario import Scenario, load_scenarios
from callbot.settings import Settings, load_settings
from callbot.telephony.timing import TurnTiming

BURST_S: Final = 15.0
"""within which calls begin where all come together"""
CALLS_A_LINE: Final = 2
"""one after the other: every line is busy while the last one begins and the first one ends"""
_ONE_BY_ONE: Final = 4
_FOLLOWED: Final = 100
"""calls let in: what a machine follows is measured here"""
_LEVELS: Final = (1, 6, 12, 25)
_TICKS: Final = os.sysconf("SC_CLK_TCK")

console = Console(soft_wrap=True, highlight=False)


def callers_of(settings: Settings, name: str = SCENARIO) -> Callers:
    """Neighbours in one building, each with a telephone: what another one booked there is not theirs."""
    scenario = load_scenarios((name,))[0]
    not_mine = {"ask_whose": "Non.", "offer_add": "Non."}
    calls = [call.model_dump() | {"answers": {**call.answers, **not_mine}} for call in scenario.calls]
    neighbour = Scenario.model_validate(scenario.model_dump(by_alias=True) | {"calls": calls})
    return Callers(neighbour, clips_of(settings, neighbour))


@dataclass(frozen=True, slots=True)
class Callers:
    """What the callers of the bench say: all the same, each from a number of fiction of their own."""

    scenario: Scenario
    clips: Clips
    _numbers: Iterator[int] = field(default_factory=count)

    async def ring_one_by_one(self, url: str, calls: int) -> list[CallReport]:
        return [await self._ring(url) for _ in range(calls)]

    async def _ring(self, url: str) -> CallReport:
        phone = f"+3363998{next(self._numbers):04}"
        goal = self.scenario.goal.model_copy(update={"phone": phone})
        return await ring(url, self.scenario.model_copy(update={"caller": phone, "goal": goal}), self.clips)

    async def ring_at_once(self, url: str, lines: int, within_s: float, each: int = CALLS_A_LINE) -> list[CallReport]:
        """So many lines, each of which rings ``each`` times; they begin within ``within_s``."""
        found = await asyncio.gather(*(self._later(url, after_s, each) for after_s in beginnings(lines, within_s)))
        return [report for line in found for report in line]

    async def _later(self, url: str, after_s: float, calls: int) -> list[CallReport]:
        await asyncio.sleep(after_s)
        return await self.ring_one_by_one(url, calls)


def beginnings(lines: int, within_s: float) -> list[float]:
    """When each of ``lines`` rings first, in seconds: at any moment, the same in every run."""
    draw = Random(lines)
    return [draw.uniform(0, within_s) for _ in range(lines)]


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that ``share`` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def parts_table(timings: Sequence[TurnTiming]) -> Table:
    """p50 and p95 of each part of the wait, who owns it, and of the sum."""
    table = Table(
        title=f"Caller's last voice to the first frame of the answer, ms, {len(timings)} turns of one call at a time"
    )
    for column in ("part", "p50", "p95", "owner"):
        table.add_column(column, justify="right" if column.startswith("p") and column != "part" else "left")
    owners = {part.name: part.owner for turn in timings for part in turn.parts}
    for name, owner in owners.items():
        spent = [sum(part.ms for part in turn.parts if part.name == name) for turn in timings]
        table.add_row(name, f"{quantile(spent, 0.5):.0f}", f"{quantile(spent, 0.95):.0f}", owner)
    sums = [turn.total_ms for turn in timings]
    table.add_section()
    table.add_row("sum", f"{quantile(sums, 0.5):.0f}", f"{quantile(sums, 0.95):.0f}", "")
    return table


def callers_line(what: str, reports: Sequence[CallReport]) -> str:
    """What the callers themselves waited, measured on the socket."""
    waits = [turn.latency_ms for report in reports for turn in report.turns]
    greetings = [report.greeting_ms for report in reports if report.greeting_ms is not None]
    ended = sum(report.end is not None and report.end.value == "hang_up" for report in reports)
    return (
        f"{what}: answer p50 {quantile(waits, 0.5):.0f} ms, p95 {quantile(waits, 0.95):.0f} ms, "
        f"longest {max(waits):.0f} ms ({len(waits)} turns); first greeting p50 {quantile(greetings, 0.5):.0f} ms, "
        f"longest {max(greetings):.0f} ms; {ended} of {len(reports)} calls ended well"
    )


def cpu_seconds(pid: int) -> float:
    """Processor time of a process with all its threads so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident_mb(pid: int) -> float:
    """Resident memory of a process in MB (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(pid)


@asynccontextmanager
async def serving(
    settings: Settings, folder: Path, most_at_once: int = _FOLLOWED
) -> AsyncIterator[tuple[str, int, float]]:
    """``callbot serve`` in a process of its own: its address, its pid, seconds until it was ready.

    ``most_at_once``: calls it lets in; 0: as it would by itself.
    """
    port = 18080
    environment = os.environ | {
        "CALLBOT_SERVER__PORT": str(port),
        "CALLBOT_STORAGE__URL": f"sqlite+aiosqlite:///{folder / 'served.db'}",
        "CALLBOT_DATA_DIR": str(settings.data_dir.resolve()),
        "CALLBOT_CALLS__MOST_AT_ONCE": str(most_at_once),
    }
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from callbot.cli import main; main()", "serve",
        env=environment, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await until_open(port, process)
        yield f"http://127.0.0.1:{port}", process.pid, time.perf_counter() - started
    finally:
        process.terminate()
        await process.wait()


async def until_open(port: int, process: asyncio.subprocess.Process) -> None:
    """Something listens on ``port``; raises ``RuntimeError`` when the process that should ends."""
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if process.returncode is not None:
                raise RuntimeError(f"the server ended with {process.returncode}") from None
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return


async def bench(settings: Settings, callers: Callers, levels: Sequence[int]) -> None:
    """All figures."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    console.print(f"{datetime.now(UTC):%Y-%m-%d}, {machine}, scenario {callers.scenario.name}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        own = own_settings(settings, folder)
        async with open_service(own) as service, running(service, "127.0.0.1", 0) as up:
            console.print(f"voice {service.voice_name}, engine {settings.speech.engine}, model {settings.speech.model}")
            await callers.ring_one_by_one(up.url, _ONE_BY_ONE)
            console.print(parts_table(service.timings.turns))
        async with serving(settings, folder) as (url, pid, ready_s):
            before = resident_mb(pid)
            console.print(f"`callbot serve` in its own process: ready in {ready_s:.1f} s, {before:.0f} MB")
            alone = await callers.ring_one_by_one(url, _ONE_BY_ONE)
            console.print(callers_line("one call at a time", alone))
            call_s = mean(report.seconds for report in alone)
            one = resident_mb(pid)
            console.print(f"memory after {_ONE_BY_ONE} calls one by one: {one:.0f} MB")
            for lines in levels:
                await at_once(callers, url, pid, Load(f"{lines} calls at once", lines, call_s, CALLS_A_LINE))
            burst = f"{max(levels)} calls that begin within {BURST_S:.0f} s"
            await at_once(callers, url, pid, Load(burst, max(levels), BURST_S, 1))
            console.print(f"memory after all: {resident_mb(pid):.0f} MB")


@dataclass(frozen=True, slots=True)
class Load:
    """``lines`` that begin within ``within_s`` and ring ``each`` times; ``name``: as it is printed."""

    name: str
    lines: int
    within_s: float
    each: int


async def at_once(callers: Callers, url: str, pid: int, load: Load) -> None:
    """Prints one level: waits, processor time of the service a call and, while it lasts, cores in use."""
    spent, began = cpu_seconds(pid), time.perf_counter()
    reports = await callers.ring_at_once(url, load.lines, load.within_s, load.each)
    spent, took = cpu_seconds(pid) - spent, time.perf_counter() - began
    console.print(callers_line(load.name, reports))
    console.print(
        f"    {spent / len(reports):.1f} s of processor a call, {spent / took:.2f} cores in use, "
        f"{resident_mb(pid):.0f} MB"
    )


def main() -> None:
    """Entry point."""
    levels = tuple(int(word) for word in sys.argv[1:]) or _LEVELS
    settings = load_settings()
    asyncio.run(bench(settings, callers_of(settings), levels))


if __name__ == "__main__":
    main()
