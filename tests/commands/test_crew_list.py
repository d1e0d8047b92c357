"""What ``callbot crew-list`` shows without a reason, and with one."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from callbot.commands.crew_list import sheet_json, sheet_text, without_streets
from callbot.documents import sheet_csv, sheet_geojson, sheet_ics, sheet_pdf
from callbot.domain.crew import CrewSheet
from tests.documents.sheets import sheet


@pytest.mark.parametrize("write", [sheet_text, sheet_json, sheet_csv, sheet_geojson, sheet_ics])
def test_without_a_reason_no_street_point_or_note_is_written(write: Callable[[CrewSheet], bytes]) -> None:
    hidden, shown = write(without_streets(sheet())).decode(), write(sheet()).decode().replace("\r\n ", "")
    for personal in ("Rome", "Dragon", "Portail"):
        assert personal not in hidden
        assert personal in shown
    assert "5.38" not in hidden
    assert "A2C4E" in hidden


def test_without_a_street_there_is_still_a_paper() -> None:
    assert sheet_pdf(without_streets(sheet())).startswith(b"%PDF")


def test_json_has_the_stops_in_order() -> None:
    assert [stop["reference"] for stop in json.loads(sheet_json(sheet()))] == ["A2C4E", "H3J5K", "L6R7S"]
