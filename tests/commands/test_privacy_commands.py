"""``callbot privacy``: the journal, keys, the purge, and what one person may ask for, from the command line."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
import typer
from pydantic import SecretStr
from typer.testing import CliRunner, Result

from callbot.bootstrap import SystemClock
from callbot.bootstrap.privacy import KeyFollower, purge_daily, purge_of, refuse_unfit_keys
from callbot.commands import privacy, privacy_backup, privacy_journal, privacy_keys, privacy_people, privacy_requests
from callbot.commands.doctor import Health, examine
from callbot.commands.privacy_people import phone_number
from callbot.domain.events import Booked, CallAnswered, CallerSpoke
from callbot.domain.personal import PersonName, PhoneNumber
from callbot.privacy import KeyProblemError, load_key_ring
from callbot.privacy.key_file import read_or_make
from callbot.settings import Privacy, Server, Settings
from callbot.storage import Storage
from callbot.storage.regression_cases import FOLDER, SealedCases
from callbot.storage.rights_tables import data_requests
from tests.booking.sample import PinnedClock, draft
from tests.storage import aged

PHONE = PhoneNumber("+33612340042")
app = typer.Typer()
privacy.register(app)
Done = TypeVar("Done")


@app.callback()
def root() -> None:
    """A command of several."""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    chosen = Settings(data_dir=tmp_path / "data")
    for module in (privacy, privacy_journal, privacy_keys, privacy_people, privacy_requests):
        monkeypatch.setattr(module, "load_settings", lambda: chosen)
    return chosen


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, ["privacy", *arguments], input=typed)


def with_storage(settings: Settings, work: Callable[[Storage], Awaitable[Done]]) -> Done:
    async def opened() -> Done:
        keys = await asyncio.to_thread(load_key_ring, settings)
        async with await Storage.open(settings.storage_url, keys) as storage:
            return await work(storage)

    return asyncio.run(opened())


async def planted(storage: Storage) -> str:
    """A booking to come and its conversation; its reference."""
    await storage.events.append("CA1", CallAnswered(PHONE))
    await storage.events.append("CA1", CallerSpoke("je m'appelle Zébulon"))
    clock = PinnedClock()
    made = await aged.desk_on(storage, clock).book(replace(draft("CA1"), phone=PHONE, name=PersonName("Zébulon")))
    assert isinstance(made, Booked)
    await aged.put(storage, "pickup_days", sector="later", day=(datetime.now(UTC) + timedelta(days=9)).date(), **PLACES)
    async with storage._database.writing() as connection:
        moved = "UPDATE bookings SET sector = 'later', day = (SELECT day FROM pickup_days WHERE sector = 'later')"
        await connection.exec_driver_sql(moved)
    return made.reference


PLACES = {"capacity": 9, "used": 1}


def test_the_journal_is_verified_anchored_and_shown(settings: Settings) -> None:
    with_storage(settings, lambda storage: storage.reveals.record("agent", "réclamation", "bookings"))
    code = run("journal", "anchor").stdout.strip()
    assert len(code) == 16
    assert run("journal", "verify", "--anchor", code.lower()).exit_code == 0
    shown = json.loads(run("journal", "show", "--json").stdout)
    assert [(row["kind"], row["what"]) for row in shown] == [("anchor", code), ("look", "bookings")]
    assert "réclamation" in run("journal", "show", "--kind", "look").stdout
    with sqlite3.connect(settings.data_dir / "callbot.db") as plain:
        plain.execute("DROP TRIGGER journal_never_changes")
        plain.execute("UPDATE journal SET kind = 'erasure' WHERE number = 1")
    told = run("journal", "verify")
    assert told.exit_code == 1
    assert "entry 1: the entry was changed" in told.stdout
    assert run("journal", "verify", "--anchor", "0000000000000000").exit_code == 1


def test_the_purge_is_looked_at_then_done_and_signed(settings: Settings) -> None:
    old = datetime.now(UTC) - timedelta(days=400)
    with_storage(settings, lambda storage: aged.report(storage, "CA1", old))
    looked = {row["kind"]: row for row in json.loads(run("purge", "--dry-run", "--json").stdout)}
    assert (looked["reports"]["due"], looked["reports"]["removed"]) == (1, 0)
    assert looked["reports"]["oldest"][:10] == old.date().isoformat()
    done = run("purge")
    assert done.exit_code == 0
    assert "signed: " in done.stdout
    looked = {row["kind"]: row for row in json.loads(run("purge", "--dry-run", "--json").stdout)}
    assert (looked["reports"]["due"], looked["reports"]["oldest"]) == (0, None)


def test_a_key_is_rotated_in_two_steps_and_the_old_one_destroyed(settings: Settings) -> None:
    reference = with_storage(settings, planted)
    cases = SealedCases(settings.data_dir / FOLDER, load_key_ring(settings))
    cases.write("case_1", "texte")
    old = read_or_make(settings.data_dir / "keys.json").active
    first = run("keys", "rotate")
    assert "run this again in 120 seconds" in first.stdout
    assert "was added a moment ago" in run("keys", "rotate").stdout
    assert run("keys", "destroy", old).exit_code == 1
    second = run("keys", "rotate", "--now")
    assert second.exit_code == 0, second.output
    active = read_or_make(settings.data_dir / "keys.json").active
    assert active != old
    status = run("keys", "status").stdout
    assert f"{old}  0 values  out of use" in status
    assert "values  seals" in status
    assert run("keys", "destroy", old).exit_code == 0
    booking = with_storage(settings, lambda storage: storage.booking(reference))
    assert booking is not None
    assert booking.phone == PHONE
    assert SealedCases(settings.data_dir / FOLDER, load_key_ring(settings)).read("case_1") == "texte"
    noted = json.loads(run("journal", "show", "--kind", "keys", "--json").stdout)
    assert [row["what"].split()[0] for row in noted][::-1] == [
        "added",
        active,
        noted[1]["what"].split()[0],
        "destroyed",
    ]


async def test_a_running_service_follows_its_keys_and_seals_again_in_the_background(settings: Settings) -> None:
    keys = await asyncio.to_thread(load_key_ring, settings)
    async with await Storage.open(settings.storage_url, keys) as running:
        reference = await planted(running)
        follower = KeyFollower(settings, running)
        assert await follower.sweep() == 0
        await asyncio.to_thread(run, "keys", "rotate")
        assert await follower.sweep() == 0
        await asyncio.to_thread(run, "keys", "rotate", "--now")
        async with running.unit_of_work() as work:  # written before the service looked at its keys again
            await work.outgoing.queue_sms("late", PHONE, "Bonjour")
        assert (await running.resealing.in_use())[keys.active] == 2
        await follower.sweep()
        assert await running.resealing.left() == 0
        booking = await running.booking(reference)
        assert booking is not None
        assert booking.phone == PHONE


def test_one_person_is_exported_and_erased_with_a_certificate(settings: Settings, tmp_path: Path) -> None:
    with_storage(settings, planted)
    assert run("export", "--to", str(tmp_path / "x"), "--phone", "0612340042").exit_code == 2
    copied = run("export", "--to", str(tmp_path / "copy"), "--phone", "-", "--reason", "n° 4", typed="06 12 34 00 42\n")
    assert copied.exit_code == 0, copied.output
    assert "0612340042" not in copied.output
    assert "Zébulon" in (tmp_path / "copy" / "donnees.txt").read_text(encoding="utf-8")
    assert (tmp_path / "copy" / "donnees.json").stat().st_mode & 0o777 == 0o600
    refused = run("erase", "--to", str(tmp_path / "no"), "--phone", "0612340042", "--reason", "n° 4", typed="n\n")
    assert refused.exit_code == 1
    erased = run("erase", "--to", str(tmp_path / "done"), "--phone", "0612340042", "--reason", "n° 4", "--yes")
    assert erased.exit_code == 0, erased.output
    assert "1 pickups kept until their day is over" in erased.output
    certificate = (tmp_path / "done" / "certificat.txt").read_text(encoding="utf-8")
    assert "Certificat d'effacement E-" in certificate
    assert "Zébulon" not in certificate
    again = run("erase", "--to", str(tmp_path / "again"), "--phone", "0612340042", "--reason", "n° 4", "--yes")
    assert "found: nothing" in again.output
    noted = json.loads(run("journal", "show", "--json").stdout)
    assert [row["kind"] for row in noted] == ["erasure", "erasure", "export"]


@pytest.mark.parametrize("said", ["06 12 34 00 42", "06.12.34.00.42", "+33612340042", "+33 (6) 12-34-00-42"])
def test_a_number_is_read_as_people_write_it(said: str) -> None:
    assert phone_number(said) == PHONE


@pytest.mark.parametrize("said", ["Zébulon", "12", "0012345678", "+", "06123400423"])
def test_what_is_no_number_is_refused_without_being_shown(said: str) -> None:
    with pytest.raises(typer.BadParameter) as told:
        phone_number(said)
    assert said not in str(told.value).replace("06 12 34 56 78 or +33612345678", "") or len(said) < 3


def test_keys_that_are_default_or_weak_are_not_served_publicly_and_the_doctor_says_so(tmp_path: Path) -> None:
    public = Server(public_url="https://bot.example.fr")
    refuse_unfit_keys(Settings(data_dir=tmp_path))
    with pytest.raises(KeyProblemError, match="KEY_FILE"):
        refuse_unfit_keys(Settings(data_dir=tmp_path, server=public))
    weak = Privacy(keys={"a": SecretStr("A" * 43 + "=")}, index_key=SecretStr("B" * 42 + "A="))
    with pytest.raises(KeyProblemError, match="repeats"):
        refuse_unfit_keys(Settings(data_dir=tmp_path, server=public, privacy=weak))
    apart = Privacy(key_file=tmp_path / "apart" / "keys.json")
    refuse_unfit_keys(Settings(data_dir=tmp_path, server=public, privacy=apart))

    def told(settings: Settings) -> set[Health]:
        return {finding.health for finding in examine(settings) if finding.part == "keys"}

    assert told(Settings(data_dir=tmp_path)) == {Health.WARNING}
    assert told(Settings(data_dir=tmp_path, server=public)) == {Health.FAILED}
    assert told(Settings(data_dir=tmp_path, server=public, privacy=apart)) == {Health.OK}


async def test_the_purge_of_the_day_runs_once(settings: Settings) -> None:
    keys = await asyncio.to_thread(load_key_ring, settings)
    async with await Storage.open(settings.storage_url, keys) as storage:
        purge = purge_of(settings, storage, SystemClock())
        await purge_daily(purge)
        await purge_daily(purge)
        assert len(await storage.retention.signed_reports()) == 1


def test_a_backup_has_its_keys_apart_and_they_are_put_back(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy_backup, "load_settings", lambda: settings)
    with_storage(settings, planted)
    copy, kept = tmp_path / "copy.db", tmp_path / "period-keys.json"
    done = run("backup", "--to", str(copy), "--keys", str(kept))
    assert done.exit_code == 0, done.output
    assert run("backup", "--to", str(copy), "--keys", str(kept)).exit_code == 1
    for left in settings.data_dir.glob("callbot.db*"):
        left.unlink()
    copy.replace(settings.data_dir / "callbot.db")
    assert "1 keys of periods put back" in run("restore-keys", str(kept)).output
    said = with_storage(settings, lambda storage: storage.events.events("CA1"))
    assert CallerSpoke("je m'appelle Zébulon") in said
    assert run("restore-keys", str(settings.data_dir / "keys.json")).exit_code == 1


def test_requests_are_written_down_moved_and_listed_without_a_number(settings: Settings) -> None:
    made = run("requests", "add", "--right", "erasure", "--phone", "0612340042")
    assert made.exit_code == 0, made.output
    number = made.output.partition(":")[0]
    (row,) = json.loads(run("requests", "--json").stdout)
    assert (row["number"], row["right"], row["state"], row["urgency"]) == (number, "erasure", "received", "in_time")
    early = run("requests", "move", number, "--step", "answer", "--yes")
    assert early.exit_code == 1
    assert "does not stand" in early.stderr
    for step in ("called-back", "take", "answer"):
        moved = run("requests", "move", number, "--step", step, "--yes")
        assert moved.exit_code == 0, moved.output
    assert "certificate E-" in moved.output
    assert json.loads(run("requests", "--json").stdout) == []
    (closed,) = json.loads(run("requests", "--closed", "--json").stdout)
    assert closed["state"] == "answered"
    assert "0042" not in made.output + moved.output + json.dumps(closed)
    assert run("requests", "refuse", "D-20200101-000000", "--reason", "il n'existe pas").exit_code == 1


def test_an_overdue_request_alarms(settings: Settings) -> None:
    made = run("requests", "add", "--right", "access", "--phone", "0612340042")
    number = made.output.partition(":")[0]
    assert run("requests", "--alarm").exit_code == 0
    assert run("requests", "extend", number, "--reason", "court").exit_code == 1

    async def aged_by_a_year(storage: Storage) -> None:
        async with storage._database.writing() as connection:
            await connection.execute(data_requests.update().values(due_on=date(2025, 1, 1)))

    with_storage(settings, aged_by_a_year)
    late = run("requests", "--alarm")
    assert late.exit_code == 1
    assert f"OVERDUE: 1 ({number})" in late.stderr
    assert run("requests").exit_code == 0, "a list that is shown is no failure"
