"""Runs scenarios against a service, judges each run, and gives the verdict."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from callbot.rehearsal.caller import Caller
from callbot.rehearsal.carrier import RingError
from callbot.rehearsal.clips import Clips
from callbot.rehearsal.judge import OutcomeReader, faults, in_words, ring_faults
from callbot.rehearsal.recording import Recording
from callbot.rehearsal.report import CallReport, Line
from callbot.rehearsal.ring import ring
from callbot.rehearsal.scenario import Scenario
from callbot.rehearsal.truth import Observer


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A service to ring. ``outcomes`` and ``observer`` are None where its database cannot be read from here."""

    url: str
    outcomes: OutcomeReader | None
    observer: Observer | None
    token: str = ""
    recordings: Path | None = None
    """folder for the sound of each call, None: not kept"""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one scenario: all its calls."""

    scenario: str
    faults: tuple[str, ...]
    outcome: str
    calls: tuple[CallReport, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        """True when nothing was wrong."""
        return not self.faults

    @property
    def turns(self) -> int:
        """Answers the bot gave to the caller's words."""
        return sum(len(call.turns) for call in self.calls)

    @property
    def unplanned(self) -> tuple[str, ...]:
        """Questions the scenario did not foresee."""
        return tuple(act for call in self.calls for act in call.unplanned)


OnRunLine = Callable[[Scenario, Line], None]


async def rehearse(
    scenarios: Sequence[Scenario],
    service: Rehearsed,
    clips: Clips,
    today: date,
    *,
    parallel: int = 1,
    repeat: int = 1,
    on_line: OnRunLine = lambda scenario, line: None,
    on_run: Callable[[Run], None] = lambda run: None,
) -> list[Run]:
    """Every scenario ``repeat`` times, at most ``parallel`` at once; runs in the order they were begun."""
    room = asyncio.Semaphore(parallel)

    async def one(scenario: Scenario) -> Run:
        async with room:
            run = await run_scenario(scenario, service, clips, today, on_line)
        on_run(run)
        return run

    begun: list[Awaitable[Run]] = [one(scenario) for _ in range(repeat) for scenario in scenarios]
    return await asyncio.gather(*begun)


async def run_scenario(
    scenario: Scenario, service: Rehearsed, clips: Clips, today: date, on_line: OnRunLine = lambda scenario, line: None
) -> Run:
    """All calls of one scenario in a row; a service that cannot be rung is a fault, not an exception."""
    began = time.monotonic()
    reports: list[CallReport] = []
    found: list[str] = []
    outcome = "not judged"
    for place, call in enumerate(scenario.calls):
        label = f"call {place + 1}: " if len(scenario.calls) > 1 else ""
        recording = Recording() if service.recordings else None
        try:
            report = await ring(
                service.url, scenario, clips, service.observer, lambda line: on_line(scenario, line),
                call=place, token=service.token, recording=recording,
            )  # fmt: skip
        except RingError as error:
            found.append(f"{label}{error}")
            break
        reports.append(report)
        if recording and service.recordings:
            file = service.recordings / f"{scenario.name}-{place + 1}-{report.call_id}.wav"
            await asyncio.to_thread(recording.write, file)
        has_words = Caller(scenario, call, clips).has_words
        problems = ring_faults(call.expect, report, has_words=has_words)
        if service.outcomes is not None:
            left = await service.outcomes.outcome(report.call_id)
            problems += faults(call.expect, left, today)
            outcome = in_words(left)
        found += [label + problem for problem in problems]
    return Run(scenario.name, tuple(found), outcome, tuple(reports), time.monotonic() - began)


def verdict(runs: Sequence[Run]) -> dict[str, object]:
    """The JSON of ``callbot rehearse --json``: one entry a scenario, times in seconds."""
    entries = []
    for name in dict.fromkeys(run.scenario for run in runs):
        own = [run for run in runs if run.scenario == name]
        entries.append(
            {
                "name": name,
                "runs": len(own),
                "passed": sum(run.passed for run in own),
                "outcome": own[-1].outcome,
                "turns": own[-1].turns,
                "seconds": round(sum(run.seconds for run in own), 1),
                "faults": sorted({fault for run in own for fault in run.faults}),
                "unplanned": sorted({act for run in own for act in run.unplanned}),
            }
        )
    passed = sum(run.passed for run in runs)
    return {"passed": passed, "failed": len(runs) - passed, "scenarios": entries}
