"""``callbot messages``: what people have to look into, and nothing of whom it is for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import SecretStr
from typer.testing import CliRunner

from callbot.bootstrap.bookings import channels_without_sender, senders
from callbot.commands import doctor, messages
from callbot.domain.notices import MessageChannel, Notice
from callbot.domain.personal import EmailAddress, Personal
from callbot.messages.ringing import Rang
from callbot.privacy import load_key_ring
from callbot.settings import Email, Outwards, Settings, Twilio
from callbot.storage import Storage
from tests.booking.sample import LANDLINE, MOBILE, PinnedClock

MAILBOX = EmailAddress("nom@exemple.fr")
EVENING = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
app = typer.Typer()


@app.callback()
def root() -> None:
    """A command of several."""


messages.register(app)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    chosen = Settings(data_dir=tmp_path)
    monkeypatch.setattr(messages, "load_settings", lambda: chosen)
    return chosen


def with_storage(settings: Settings, work: Callable[[Storage], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        keys = await asyncio.to_thread(load_key_ring, settings)
        async with await Storage.open(settings.storage_url, keys, lambda: EVENING) as storage:
            return await work(storage)

    return asyncio.run(run())


async def queue(storage: Storage, key: str, channel: MessageChannel, to: Personal, **when: datetime) -> None:
    async with storage.unit_of_work() as work:
        await work.outgoing.queue(key, channel, to, "un texte", **when)


async def give_up(storage: Storage, key: str, failure: str, **when: datetime) -> None:
    """An SMS that was given up."""
    await queue(storage, key, MessageChannel.SMS, MOBILE, **when)
    (leased,) = await storage.outbox.lease("w", EVENING, timedelta(minutes=1), 1)
    await storage.outbox.give_up(leased, "w", failure)


async def ring_in_vain(storage: Storage) -> None:
    """A landline at which nobody answers, three times."""
    key, at = "reminder:AC4KR:2026-11-24:voice", EVENING.astimezone(PinnedClock().now().tzinfo)
    await queue(storage, key, MessageChannel.VOICE, LANDLINE)
    for number in range(1, 4):
        (leased,) = await storage.outbox.lease("w", at.astimezone(UTC), timedelta(minutes=1), 1)
        await storage.outbox.mark_sent(leased, "w", f"CA{number}", at.astimezone(UTC))
        await storage.rings.rang(f"CA{number}", Rang.NO_ANSWER, at)
        at += timedelta(minutes=30)


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["messages", *arguments])
    return result.exit_code, result.stdout, result.stderr


def rows(*arguments: str) -> list[dict[str, Any]]:
    code, printed, _ = run(*arguments, "--json")
    assert code == 0
    found: list[dict[str, Any]] = json.loads(printed)
    return found


def test_dead_letters_stand_with_their_reason_and_their_count(settings: Settings) -> None:
    async def fill(storage: Storage) -> None:
        await give_up(storage, "confirmation:AC4KR", "OptedOutError")
        await give_up(storage, "confirmation:L6R7S", "SomethingNewError")
        await ring_in_vain(storage)
        await queue(storage, "confirmation:waits", MessageChannel.EMAIL, MAILBOX)

    with_storage(settings, fill)
    assert [(row["key"], row["reason"], row["ring"]) for row in rows("--dead")] == [
        ("confirmation:AC4KR", "the number answered STOP", None),
        ("confirmation:L6R7S", "SomethingNewError", None),
        ("reminder:AC4KR:2026-11-24:voice:3", "nobody answered", 3),
    ]
    code, printed, _ = run("--dead")
    assert code == 0
    assert printed.splitlines()[-2:] == [
        "2026-11-23 18:30  5  voice  undelivered  3 x nobody answered  reminder:AC4KR:2026-11-24:voice:3",
        "3 given up or not delivered",
    ]
    assert not any(personal.reveal() in printed for personal in (MOBILE, LANDLINE, MAILBOX))


def test_none_dead_is_told_too(settings: Settings) -> None:
    assert run("--dead") == (0, "0 given up or not delivered\n", "")
    assert rows("--dead") == []


def test_an_e_mail_without_a_mail_server_is_seen_at_once(settings: Settings) -> None:
    with_storage(settings, lambda storage: queue(storage, "confirmation:AC4KR:email", MessageChannel.EMAIL, MAILBOX))
    (row,) = rows()
    assert (row["channel"], row["status"], row["attempts"]) == ("email", "queued", 0)
    assert row["reason"] == "no mail server: set CALLBOT_EMAIL__HOST"
    findings = {finding.part: finding for finding in doctor.examine(settings)}
    assert findings["e-mail"].health is doctor.Health.WARNING
    assert findings["messages that wait"].text.startswith("1 wait")


def test_with_a_mail_server_it_is_no_trouble(settings: Settings) -> None:
    with_storage(settings, lambda storage: queue(storage, "confirmation:AC4KR:email", MessageChannel.EMAIL, MAILBOX))
    settings.email = Email(host="mail.exemple.fr")
    assert rows() == []
    findings = {finding.part: finding for finding in doctor.examine(settings)}
    assert findings["e-mail"].health is doctor.Health.OK
    assert "messages that wait" not in findings


@pytest.mark.parametrize("named", ["id", "key"])
def test_a_dead_letter_is_tried_again_by_its_id_or_its_key(settings: Settings, named: str) -> None:
    with_storage(settings, lambda storage: give_up(storage, "confirmation:AC4KR", "SendFailed"))
    (row,) = rows("--dead")
    assert run("--retry", str(row[named]))[0] == 0
    (again,) = rows()
    assert (again["status"], again["attempts"]) == ("queued", 1)
    assert rows("--dead") == []


@pytest.mark.parametrize("named", ["1", "2", "999999999", "9999999999", "reminder:AC4KR:day", "x", "-1"])
def test_what_is_too_late_or_was_not_given_up_is_not_tried_again(settings: Settings, named: str) -> None:
    async def fill(storage: Storage) -> None:
        await give_up(storage, "reminder:AC4KR:day", "TooLate", not_after=EVENING + timedelta(minutes=1))
        await queue(storage, "confirmation:AC4KR", MessageChannel.SMS, MOBILE)

    with_storage(settings, fill)
    code, _, told = run(f"--retry={named}")
    assert code == 1
    assert "not tried again" in told


def test_the_table_of_segments_has_a_line_a_message(settings: Settings) -> None:
    code, printed, _ = run("--segments")
    assert code == 0
    assert [line.split()[0] for line in printed.splitlines()] == ["message", *(notice.value for notice in Notice)]
    assert [row["message"] for row in rows("--segments")] == [notice.value for notice in Notice]


ACCOUNT = {"account_sid": "AC" + "1" * 32, "auth_token": SecretStr("t")}
EVERY = Settings(
    twilio=Twilio(**ACCOUNT, sender="+33700000000"),
    email=Email(host="mail.exemple.fr"),
    outwards=Outwards(webhook_url="https://metropole.exemple.fr/hook", webhook_secret=SecretStr("whsec_" + "A" * 32)),
)
SERVICE = Settings(twilio=Twilio(**ACCOUNT, sender="MG" + "c" * 32))


@pytest.mark.parametrize("chosen", [Settings(), EVERY, SERVICE], ids=["embedded", "every channel", "SMS alone"])
def test_the_channels_without_a_sender_are_those_that_get_none(tmp_path: Path, chosen: Settings) -> None:
    placed = chosen.model_copy(update={"data_dir": tmp_path})

    async def served(storage: Storage) -> frozenset[MessageChannel]:
        return frozenset(senders(placed, storage, PinnedClock(), lambda _number, _text: None))

    assert channels_without_sender(placed) == frozenset(MessageChannel) - with_storage(placed, served)
