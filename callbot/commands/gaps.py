"""``callbot gaps``: what callers asked and the knowledge base could not answer, without a word of theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import typer

from callbot.commands.lists import AsJson, Since, local_day, opened, show
from callbot.commands.problems import told
from callbot.settings import LOCAL_ZONE, Settings, load_settings
from callbot.storage import NotedGap


def register(root: typer.Typer) -> None:
    """Hang ``gaps`` into the ``callbot`` command."""
    root.command()(gaps)


def gaps(as_json: AsJson = False, since: Since = None) -> None:
    """Questions without an answer, counted by the entries of the knowledge base that came nearest."""
    with told("gaps"):
        found = asyncio.run(_load(load_settings(), local_day(since)))
    rows = gap_rows(found)
    show(rows, _lines(rows), as_json=as_json)


def gap_rows(found: Iterable[NotedGap]) -> list[dict[str, Any]]:
    """One row for each set of nearest entries, most asked first: how often, which entries, the last day."""
    last_days: dict[tuple[str, ...], list[date]] = {}
    for gap in found:
        last_days.setdefault(gap.nearest, []).append(gap.at.astimezone(LOCAL_ZONE).date())
    rows = [
        {"count": len(days), "nearest": list(nearest), "last": max(days).isoformat()}
        for nearest, days in last_days.items()
    ]
    return sorted(rows, key=lambda row: (-row["count"], row["nearest"]))


async def _load(settings: Settings, since: datetime | None) -> list[NotedGap]:
    async with opened(settings, "gaps") as storage:
        return await storage.events.gaps(since)


def _lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield f"{row['count']:5}  {row['last']}  {', '.join(row['nearest']) or '-'}"
