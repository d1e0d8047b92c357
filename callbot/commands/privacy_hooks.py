"""``callbot privacy hooks``: how far the programs beside the service are, and what they could not take."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from callbot.commands.lists import AsJson, opened, show
from callbot.commands.problems import told
from callbot.privacy.hooks import HookState
from callbot.settings import Settings, load_settings

app = typer.Typer(help="Programs that read the events of calls.", no_args_is_help=True)


def register(root: typer.Typer) -> None:
    """Hang ``hooks`` into ``callbot privacy``."""
    root.add_typer(app, name="hooks")


@app.callback()
def hooks() -> None:
    """Programs that read the events of calls: how far each is, and another try for what it could not take."""


@app.command()
def status(as_json: AsJson = False) -> None:
    """How far each hook is: calls that wait, calls after a failure, events set aside."""
    with told("privacy hooks"):
        states = asyncio.run(_states(load_settings()))
    show([asdict(state) for state in states], _lines(states), as_json=as_json)


@app.command()
def retry(name: Annotated[str, typer.Argument(help="a hook")]) -> None:
    """Try again what was set aside; the running service does it at its next sweep."""
    with told("privacy hooks retry"):
        count = asyncio.run(_again(load_settings(), name))
    typer.echo(f"{count} events will be tried again")


async def _states(settings: Settings) -> list[HookState]:
    async with opened(settings, "hooks") as storage:
        return await storage.hooks.states()


async def _again(settings: Settings, name: str) -> int:
    async with opened(settings, "hooks") as storage:
        return await storage.hooks.try_again(name)


def _lines(states: Sequence[HookState]) -> Iterator[str]:
    yield f"{'hook':32} {'waiting':>8} {'failing':>8} {'set aside':>10}  last taken"
    for state in states:
        last = f"{state.delivered_at:%Y-%m-%d %H:%M:%S}" if state.delivered_at else "-"
        yield f"{state.name:32} {state.waiting:8} {state.failing:8} {state.set_aside:10}  {last}"
