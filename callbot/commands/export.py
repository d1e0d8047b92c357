"""``callbot export``: bookings and reports as rows for the request system of the métropole."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from callbot.commands.lists import Reason, checked_reason, local_day, opened
from callbot.commands.problems import told
from callbot.documents.exports import (
    CsvLayout,
    Export,
    ExportedReport,
    JsonLayout,
    Layout,
    Row,
    any_schema,
    booking_row,
    columns,
    report_row,
    row_schema,
)
from callbot.open311 import report_id
from callbot.settings import Settings, load_settings
from callbot.storage import Storage, StoredReport


class Format(StrEnum):
    """What an export can be written as."""

    CSV = "csv"
    JSON = "json"


_LAYOUTS: dict[Format, Callable[[], Layout]] = {Format.CSV: CsvLayout, Format.JSON: JsonLayout}
_CHUNK = 64 * 1024
"""characters that are gathered before they are written"""
_DAYS = ["%Y-%m-%d"]
As = Annotated[Format, typer.Option("--format", help="csv: commas, CRLF, a line of names, UTF-8; json: one list")]
First = Annotated[datetime | None, typer.Option("--since", formats=_DAYS, help="first day, YYYY-MM-DD")]
End = Annotated[datetime | None, typer.Option("--until", formats=_DAYS, help="the day after the last one, YYYY-MM-DD")]
Out = Annotated[Path | None, typer.Option("--out", help="file to write instead of printing; for its owner only")]
Revealing = Annotated[bool, typer.Option("--reveal", help="with addresses, phones, names, notes; needs --reason")]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is exported: days from ``first`` on and before ``end``; ``reason``: why personal data are in it, if so."""

    what: Export
    form: Format
    first: datetime | None
    end: datetime | None
    reason: str | None

    @property
    def reveal(self) -> bool:
        """True where personal data are in it."""
        return self.reason is not None

    @property
    def told(self) -> str:
        """For the journal."""
        first = self.first.date() if self.first else "the beginning"
        return f"export of {self.what} from {first} until {self.end.date() if self.end else 'the end'}"


def register(root: typer.Typer) -> None:
    """Hang ``export`` into the ``callbot`` command."""
    group = typer.Typer(no_args_is_help=True, help="Bookings and reports as rows for another program.")
    group.command()(bookings)
    group.command()(reports)
    group.command()(schema)
    root.add_typer(group, name="export")


def bookings(
    *,
    form: As = Format.CSV,
    first: First = None,
    end: End = None,
    out: Out = None,
    reveal: Revealing = False,
    reason: Reason = "",
) -> None:
    """Bookings with a pickup day from --since on and before --until, without personal data unless there is a reason."""
    _export(Asked(Export.BOOKINGS, form, first, end, checked_reason(reason, reveal=reveal)), out)


def reports(
    *,
    form: As = Format.CSV,
    first: First = None,
    end: End = None,
    out: Out = None,
    reveal: Revealing = False,
    reason: Reason = "",
) -> None:
    """Reports made from --since on and before --until, midnights of Marseille, without personal data likewise."""
    _export(Asked(Export.REPORTS, form, first, end, checked_reason(reason, reveal=reveal)), out)


def schema(what: Annotated[Export | None, typer.Argument(help="whose rows; nothing: either")] = None) -> None:
    """The JSON Schema (draft 2020-12) of a row; an empty cell of a CSV file is null where null is allowed."""
    typer.echo(json.dumps(row_schema(what) if what else any_schema(), ensure_ascii=False, indent=2))


def _export(asked: Asked, out: Path | None) -> None:
    if asked.first and asked.end and asked.first > asked.end:
        typer.echo("--since is after --until", err=True)
        raise typer.Exit(1)
    with told("export"), _file(out) as file:
        count = asyncio.run(_write(load_settings(), asked, file))
    if out is not None:
        typer.echo(f"{count} rows", err=True)


async def _write(settings: Settings, asked: Asked, file: BinaryIO) -> int:
    """Writes the rows as they are read; how many there were."""
    layout, count, written = _LAYOUTS[asked.form](), 0, ""
    async with opened(settings, asked.told, asked.reason) as storage, _rows(storage, asked) as rows:
        written = layout.head(columns(asked.what, reveal=asked.reveal))
        async for row in rows:
            written += layout.row(row)
            count += 1
            if len(written) >= _CHUNK:
                await asyncio.to_thread(file.write, written.encode())
                written = ""
    await asyncio.to_thread(file.write, (written + layout.tail()).encode())
    return count


@asynccontextmanager
async def _rows(storage: Storage, asked: Asked) -> AsyncIterator[AsyncIterator[Row]]:
    """The rows in the order of the storage, none held longer than it takes to write it."""
    if asked.what is Export.BOOKINGS:
        first, end = (moment.date() if moment else None for moment in (asked.first, asked.end))
        async with storage.each_booking(first, end) as found:
            yield (booking_row(each, reveal=asked.reveal) async for each in found)
        return
    async with storage.each_report(local_day(asked.first), local_day(asked.end)) as found:
        yield (report_row(_with_id(each), reveal=asked.reveal) async for each in found)


def _with_id(stored: StoredReport) -> ExportedReport:
    return ExportedReport(report_id(stored), stored.report, stored.status, stored.created_at)


@contextmanager
def _file(out: Path | None) -> Iterator[BinaryIO]:
    """The file, which takes its name only once it is whole, and is its owner's only; without a name: what is printed.

    An export that fails leaves what was there before.
    """
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with tempfile.NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.", delete=False) as file:
        try:
            yield file  # type: ignore[misc]
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(out)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
