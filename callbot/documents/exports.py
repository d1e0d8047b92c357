"""Bookings and reports as rows for another program, and the JSON Schema (draft 2020-12) that each row keeps to.

A row is flat: text, whole numbers, numbers or null, so that CSV and JSON carry the same rows. Items are written as
Open311 takes them: ``matelas:2 armoire:1``. What people wrote is one line, its semicolons commas: however a spreadsheet
splits the file, at commas or (in French) at semicolons, no part of a text becomes a cell of its own.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from io import StringIO
from typing import Any, Protocol

from callbot.documents.cells import safe_cell
from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import Author, Booking, BookingStatus, NotConform
from callbot.domain.items import ItemLine
from callbot.domain.people import Report, ReportKind
from callbot.domain.personal import Personal

Cell = str | int | float | None
Row = Mapping[str, Cell]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REPORT_STATES = ("waiting", "done")


class Export(StrEnum):
    """What can be exported."""

    BOOKINGS = "bookings"
    REPORTS = "reports"


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``rule``: what JSON Schema says of a value that is there; ``personal``: only there when revealed."""

    name: str
    about: str
    rule: Mapping[str, Any]
    nullable: bool = False
    personal: bool = False

    def schema(self) -> dict[str, Any]:
        """The schema of a value."""
        rule = dict(self.rule)
        if self.nullable:
            return {"description": self.about, "anyOf": [rule, {"type": "null"}]}
        return {"description": self.about, **rule}


@dataclass(frozen=True, slots=True)
class ExportedReport:
    """A report with what is kept beside it; ``id``: the one of Open311."""

    id: str
    report: Report
    status: str
    created_at: datetime


def _text(**more: Any) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, **more}


