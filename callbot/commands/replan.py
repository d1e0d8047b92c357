"""``callbot replan``: another day for pickups that were missed, or whose day the rules have closed since."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import typer

from callbot.booking.replanning import Replanned, Replanning
from callbot.bootstrap import SystemClock, booking_desk
from callbot.bootstrap.published import knowledge_in_force
from callbot.commands.lists import AsJson, opened, show
from callbot.commands.problems import told
from callbot.settings import Settings, load_settings


def register(root: typer.Typer) -> None:
    """Hang ``replan`` into the ``callbot`` command."""
    root.command()(replan)


def replan(
    as_json: AsJson = False,
    move: Annotated[bool, typer.Option("--move", help="move them and tell the residents; else only list")] = False,
) -> None:
    """Bookings on days that a closure has taken since they were made; with --move each gets another day, and so do
    missed pickups. No personal data."""
    with told("replan"):
        rows = asyncio.run(_replanned(load_settings(), move=move))
    show(rows, _lines(rows), as_json=as_json)


async def _replanned(settings: Settings, *, move: bool) -> list[dict[str, Any]]:
    clock = SystemClock()
    async with opened(settings, "replan") as storage:
        knowledge = await knowledge_in_force(settings, storage)
        replanning = Replanning(booking_desk(settings, knowledge, storage, clock), storage, knowledge, clock)
        stranded = {booking.reference: booking.day for booking in await replanning.stranded()}
        if not move:
            return [_row(Replanned(reference, None), day.isoformat()) for reference, day in stranded.items()]
        moved = [*await replanning.move_stranded(), *await replanning.missed()]
        return [_row(each, str(stranded.get(each.reference, "missed"))) for each in moved]


def _row(moved: Replanned, before: str) -> dict[str, Any]:
    return {"reference": moved.reference, "from": before, "to": moved.day.isoformat() if moved.day else None}


def _lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield f"{row['reference']}  {row['from']}  ->  {row['to'] or 'no day yet: a person looks for one'}"
