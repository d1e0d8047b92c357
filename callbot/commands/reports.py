"""``callbot reports``: what people have to look into; where it is, is shown for a reason only."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any

import typer

from callbot.commands.lists import AsJson, Reason, Since, checked_reason, local_day, opened, show
from callbot.commands.problems import told
from callbot.settings import LOCAL_ZONE, Settings, load_settings
from callbot.storage import StoredReport


def register(root: typer.Typer) -> None:
    """Hang ``reports`` into the ``callbot`` command."""
    root.command()(reports)


def reports(
    as_json: AsJson = False,
    since: Since = None,
    reveal: Annotated[bool, typer.Option("--reveal", help="show addresses; needs --reason")] = False,
    reason: Reason = "",
) -> None:
    """Missed pickups, fly-tips, complaints and requests about personal data, oldest first."""
    checked = checked_reason(reason, reveal=reveal)
    with told("reports"):
        found = asyncio.run(_load(load_settings(), local_day(since), checked))
    rows = [report_row(stored, reveal=reveal) for stored in found]
    show(rows, _lines(rows), as_json=as_json)


def report_row(stored: StoredReport, *, reveal: bool) -> dict[str, Any]:
    """A report as JSON; the address goes no further than the commune unless ``reveal``."""
    report = stored.report
    address = report.address
    place = f"{address.postcode} {address.commune}" if address else None
    return {
        "call_id": report.call_id,
        "kind": report.kind.value,
        "status": stored.status.value,
        "date": stored.created_at.astimezone(LOCAL_ZONE).date().isoformat(),
        "reference": report.reference,
        "address": f"{address.line}, {place}" if address and reveal else place,
        "items": [{"item": line.item, "quantity": line.quantity} for line in report.items],
    }


async def _load(settings: Settings, since: datetime | None, reason: str | None) -> list[StoredReport]:
    looked_at = f"reports since {since.date() if since else 'the beginning'}"
    async with opened(settings, looked_at, reason) as storage:
        return await storage.reports(since)


def _lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        items = ", ".join(f"{line['quantity']} x {line['item']}" for line in row["items"])
        shown = [row["date"], row["kind"], row["status"], row["call_id"], row["reference"], row["address"], items]
        yield "  ".join(part or "-" for part in shown)
