"""``callbot bookings``: shows what is booked, and personal data for a reason only."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from callbot.booking import BookingDesk
from callbot.commands import bookings as command
from callbot.messages import BookingTexts
from callbot.privacy import load_key_ring
from callbot.privacy.key_file import KEY_FILE
from callbot.settings import Settings
from callbot.storage import Storage
from callbot.storage.journals import Reveal
from tests.booking.sample import CATALOGUE, TEMPLATES, THURSDAY, PinnedClock, SampleRules, draft

app = typer.Typer()
command.register(app)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A data folder with two bookings."""
    chosen = Settings(data_dir=tmp_path)
    monkeypatch.setattr(command, "load_settings", lambda: chosen)
    keys = load_key_ring(chosen)

    async def book() -> None:
        async with await Storage.open(chosen.storage_url, keys) as storage:
            writer = BookingTexts(TEMPLATES, CATALOGUE)
            desk = BookingDesk(storage.unit_of_work, SampleRules(), PinnedClock(), writer)
            await desk.book(draft("CA1"))
            await desk.book(draft("CA2", day=THURSDAY, phone=None))

    asyncio.run(book())
    return chosen


def journal(settings: Settings) -> list[Reveal]:
    async def read() -> list[Reveal]:
        keys = await asyncio.to_thread(load_key_ring, settings)
        async with await Storage.open(settings.storage_url, keys) as storage:
            return await storage.reveals.entries()

    return asyncio.run(read())


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def test_personal_data_is_left_out(settings: Settings) -> None:
    code, printed, _ = run("--json")
    rows = json.loads(printed)
    assert code == 0
    assert [set(row) for row in rows] == [
        {"reference", "status", "date", "sector", "address", "items", "created_by"}
    ] * 2
    assert [(row["date"], row["sector"], row["address"]) for row in rows] == [
        ("2026-11-24", "centre", "13006 Marseille 6e"),
        ("2026-11-26", "centre", "13006 Marseille 6e"),
    ]
    assert rows[0]["items"] == [{"item": "matelas", "quantity": 1}]
    assert (rows[0]["status"], rows[0]["created_by"]) == ("booked", "bot")
    assert journal(settings) == []


def test_a_reveal_with_a_reason_shows_and_is_journaled(settings: Settings) -> None:
    code, printed, _ = run("--json", "--reveal", "--reason", "réclamation", "--since", "2026-11-24")
    rows = json.loads(printed)
    assert code == 0
    assert [(row["address"], row["phone"]) for row in rows] == [
        ("12 bis Rue de Rome, 13006 Marseille 6e", "+33612345678"),
        ("12 bis Rue de Rome, 13006 Marseille 6e", None),
    ]
    assert [(entry.reason, entry.what) for entry in journal(settings)] == [("réclamation", "bookings since 2026-11-24")]


def test_a_reveal_without_a_reason_fails_in_one_line(settings: Settings) -> None:
    code, printed, told = run("--reveal", "--reason", " ")
    assert (code, printed) == (1, "")
    assert told.count("\n") == 1
    assert "--reason" in told
    assert journal(settings) == []


def test_the_list_for_people(settings: Settings) -> None:
    code, printed, _ = run("--since", "2026-11-25")
    [line] = printed.splitlines()
    assert code == 0
    assert line.startswith("2026-11-26  ")
    assert line.endswith("booked  centre  13006 Marseille 6e  1 x matelas")
    _, revealed, _ = run("--reveal", "--reason", "réclamation")
    assert revealed.splitlines()[0].endswith("12 bis Rue de Rome, 13006 Marseille 6e  1 x matelas  +33612345678")


def test_a_broken_key_file_fails_in_one_line(settings: Settings) -> None:
    (settings.data_dir / KEY_FILE).write_text("{}")
    code, printed, told = run("--json")
    assert (code, printed) == (1, "")
    assert told.count("\n") == 1
    assert "not a key file" in told


def test_rows_are_printed_as_they_are_read_and_nothing_is_an_empty_list(settings: Settings) -> None:
    _, printed, _ = run("--json")
    assert [json.loads(line.strip("[],")) for line in printed.splitlines()] == json.loads(printed)
    assert run("--json", "--since", "2030-01-01") == (0, "[]\n", "")
    assert run("--since", "2030-01-01") == (0, "", "")
    assert len(run()[1].splitlines()) == len(json.loads(printed))
