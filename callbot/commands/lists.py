"""What the lists for people have in common: options, the reason of a look at personal data, one table or one JSON."""

from __future__ import annotations

import asyncio
import getpass
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any

import typer

from callbot.privacy import load_key_ring
from callbot.settings import LOCAL_ZONE, Settings
from callbot.storage import Storage

AsJson = Annotated[bool, typer.Option("--json", help="print one JSON list")]
Since = Annotated[datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="first day, YYYY-MM-DD")]
Reason = Annotated[str, typer.Option("--reason", help="why it is shown; it is journaled")]


def checked_reason(reason: str, *, reveal: bool) -> str | None:
    """The reason of a look at personal data, None without one; ends the command when ``--reveal`` comes alone."""
    if not reveal:
        return None
    if not reason.strip():
        typer.echo("--reveal needs --reason: every look at personal data is journaled with its reason", err=True)
        raise typer.Exit(1)
    return reason


def local_day(day: datetime | None) -> datetime | None:
    """The midnight of the métropole with which a day given on the command line begins."""
    return day.replace(tzinfo=LOCAL_ZONE) if day else None


@asynccontextmanager
async def opened(settings: Settings, looked_at: str, reason: str | None = None) -> AsyncIterator[Storage]:
    """The storage; with a ``reason`` the look at ``looked_at`` is journaled before anything is read."""
    keys = await asyncio.to_thread(load_key_ring, settings)
    async with await Storage.open(settings.storage_url, keys) as storage:
        if reason is not None:
            who = await asyncio.to_thread(getpass.getuser)
            await storage.reveals.record(who, reason, looked_at)
        yield storage


def show(rows: list[dict[str, Any]], lines: Iterable[str], *, as_json: bool) -> None:
    """Print the rows as JSON, or their ``lines``."""
    for line in [json.dumps(rows, ensure_ascii=False)] if as_json else lines:
        typer.echo(line)
