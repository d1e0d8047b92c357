"""``callbot demo``: one whole call, live: real sound, real Whisper, a booking, the SMS, the waits."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Annotated, Final

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from callbot.bootstrap import open_service
from callbot.commands.logs import configure_logs
from callbot.commands.problems import told
from callbot.commands.rehearse import DatabaseWitness, own_settings
from callbot.commands.service import running
from callbot.domain.bookings import Booking
from callbot.rehearsal.clips import Clips, caller_voices, record_clips
from callbot.rehearsal.judge import faults, in_words, ring_faults
from callbot.rehearsal.report import CallReport, Line, Who
from callbot.rehearsal.ring import ring
from callbot.rehearsal.scenario import Scenario, load_scenarios
from callbot.settings import LOCAL_ZONE, Settings, load_settings
from callbot.telephony.timing import TurnTiming

SCENARIO: Final = "booking_in_one_breath"
_WHO: Final = {Who.BOT: "[cyan]bot     [/]", Who.CALLER: "[green]résident[/]", Who.LINE: "[dim]ligne   [/]"}

console = Console(soft_wrap=True, highlight=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the demonstration has to show once the call is over."""

    report: CallReport
    booking: Booking | None
    timings: Sequence[TurnTiming]
    problems: Sequence[str]
    outcome: str


def demo(
    scenario: Annotated[str, typer.Option(help="the rehearsal scenario to play")] = SCENARIO,
) -> None:
    """One whole call: starts the service on loopback, rings it, shows the call, the booking, the SMS, the waits."""
    configure_logs(logging.WARNING)
    settings = load_settings()
    with told("demo"):
        played = load_scenarios((scenario,))[0]
        shown = asyncio.run(_play(settings, played, clips_of(settings, played)))
    _print_result(shown)
    if shown.problems:
        raise typer.Exit(1)


def clips_of(settings: Settings, scenario: Scenario) -> Clips:
    """What the caller of a scenario says, recorded now where it was not before."""
    wanted = {(scenario.speaker, text) for text in scenario.clips}
    return record_clips(wanted, settings.data_dir / "callers", caller_voices(settings.models_dir))


async def _play(settings: Settings, scenario: Scenario, clips: Clips) -> Shown:
    console.print("The service starts: knowledge base, addresses, French, Whisper, voice...", style="dim")
    with tempfile.TemporaryDirectory() as folder:
        own = own_settings(settings, Path(folder))
        async with open_service(own, show_sms=_print_sms) as service, running(service, "127.0.0.1", 0) as up:
            console.print(f"[bold]{scenario.title}[/bold]  ({up.url}, voice {service.voice_name})\n")
            witness = DatabaseWitness(service.storage)
            report = await ring(up.url, scenario, clips, witness, _print_line)
            outcome = await witness.outcome(report.call_id)
            expect = scenario.calls[0].expect
            problems = [
                *faults(expect, outcome, datetime.now(LOCAL_ZONE).date()),
                *ring_faults(expect, report, has_words=True),
            ]
            booking = outcome.bookings[0] if outcome.bookings else None
            turns = [turn for turn in service.timings.turns if turn.call_id == report.call_id]
            return Shown(report, booking, turns, problems, in_words(outcome))


def _print_line(line: Line) -> None:
    console.print(f"{line.at_s:6.1f} s  {_WHO[line.who]}  {escape(line.text)}")


def _print_sms(number: str, body: str) -> None:
    console.print(f"\n[bold magenta]SMS → {number}[/]\n{escape(body)}\n")


def _print_result(shown: Shown) -> None:
    if (booking := shown.booking) is not None:
        items = ", ".join(f"{line.quantity} × {line.item}" for line in booking.items)
        place = f"{booking.address.line}, {booking.address.postcode} {booking.address.commune}"
        console.print("[bold]In the database:[/bold]")
        console.print(f"{booking.reference}, {booking.day:%d/%m/%Y}, sector {booking.sector}, {place}, {items}\n")
    console.print(latency_table(shown.timings))
    waits = sorted(turn.latency_ms for turn in shown.report.turns)
    if waits and shown.report.greeting_ms is not None:
        console.print(
            f"At the caller's ear, first greeting {shown.report.greeting_ms:.0f} ms; last voiced sample to the first "
            f"voiced sample of the answer: median {median(waits):.0f} ms, longest {waits[-1]:.0f} ms."
        )
    for problem in shown.problems:
        console.print(f"[red]not as wanted:[/] {problem}")
    if not shown.problems:
        console.print(f"[bold green]The booking is the one the caller wanted ({shown.outcome}).[/]")


def latency_table(timings: Sequence[TurnTiming]) -> Table:
    """Each turn's wait in ms: its parts and their sum, then the medians; the caption names who owns each part."""
    owners = {part.name: part.owner for turn in timings for part in turn.parts}
    caption = "\n".join(f"{name}: {owner}" for name, owner in owners.items())
    table = Table(title="What the caller waited for (ms)", caption=caption, caption_justify="left", box=SIMPLE)
    for name in ("answer", *owners, "sum"):
        table.add_column(name, justify="left" if name == "answer" else "right")
    rows = [(turn.act, [_spent(turn, name) for name in owners]) for turn in timings]
    if rows:
        rows.append(("median", [median(column) for column in zip(*(parts for _, parts in rows), strict=True)]))
    for act, parts in rows:
        total = median(turn.total_ms for turn in timings) if act == "median" else sum(parts)
        table.add_row(act, *(f"{ms:.0f}" for ms in parts), f"{total:.0f}")
    return table


def _spent(turn: TurnTiming, name: str) -> float:
    return sum(part.ms for part in turn.parts if part.name == name)


def register(app: typer.Typer) -> None:
    """Adds this command."""
    app.command()(demo)
