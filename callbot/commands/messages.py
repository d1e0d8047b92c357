"""``callbot messages``: what has not arrived, without whom it is for and what it says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from callbot.commands.lists import AsJson, opened, show
from callbot.commands.problems import told
from callbot.settings import LOCAL_ZONE, Settings, load_settings
from callbot.storage import Storage
from callbot.storage.outbox import TroubledMessage


def register(root: typer.Typer) -> None:
    """Hang ``messages`` into the ``callbot`` command."""
    root.command()(messages)


def messages(
    as_json: AsJson = False,
    retry: Annotated[str, typer.Option("--retry", help="key of a message that was given up: try it again")] = "",
) -> None:
    """Messages that were given up, were not delivered, or have been tried in vain so far; oldest first."""
    with told("messages"):
        again, found = asyncio.run(_looked_at(load_settings(), retry))
    if retry and not again:
        typer.echo("no message of that key was given up", err=True)
        raise typer.Exit(1)
    rows = [message_row(message) for message in found]
    show(rows, _lines(rows), as_json=as_json)


def message_row(message: TroubledMessage) -> dict[str, Any]:
    """A message as JSON, since when in local time."""
    return {
        "key": message.key,
        "channel": message.channel.value,
        "status": message.status.value,
        "delivery": message.delivery.value if message.delivery else None,
        "attempts": message.attempts,
        "failure": message.failure,
        "since": message.queued_at.astimezone(LOCAL_ZONE).isoformat(timespec="seconds"),
    }


async def _looked_at(settings: Settings, retry: str) -> tuple[bool, list[TroubledMessage]]:
    async with opened(settings, "messages") as storage:
        return await _again(storage, retry), await storage.outbox.troubled()


async def _again(storage: Storage, key: str) -> bool:
    return bool(key) and await storage.outbox.retry(key, datetime.now(UTC))


def _lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        since = datetime.fromisoformat(row["since"])
        became = row["delivery"] or row["status"]
        tried = f"{row['attempts']} x {row['failure'] or ''}".strip()
        yield f"{since:%Y-%m-%d %H:%M}  {row['channel']}  {became}  {tried}  {row['key']}"
