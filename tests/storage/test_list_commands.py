"""``callbot gaps``, ``call-backs``, ``hand-overs`` and ``reports``: lists for people."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from callbot.commands import call_backs, gaps, hand_overs, reports
from callbot.domain.events import GapNoted, HandOverReason
from callbot.domain.items import ItemLine
from callbot.domain.people import Report, ReportKind, Window
from callbot.privacy import load_key_ring
from callbot.privacy.key_file import KEY_FILE
from callbot.settings import LOCAL_ZONE, Settings
from callbot.storage import Storage
from callbot.storage.journals import Reveal
from tests.booking.sample import LANDLINE, MOBILE, PinnedClock, address

COMMANDS = {"gaps": gaps, "call-backs": call_backs, "hand-overs": hand_overs, "reports": reports}
MORNING = datetime(2026, 11, 24, 8, tzinfo=LOCAL_ZONE)
app = typer.Typer()


@app.callback()
def root() -> None:
    """A command of several."""


for module in COMMANDS.values():
    module.register(app)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A data folder with gaps, call-backs and reports."""
    chosen = Settings(data_dir=tmp_path)
    for module in COMMANDS.values():
        monkeypatch.setattr(module, "load_settings", lambda: chosen)
    with_storage(chosen, _fill)
    return chosen


async def _fill(storage: Storage) -> None:
    clock = PinnedClock()
    storage.events._now = clock.now
    for nearest in (("prix",), ("ecrans", "piscine"), ("prix",), ()):
        await storage.events.append("CA1", GapNoted(nearest))
        clock.advance(hours=8)
    storage.hand_overs._now = clock.now
    for number, reason in enumerate((HandOverReason.ASKED, HandOverReason.TOO_LONG, HandOverReason.MISSED), start=4):
        await storage.hand_overs.hand_over(f"CA{number}", reason)
        clock.advance(hours=1)
    await storage.hand_overs.taken("CA4")
    await storage.hand_overs.unanswered("CA6")
    first, second = (Window(begins, begins + timedelta(hours=2)) for begins in (MORNING, MORNING + timedelta(days=1)))
    async with storage.unit_of_work() as work:
        await work.call_backs.add("CA1", MOBILE, HandOverReason.ASKED, first, MORNING)
        await work.call_backs.add("CA2", LANDLINE, HandOverReason.COMPLAINT, first, MORNING + timedelta(minutes=1))
        await work.call_backs.add("CA3", MOBILE, HandOverReason.MISSED, second, MORNING)
        items = (ItemLine("matelas", 2, "mes deux matelas"),)
        await work.reports.add(Report("CA1", ReportKind.FLY_TIP, None, address(), items), MORNING)
        await work.reports.add(Report("CA2", ReportKind.MISSED, "AC4KR"), MORNING + timedelta(days=1))


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
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def rows(*arguments: str) -> list[dict[str, Any]]:
    code, printed, _ = run(*arguments, "--json")
    assert code == 0
    found: list[dict[str, Any]] = json.loads(printed)
    return found


def test_gaps_are_counted_by_their_nearest_entries_most_asked_first(settings: Settings) -> None:
    assert rows("gaps") == [
        {"count": 2, "nearest": ["prix"], "last": "2026-11-24"},
        {"count": 1, "nearest": [], "last": "2026-11-24"},
        {"count": 1, "nearest": ["ecrans", "piscine"], "last": "2026-11-23"},
    ]
    assert [row["count"] for row in rows("gaps", "--since", "2026-11-24")] == [1, 1]
    code, printed, _ = run("gaps")
    assert code == 0
    assert printed.splitlines() == [
        "    2  2026-11-24  prix",
        "    1  2026-11-24  -",
        "    1  2026-11-23  ecrans, piscine",
    ]


