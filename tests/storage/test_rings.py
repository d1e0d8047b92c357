"""Calls that say a message: written down once, tried again three times, never after their message was taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from callbot.domain.notices import MessageChannel
from callbot.domain.personal import Personal
from callbot.messages import Delivery, MessageStatus, OutboxWorker, Outcome
from callbot.messages.ringing import RINGS_AGAIN_AFTER, Rang
from callbot.storage import Storage
from callbot.storage.outbox import TroubledMessage
from tests.booking.sample import LANDLINE, PinnedClock

KEY = "reminder:AC4KR:2026-11-24:voice"
TEXT = "Demain, un matelas."


class PhoneCompany:
    """Rings, and keeps what was said to whom; ``dies``: the next call is made, and nobody reads that it was."""

    def __init__(self) -> None:
        self.rung: list[tuple[str, str]] = []
        self.dies = False

    async def send(self, message_key: str, to: Personal, body: str) -> str:
        self.rung.append((to.reveal(), body))
        if self.dies:
            raise ConnectionError("the line broke")
        return f"CA{len(self.rung)}"

    async def find(self, message_key: str, to: Personal, body: str, since: datetime) -> str | None:
        return None


@dataclass
class Evening:
    """A landline that wants to be rung, the evening before."""

    storage: Storage
    clock: PinnedClock
    company: PhoneCompany
    worker: OutboxWorker

    async def queue(self, not_after: datetime | None = None) -> None:
        async with self.storage.unit_of_work() as work:
            await work.outgoing.queue(KEY, MessageChannel.VOICE, LANDLINE, TEXT, not_after=not_after)

    async def work(self) -> list[Outcome]:
        return await self.worker.run_once()

    async def rang(self, number: int, rang: Rang | None, mark: str = "") -> bool:
        return await self.storage.rings.rang(f"CA{number}", rang, self.clock.now(), mark)

    async def status(self, key: str) -> MessageStatus | None:
        return await self.storage.outbox.status_of(key)

    async def troubled(self) -> list[TroubledMessage]:
        return await self.storage.outbox.troubled()


@pytest.fixture
def evening(storage: Storage, clock: PinnedClock) -> Evening:
    clock.at = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    company = PhoneCompany()
    return Evening(storage, clock, company, OutboxWorker(storage.outbox, {MessageChannel.VOICE: company}, clock))


async def test_three_tries_then_an_end_that_people_see(evening: Evening) -> None:
    await evening.queue()
    for number, rang in enumerate((Rang.BUSY, Rang.NO_ANSWER, Rang.NO_ANSWER), start=1):
        assert await evening.work() == [Outcome.SENT]
        assert await evening.rang(number, rang)
        assert await evening.work() == []
        evening.clock.advance(seconds=RINGS_AGAIN_AFTER.total_seconds())
    assert await evening.work() == []
    assert evening.company.rung == [(LANDLINE.reveal(), TEXT)] * 3
    (last,) = await evening.troubled()
    assert (last.key, last.delivery, last.failure) == (f"{KEY}:3", Delivery.UNDELIVERED, "no_answer")
    assert last.dead


async def test_a_second_try_that_is_heard_leaves_no_trouble(evening: Evening) -> None:
    await evening.queue()
    await evening.work()
    await evening.rang(1, Rang.BUSY)
    evening.clock.advance(seconds=RINGS_AGAIN_AFTER.total_seconds())
    await evening.work()
    assert await evening.rang(2, Rang.HEARD)
    assert await evening.troubled() == []
    assert await evening.status(f"{KEY}:3") is None


async def test_told_twice_it_is_tried_again_once(evening: Evening) -> None:
    await evening.queue()
    await evening.work()
    assert [await evening.rang(1, Rang.BUSY), await evening.rang(1, Rang.BUSY)] == [True, False]
    assert not await evening.rang(1, Rang.HEARD)
    evening.clock.advance(hours=1)
    assert await evening.work() == [Outcome.SENT]
    assert await evening.work() == []


@pytest.mark.parametrize(("hour", "left"), [(18, True), (19, False)], ids=["early", "late"])
async def test_no_try_when_it_got_too_late_to_ring(evening: Evening, hour: int, *, left: bool) -> None:
    evening.clock.at = datetime(2026, 11, 23, hour - 1, 45, tzinfo=UTC)
    await evening.queue()
    await evening.work()
    await evening.rang(1, Rang.BUSY)
    assert (await evening.status(f"{KEY}:2") is MessageStatus.QUEUED) is left
    assert [message.failure for message in await evening.troubled()] == ([] if left else ["busy"])


async def test_the_end_told_before_the_call_was_written_down_is_not_lost(evening: Evening) -> None:
    """A busy line is told at once: the worker still reads the answer to its request."""
    await evening.queue()
    mark = evening.storage.outbox.mark(KEY)
    (leased,) = await evening.storage.outbox.lease("w", evening.clock.now(), timedelta(minutes=1), 1)
    assert await evening.rang(1, None, mark)
    assert await evening.rang(1, Rang.BUSY, mark)
    assert await evening.storage.outbox.mark_sent(leased, "w", "CA1", evening.clock.now())
    assert await evening.status(f"{KEY}:2") is MessageStatus.QUEUED


async def test_a_worker_that_dies_after_ringing_rings_nobody_twice(evening: Evening) -> None:
    """The phone company told that the call was made: nobody has to ask it, and nothing is sent again."""
    await evening.queue()
    await evening.storage.outbox.lease("dies", evening.clock.now(), timedelta(minutes=1), 1)
    assert await evening.rang(1, None, evening.storage.outbox.mark(KEY))
    evening.clock.advance(minutes=5)
    assert await evening.work() == []
    assert await evening.status(KEY) is MessageStatus.SENT
    assert evening.company.rung == []


async def test_a_request_whose_answer_was_lost_rings_nobody_twice(evening: Evening) -> None:
    await evening.queue()
    evening.company.dies = True
    assert await evening.work() == [Outcome.LATER]
    assert await evening.rang(1, None, evening.storage.outbox.mark(KEY))
    evening.clock.advance(hours=1)
    assert await evening.work() == []
    assert len(evening.company.rung) == 1


async def test_a_call_taken_back_while_it_rings_is_not_tried_again(evening: Evening) -> None:
    await evening.queue()
    await evening.work()
    async with evening.storage.unit_of_work() as work:
        await work.outgoing.withdraw("reminder:AC4KR")
    await evening.rang(1, Rang.NO_ANSWER)
    assert await evening.status(f"{KEY}:2") is None


async def test_a_next_try_is_taken_back_with_its_booking(evening: Evening) -> None:
    await evening.queue()
    await evening.work()
    await evening.rang(1, Rang.BUSY)
    async with evening.storage.unit_of_work() as work:
        assert await work.outgoing.withdraw("reminder:AC4KR")
    evening.clock.advance(hours=1)
    assert await evening.work() == []


@pytest.mark.parametrize("mark", ["", "x", "AAAA", "é", "no-mark_of-ours" * 9])
async def test_a_call_of_nobody_changes_nothing(evening: Evening, mark: str) -> None:
    await evening.queue()
    assert not await evening.rang(404, Rang.BUSY, mark)
    assert await evening.status(KEY) is MessageStatus.QUEUED


async def test_a_mark_tells_nothing_and_takes_over_nothing(evening: Evening) -> None:
    mark = evening.storage.outbox.mark(KEY)
    assert "AC4KR" not in mark
    await evening.queue()
    await evening.work()
    assert not await evening.rang(9, Rang.BUSY, mark)
    assert await evening.storage.outbox.owners(["CA1", "CA9"]) == {"CA1": KEY}


async def test_calls_without_a_known_end_are_listed(evening: Evening) -> None:
    await evening.queue()
    await evening.work()
    made = evening.clock.now()
    assert await evening.storage.rings.untold_calls(made, made) == ["CA1"]
    assert await evening.storage.rings.untold_calls(made + timedelta(seconds=1), made + timedelta(hours=1)) == []
    await evening.rang(1, Rang.HEARD)
    assert await evening.storage.rings.untold_calls(made, made) == []
