"""``callbot call-backs``: whom people promised to call back, window by window."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Annotated, Any

import typer

from callbot.commands.lists import AsJson, Reason, Since, checked_reason, local_day, opened, show
from callbot.commands.problems import told
from callbot.settings import LOCAL_ZONE, Settings, load_settings
from callbot.storage import StoredCallBack


def register(root: typer.Typer) -> None:
    """Hang ``call-backs`` into the ``callbot`` command."""
    root.command()(call_backs)


def call_backs(
    as_json: AsJson = False,
    since: Since = None,
    reveal: Annotated[bool, typer.Option("--reveal", help="show the numbers to call; needs --reason")] = False,
    reason: Reason = "",
) -> None:
    """Windows of promised call-backs, with how many there are, their calls and reasons."""
    checked = checked_reason(reason, reveal=reveal)
    with told("call-backs"):
        found = asyncio.run(_load(load_settings(), local_day(since), checked))
    rows = window_rows(found, reveal=reveal)
    show(rows, _lines(rows), as_json=as_json)


def window_rows(found: Iterable[StoredCallBack], *, reveal: bool) -> list[dict[str, Any]]:
    """One row a window, in local time, with its call-backs; the numbers only with ``reveal``."""
    rows = []
    for window, calls in groupby(found, key=lambda stored: stored.window):
        promised = [_row(stored, reveal=reveal) for stored in calls]
        first, last = (moment.astimezone(LOCAL_ZONE).isoformat() for moment in (window.first, window.last))
        rows.append({"first": first, "last": last, "count": len(promised), "call_backs": promised})
    return rows


def _row(stored: StoredCallBack, *, reveal: bool) -> dict[str, Any]:
    row = {"call_id": stored.call_id, "reason": stored.reason.value, "status": stored.status.value}
    return row | ({"phone": stored.phone.reveal()} if reveal else {})


async def _load(settings: Settings, since: datetime | None, reason: str | None) -> list[StoredCallBack]:
    looked_at = f"call-backs since {since.date() if since else 'the beginning'}"
    async with opened(settings, looked_at, reason) as storage:
        return await storage.call_backs(since)


def _lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        first, last = datetime.fromisoformat(row["first"]), datetime.fromisoformat(row["last"])
        yield f"{first:%Y-%m-%d}  {first:%H:%M}-{last:%H:%M}  {row['count']}"
        for promised in row["call_backs"]:
            yield "  ".join(["", *promised.values()])
