"""The outbox on real databases: leases, and exactly once across kill -9."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

import callbot
from callbot.domain.notices import MessageChannel
from callbot.messages import ConsoleSender, MessageStatus, OutboxWorker, Outcome
from callbot.messages.worker import LEASE
from callbot.privacy import KeyRing
from callbot.storage import Storage
from tests.booking.sample import LANDLINE, MOBILE, PinnedClock
from tests.messages.provider import Fault, FileProvider

ROOT = Path(callbot.__file__).parents[1]
PROCESS = Path(__file__).with_name("outbox_process.py")
MINUTE = timedelta(minutes=1)


async def queue(storage: Storage, *keys: str) -> None:
    async with storage.unit_of_work() as work:
        for key in keys:
            await work.outgoing.queue_sms(key, MOBILE, f"Message {key}")


async def counts(storage: Storage) -> dict[str, int]:
    return {status.value: count for status, count in (await storage.outbox.counts()).items() if count}


async def test_a_message_is_queued_once_by_key(storage: Storage) -> None:
    await queue(storage, "a", "b")
    await queue(storage, "a")
    assert await counts(storage) == {"queued": 2}
    assert await storage.outbox.status_of("a") is MessageStatus.QUEUED
    assert await storage.outbox.status_of("c") is None


async def test_a_message_is_undone_with_its_unit_of_work(storage: Storage) -> None:
    async def fails() -> None:
        async with storage.unit_of_work() as work:
            await work.outgoing.queue_sms("a", MOBILE, "Bonjour")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert await counts(storage) == {}


async def test_number_and_text_are_not_readable_in_the_table(storage: Storage) -> None:
    await queue(storage, "a")
    async with storage._database.reading() as connection:
        row = (await connection.execute(text("SELECT * FROM outbox"))).one()
    content = " ".join(str(bytes(value) if isinstance(value, memoryview) else value) for value in row)
    assert "612345678" not in content
    assert "Message" not in content


async def test_a_leased_message_belongs_to_one_worker_until_the_lease_ends(
    storage: Storage, clock: PinnedClock
) -> None:
    await queue(storage, "a")
    [mine] = await storage.outbox.lease("me", clock.now(), MINUTE, 10)
    assert (mine.key, mine.to, mine.body.reveal(), mine.attempts) == ("a", MOBILE, "Message a", 1)
    clock.advance(seconds=59)
    assert await storage.outbox.lease("you", clock.now(), MINUTE, 10) == []
    clock.advance(seconds=1)
    [yours] = await storage.outbox.lease("you", clock.now(), MINUTE, 10)
    assert yours.attempts == 2
    assert not await storage.outbox.mark_sent(mine, "me", "SM1", clock.now())
    assert not await storage.outbox.put_back(mine, "me", clock.now(), "Away")
    assert not await storage.outbox.give_up(mine, "me", "Away")
    assert await storage.outbox.mark_sent(yours, "you", "SM1", clock.now())
    assert await counts(storage) == {"sent": 1}


async def test_a_message_put_back_waits_for_its_moment(storage: Storage, clock: PinnedClock) -> None:
    await queue(storage, "a")
    [mine] = await storage.outbox.lease("me", clock.now(), MINUTE, 10)
    await storage.outbox.put_back(mine, "me", clock.now() + timedelta(seconds=5), "Away")
    clock.advance(seconds=4)
    assert await storage.outbox.lease("me", clock.now(), MINUTE, 10) == []
    clock.advance(seconds=1)
    assert len(await storage.outbox.lease("me", clock.now(), MINUTE, 10)) == 1


async def test_a_message_that_does_not_open_is_dead_and_the_others_go_out(
    database_url: str, storage: Storage, clock: PinnedClock, tmp_path: Path
) -> None:
    lost = KeyRing({"lost": bytes(32)}, "lost", bytes(32))
    await queue(storage, "a")
    async with await Storage.open(database_url, lost, clock.now) as older:
        await queue(older, "b")
    await queue(storage, "c")
    provider = FileProvider(tmp_path / "delivered.jsonl")
    with capture_logs() as logged:
        assert await OutboxWorker(storage.outbox, {MessageChannel.SMS: provider}, clock).run_once() == [
            Outcome.SENT,
            Outcome.SENT,
        ]
    assert sorted(key for key, _, _ in provider.delivered()) == ["a", "c"]
    assert await counts(storage) == {"sent": 2, "dead": 1}
    assert await storage.outbox.status_of("b") is MessageStatus.DEAD
    assert logged == [{"event": "message_given_up", "log_level": "error", "message": 2, "error": "CannotOpenError"}]
    clock.advance(seconds=LEASE.total_seconds())
    assert await storage.outbox.lease("me", clock.now(), MINUTE, 10) == []


async def test_many_workers_share_the_messages_without_overlap(storage: Storage, clock: PinnedClock) -> None:
    keys = [f"m{number:02}" for number in range(40)]
    await queue(storage, *keys)
    batches = await asyncio.gather(
        *(storage.outbox.lease(f"worker {number}", clock.now(), MINUTE, 10) for number in range(8))
    )
    assert sorted(message.key for batch in batches for message in batch) == keys


async def test_workers_side_by_side_send_each_message_once(
    storage: Storage, clock: PinnedClock, tmp_path: Path
) -> None:
    keys = [f"m{number:02}" for number in range(25)]
    await queue(storage, *keys)
    provider = FileProvider(tmp_path / "delivered.jsonl")
    workers = [OutboxWorker(storage.outbox, {MessageChannel.SMS: provider}, clock) for _ in range(4)]
    while (await storage.outbox.counts())[MessageStatus.QUEUED]:
        await asyncio.gather(*(worker.run_once() for worker in workers))
    assert sorted(key for key, _, _ in provider.delivered()) == keys
    assert await counts(storage) == {"sent": 25}


async def test_a_failure_after_sending_does_not_send_again(
    storage: Storage, clock: PinnedClock, tmp_path: Path
) -> None:
    await queue(storage, "a")
    provider = FileProvider(tmp_path / "delivered.jsonl", [Fault.RAISES_AFTER])
    worker = OutboxWorker(storage.outbox, {MessageChannel.SMS: provider}, clock)
    assert await worker.run_once() == [Outcome.LATER]
    clock.advance(seconds=5)
    assert await worker.run_once() == [Outcome.FOUND]
    assert len(provider.delivered()) == 1


@pytest.mark.process
@pytest.mark.parametrize(
    "lives",
    [
        [Fault.DIES_BEFORE, Fault.DIES_AFTER],
        [Fault.RAISES_BEFORE, Fault.DIES_AFTER],
    ],
    ids="-".join,
)
async def test_a_killed_worker_neither_loses_nor_doubles(
    database_url: str, storage: Storage, clock: PinnedClock, tmp_path: Path, lives: list[Fault]
) -> None:
    """Each life is a process of its own that meets one fault; kill -9 hits it before or after the provider took it."""
    await queue(storage, "a", "b")
    path = tmp_path / "delivered.jsonl"
    for fault in lives:
        code = await _run_worker(database_url, path, clock, fault)
        assert code == (-signal.SIGKILL if fault in {Fault.DIES_BEFORE, Fault.DIES_AFTER} else 0)
        clock.advance(seconds=LEASE.total_seconds())
    assert await _run_worker(database_url, path, clock, Fault.NONE) == 0
    delivered = [key for key, _, _ in await asyncio.to_thread(FileProvider(path).delivered)]
    assert sorted(delivered) == ["a", "b"]
    assert await counts(storage) == {"sent": 2}


async def test_the_console_sender_keeps_what_it_showed_and_shows_it_once(storage: Storage, clock: PinnedClock) -> None:
    seen: list[tuple[str, str]] = []
    sender = ConsoleSender(storage.shown_sms, lambda number, body: seen.append((number, body)), clock)
    for _ in range(2):
        assert await sender.send("a", LANDLINE, "Bonjour") == "console:a"
    assert seen == [("** ** ** ** 56", "Bonjour")]
    assert await storage.shown_sms.text_of("a") == (LANDLINE, "Bonjour")
    assert await sender.find("a", LANDLINE, "Bonjour", clock.now()) == "console:a"
    assert await sender.find("b", LANDLINE, "Bonjour", clock.now()) is None


async def _run_worker(url: str, path: Path, clock: PinnedClock, fault: Fault) -> int:
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(PROCESS), url, str(path), clock.now().isoformat(), fault.value,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return await process.wait()