def test_call_backs_stand_in_their_windows_without_numbers(settings: Settings) -> None:
    first, second = rows("call-backs")
    assert (first["first"], first["last"], first["count"]) == (
        "2026-11-24T08:00:00+01:00",
        "2026-11-24T10:00:00+01:00",
        2,
    )
    assert first["call_backs"] == [
        {"call_id": "CA1", "reason": "asked", "status": "waiting"},
        {"call_id": "CA2", "reason": "complaint", "status": "waiting"},
    ]
    assert rows("call-backs", "--since", "2026-11-25") == [second]
    _, printed, _ = run("call-backs")
    assert printed.splitlines()[:3] == [
        "2026-11-24  08:00-10:00  2",
        "  CA1  asked  waiting",
        "  CA2  complaint  waiting",
    ]
    assert journal(settings) == []


def test_numbers_are_shown_for_a_reason_that_is_journaled(settings: Settings) -> None:
    shown = rows("call-backs", "--reveal", "--reason", "rappels du matin", "--since", "2026-11-24")
    assert [one["phone"] for one in shown[0]["call_backs"]] == [MOBILE.reveal(), LANDLINE.reveal()]
    assert [(entry.reason, entry.what) for entry in journal(settings)] == [
        ("rappels du matin", "call-backs since 2026-11-24")
    ]


def test_hand_overs_are_those_no_person_looked_into(settings: Settings) -> None:
    assert rows("hand-overs") == [
        {"call_id": "CA5", "reason": "too_long", "status": "waiting", "since": "2026-11-24T19:00:00+01:00"},
        {"call_id": "CA6", "reason": "missed", "status": "unanswered", "since": "2026-11-24T20:00:00+01:00"},
    ]
    _, printed, _ = run("hand-overs")
    assert printed.splitlines() == [
        "2026-11-24 19:00  waiting  too_long  CA5",
        "2026-11-24 20:00  unanswered  missed  CA6",
    ]
    assert journal(settings) == []


def test_reports_go_no_further_than_the_commune(settings: Settings) -> None:
    tip, missed = rows("reports")
    assert tip == {
        "call_id": "CA1",
        "kind": "fly_tip",
        "status": "waiting",
        "date": "2026-11-24",
        "reference": None,
        "address": "13006 Marseille 6e",
        "items": [{"item": "matelas", "quantity": 2}],
    }
    assert (missed["kind"], missed["reference"], missed["address"]) == ("missed", "AC4KR", None)
    assert rows("reports", "--since", "2026-11-25") == [missed]
    _, printed, _ = run("reports")
    assert printed.splitlines() == [
        "2026-11-24  fly_tip  waiting  CA1  -  13006 Marseille 6e  2 x matelas",
        "2026-11-25  missed  waiting  CA2  AC4KR  -  -",
    ]
    assert journal(settings) == []


def test_addresses_are_shown_for_a_reason_that_is_journaled(settings: Settings) -> None:
    tip, _ = rows("reports", "--reveal", "--reason", "tournée")
    assert tip["address"] == "12 bis Rue de Rome, 13006 Marseille 6e"
    assert [(entry.reason, entry.what) for entry in journal(settings)] == [("tournée", "reports since the beginning")]


@pytest.mark.parametrize("command", ["call-backs", "reports"])
def test_a_reveal_without_a_reason_fails_in_one_line(settings: Settings, command: str) -> None:
    code, printed, told = run(command, "--reveal", "--reason", " ")
    assert (code, printed) == (1, "")
    assert told.count("\n") == 1
    assert "--reason" in told
    assert journal(settings) == []


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_broken_key_file_fails_in_one_line(settings: Settings, command: str) -> None:
    (settings.data_dir / KEY_FILE).write_text("{}")
    code, printed, told = run(command, "--json")
    assert (code, printed) == (1, "")
    assert told.count("\n") == 1
    assert told.startswith(f"{command}: ")


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_an_empty_list_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    chosen = Settings(data_dir=tmp_path)
    monkeypatch.setattr(COMMANDS[command], "load_settings", lambda: chosen)
    assert rows(command) == []
    assert run(command)[:2] == (0, "")
