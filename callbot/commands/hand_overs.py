"""``callbot hand-overs``: calls a person has not looked into yet."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import typer

from callbot.commands.lists import AsJson, opened, show
from callbot.commands.problems import told
from callbot.settings import LOCAL_ZONE, Settings, load_settings
from callbot.storage import QueuedCall


def register(root: typer.Typer) -> None:
    """Hang ``hand-overs`` into the ``callbot`` command."""
    root.command()(hand_overs)


def hand_overs(as_json: AsJson = False) -> None:
    """Calls left to people: waiting for one now, or unanswered before; longest waiting first, no personal data."""
    with told("hand-overs"):
        found = asyncio.run(_load(load_settings()))
    rows = [hand_over_row(call) for call in found]
    show(rows, _lines(rows), as_json=as_json)


def hand_over_row(call: QueuedCall) -> dict[str, Any]:
    """A call as JSON, since when in local time."""
    since = call.created_at.astimezone(LOCAL_ZONE).isoformat(timespec="seconds")
    return {"call_id": call.call_id, "reason": call.reason.value, "status": call.status.value, "since": since}


async def _load(settings: Settings) -> list[QueuedCall]:
    async with opened(settings, "hand-overs") as storage:
        return await storage.hand_overs.waiting()


def _lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        since = datetime.fromisoformat(row["since"])
        yield f"{since:%Y-%m-%d %H:%M}  {row['status']}  {row['reason']}  {row['call_id']}"
