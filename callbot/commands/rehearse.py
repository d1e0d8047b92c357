"""``callbot rehearse``: simulated callers ring the service; the verdict comes from the final database state."""

from __future__ import annotations

import asyncio
import json
import logging
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from callbot.bootstrap import open_service
from callbot.commands.logs import configure_logs
from callbot.commands.service import running
from callbot.domain.events import Prompted
from callbot.privacy import load_key_ring
from callbot.rehearsal.clips import Clips, caller_voices, record_clips
from callbot.rehearsal.judge import Outcome
from callbot.rehearsal.rehearse import Rehearsed, Run, rehearse, verdict
from callbot.rehearsal.report import Line, Who
from callbot.rehearsal.scenario import Scenario, ScenarioError, load_scenarios
from callbot.rehearsal.truth import HeardPrompt
from callbot.settings import LOCAL_ZONE, Server, Settings, Storage, Twilio, load_settings
from callbot.storage import Storage as OpenStorage

_SMS_WITHIN_S: Final = 5.0
_LOOK_EVERY_S: Final = 0.1
_WHO: Final = {Who.BOT: "bot    ", Who.CALLER: "caller ", Who.LINE: "line   "}


@dataclass(frozen=True, slots=True)
class DatabaseWitness:
    """Reads a database from beside the line: the bot's words for the caller, the outcome for the judge."""

    storage: OpenStorage

    async def prompt(self, call_id: str, number: int) -> HeardPrompt | None:
        """See ``Observer``."""
        for event in reversed(await self.storage.events.events(call_id)):
            if isinstance(event, Prompted) and event.number == number:
                return HeardPrompt(event.act, event.number, event.text)
        return None

    async def outcome(self, call_id: str) -> Outcome:
        """See ``OutcomeReader``; a confirmation still on its way is waited for."""
        summary = await self.storage.call_summary(call_id)
        bookings = await self.storage.bookings_of_call(call_id)
        sent_to = [await self._sms_of(f"confirmation:{booking.reference}") for booking in bookings]
        async with self.storage.unit_of_work() as work:
            hold = await work.places.settle(datetime.now(UTC), call_id)
        return Outcome(
            bookings=tuple(bookings),
            held=hold is not None,
            sms_to=tuple(number for number in sent_to if number),
            hand_over=summary.hand_over_reason.value if summary and summary.hand_over_reason else None,
            ended=summary.end_reason.value if summary and summary.end_reason else None,
        )

    async def _sms_of(self, key: str) -> str | None:
        """The number an SMS went to, None when none was queued or it did not go out in time."""
        if await self.storage.outbox.status_of(key) is None:
            return None
        for _ in range(round(_SMS_WITHIN_S / _LOOK_EVERY_S)):
            if shown := await self.storage.shown_sms.text_of(key):
                return shown[0].reveal()
            await asyncio.sleep(_LOOK_EVERY_S)
        return None


@dataclass(frozen=True, slots=True)
class Plan:
    """What to rehearse and how."""

    scenarios: Sequence[Scenario]
    server: str
    database: bool
    parallel: int
    repeat: int
    quiet: bool
    sound: bool
    settings: Settings = field(repr=False)


