"""``callbot rehearse``: simulated callers, on text or with sound; the verdict comes from the final database state."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

from callbot.bootstrap import load_facts, open_service
from callbot.bootstrap.register import evidence_of
from callbot.commands.logs import configure_logs
from callbot.commands.problems import told
from callbot.commands.regressions import run_regressions
from callbot.commands.service import running
from callbot.privacy import load_key_ring
from callbot.privacy.charter import Kind
from callbot.rehearsal.by_text import run_on_text
from callbot.rehearsal.clips import Clips, caller_voices, record_clips
from callbot.rehearsal.given import Giver
from callbot.rehearsal.regressions import CaseError
from callbot.rehearsal.rehearse import MakesGiven, Rehearsed, nothing_given, rehearse
from callbot.rehearsal.report import Line, Run, Who
from callbot.rehearsal.scenario import Means, Scenario, ScenarioError, load_scenarios
from callbot.rehearsal.troupe import open_stage, runs_on_text
from callbot.rehearsal.verdict import pass_k, verdict
from callbot.rehearsal.virtual_time import WORKDAY, RunningClock
from callbot.rehearsal.witness import DatabaseWitness
from callbot.settings import LOCAL_ZONE, Server, Settings, Storage, Twilio, load_settings
from callbot.storage import Storage as OpenStorage

__all__ = ["DatabaseWitness", "own_settings", "register"]

_MOST_CALLERS: Final = 100
_WHO: Final = {Who.BOT: "bot    ", Who.CALLER: "caller ", Who.LINE: "line   "}


@dataclass(frozen=True, slots=True)
class Plan:
    """What to rehearse and how."""

    scenarios: Sequence[Scenario]
    server: str
    database: bool
    parallel: int
    repeat: int
    lines: bool
    quiet: bool
    record: bool
    settings: Settings = field(repr=False)


def rehearse_command(
    names: Annotated[list[str] | None, typer.Argument(help="Scenarios by name, or .yaml files of your own.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="All scenarios that ship; the default without names.")] = False,
    sound: Annotated[
        bool, typer.Option("--sound", help="Ring over the media socket with sound, in real time.")
    ] = False,
    record: Annotated[bool, typer.Option("--record", help="With sound: keep a stereo wav of each call.")] = False,
    server: Annotated[str, typer.Option(help="Ring this running service (its public address), with sound.")] = "",
    database: Annotated[bool, typer.Option(help="With --server: judge from the database of these settings.")] = False,
    parallel: Annotated[
        int, typer.Option(min=0, max=100, help="Callers at the same time; 0: one with sound, else one a processor.")
    ] = 0,
    repeat: Annotated[int, typer.Option(min=1, max=1000, help="How often each is run, each time in other words.")] = 1,
    regressions: Annotated[
        bool, typer.Option("--regressions", help="The regression cases made of annotations, instead of scenarios.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdict as JSON, nothing else.")] = False,
) -> None:
    """Simulated callers talk to the service, on text or with sound; exit code 0 when every run passed."""
    configure_logs(logging.CRITICAL if not (sound or server) else logging.WARNING)
    if every and names:
        raise typer.BadParameter("either --all or names of scenarios")
    with_sound = sound or record or bool(server)
    if regressions:
        if every or with_sound:
            raise typer.BadParameter("--regressions are replayed on text, and all of them without names")
        _end(_replayed(tuple(names or ()), quiet=as_json), as_json=as_json)
    try:
        scenarios = _chosen(tuple(names or ()), Means.SOUND if with_sound else Means.TEXT, at_home=not server)
    except ScenarioError as error:
        typer.echo(f"rehearse: {error}", err=True)
        raise typer.Exit(2) from error
    lines = not as_json and (with_sound or bool(names))
    plan = Plan(scenarios, server, database, parallel, repeat, lines, as_json, record, load_settings())
    with told("rehearse"):
        runs = asyncio.run(_with_sound(plan, _clips(plan))) if with_sound else _on_text(plan)
    if not (names or server):
        kind = Kind.REHEARSAL_SOUND if with_sound else Kind.REHEARSAL_TEXT
        evidence_of(plan.settings).keep(kind, verdict(runs), datetime.now(LOCAL_ZONE))
    _end(runs, as_json=as_json)


def _end(runs: Sequence[Run], *, as_json: bool) -> NoReturn:
    if as_json:
        typer.echo(json.dumps(verdict(runs), ensure_ascii=False))
    else:
        _print_verdict(runs)
    raise typer.Exit(0 if all(run.passed for run in runs) else 1)


def _replayed(names: tuple[str, ...], *, quiet: bool) -> list[Run]:
    """The regression cases; what their callers said is not printed."""
    with told("rehearse"):
        try:
            runs = run_regressions(load_settings(), names)
        except CaseError as error:
            typer.echo(f"rehearse: {error}", err=True)
            raise typer.Exit(2) from error
    for run in runs if not quiet else ():
        _print_outcome(run)
    return runs


def _chosen(names: tuple[str, ...], means: Means, *, at_home: bool) -> list[Scenario]:
    """Scenarios that can be rehearsed so; raises ``ScenarioError`` for a name that cannot.

    A service elsewhere has its own time and its own bookings.
    """
    loaded = load_scenarios(names)
    able = [each for each in loaded if means in each.means and (at_home or not (each.at or each.given))]
    if names and len(able) < len(loaded):
        unable = next(each.name for each in loaded if each not in able)
        raise ScenarioError(f"{unable}: cannot be rehearsed so (channels: {means.value} is not among its own)")
    return able


def _on_text(plan: Plan) -> list[Run]:
    if plan.lines:
        return asyncio.run(_aloud(plan))
    parts = [(scenario, seed) for seed in range(plan.repeat) for scenario in plan.scenarios]
    runs: list[Run] = []
    for run in runs_on_text(parts, plan.settings, plan.parallel or os.cpu_count() or 1):
        runs.append(run)
        _print_run(plan, run)
    return runs


async def _aloud(plan: Plan) -> list[Run]:
    """One after the other, every line as it is said."""
    stage = await asyncio.to_thread(open_stage, plan.settings)
    runs: list[Run] = []
    for seed in range(plan.repeat):
        for scenario in plan.scenarios:
            runs.append(await run_on_text(scenario, stage, seed, partial(_print_line, plan, scenario)))
            _print_run(plan, runs[-1])
    return runs


def own_settings(settings: Settings, folder: Path) -> Settings:
    """The embedded defaults for a rehearsal: a database of its own, loopback, no SMS to anybody, every call heard."""
    return settings.model_copy(
        update={
            "calls": settings.calls.model_copy(update={"most_at_once": _MOST_CALLERS}),
            "storage": Storage(url=f"sqlite+aiosqlite:///{folder / 'rehearsal.db'}"),
            "twilio": Twilio(agents_number=settings.twilio.agents_number),
            "server": Server(port=0),
        }
    )


@asynccontextmanager
async def service_of_its_own(settings: Settings, moment: datetime, *, gives: bool) -> AsyncIterator[Rehearsed]:
    """A service on a free loopback port in which it is ``moment``, with a database that is thrown away.

    ``gives``: some scenario needs bookings made before.
    """
    async with AsyncExitStack() as stack:
        folder = await asyncio.to_thread(tempfile.TemporaryDirectory)
        stack.callback(folder.cleanup)
        own = own_settings(settings, Path(folder.name))
        clock = RunningClock(moment)
        service = await stack.enter_async_context(open_service(own, clock=clock))
        up = await stack.enter_async_context(running(service, "127.0.0.1", 0))
        witness = DatabaseWitness(service.storage, clock.now)
        given: MakesGiven = nothing_given
        if gives:
            facts = await asyncio.to_thread(load_facts, own)
            given = Giver(own, facts, service.storage, moment.date()).make
        yield Rehearsed(up.url, witness, witness, given=given)


@asynccontextmanager
async def service_elsewhere(plan: Plan) -> AsyncIterator[Rehearsed]:
    """A service that runs already; its database is read only where these settings lead to it."""
    token = plan.settings.twilio.auth_token.get_secret_value()
    if not plan.database:
        if not plan.quiet:
            typer.echo("no database to judge from: only what happens on the line is judged (see --database)", err=True)
        yield Rehearsed(plan.server, None, None, token)
        return
    keys = await asyncio.to_thread(load_key_ring, plan.settings)
    async with await OpenStorage.open(plan.settings.storage_url, keys) as storage:
        witness = DatabaseWitness(storage)
        yield Rehearsed(plan.server, witness, witness, token)


@dataclass(frozen=True, slots=True)
class _Round:
    """Scenarios that happen at the same moment, each once."""

    scenarios: Sequence[Scenario]
    service: Rehearsed
    moment: datetime
    seed: int


async def _with_sound(plan: Plan, clips: Clips) -> list[Run]:
    """Round by round: in a service of our own every round begins with an empty database, at each of the moments."""
    runs: list[Run] = []
    for seed in range(plan.repeat):
        if plan.server:
            async with service_elsewhere(plan) as service:
                runs += await _round(plan, _Round(plan.scenarios, service, datetime.now(LOCAL_ZONE), seed), clips)
            continue
        for moment in sorted({scenario.at or WORKDAY for scenario in plan.scenarios}):
            now = [scenario for scenario in plan.scenarios if (scenario.at or WORKDAY) == moment]
            gives = any(scenario.given for scenario in now)
            async with service_of_its_own(plan.settings, moment, gives=gives) as service:
                runs += await _round(plan, _Round(now, service, moment, seed), clips)
    return runs


async def _round(plan: Plan, now: _Round, clips: Clips) -> list[Run]:
    folder = plan.settings.data_dir / "rehearsals"
    service = replace(now.service, recordings=folder) if plan.record else now.service
    return await rehearse(
        now.scenarios, service, clips, now.moment.date(), parallel=plan.parallel or 1, seed=now.seed,
        on_line=lambda scenario, line: _print_line(plan, scenario, line), on_run=partial(_print_run, plan),
    )  # fmt: skip


def _clips(plan: Plan) -> Clips:
    wanted = {(scenario.speaker, text) for scenario in plan.scenarios for text in scenario.clips}
    return record_clips(wanted, plan.settings.data_dir / "callers", caller_voices(plan.settings.models_dir))


def _print_line(plan: Plan, scenario: Scenario, line: Line) -> None:
    if plan.lines:
        typer.echo(f"{scenario.name:24} {line.at_s:6.1f} s  {_WHO[line.who]} {line.text}")


def _print_run(plan: Plan, run: Run) -> None:
    if plan.quiet or (run.passed and not plan.lines):
        return
    _print_outcome(run)


def _print_outcome(run: Run) -> None:
    asked = f"; not foreseen: {', '.join(run.unplanned)}" if run.unplanned else ""
    told_as = f"{'passed' if run.passed else 'FAILED'} ({run.outcome}, seed {run.seed}, {run.seconds:.0f} s{asked})"
    typer.echo(f"{run.scenario}: {told_as}")
    for fault in run.faults:
        typer.echo(f"  - {fault}")


def _print_verdict(runs: Sequence[Run]) -> None:
    told_of = verdict(runs)
    typer.echo(f"{told_of['passed']} of {len(runs)} runs passed")
    if runs:
        k = told_of["k"]
        typer.echo(f"scenarios that pass once: {pass_k(runs, 1):.3f}; {k} times in a row: {told_of['pass_k']:.3f}")
    if (seconds := told_of["booking_call_s"]) is not None:
        typer.echo(f"median booking call: {seconds} s")


def register(app: typer.Typer) -> None:
    """Adds this command."""
    app.command("rehearse")(rehearse_command)
