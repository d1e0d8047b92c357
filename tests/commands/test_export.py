"""``callbot export``: rows that keep to their printed schema, the same in CSV and JSON, people only when revealed."""

from __future__ import annotations

import asyncio
import csv
import json
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
import typer
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from callbot import cli
from callbot.booking import BookingDesk
from callbot.booking.ports import Change, ChangeKind
from callbot.commands import export as command
from callbot.documents.cells import plain_cell
from callbot.documents.exports import Export
from callbot.domain.bookings import Booking, Changer
from callbot.domain.items import ItemLine
from callbot.domain.people import Report, ReportKind
from callbot.domain.personal import EmailAddress, Personal, PersonName
from callbot.messages import BookingTexts
from callbot.open311 import report_id
from callbot.privacy import KeyRing, load_key_ring
from callbot.settings import LOCAL_ZONE, Settings
from callbot.settings import Storage as Place
from callbot.storage import Storage
from callbot.storage.journals import Reveal
from callbot.storage.streams import BATCH
from tests.booking.sample import CATALOGUE, MOBILE, NEXT_TUESDAY, TEMPLATES, THURSDAY, PinnedClock, address, draft
from tests.booking.sample import rules_with as sample_rules

PERSONAL = {"address", "longitude", "latitude", "phone", "email", "name", "note"}
TOLD = ("Rome", "0612345678"[1:], "5.38", "=SOMME", "voisine", "maria")
NOTE = 'sonner chez la voisine ;=1+1\r\n=HYPERLINK("x") ; merci'
MIDNIGHT = datetime(2026, 11, 24, tzinfo=LOCAL_ZONE)
app = typer.Typer()
command.register(app)


@app.callback()
def root() -> None:
    """A command of several."""


