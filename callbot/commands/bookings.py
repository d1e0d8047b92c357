"""``callbot bookings``: what is booked; who lives where is shown for a reason only, and the look is journaled."""

from __future__ import annotations

import asyncio
import getpass
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any

import typer

from callbot.commands.problems import told
from callbot.domain.bookings import Booking
from callbot.privacy import load_key_ring
from callbot.settings import Settings, load_settings
from callbot.storage import Storage


def register(root: typer.Typer) -> None:
    """Hang ``bookings`` into the ``callbot`` command."""
    root.command()(bookings)


def bookings(
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON list")] = False,
    since: Annotated[
        datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="first pickup day, YYYY-MM-DD")
    ] = None,
    reveal: Annotated[bool, typer.Option("--reveal", help="show addresses, phones and names; needs --reason")] = False,
    reason: Annotated[str, typer.Option("--reason", help="why they are shown; it is journaled")] = "",
) -> None:
    """Bookings by pickup day and sector, without personal data unless there is a reason."""
    if reveal and not reason.strip():
        raise _failure("--reveal needs --reason: every look at personal data is journaled with its reason")
    with told("bookings"):
        found = asyncio.run(_load(load_settings(), since, reason if reveal else None))
    rows = [booking_row(booking, reveal=reveal) for booking in found]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for line in _lines(rows):
        typer.echo(line)


def booking_row(booking: Booking, *, reveal: bool) -> dict[str, Any]:
    """A booking as JSON; the address goes no further than the commune, no phone and no name, unless ``reveal``."""
    address = booking.address
    place = f"{address.postcode} {address.commune}"
    row: dict[str, Any] = {
        "reference": booking.reference,
        "status": booking.status.value,
        "date": booking.day.isoformat(),
        "sector": booking.sector,
        "address": f"{address.line}, {place}" if reveal else place,
        "items": [{"item": line.item, "quantity": line.quantity} for line in booking.items],
        "created_by": booking.created_by.value,
    }
    if reveal:
        row["phone"] = booking.phone.reveal() if booking.phone else None
        row["name"] = booking.name.reveal() if booking.name else None
    return row


async def _load(settings: Settings, since: datetime | None, reason: str | None) -> list[Booking]:
    """The bookings; with a ``reason`` the look is journaled before anything is shown."""
    keys = await asyncio.to_thread(load_key_ring, settings)
    async with await Storage.open(settings.storage_url, keys) as storage:
        first = since.date() if since else None
        if reason is not None:
            who = await asyncio.to_thread(getpass.getuser)
            await storage.reveals.record(who, reason, f"bookings since {first or 'the beginning'}")
        return await storage.bookings(first)


def _lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        items = ", ".join(f"{line['quantity']} x {line['item']}" for line in row["items"])
        shown = [row["date"], row["reference"], row["status"], row["sector"], row["address"], items]
        yield "  ".join([*shown, *(row[field] for field in ("phone", "name") if row.get(field))])


def _failure(text: str) -> typer.Exit:
    typer.echo(text, err=True)
    return typer.Exit(1)
