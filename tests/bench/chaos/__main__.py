"""``make chaos``: every fault under twelve calls at once, or the named ones; a table, and ``var/bench/chaos.md``."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime

from tests.bench.chaos.callers import End
from tests.bench.chaos.campaign import Result, campaign
from tests.bench.chaos.faults import FAULTS, Fault
from tests.bench.chaos.hosts import site
from tests.bench.chaos.twilio import Twilio
from tests.deploy.balanced import ROOT

CALLS_AT_ONCE = 12
REPORT = ROOT / "var" / "bench" / "chaos.md"
_HEAD = (
    "| Fault | Calls | ended well | with a person | called back | by the fallback | lost | Bookings | lost | doubled |"
    " SMS lost | doubled | ready after, s | last SMS after, s |\n|---|" + "--:|" * 13
)


def row(result: Result) -> str:
    """One line of the table."""
    verdict, name = result.verdict, result.fault.title
    if verdict is None:
        return f"| {name} |" + " |" * 13
    ends = verdict.ends
    cells = (result.calls, *(ends[end] for end in (End.WELL, End.PERSON, End.CALL_BACK, End.FALLBACK, End.LOST)),
             verdict.bookings, verdict.bookings_lost, verdict.bookings_doubled, verdict.sms_lost, verdict.sms_doubled,
             f"{result.ready_s:.1f}", f"{result.sms_s:.1f}")  # fmt: skip
    return f"| {name} | " + " | ".join(map(str, cells)) + " |"


def report(results: Sequence[Result], head: str) -> str:
    """The page."""
    notes = []
    for result in results:
        said = [result.note, result.wrong and f"WRONG: {result.wrong}"]
        if result.verdict:
            said += [f"LOST: {why}" for why in result.verdict.why]
            said += [f"{result.verdict.unheard} booked that the caller heard of by SMS only"] * bool(
                result.verdict.unheard
            )
        said += [f"{result.unanswered} webhooks without an answer"] * bool(result.unanswered)
        if any(said):
            notes.append(f"- {result.fault.title}: " + "; ".join(each for each in said if each) + ".")
    return "\n".join(["# Faults under calls", "", head, "", _HEAD, *map(row, results), "", *notes, ""])


async def run(faults: Sequence[Fault], lines: int) -> list[Result]:
    """Every fault in a row on one site."""
    results = []
    async with Twilio().open() as twilio:
        with ExitStack() as stack:
            here = await asyncio.to_thread(stack.enter_context, site(twilio.url))
            try:
                async with campaign(here, twilio, lines) as under_way:
                    for fault in faults:
                        results.append(await under_way.run(fault))
                        sys.stdout.write(row(results[-1]) + "\n")
                        sys.stdout.flush()
            finally:
                await asyncio.to_thread(stack.close)
    return results


def main() -> None:
    """Entry point."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument(
        "faults", nargs="*", choices=[[], *(fault.name for fault in FAULTS)], help="all, when none is named"
    )
    asked.add_argument("--calls", type=int, default=CALLS_AT_ONCE, help="at once")
    options = asked.parse_args()
    if unknown := set(options.faults) - {fault.name for fault in FAULTS}:
        asked.error(f"unknown: {', '.join(sorted(unknown))}")
    chosen = [fault for fault in FAULTS if not options.faults or fault.name in options.faults]
    head = (
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f};"
        f" {options.calls} calls at once, two hosts and a worker behind HAProxy on PostgreSQL."
    )
    sys.stdout.write(f"{head}\n{_HEAD}\n")
    results = asyncio.run(run(chosen, options.calls))
    page = report(results, head)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(page, encoding="utf-8")
    sys.stdout.write("\n" + page.split("\n|")[-1].partition("\n\n")[2])
    sys.exit(1 if sum(result.losses for result in results) else 0)


if __name__ == "__main__":
    main()
