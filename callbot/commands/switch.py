"""``callbot switch``: all new calls go to people, or the bot answers."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import typer

from callbot.bootstrap import SystemClock
from callbot.commands.lists import AsJson, opened, show
from callbot.commands.problems import told
from callbot.editing.switch import LEAST_REASON, LONGEST_REASON, NoReasonError, Switch, Switched
from callbot.settings import LOCAL_ZONE, Settings, load_settings

app = typer.Typer(help="Send all new calls to people, and back; calls going on go on.", invoke_without_command=True)

Why = Annotated[str, typer.Option("--reason", help="why; it stays in the history")]


def register(root: typer.Typer) -> None:
    """Hang ``switch`` into the ``callbot`` command."""
    root.add_typer(app, name="switch")


@app.callback()
def switch(context: typer.Context, as_json: AsJson = False) -> None:
    """Send all new calls to people (off), and back (on); alone: how it stands and who switched."""
    if context.invoked_subcommand is not None:
        return
    with told("switch"):
        found = asyncio.run(_history(load_settings()))
    rows = [switch_row(entry) for entry in found]
    show(rows, _lines(rows), as_json=as_json)


@app.command()
def off(reason: Why = "") -> None:
    """The bot answers no new call: people do, or call back outside their hours."""
    _turn(reason, to_people=True)


@app.command()
def on(reason: Why = "") -> None:
    """The bot answers again."""
    _turn(reason, to_people=False)


def switch_row(entry: Switched) -> dict[str, Any]:
    """One line of the history."""
    return {
        "at": entry.at.astimezone(LOCAL_ZONE).isoformat(timespec="seconds"),
        "calls_go_to": "people" if entry.to_people else "bot",
        "by": entry.by,
        "reason": entry.reason,
    }


def _turn(reason: str, *, to_people: bool) -> None:
    try:
        with told("switch"):
            changed = asyncio.run(_turned(load_settings(), reason, to_people=to_people))
    except NoReasonError:
        typer.echo(f"switch: --reason in {LEAST_REASON} to {LONGEST_REASON} characters is needed", err=True)
        raise typer.Exit(1) from None
    answers = "people answer new calls" if to_people else "the bot answers new calls"
    typer.echo(f"{answers}, on every process within five seconds" if changed else f"{answers} already: nothing changed")


async def _turned(settings: Settings, reason: str, *, to_people: bool) -> bool:
    who = await asyncio.to_thread(getpass.getuser)
    async with opened(settings, "switch") as storage:
        return await Switch(storage.switches, SystemClock()).turn(f"cli:{who}"[:64], reason, to_people=to_people)


async def _history(settings: Settings) -> list[Switched]:
    async with opened(settings, "switch") as storage:
        return await storage.switches.history(20)


def _lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    if not rows:
        yield "the bot answers; nobody ever switched"
    for row in rows:
        yield "  ".join(row.values())
