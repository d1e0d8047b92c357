"""Cells that no spreadsheet runs, and rows that say the same whatever people wrote."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from callbot.documents.cells import plain_cell, safe_cell
from callbot.documents.exports import CsvLayout, Export, JsonLayout, Layout, Row, booking_row, columns, row_schema
from callbot.domain.bookings import Author, Booking, BookingStatus, NotConform
from callbot.domain.personal import Personal, PersonName
from tests.booking.sample import MOBILE, ONE_MATTRESS, address

MADE = datetime(2026, 11, 23, 9, 0, 0, 999_999, tzinfo=UTC)
BOOKING = Booking(
    "AC4KR", BookingStatus.NOT_CONFORM, date(2026, 11, 24), "centre", address(), ONE_MATTRESS, MOBILE, Author.BOT, MADE,
    not_conform=NotConform.TOO_MUCH,
)  # fmt: skip
STARTS = ("", "'", "''", " ", "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠", "-1", "'-1", "'=", " '=")
CELLS = st.builds(str.__add__, st.sampled_from(STARTS), st.text(max_size=12))


def written(layout: Layout, rows: list[Row]) -> str:
    names = columns(Export.BOOKINGS, reveal=True)
    return layout.head(names) + "".join(layout.row(row) for row in rows) + layout.tail()


@given(CELLS)
def test_every_cell_is_safe_and_comes_back(cell: str) -> None:
    safe = safe_cell(cell)
    assert plain_cell(safe) == cell
    assert not safe.lstrip(" ").startswith(("=", "+", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert is_number(safe) or not safe.lstrip(" ").startswith("-")


def is_number(cell: str) -> bool:
    return cell.isascii() and cell.removeprefix("-").replace(".", "", 1).isdigit()


@pytest.mark.parametrize("cell", ["5.38", "-5.38", "2026-11-24", "Rue de Rome", "", "l'Estaque", "'"])
def test_cells_that_are_no_formula_stay_as_they_are(cell: str) -> None:
    assert safe_cell(cell) == cell


@given(CELLS, CELLS)
def test_whatever_people_wrote_both_formats_carry_the_same_row(note: str, name: str) -> None:
    row = booking_row(replace(BOOKING, note=Personal(note), name=PersonName(name)), reveal=True)
    assert not list(Draft202012Validator(row_schema(Export.BOOKINGS)).iter_errors(row))
    assert json.loads(written(JsonLayout(), [row, row])) == [row, row]
    text = written(CsvLayout(), [row])
    assert ";" not in text
    assert text.count("\n") == 2
    [read] = csv.DictReader(StringIO(text, newline=""), strict=True)
    assert {key: plain_cell(cell) for key, cell in read.items()} == {
        key: "" if cell is None else str(cell) for key, cell in row.items()
    }


def test_personal_columns_are_all_there_or_all_away() -> None:
    schema = row_schema(Export.BOOKINGS)
    hidden, shown = booking_row(BOOKING, reveal=False), booking_row(BOOKING, reveal=True)
    half = {**hidden, "phone": shown["phone"]}
    assert [mistakes(schema, row) > 0 for row in (hidden, shown, half)] == [False, False, True]
    assert tuple(hidden) == columns(Export.BOOKINGS, reveal=False)
    assert tuple(shown) == columns(Export.BOOKINGS, reveal=True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "24/11/2026"}, {"status": "held"}, {"created_at": "2026-11-23T09:00:00"}, {"items": "matelas"},
        {"reference": None}, {"load_items": -1}, {"street": "Rue de Rome"}, {"commune": "a;b"}, {"not_conform": ""},
    ],
)  # fmt: skip
def test_the_schema_finds_mistakes(wrong: dict[str, Any]) -> None:
    assert mistakes(row_schema(Export.BOOKINGS), {**booking_row(BOOKING, reveal=False), **wrong}) == 1


def test_a_booking_as_a_row() -> None:
    assert booking_row(BOOKING, reveal=False) == {
        "reference": "AC4KR",
        "status": "not_conform",
        "not_conform": "too_much",
        "day": "2026-11-24",
        "sector": "centre",
        "insee": "13206",
        "postcode": "13006",
        "commune": "Marseille 6e",
        "items": "matelas:1",
        "load_items": 0,
        "load_litres": 0,
        "created_by": "bot",
        "created_at": "2026-11-23T09:00:00Z",
    }


def mistakes(schema: dict[str, Any], row: Row) -> int:
    return len(list(Draft202012Validator(schema).iter_errors(row)))
