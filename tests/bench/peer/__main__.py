"""Prints our waits and processor time beside those of a minimal pipecat bot: same sound, same weights, same machine.

Usage: ``python -m tests.bench.peer [CALLS ...]`` (default 1 6 12). pipecat has a Python of its own in
``.venv/pipecat`` (``make bench-peer`` makes it; it brings sounds along, for which the data folder is no place). Ours
carries a whole conversation to a booking; the peer answers each sentence with a tone. Its callers say what ours said in
the same run, no sooner in the call than ours did, so that both hear as much speech in a minute.
"""

from __future__ import annotations

import asyncio
import os
import platform
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from callbot.rehearsal.report import CallReport, End, Who
from callbot.settings import LOCAL_ZONE, Settings, load_settings
from callbot.speech.models import whisper_folder
from tests.bench.__main__ import (
    CALLS_A_LINE,
    Callers,
    beginnings,
    callers_of,
    cpu_seconds,
    quantile,
    resident_mb,
    serving,
    until_open,
)
from tests.bench.peer.caller import Sentence, waits_of

_SERVER: Final = Path(__file__).with_name("pipecat_server.py")
_CALLS: Final = (1, 6, 12)

console = Console(soft_wrap=True, highlight=False)


@dataclass(frozen=True, slots=True)
class Load:
    """So many lines, which begin within ``within_s``."""

    lines: int
    within_s: float


@dataclass(frozen=True, slots=True)
class Result:
    """One bot with so many calls at once. ``waits``: ms of each answered turn; ``cpu_s``: of the server, in all."""

    calls: int
    waits: tuple[float, ...]
    lost: int
    """sentences without an answer of their own, or calls that did not end well"""
    cpu_s: float
    memory_mb: float

    @property
    def cpu_a_turn(self) -> float:
        """Seconds of a core."""
        return self.cpu_s / max(1, len(self.waits))


def peer_python() -> Path:
    """The interpreter that has pipecat; raises ``SystemExit`` where it was not made."""
    python = Path(sys.prefix) / "pipecat" / "bin" / "python"
    if not python.exists():
        raise SystemExit("pipecat is not there: run 'make bench-peer'")
    return python


@asynccontextmanager
async def peer(settings: Settings) -> AsyncIterator[tuple[str, int]]:
    """The peer's server: its address and pid."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    weights = whisper_folder(settings.models_dir, settings.speech.model)
    process = await asyncio.create_subprocess_exec(
        peer_python(), "-W", "ignore", _SERVER, str(port), weights.resolve(),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await until_open(port, process)
        yield f"ws://127.0.0.1:{port}/", process.pid
    finally:
        process.terminate()
        await process.wait()


def ours(lines: int, reports: Sequence[CallReport], cpu_s: float, memory_mb: float) -> Result:
    """What callers of our service lived through."""
    waits = tuple(turn.latency_ms for report in reports for turn in report.turns)
    lost = sum(report.end is not End.HANG_UP for report in reports)
    return Result(lines, waits, lost, cpu_s, memory_mb)


async def theirs(load: Load, server: tuple[str, int], script: Sequence[Sentence]) -> Result:
    """So many callers of the peer at once, begun as ours are."""
    url, pid = server
    before = cpu_seconds(pid)
    found = await asyncio.gather(*(_line(after_s, url, script) for after_s in beginnings(load.lines, load.within_s)))
    waits = [wait for line in found for wait in line]
    answered = tuple(wait for wait in waits if wait is not None)
    return Result(load.lines, answered, len(waits) - len(answered), cpu_seconds(pid) - before, resident_mb(pid))


async def _line(after_s: float, url: str, script: Sequence[Sentence]) -> list[float | None]:
    await asyncio.sleep(after_s)
    return [wait for _ in range(CALLS_A_LINE) for wait in await waits_of(url, script)]


async def compare(settings: Settings, callers: Callers, levels: Sequence[int]) -> list[tuple[Result, Result]]:
    """Ours and theirs at each level, one server after the other: they share no core."""
    own: list[Result] = []
    with tempfile.TemporaryDirectory() as name:
        async with serving(settings, Path(name)) as (url, pid, _):
            first = (await callers.ring_one_by_one(url, 1))[0]
            script, loads = _script(callers, first), [Load(lines, first.seconds) for lines in levels]
            for load in loads:
                before = cpu_seconds(pid)
                reports = await callers.ring_at_once(url, load.lines, load.within_s)
                own.append(ours(load.lines, reports, cpu_seconds(pid) - before, resident_mb(pid)))
    async with peer(settings) as server:
        await waits_of(server[0], [replace(script[0], not_before_s=0)])
        other = [await theirs(load, server, script) for load in loads]
    return list(zip(own, other, strict=True))


def _script(callers: Callers, report: CallReport) -> list[Sentence]:
    speaker = callers.scenario.speaker
    return [
        Sentence(callers.clips.of(speaker, line.text), line.at_s)
        for line in report.lines
        if line.who is Who.CALLER and line.text
    ]


def table(results: Sequence[tuple[Result, Result]]) -> Table:
    """Both beside each other, and what of ours goes into one of theirs."""
    shown = Table(title="Caller's last voice to the first voice of the answer, on the socket")
    for column in ("calls at once", "bot", "p50 ms", "p95 ms", "lost", "cpu s a turn", "calls a core, times", "MB"):
        shown.add_column(column, justify="left" if column == "bot" else "right")
    for own, other in results:
        for name, result in (("callbot", own), ("pipecat, tone", other)):
            ratio = f"{other.cpu_a_turn / own.cpu_a_turn:.1f}" if result is own and own.cpu_s else ""
            shown.add_row(
                str(result.calls), name,
                f"{quantile(result.waits, 0.5):.0f}" if result.waits else "-",
                f"{quantile(result.waits, 0.95):.0f}" if result.waits else "-",
                str(result.lost), f"{result.cpu_a_turn:.2f}", ratio, f"{result.memory_mb:.0f}",
            )  # fmt: skip
    return shown


def main() -> None:
    """Entry point."""
    levels = tuple(int(word) for word in sys.argv[1:]) or _CALLS
    settings = load_settings()
    peer_python()
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    console.print(f"{datetime.now(LOCAL_ZONE):%Y-%m-%d}, {machine}")
    console.print(table(asyncio.run(compare(settings, callers_of(settings), levels))))


if __name__ == "__main__":
    main()
