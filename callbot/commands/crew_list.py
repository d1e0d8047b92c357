"""``callbot crew-list``: a crew's day as text or as a file; where people live is shown for a reason, and journaled."""

from __future__ import annotations

import asyncio
import getpass
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from callbot.bootstrap import SystemClock, crew_desk
from callbot.commands.problems import told
from callbot.commands.published import published_base
from callbot.documents import sheet_csv, sheet_geojson, sheet_ics, sheet_pdf
from callbot.domain.crew import CrewSheet, CrewStop, written_day
from callbot.knowledge import KnowledgeBase
from callbot.privacy import load_key_ring
from callbot.settings import Settings, load_settings
from callbot.storage import Storage
from callbot.web.crew.links import CrewLinks


class Format(StrEnum):
    """What a list can be written as."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    GEOJSON = "geojson"
    ICS = "ics"
    PDF = "pdf"


def register(root: typer.Typer) -> None:
    """Hang ``crew-list`` into the ``callbot`` command."""
    root.command("crew-list")(crew_list)


def crew_list(
    *,
    day: Annotated[datetime, typer.Option("--day", formats=["%Y-%m-%d"], help="pickup day, YYYY-MM-DD")],
    sector: Annotated[str, typer.Option("--sector", help="id of the sector")],
    form: Annotated[Format, typer.Option("--format", help="what to write")] = Format.TEXT,
    out: Annotated[Path | None, typer.Option("--out", help="file to write instead of printing")] = None,
    link: Annotated[bool, typer.Option("--link", help="print the address of the crew's page, nothing else")] = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="show streets and notes; needs --reason")] = False,
    reason: Annotated[str, typer.Option("--reason", help="why they are shown; it is journaled")] = "",
) -> None:
    """The stops of a sector's day in driving order, without streets unless there is a reason."""
    if reveal and not reason.strip():
        raise _failure("--reveal needs --reason: every look at personal data is journaled with its reason")
    with told("crew-list"):
        settings = load_settings()
        knowledge = published_base(settings, "crew-list")
        if sector not in (known := _sectors(knowledge)):
            raise _failure(f"no sector {sector!r}; there are: {', '.join(known)}")
        if link:
            if not settings.server.public_url:
                raise _failure("a link needs the address of the service: set CALLBOT_SERVER__PUBLIC_URL")
            typer.echo(_address(settings, sector, day.date()))
            return
        sheet = asyncio.run(_load(settings, knowledge, sector, day.date(), reason if reveal else None))
        _write(_WRITERS[form](sheet if reveal else without_streets(sheet)), out)


def without_streets(sheet: CrewSheet) -> CrewSheet:
    """The sheet down to the commune: no street, no point, no note."""
    return replace(sheet, stops=tuple(_without_street(stop) for stop in sheet.stops))


def sheet_text(sheet: CrewSheet) -> bytes:
    """One line a stop."""
    lines = [f"{sheet.sector_name}, {written_day(sheet.day)}, {len(sheet.stops)} stops, {sheet.length_m:.0f} m"]
    for stop in sheet.stops:
        place = f"{stop.address.line} {stop.address.postcode} {stop.address.commune}".strip()
        note = [stop.note.reveal()] if stop.note else []
        lines.append("  ".join([str(stop.rank), stop.reference, stop.state, place, ", ".join(stop.items), *note]))
    return ("\n".join(lines) + "\n").encode()


def sheet_json(sheet: CrewSheet) -> bytes:
    """The stops as one JSON list: the properties of the map."""
    features = json.loads(sheet_geojson(sheet))["features"]
    return (json.dumps([feature["properties"] for feature in features], ensure_ascii=False) + "\n").encode()


_WRITERS: dict[Format, Callable[[CrewSheet], bytes]] = {
    Format.TEXT: sheet_text,
    Format.JSON: sheet_json,
    Format.CSV: sheet_csv,
    Format.GEOJSON: sheet_geojson,
    Format.ICS: sheet_ics,
    Format.PDF: sheet_pdf,
}


def _without_street(stop: CrewStop) -> CrewStop:
    place = replace(stop.address, street="", number=None, repetition=None, point=None)
    return replace(stop, address=place, note=None)


def _sectors(knowledge: KnowledgeBase) -> list[str]:
    return sorted({sector.id for rules in knowledge.territories for sector in rules.sectors})


def _address(settings: Settings, sector: str, day: date) -> str:
    server = settings.server
    return server.public_url.rstrip("/") + CrewLinks(load_key_ring(settings).index).link(sector, day).path


async def _load(settings: Settings, knowledge: KnowledgeBase, sector: str, day: date, reason: str | None) -> CrewSheet:
    """The sheet; with a ``reason`` the look is journaled before anything is shown."""
    keys = await asyncio.to_thread(load_key_ring, settings)
    async with await Storage.open(settings.storage_url, keys) as storage:
        if reason is not None:
            who = await asyncio.to_thread(getpass.getuser)
            await storage.reveals.record(who, reason, f"crew list of {sector} on {day}")
        return await crew_desk(settings, knowledge, storage, SystemClock()).sheet(sector, day)


def _write(content: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(content)
        return
    out.write_bytes(content)
    # Streets and access words: for the owner of the file only.
    out.chmod(0o600)


def _failure(text: str) -> typer.Exit:
    typer.echo(text, err=True)
    return typer.Exit(1)
