"""``callbot bookings``: what is booked; who lives where is shown for a reason only, and the look is journaled."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

import typer

from callbot.commands.lists import opened
from callbot.commands.problems import told
from callbot.domain.bookings import Booking
from callbot.settings import Settings, load_settings


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
        asyncio.run(_show(load_settings(), since, reason if reveal else None, as_json=as_json))


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


async def _show(settings: Settings, since: datetime | None, reason: str | None, *, as_json: bool) -> None:
    """Print the bookings as they are read, however many; with a ``reason`` the look is journaled before."""
    first = since.date() if since else None
    looked_at = f"bookings since {first or 'the beginning'}"
    async with opened(settings, looked_at, reason) as storage, storage.each_booking(first) as found:
        rows = (booking_row(booking, reveal=reason is not None) async for booking in found)
        async for text in _json_list(rows) if as_json else _lines(rows):
            sys.stdout.write(text)


async def _json_list(rows: AsyncIterator[dict[str, Any]]) -> AsyncIterator[str]:
    """One JSON list, a line a row; where reading fails in between it stays open and is no JSON."""
    before = "["
    async for row in rows:
        yield before + json.dumps(row, ensure_ascii=False)
        before = ",\n"
    yield ("[" if before == "[" else "") + "]\n"


async def _lines(rows: AsyncIterator[dict[str, Any]]) -> AsyncIterator[str]:
    async for row in rows:
        items = ", ".join(f"{line['quantity']} x {line['item']}" for line in row["items"])
        shown = [row["date"], row["reference"], row["status"], row["sector"], row["address"], items]
        yield "  ".join([*shown, *(row[field] for field in ("phone", "name") if row.get(field))]) + "\n"


def _failure(text: str) -> typer.Exit:
    typer.echo(text, err=True)
    return typer.Exit(1)
