"""The files read back by programs that nobody here wrote: pypdf, icalendar, csv, json."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from callbot.documents import pickup_ics, sheet_csv, sheet_geojson, sheet_ics, sheet_pdf
from callbot.documents.paper import latin
from callbot.domain.bookings import Author, Booking, BookingStatus
from callbot.domain.territories import PutOut
from tests.booking.sample import MOBILE, ONE_MATTRESS, TERRITORY, address
from tests.documents.sheets import DAY, sheet

MADE = datetime(2026, 11, 23, 9, tzinfo=UTC)
BOOKING = Booking("A2C4E", BookingStatus.BOOKED, DAY, "centre", address(), ONE_MATTRESS, MOBILE, Author.BOT, MADE)


def event(put_out: PutOut | None = TERRITORY.put_out, **options: Any) -> Any:
    file = pickup_ics(BOOKING, ["un matelas"], put_out, made_at=MADE, **options)
    (found,) = Calendar.from_ical(file).walk("VEVENT")
    return found


def test_the_pickup_is_a_day_in_the_calendar() -> None:
    found = event()
    assert (found["DTSTART"].dt, found["DTEND"].dt) == (DAY, date(2026, 12, 2))
    assert found["DTSTAMP"].dt == MADE
    assert found["STATUS"] == "CONFIRMED"
    assert "A2C4E" in found["SUMMARY"]
    assert "un matelas" in found["DESCRIPTION"]
    assert "la veille après vingt heures" in found["DESCRIPTION"]
    assert found["LOCATION"] == "12 bis Rue de Rome, 13006 Marseille 6e"


@pytest.mark.parametrize(
    ("put_out", "hours_before_midnight"),
    [
        (TERRITORY.put_out, 4),
        (None, 5),
        (PutOut(False, time(4), time(6), "trottoir", "Le matin."), 5),
    ],
)
def test_the_alarm_rings_the_evening_before(put_out: PutOut | None, hours_before_midnight: int) -> None:
    (alarm,) = event(put_out).walk("VALARM")
    assert alarm["TRIGGER"].dt == -timedelta(hours=hours_before_midnight)


def test_a_cancelled_pickup_replaces_the_same_event_without_an_alarm() -> None:
    first, gone = event(), event(sequence=2, cancelled=True)
    assert gone["UID"] == first["UID"]
    assert (first["SEQUENCE"], gone["SEQUENCE"]) == (0, 2)
    assert gone["STATUS"] == "CANCELLED"
    assert gone.walk("VALARM") == []
    assert gone["SUMMARY"].startswith("Annulé")


def test_the_calendar_file_has_short_lines_and_no_phone() -> None:
    file = pickup_ics(BOOKING, ["une très longue armoire à glace"] * 9, None, made_at=MADE)
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    assert b"\n" not in file.replace(b"\r\n", b"")
    assert MOBILE.reveal().removeprefix("+33").encode() not in file


def test_the_round_is_one_event_with_its_stops_in_order() -> None:
    found: Any = Calendar.from_ical(sheet_ics(sheet())).walk("VEVENT")[0]
    lines = str(found["DESCRIPTION"]).split("\n")
    assert [line.split()[1] for line in lines] == ["A2C4E", "H3J5K", "L6R7S"]
    assert found["DTSTART"].dt == DAY


def test_text_of_a_resident_cannot_add_a_line_to_a_calendar_file() -> None:
    file = sheet_ics(sheet("porte\r\nEND:VEVENT\r\nBEGIN:VEVENT"))
    assert len(Calendar.from_ical(file).walk("VEVENT")) == 1


def test_the_paper_says_everything_in_order() -> None:
    pages = PdfReader(BytesIO(sheet_pdf(sheet()))).pages
    text = "\n".join(page.extract_text() for page in pages)
    places = [text.index(reference) for reference in ("A2C4E", "H3J5K", "L6R7S")]
    assert places == sorted(places)
    for said in (
        "12 bis Rue de Rome, 13006 Marseille 6e", "un matelas, deux chaises", "Accès : Portail bleu", "0,7 m³",
        "Mardi 1er décembre 2026", "non conforme : plus d'objets que prévu", "Traverse de l'OEuvre", "rien trouvé",
    ):  # fmt: skip
        assert said in text


def test_a_long_round_goes_over_pages_and_loses_nobody() -> None:
    stop = sheet().stops[0]
    stops = tuple(replace(stop, rank=rank, reference=f"R{rank:04}") for rank in range(1, 61))
    pages = PdfReader(BytesIO(sheet_pdf(replace(sheet(), stops=stops)))).pages
    text = "\n".join(page.extract_text() for page in pages)
    assert len(pages) > 5
    assert all(each.reference in text for each in stops)


def test_any_writing_can_be_printed() -> None:
    assert latin("cœur d’été – Łódź 中 \u202e\x00") == "coeur d'été - ?ódz ? "
    assert sheet_pdf(sheet("中文 😀 " + "x" * 300)).startswith(b"%PDF")


def test_an_empty_round_is_a_file_of_every_kind() -> None:
    empty = replace(sheet(), stops=(), length_m=0.0)
    assert "Aucun rendez-vous" in PdfReader(BytesIO(sheet_pdf(empty))).pages[0].extract_text()
    assert json.loads(sheet_geojson(empty)) == {"type": "FeatureCollection", "features": []}
    assert len(sheet_csv(empty).splitlines()) == 1
    assert len(Calendar.from_ical(sheet_ics(empty)).walk("VEVENT")) == 1


def rows(file: bytes) -> list[dict[str, str]]:
    assert file.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(file.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_table_has_a_line_for_each_stop() -> None:
    read = rows(sheet_csv(sheet()))
    assert [row["reference"] for row in read] == ["A2C4E", "H3J5K", "L6R7S"]
    assert read[0]["acces"] == "Portail bleu, code 0000"
    assert (read[0]["longitude"], read[2]["longitude"]) == ("5.380600", "")


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", " ="])
def test_no_cell_is_run_as_a_formula(first: str) -> None:
    (cell,) = {row["acces"] for row in rows(sheet_csv(sheet(f'{first}HYPERLINK("x";"y")')))} - {""}
    assert cell.startswith("'")


def test_the_map_has_longitude_first_and_points_only_where_known() -> None:
    features = json.loads(sheet_geojson(sheet()))["features"]
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [5.3806, 43.2912]}
    assert features[2]["geometry"] is None
    assert [feature["properties"]["rank"] for feature in features] == [1, 2, 3]
