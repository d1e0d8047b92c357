"""Memory of the service over a thousand calls: ``python -m tests.bench.memory [CALLS]`` (ten minutes).

Callers come 25 at a time over media streams. Nine of ten hang up within the greeting, one in ten says the first
sentence and hears an address read back: what a call leaves behind it leaves on its way, whoever ends it. Memory that
grows with the number of calls shows in the second half of the table.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from rich.console import Console

from callbot.settings import Settings, load_settings
from tests.bench.__main__ import Callers, callers_of, resident_mb, serving

_CALLS: Final = 1_000
_AT_ONCE: Final = 25
_LOOKS: Final = 10
_SHORT_S: Final = 8.0
_LONG_S: Final = 45.0
_LONG_EVERY: Final = 10

console = Console(soft_wrap=True, highlight=False)


def until(callers: Callers, seconds: float) -> Callers:
    """The same callers, who hang up after so long."""
    return replace(callers, scenario=callers.scenario.model_copy(update={"longest_s": seconds}))


async def ring_many(short: Callers, long: Callers, url: str, calls: int) -> None:
    """So many calls, ``_AT_ONCE`` at a time."""
    numbers = iter(range(calls))

    async def line() -> None:
        for number in numbers:
            await (long if number % _LONG_EVERY == 0 else short).ring_one_by_one(url, 1)

    await asyncio.gather(*(line() for _ in range(_AT_ONCE)))


async def bench(settings: Settings, callers: Callers, calls: int) -> list[float]:
    """MB resident after each tenth of the calls."""
    found = []
    with tempfile.TemporaryDirectory() as name:
        async with serving(settings, Path(name)) as (url, pid, _):
            console.print(f"before any call: {resident_mb(pid):.0f} MB")
            for part in range(1, _LOOKS + 1):
                await ring_many(until(callers, _SHORT_S), until(callers, _LONG_S), url, calls // _LOOKS)
                found.append(resident_mb(pid))
                console.print(f"after {part * calls // _LOOKS} calls: {found[-1]:.0f} MB")
    return found


def main() -> None:
    """Entry point."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else _CALLS
    settings = load_settings()
    found = asyncio.run(bench(settings, callers_of(settings), calls))
    half = found[len(found) // 2 - 1]
    console.print(f"over the second half: {1_000 * (found[-1] - half) / (calls / 2):+.0f} kB a call")


if __name__ == "__main__":
    main()