def rehearse_command(
    names: Annotated[list[str] | None, typer.Argument(help="Scenarios by name, or .yaml files of your own.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="All scenarios that ship; the default without names.")] = False,
    sound: Annotated[bool, typer.Option("--sound", help="Keep what was heard: a stereo wav of each call.")] = False,
    server: Annotated[str, typer.Option(help="Ring this running service (its public address) instead of ours.")] = "",
    database: Annotated[bool, typer.Option(help="With --server: judge from the database of these settings.")] = False,
    parallel: Annotated[int, typer.Option(min=1, max=100, help="Callers at the same time.")] = 1,
    repeat: Annotated[int, typer.Option(min=1, max=1000, help="How often each scenario is run.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdict as JSON, nothing else.")] = False,
) -> None:
    """Simulated callers ring the service over the media socket; exit code 0 when every run passed."""
    configure_logs(logging.WARNING)
    settings = load_settings()
    if every and names:
        raise typer.BadParameter("either --all or names of scenarios")
    try:
        scenarios = load_scenarios(tuple(names or ()))
    except ScenarioError as error:
        typer.echo(f"rehearse: {error}", err=True)
        raise typer.Exit(2) from error
    clips = _clips(scenarios, settings)
    runs = asyncio.run(_rehearse(Plan(scenarios, server, database, parallel, repeat, as_json, sound, settings), clips))
    if as_json:
        typer.echo(json.dumps(verdict(runs), ensure_ascii=False))
    else:
        _print_verdict(runs)
    raise typer.Exit(0 if all(run.passed for run in runs) else 1)


def own_settings(settings: Settings, folder: Path) -> Settings:
    """The embedded defaults for a rehearsal: a database of its own, loopback, and no SMS to anybody."""
    return settings.model_copy(
        update={
            "storage": Storage(url=f"sqlite+aiosqlite:///{folder / 'rehearsal.db'}"),
            "twilio": Twilio(agents_number=settings.twilio.agents_number),
            "server": Server(port=0),
        }
    )


@asynccontextmanager
async def service_of_its_own(settings: Settings) -> AsyncIterator[Rehearsed]:
    """A service on a free loopback port with a database that is thrown away."""
    async with AsyncExitStack() as stack:
        folder = await asyncio.to_thread(tempfile.TemporaryDirectory)
        stack.callback(folder.cleanup)
        service = await stack.enter_async_context(open_service(own_settings(settings, Path(folder.name))))
        up = await stack.enter_async_context(running(service, "127.0.0.1", 0))
        witness = DatabaseWitness(service.storage)
        yield Rehearsed(up.url, witness, witness)


@asynccontextmanager
async def service_elsewhere(plan: Plan) -> AsyncIterator[Rehearsed]:
    """A service that runs already; its database is read only where these settings lead to it."""
    token = plan.settings.twilio.auth_token.get_secret_value()
    if not plan.database:
        yield Rehearsed(plan.server, None, None, token)
        return
    keys = await asyncio.to_thread(load_key_ring, plan.settings)
    async with await OpenStorage.open(plan.settings.storage_url, keys) as storage:
        witness = DatabaseWitness(storage)
        yield Rehearsed(plan.server, witness, witness, token)


async def _rehearse(plan: Plan, clips: Clips) -> list[Run]:
    opened = service_elsewhere(plan) if plan.server else service_of_its_own(plan.settings)
    async with opened as service:
        if service.outcomes is None and not plan.quiet:
            typer.echo("no database to judge from: only what happens on the line is judged (see --database)", err=True)
        return await rehearse(
            plan.scenarios,
            replace(service, recordings=plan.settings.data_dir / "rehearsals") if plan.sound else service,
            clips,
            datetime.now(LOCAL_ZONE).date(),
            parallel=plan.parallel,
            repeat=plan.repeat,
            on_line=lambda scenario, line: None if plan.quiet else _print_line(scenario, line),
            on_run=lambda run: None if plan.quiet else _print_run(run),
        )


def _clips(scenarios: Sequence[Scenario], settings: Settings) -> Clips:
    wanted = {(scenario.speaker, text) for scenario in scenarios for text in scenario.clips}
    return record_clips(wanted, settings.data_dir / "callers", caller_voices(settings.models_dir))


def _print_line(scenario: Scenario, line: Line) -> None:
    typer.echo(f"{scenario.name:24} {line.at_s:6.1f} s  {_WHO[line.who]} {line.text}")


def _print_run(run: Run) -> None:
    asked = f"; not foreseen: {', '.join(run.unplanned)}" if run.unplanned else ""
    typer.echo(f"{run.scenario}: {'passed' if run.passed else 'FAILED'} ({run.outcome}, {run.seconds:.0f} s{asked})")
    for fault in run.faults:
        typer.echo(f"  - {fault}")


def _print_verdict(runs: Sequence[Run]) -> None:
    passed = sum(run.passed for run in runs)
    typer.echo(f"{passed} of {len(runs)} runs passed")


def register(app: typer.Typer) -> None:
    """Adds this command."""
    app.command("rehearse")(rehearse_command)
