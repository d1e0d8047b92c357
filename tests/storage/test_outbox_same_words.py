"""Two messages that say the same to the same number are two messages, however often they are tried."""

from __future__ import annotations

from pathlib import Path

import pytest

from callbot.domain.notices import MessageChannel
from callbot.messages import MessageStatus, OutboxWorker, Outcome
from callbot.storage import Storage
from tests.booking.sample import MOBILE, PinnedClock
from tests.messages.provider import Fault, FileProvider

THERE, BACK = "Changé : AC4KR, le jeudi 26 novembre.", "Changé : AC4KR, le mardi 24 novembre."


async def queue(storage: Storage, key: str, words: str) -> None:
    async with storage.unit_of_work() as work:
        await work.outgoing.queue_sms(key, MOBILE, words)


async def test_who_changes_there_and_back_and_there_hears_of_the_last_change(
    storage: Storage, clock: PinnedClock, tmp_path: Path
) -> None:
    """The third message reads as the first one. When its first try fails the provider is asked, and has the first."""
    provider = FileProvider(tmp_path / "delivered.jsonl", [Fault.NONE, Fault.NONE, Fault.RAISES_BEFORE])
    worker = OutboxWorker(storage.outbox, {MessageChannel.SMS: provider}, clock)
    for key, words in (("amendment:AC4KR:1", THERE), ("amendment:AC4KR:2", BACK)):
        await queue(storage, key, words)
        assert await worker.run_once() == [Outcome.SENT]
    await queue(storage, "amendment:AC4KR:3", THERE)
    assert await worker.run_once() == [Outcome.LATER]
    clock.advance(seconds=5)
    assert await worker.run_once() == [Outcome.SENT]
    assert [body for _, _, body in provider.delivered()] == [THERE, BACK, THERE]
    assert (await storage.outbox.counts())[MessageStatus.SENT] == 3


async def test_one_that_did_go_out_is_found_although_an_older_one_reads_alike(
    storage: Storage, clock: PinnedClock, tmp_path: Path
) -> None:
    provider = FileProvider(tmp_path / "delivered.jsonl", [Fault.NONE, Fault.RAISES_AFTER])
    worker = OutboxWorker(storage.outbox, {MessageChannel.SMS: provider}, clock)
    await queue(storage, "amendment:AC4KR:1", THERE)
    assert await worker.run_once() == [Outcome.SENT]
    await queue(storage, "amendment:AC4KR:3", THERE)
    assert await worker.run_once() == [Outcome.LATER]
    clock.advance(seconds=5)
    assert await worker.run_once() == [Outcome.FOUND]
    assert [body for _, _, body in provider.delivered()] == [THERE, THERE]


@pytest.mark.parametrize("fault", [Fault.RAISES_BEFORE, Fault.RAISES_AFTER])
async def test_what_a_later_message_has_told_since_is_not_told_again(
    storage: Storage, clock: PinnedClock, tmp_path: Path, fault: Fault
) -> None:
    """The first try of the first message fails, and before the second one all was told anew: told again, the words of
    the first would come last, or twice."""
    provider = FileProvider(tmp_path / "delivered.jsonl", [fault])
    worker = OutboxWorker(storage.outbox, {MessageChannel.SMS: provider}, clock)
    await queue(storage, "amendment:AC4KR:1", THERE)
    assert await worker.run_once() == [Outcome.LATER]
    for key, words in (("amendment:AC4KR:2", BACK), ("amendment:AC4KR:3", THERE)):
        await queue(storage, key, words)
        assert await worker.run_once() == [Outcome.SENT]
    clock.advance(seconds=5)
    assert await worker.run_once() == [Outcome.FOUND]
    first = [THERE] if fault is Fault.RAISES_AFTER else []
    assert [body for _, _, body in provider.delivered()] == [*first, BACK, THERE]
    assert (await storage.outbox.counts())[MessageStatus.SENT] == 3
