"""Prints what a call costs: processor time of the service, energy of the machine where it can be read (RAPL).

Usage: ``python -m tests.bench.sobriety [CALLS]``: so many calls with sound, one after the other. The result is kept for
``callbot charter`` (commitment 15), unless a call went wrong.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from rich.console import Console

from callbot.bootstrap.register import evidence_of
from callbot.privacy.charter import Kind
from callbot.rehearsal.report import End
from callbot.settings import LOCAL_ZONE, Settings, load_settings
from tests.bench.__main__ import Callers, callers_of, cpu_seconds, serving

BUDGET_CPU_S = 30.0
"""processor time a call may take: about a third of its length on one core"""
_ENERGY = Path("/sys/class/powercap/intel-rapl:0/energy_uj")

console = Console(soft_wrap=True, highlight=False)


def joules() -> float | None:
    """Energy the processor has taken since some moment; None where the machine does not tell."""
    try:
        return int(_ENERGY.read_text(encoding="ascii")) / 1e6
    except (OSError, ValueError):
        return None


async def bench(settings: Settings, callers: Callers, calls: int) -> dict[str, object]:
    """The figures, as they are kept."""
    with tempfile.TemporaryDirectory() as name:
        async with serving(settings, Path(name)) as (url, pid, _):
            spent, energy = cpu_seconds(pid), joules()
            reports = await callers.ring_one_by_one(url, calls)
            spent, after = cpu_seconds(pid) - spent, joules()
    if any(report.end is not End.HANG_UP for report in reports):
        raise SystemExit("a call did not end well: nothing is kept")
    talked = sum(report.seconds for report in reports) / calls
    wh = None if energy is None or after is None or after < energy else round((after - energy) / 3600 / calls, 4)
    return {
        "calls": calls, "call_s": round(talked, 1), "cpu_s": round(spent / calls, 1), "wh": wh,
        "budget_cpu_s": BUDGET_CPU_S,
    }  # fmt: skip


def main() -> None:
    """Entry point."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    settings = load_settings()
    found = asyncio.run(bench(settings, callers_of(settings), calls))
    evidence_of(settings).keep(Kind.SOBRIETY, found, datetime.now(LOCAL_ZONE))
    energy = "this machine does not tell its energy" if found["wh"] is None else f"{found['wh']} Wh a call"
    console.print(f"{calls} calls of {found['call_s']} s: {found['cpu_s']} s of processor time a call; {energy}")


if __name__ == "__main__":
    main()
