"""Runs scenarios against a service with sound, and judges each run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from callbot.domain.bookings import Booking
from callbot.rehearsal.caller import Caller
from callbot.rehearsal.carrier import RingError
from callbot.rehearsal.clips import Clips
from callbot.rehearsal.judge import OutcomeReader, faults, in_words, ring_faults
from callbot.rehearsal.recording import Recording
from callbot.rehearsal.report import CallReport, Line, Run
from callbot.rehearsal.ring import ring
from callbot.rehearsal.scenario import Scenario
from callbot.rehearsal.truth import Observer

MakesGiven = Callable[[Scenario], Awaitable[list[Booking]]]
"""makes the bookings that a scenario has given"""


async def nothing_given(_scenario: Scenario) -> list[Booking]:
    """For scenarios that begin with nothing."""
    return []


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A service to ring. ``outcomes`` and ``observer`` are None where its database cannot be read from here."""

    url: str
    outcomes: OutcomeReader | None
    observer: Observer | None
    token: str = field(default="", repr=False)
    recordings: Path | None = None
    """folder for the sound of each call, None: not kept"""
    given: MakesGiven = nothing_given


OnRunLine = Callable[[Scenario, Line], None]


async def rehearse(
    scenarios: Sequence[Scenario],
    service: Rehearsed,
    clips: Clips,
    today: date,
    *,
    parallel: int = 1,
    seed: int = 0,
    on_line: OnRunLine = lambda scenario, line: None,
    on_run: Callable[[Run], None] = lambda run: None,
) -> list[Run]:
    """Every scenario once, at most ``parallel`` at once; runs in the order of the scenarios."""
    room = asyncio.Semaphore(parallel)

    async def one(scenario: Scenario) -> Run:
        async with room:
            run = await run_scenario(scenario, service, clips, today, on_line, seed=seed)
        on_run(run)
        return run

    return await asyncio.gather(*(one(scenario) for scenario in scenarios))


async def run_scenario(
    scenario: Scenario,
    service: Rehearsed,
    clips: Clips,
    today: date,
    on_line: OnRunLine = lambda scenario, line: None,
    *,
    seed: int = 0,
) -> Run:
    """All calls of one scenario in a row; a service that cannot be rung is a fault, not an exception."""
    began = time.monotonic()
    reports: list[CallReport] = []
    found: list[str] = []
    outcome = "not judged"
    given = await service.given(scenario)
    references = tuple(booking.reference for booking in given)
    for place, call in enumerate(scenario.calls):
        label = f"call {place + 1}: " if len(scenario.calls) > 1 else ""
        recording = Recording() if service.recordings else None
        try:
            report = await ring(
                service.url, scenario, clips, service.observer, lambda line: on_line(scenario, line),
                call=place, seed=seed, references=references, token=service.token, recording=recording,
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
            left = await service.outcomes.outcome(report.call_id, references)
            problems += faults(call.expect, left, today, given)
            outcome = in_words(left)
        found += [label + problem for problem in problems]
    seconds = time.monotonic() - began
    return Run(scenario.name, tuple(found), outcome, tuple(reports), seconds, seed=seed, group=scenario.group)