@pytest.fixture
def settings(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A database with nothing in it."""
    chosen = Settings(data_dir=tmp_path, storage=Place(url=database_url))
    monkeypatch.setattr(command, "load_settings", lambda: chosen)
    load_key_ring(chosen)
    return chosen


@pytest.fixture
def filled(settings: Settings) -> Settings:
    """Three bookings and four reports."""
    with_storage(settings, _fill)
    return settings


async def _fill(storage: Storage) -> None:
    clock = PinnedClock()
    desk = BookingDesk(storage.unit_of_work, sample_rules(20), clock, BookingTexts(TEMPLATES, CATALOGUE))
    await desk.book(replace(draft("CA1"), name=PersonName("=SOMME(A1)"), email=EmailAddress("maria@example.org")))
    await desk.book(replace(draft("CA2", day=THURSDAY, phone=None), items=(ItemLine("armoire", 1), *draft().items)))
    await desk.book(draft("CA3", day=NEXT_TUESDAY, phone=None))
    [first] = await storage.bookings_of_call("CA1")
    async with storage.unit_of_work() as work:
        noted = replace(first, note=Personal(NOTE))
        await work.bookings.change(first, noted, Change(ChangeKind.COMPLETED, clock.now(), Changer.RESIDENT))
        items = (ItemLine("matelas", 2, "mes deux matelas"),)
        await work.reports.add(Report("CA4", ReportKind.FLY_TIP, None, address(), items), MIDNIGHT)
        await work.reports.add(Report("CA5", ReportKind.MISSED, "AC4KR"), MIDNIGHT + timedelta(hours=23, minutes=59))
        await work.reports.add(Report("CA6", ReportKind.COMPLAINT), MIDNIGHT + timedelta(days=1))
        # The longest day of the year: twenty-five hours.
        late = datetime(2026, 10, 25, 23, 30, tzinfo=LOCAL_ZONE)
        await work.reports.add(Report("CA7", ReportKind.DATA_RIGHTS), late)


def with_storage(settings: Settings, work: Callable[[Storage], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        keys = await asyncio.to_thread(load_key_ring, settings)
        async with await Storage.open(settings.storage_url, keys) as storage:
            return await work(storage)

    return asyncio.run(run())


def journal(settings: Settings) -> list[Reveal]:
    entries: list[Reveal] = with_storage(settings, lambda storage: storage.reveals.entries())
    return entries


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["export", *arguments])
    return result.exit_code, result.stdout_bytes.decode(), result.stderr


def json_rows(*arguments: str) -> list[dict[str, Any]]:
    code, printed, _ = run(*arguments, "--format", "json")
    assert code == 0
    rows: list[dict[str, Any]] = json.loads(printed)
    return rows


def csv_rows(what: str, *arguments: str) -> list[dict[str, Any]]:
    """The rows of the CSV file, its cells taken for what the schema says they are."""
    code, printed, _ = run(what, *arguments, "--format", "csv")
    assert code == 0
    assert ";" not in printed
    assert not printed.startswith("\ufeff")
    assert printed.count("\n") == printed.count("\r\n")
    rules = schema(what)["properties"]
    rows = csv.DictReader(StringIO(printed, newline=""), strict=True)
    return [{name: value(cell, rules[name]) for name, cell in row.items()} for row in rows]


def value(cell: str, rule: dict[str, Any]) -> Any:
    either = rule.get("anyOf", [rule])
    if cell == "" and {"type": "null"} in either:
        return None
    read: dict[str, Callable[[str], Any]] = {"string": plain_cell, "integer": int, "number": float}
    return read[either[0]["type"]](cell)


def schema(what: str) -> dict[str, Any]:
    code, printed, _ = run("schema", what)
    assert code == 0
    found: dict[str, Any] = json.loads(printed)
    return found


@pytest.mark.parametrize("what", ["bookings", "reports"])
@pytest.mark.parametrize("shown", [(), ("--reveal", "--reason", "reprise")], ids=["hidden", "revealed"])
def test_rows_keep_to_the_printed_schema_and_are_the_same_in_both_formats(
    filled: Settings, what: str, shown: tuple[str, ...]
) -> None:
    rows = json_rows(what, *shown)
    assert len(rows) == {"bookings": 3, "reports": 4}[what]
    assert csv_rows(what, *shown) == rows
    for rule in (schema(what), json.loads(run("schema")[1])):
        Draft202012Validator.check_schema(rule)
        assert rule["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        validator = Draft202012Validator(rule, format_checker=Draft202012Validator.FORMAT_CHECKER)
        assert [list(validator.iter_errors(row)) for row in rows] == [[]] * len(rows)


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize("what", ["bookings", "reports"])
def test_nobody_is_in_it_without_a_reason(filled: Settings, what: str, form: str) -> None:
    code, printed, _ = run(what, "--format", form)
    assert code == 0
    assert "13206" in printed
    assert not [told for told in TOLD if told in printed]
    assert not PERSONAL & set(json_rows(what)[0])
    assert journal(filled) == []


def test_a_reveal_shows_people_and_is_journaled(filled: Settings) -> None:
    rows = json_rows("bookings", "--reveal", "--reason", "reprise", "--since", "2026-11-24", "--until", "2026-11-26")
    assert [{name: row[name] for name in PERSONAL} for row in rows] == [
        {
            "address": "12 bis Rue de Rome",
            "longitude": 5.3806,
            "latitude": 43.2912,
            "phone": MOBILE.reveal(),
            "email": "maria@example.org",
            "name": "=SOMME(A1)",
            "note": 'sonner chez la voisine ,=1+1 =HYPERLINK("x") , merci',
        }
    ]
    json_rows("reports", "--reveal", "--reason", "tournée")
    assert [(entry.reason, entry.what) for entry in journal(filled)] == [
        ("reprise", "export of bookings from 2026-11-24 until 2026-11-26"),
        ("tournée", "export of reports from the beginning until the end"),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_however_a_spreadsheet_splits_it_no_cell_is_a_formula(filled: Settings, delimiter: str) -> None:
    _, printed, _ = run("bookings", "--reveal", "--reason", "reprise")
    cells = [cell for line in csv.reader(StringIO(printed, newline=""), delimiter=delimiter) for cell in line]
    assert "'=SOMME(A1)" in printed
    assert [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))] == []


@pytest.mark.parametrize("what", ["bookings", "reports"])
@pytest.mark.parametrize("reason", [(), ("--reason", " ")], ids=["none", "blank"])
def test_a_reveal_without_a_reason_fails_in_one_line(filled: Settings, what: str, reason: tuple[str, ...]) -> None:
    code, printed, told = run(what, "--reveal", *reason)
    assert (code, printed) == (1, "")
    assert told.count("\n") == 1
    assert "--reason" in told
    assert journal(filled) == []


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ((), ["2026-11-24", "2026-11-26", "2026-12-01"]),
        (("--since", "2026-11-24", "--until", "2026-11-26"), ["2026-11-24"]),
        (("--since", "2026-11-25", "--until", "2026-12-01"), ["2026-11-26"]),
        (("--since", "2026-11-26"), ["2026-11-26", "2026-12-01"]),
        (("--until", "2026-11-25"), ["2026-11-24"]),
        (("--since", "2026-11-24", "--until", "2026-11-24"), []),
    ],
)
def test_bookings_are_taken_by_pickup_day_the_last_day_left_out(
    filled: Settings, days: tuple[str, ...], found: list[str]
) -> None:
    assert [row["day"] for row in json_rows("bookings", *days)] == found


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ((), ["data_rights", "fly_tip", "missed", "complaint"]),
        (("--since", "2026-11-24", "--until", "2026-11-25"), ["fly_tip", "missed"]),
        (("--since", "2026-11-25"), ["complaint"]),
        (("--until", "2026-11-24"), ["data_rights"]),
        (("--since", "2026-10-25", "--until", "2026-10-26"), ["data_rights"]),
        (("--since", "2026-10-26", "--until", "2026-11-24"), []),
    ],
)
def test_reports_are_taken_by_the_day_they_were_made_in_marseille(
    filled: Settings, days: tuple[str, ...], found: list[str]
) -> None:
    assert [row["kind"] for row in json_rows("reports", *days)] == found


def test_items_are_written_as_open311_takes_them(filled: Settings) -> None:
    assert [row["items"] for row in json_rows("bookings")] == ["matelas:1", "armoire:1 matelas:1", "matelas:1"]
    tip = json_rows("reports", "--since", "2026-11-24")[0]
    assert (tip["items"], tip["commune"], tip["created_at"]) == ("matelas:2", "Marseille 6e", "2026-11-23T23:00:00Z")


def test_a_report_has_the_id_under_which_open311_knows_it(filled: Settings) -> None:
    stored = with_storage(filled, lambda storage: storage.reports())
    assert [row["id"] for row in json_rows("reports")] == [report_id(one) for one in stored]


@pytest.mark.parametrize("what", ["bookings", "reports"])
def test_an_empty_export_has_a_head_and_no_rows(settings: Settings, what: str) -> None:
    code, printed, _ = run(what)
    assert code == 0
    assert printed.split("\r\n")[1:] == [""]
    assert set(printed.strip().split(",")) == set(schema(what)["required"])
    assert json_rows(what) == []


@pytest.mark.parametrize("what", ["bookings", "reports"])
@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--since", "2026-11-31"), 2, "2026-11-31"),
        (("--until", "24/11/2026"), 2, "24/11/2026"),
        (("--since", "2026-11-25", "--until", "2026-11-24"), 1, "--since is after --until"),
        (("--format", "xlsx"), 2, "xlsx"),
    ],
)
def test_what_is_not_understood_ends_the_command(
    filled: Settings, what: str, arguments: tuple[str, ...], code: int, told: str
) -> None:
    ended, printed, error = run(what, *arguments)
    assert (ended, printed) == (code, "")
    assert told in error


def test_an_unknown_schema_is_refused() -> None:
    assert run("schema", "calls")[0] == 2


def test_a_file_is_its_owners_only_and_holds_what_is_printed(filled: Settings, tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"
    out.write_text("before")
    out.chmod(0o644)
    code, printed, told = run("bookings", "--out", str(out))
    assert (code, printed, told) == (0, "", "3 rows\n")
    assert out.read_bytes().decode() == run("bookings")[1]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("*rows.csv*")] == ["rows.csv"]


def test_an_export_that_fails_leaves_the_file_as_it_was(
    filled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @asynccontextmanager
    async def breaking(_storage: Storage, *_days: object) -> AsyncIterator[AsyncIterator[Booking]]:
        raise OSError("the disk is away")
        yield

    out = tmp_path / "rows.csv"
    out.write_text("before")
    monkeypatch.setattr(Storage, "each_booking", breaking)
    code, _, told = run("bookings", "--out", str(out))
    assert (code, told) == (1, "export: the disk is away\n")
    assert out.read_text() == "before"
    assert [path.name for path in tmp_path.glob("*rows.csv*")] == ["rows.csv"]
    assert run("bookings", "--out", str(tmp_path / "missing" / "rows.csv"))[0] == 1


@pytest.mark.parametrize("what", list(Export))
def test_who_stops_reading_leaves_nothing_open(
    filled: Settings, what: Export, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Closed(BytesIO):
        def write(self, _written: object) -> int:
            raise BrokenPipeError

    monkeypatch.setattr(command, "_CHUNK", 1)
    asked = command.Asked(what, command.Format.CSV, None, None, None)
    with pytest.raises(BrokenPipeError):
        asyncio.run(command._write(filled, asked, Closed()))
    assert [record.getMessage() for record in caplog.records if record.name == "asyncio"] == []


def test_bookings_are_opened_one_by_one(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    whole = KeyRing.open

    def counted(ring: KeyRing, sealed: bytes, place: str) -> str:
        opened.append(place)
        return whole(ring, sealed, place)

    async def work(storage: Storage) -> None:
        desk = BookingDesk(storage.unit_of_work, sample_rules(10), PinnedClock(), BookingTexts(TEMPLATES, CATALOGUE))
        for number in range(5):
            await desk.book(draft(f"CA{number}", phone=None))
        monkeypatch.setattr(KeyRing, "open", counted)
        async with storage.each_booking() as found:
            first = await anext(found)
            assert opened == [f"bookings.address|{first.reference}"]
            rest = [booking async for booking in found]
        assert [first, *rest] == [replace(one, items=draft_items(one)) for one in await storage.bookings()]
        assert len(rest) == 4

    with_storage(settings, work)


def draft_items(booking: Booking) -> tuple[ItemLine, ...]:
    return tuple(ItemLine(line.item, line.quantity) for line in booking.items)


def test_more_bookings_than_a_batch_are_all_there(settings: Settings) -> None:
    async def work(storage: Storage) -> tuple[list[Booking], list[Booking]]:
        rules = sample_rules(2 * BATCH)
        desk = BookingDesk(storage.unit_of_work, rules, PinnedClock(), BookingTexts(TEMPLATES, CATALOGUE))
        await desk.book(draft("CA0", phone=None))
        [first] = await storage.bookings_of_call("CA0")
        async with storage.unit_of_work() as unit:
            for number in range(1, BATCH + 5):
                one = replace(first, reference=f"R{number:04}")
                await unit.bookings.add(one, draft(f"CA{number}", phone=None))
        async with storage.each_booking() as found:
            return await storage.bookings(date(2026, 11, 24)), [one async for one in found]

    listed, each = with_storage(settings, work)
    assert len(listed) == BATCH + 5
    assert [one.reference for one in each] == [one.reference for one in listed]
    assert all(len(one.items) == 1 for one in (*listed, *each))
    assert len(csv_rows("bookings")) == BATCH + 5


def test_the_command_is_one_of_callbot() -> None:
    result = CliRunner().invoke(cli.app, ["export", "schema", "reports"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["title"] == "A row of callbot export reports"