def _one_of(values: Iterable[str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


_WORDS = _text(pattern="^[^;\\t\\r\\n]*$")
_NUMBER = {"type": "integer", "minimum": 0}
_DAY = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_MOMENT = {"type": "string", "format": "date-time", "pattern": "^[0-9-]{10}T[0-9:]{8}Z$"}
_REFERENCE = _text(pattern="^[0-9A-Z]{5}$")
_ITEMS = {"type": "string", "pattern": "^([a-z0-9_-]+:[1-9][0-9]*( [a-z0-9_-]+:[1-9][0-9]*)*)?$"}
_ITEMS_ABOUT = "id of each thing in the catalogue and how many, with spaces between; empty: none"
_CODE = _text(pattern="^[0-9AB]{5}$")
_PLACE = (
    Column("address", "house number and street", _WORDS, nullable=True, personal=True),
    Column("longitude", "degrees east, WGS 84", {"type": "number"}, nullable=True, personal=True),
    Column("latitude", "degrees north, WGS 84", {"type": "number"}, nullable=True, personal=True),
)
COLUMNS: dict[Export, tuple[Column, ...]] = {
    Export.BOOKINGS: (
        Column("reference", "the reference on the objects; used again once the booking is purged", _REFERENCE),
        Column("status", "where the booking stands", _one_of(s for s in BookingStatus if s is not BookingStatus.HELD)),
        Column("not_conform", "why the objects were left there", _one_of(NotConform), nullable=True),
        Column("day", "day of the pickup", _DAY),
        Column("sector", "id of the sector", _text()),
        Column("insee", "INSEE code of the commune", _CODE),
        Column("postcode", "postal code", _text()),
        Column("commune", "name of the commune", _WORDS),
        Column("items", _ITEMS_ABOUT, _ITEMS),
        Column("load_items", "objects counted against the day", _NUMBER),
        Column("load_litres", "volume counted against the day, litres", _NUMBER),
        Column("created_by", "who booked", _one_of(Author)),
        Column("created_at", "when it was booked, UTC", _MOMENT),
        *_PLACE,
        Column("phone", "phone number, E.164", _text(), nullable=True, personal=True),
        Column("email", "e-mail address", _WORDS, nullable=True, personal=True),
        Column("name", "name left for the booking", _WORDS, nullable=True, personal=True),
        Column("note", "the resident's words for the crew", _WORDS, nullable=True, personal=True),
    ),
    Export.REPORTS: (
        Column("id", "service_request_id of Open311", _text()),
        Column("kind", "what is reported", _one_of(ReportKind)),
        Column("status", "whether a person has looked into it", _one_of(_REPORT_STATES)),
        Column("reference", "the booking it is about", _REFERENCE, nullable=True),
        Column("insee", "INSEE code of the commune", _CODE, nullable=True),
        Column("postcode", "postal code", _text(), nullable=True),
        Column("commune", "name of the commune", _WORDS, nullable=True),
        Column("items", _ITEMS_ABOUT, _ITEMS),
        Column("created_at", "when it was reported, UTC", _MOMENT),
        *_PLACE,
    ),
}


def columns(export: Export, *, reveal: bool) -> tuple[str, ...]:
    """The names of the columns in their order; those with personal data, the last ones, only when revealed."""
    return tuple(column.name for column in COLUMNS[export] if reveal or not column.personal)


def row_schema(export: Export) -> dict[str, Any]:
    """The schema of a row; personal columns are all there (``--reveal``) or all away."""
    personal = [column.name for column in COLUMNS[export] if column.personal]
    return {
        "$schema": DIALECT,
        "title": f"A row of callbot export {export}",
        "type": "object",
        "properties": {column.name: column.schema() for column in COLUMNS[export]},
        "required": list(columns(export, reveal=False)),
        "dependentRequired": {name: [other for other in personal if other != name] for name in personal},
        "additionalProperties": False,
    }


def any_schema() -> dict[str, Any]:
    """The schema of a row of either export."""
    return {
        "$schema": DIALECT,
        "anyOf": [{"$ref": f"#/$defs/{export}"} for export in Export],
        "$defs": {export.value: row_schema(export) for export in Export},
    }


def booking_row(booking: Booking, *, reveal: bool) -> Row:
    """A booking; it says no more of where than the commune, and nothing of whom, unless ``reveal``."""
    row: dict[str, Cell] = {
        "reference": booking.reference,
        "status": booking.status.value,
        "not_conform": booking.not_conform.value if booking.not_conform else None,
        "day": booking.day.isoformat(),
        "sector": booking.sector,
        **_commune(booking.address),
        "items": _items(booking.items),
        "load_items": booking.load.items,
        "load_litres": booking.load.litres,
        "created_by": booking.created_by.value,
        "created_at": _moment(booking.created_at),
    }
    if not reveal:
        return row
    people = {"phone": booking.phone, "email": booking.email, "name": booking.name, "note": booking.note}
    return row | _place(booking.address) | {name: _revealed(text) for name, text in people.items()}


def report_row(stored: ExportedReport, *, reveal: bool) -> Row:
    """A report; it says no more of where than the commune unless ``reveal``."""
    report = stored.report
    row: dict[str, Cell] = {
        "id": stored.id,
        "kind": report.kind.value,
        "status": stored.status,
        "reference": report.reference,
        **_commune(report.address),
        "items": _items(report.items),
        "created_at": _moment(stored.created_at),
    }
    return row | _place(report.address) if reveal else row


class Layout(Protocol):
    """A way of writing rows one by one: ``head``, each ``row``, ``tail``."""

    def head(self, names: tuple[str, ...]) -> str:
        """What stands before the rows."""
        ...

    def row(self, row: Row) -> str:
        """A row."""
        ...

    def tail(self) -> str:
        """What stands behind the rows."""
        ...


@dataclass(slots=True)
class CsvLayout:
    """RFC 4180: commas, CRLF, a line of names first; no byte order mark (files for spreadsheets are ``tables``).

    Null is an empty cell. A cell that a spreadsheet would run begins with an apostrophe (``cells``).
    """

    def head(self, names: tuple[str, ...]) -> str:
        """The line of names."""
        return _csv_line(names)

    def row(self, row: Row) -> str:
        """A line."""
        return _csv_line(safe_cell("" if cell is None else str(cell)) for cell in row.values())

    def tail(self) -> str:
        """Nothing."""
        return ""


@dataclass(slots=True)
class JsonLayout:
    """One JSON list, a line each row."""

    _begun: bool = field(default=False)

    def head(self, names: tuple[str, ...]) -> str:
        """The bracket; each row carries the names itself."""
        return "["

    def row(self, row: Row) -> str:
        """A line, behind a comma after another one."""
        before, self._begun = ",\n" if self._begun else "\n", True
        return before + json.dumps(row, ensure_ascii=False)

    def tail(self) -> str:
        """The bracket."""
        return "\n]\n" if self._begun else "]\n"


def _csv_line(cells: Iterable[str]) -> str:
    line = StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


def _items(lines: tuple[ItemLine, ...]) -> str:
    return " ".join(f"{line.item}:{line.quantity}" for line in lines)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _commune(address: StreetAddress | None) -> dict[str, Cell]:
    known = (address.insee, address.postcode, _one_line(address.commune)) if address else (None, None, None)
    return dict(zip(("insee", "postcode", "commune"), known, strict=True))


def _place(address: StreetAddress | None) -> dict[str, Cell]:
    point = address.point if address else None
    return {
        "address": _one_line(address.line) if address else None,
        "longitude": round(point.lon, 6) if point else None,
        "latitude": round(point.lat, 6) if point else None,
    }


def _revealed(text: Personal | None) -> str | None:
    return _one_line(text.reveal()) if text else None


def _one_line(text: str) -> str | None:
    """Visible characters on one line, without semicolons; None where nothing is left."""
    visible = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(visible.replace(";", ",").split()) or None
