"""The worker's decisions, over a store in memory: when to ask, when to wait, when to give up."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from callbot.domain.notices import MessageChannel
from callbot.domain.personal import Personal
from callbot.messages import LeasedMessage, OutboxWorker, Outcome, UndeliverableError
from callbot.messages.worker import LEASE, LONGEST_PAUSE, MOST_ATTEMPTS, pause_after
from tests.booking.sample import MOBILE, PinnedClock
from tests.messages.provider import Fault, FileProvider


@dataclass
class MemoryStore:
    """Gives out one message whose attempts were counted before, and notes what became of it."""

    attempts: int = 1
    keeps_lease: bool = True
    outcome: tuple[str, object] | None = None
    leases: int = 0
    drained: asyncio.Event = field(default_factory=asyncio.Event)

    async def lease(
        self, worker: str, now: datetime, lease_for: timedelta, limit: int, channels: Collection[MessageChannel]
    ) -> list[LeasedMessage]:
        self.leases += 1
        if self.leases > 1:
            self.drained.set()
            return []
        body, queued_at = Personal("Votre rendez-vous"), datetime(2026, 11, 23, tzinfo=UTC)
        return [LeasedMessage(1, "confirmation:AAAAA", MessageChannel.SMS, MOBILE, body, self.attempts, queued_at)]

    async def is_of_earlier(self, message: LeasedMessage, provider_id: str) -> bool:
        return False

    async def mark_sent(self, message: LeasedMessage, worker: str, provider_id: str, now: datetime) -> bool:
        self.outcome = ("sent", provider_id)
        return self.keeps_lease

    async def put_back(self, message: LeasedMessage, worker: str, next_attempt_at: datetime, failure: str) -> bool:
        self.outcome = ("later", next_attempt_at)
        return self.keeps_lease

    async def give_up(self, message: LeasedMessage, worker: str, failure: str) -> bool:
        self.outcome = ("dead", None)
        return self.keeps_lease


@dataclass
class RefusingProvider:
    """Refuses every message for good."""

    asked: list[str] = field(default_factory=list)

    async def send(self, message_key: str, to: Personal, body: str) -> str:
        raise UndeliverableError("unknown number")

    async def find(self, message_key: str, to: Personal, body: str, since: datetime) -> str | None:
        self.asked.append(message_key)
        return None


class StuckProvider(RefusingProvider):
    """Never answers."""

    async def send(self, message_key: str, to: Personal, body: str) -> str:
        await asyncio.Event().wait()
        return ""


@pytest.fixture
def provider(tmp_path: Path) -> FileProvider:
    return FileProvider(tmp_path / "delivered.jsonl")


async def test_a_first_attempt_sends(provider: FileProvider) -> None:
    store = MemoryStore()
    assert await OutboxWorker(store, {MessageChannel.SMS: provider}, PinnedClock()).run_once() == [Outcome.SENT]
    assert store.outcome == ("sent", "SM1")
    assert provider.delivered() == [("confirmation:AAAAA", MOBILE.reveal(), "Votre rendez-vous")]


async def test_a_second_attempt_asks_and_does_not_send_again(provider: FileProvider) -> None:
    await provider.send("confirmation:AAAAA", MOBILE, "Votre rendez-vous")
    store = MemoryStore(attempts=2)
    assert await OutboxWorker(store, {MessageChannel.SMS: provider}, PinnedClock()).run_once() == [Outcome.FOUND]
    assert store.outcome == ("sent", "SM1")
    assert len(provider.delivered()) == 1


async def test_a_second_attempt_sends_what_the_provider_does_not_have(provider: FileProvider) -> None:
    store = MemoryStore(attempts=2)
    assert await OutboxWorker(store, {MessageChannel.SMS: provider}, PinnedClock()).run_once() == [Outcome.SENT]
    assert len(provider.delivered()) == 1


async def test_a_failure_waits_longer_each_time(tmp_path: Path) -> None:
    clock = PinnedClock()
    for attempts, pause in ((1, 5), (2, 10), (7, 320), (MOST_ATTEMPTS - 1, 3600)):
        store = MemoryStore(attempts)
        sender = FileProvider(tmp_path / "none.jsonl", [Fault.RAISES_BEFORE])
        assert await OutboxWorker(store, {MessageChannel.SMS: sender}, clock).run_once() == [Outcome.LATER]
        assert store.outcome == ("later", clock.now() + timedelta(seconds=pause))


def test_a_provider_that_is_away_for_half_a_day_loses_nothing() -> None:
    assert sum((pause_after(attempts) for attempts in range(1, MOST_ATTEMPTS)), timedelta()) > timedelta(hours=12)


async def test_the_last_attempt_gives_up(tmp_path: Path) -> None:
    store = MemoryStore(MOST_ATTEMPTS)
    sender = FileProvider(tmp_path / "none.jsonl", [Fault.RAISES_BEFORE])
    assert await OutboxWorker(store, {MessageChannel.SMS: sender}, PinnedClock()).run_once() == [Outcome.DEAD]
    assert store.outcome == ("dead", None)


async def test_what_the_provider_refuses_for_good_is_not_tried_again() -> None:
    store = MemoryStore()
    assert await OutboxWorker(store, {MessageChannel.SMS: RefusingProvider()}, PinnedClock()).run_once() == [
        Outcome.DEAD
    ]


async def test_a_provider_that_never_answers_is_left(provider: FileProvider) -> None:
    store = MemoryStore()
    worker = OutboxWorker(store, {MessageChannel.SMS: StuckProvider()}, PinnedClock(), send_timeout_s=0)
    assert await worker.run_once() == [Outcome.LATER]


@pytest.mark.parametrize(
    ("attempts", "fault"), [(1, Fault.NONE), (1, Fault.RAISES_BEFORE), (MOST_ATTEMPTS, Fault.RAISES_BEFORE)]
)
async def test_a_lost_lease_is_told(tmp_path: Path, attempts: int, fault: Fault) -> None:
    store = MemoryStore(attempts, keeps_lease=False)
    sender = FileProvider(tmp_path / "delivered.jsonl", [fault])
    assert await OutboxWorker(store, {MessageChannel.SMS: sender}, PinnedClock()).run_once() == [Outcome.LOST_LEASE]


def test_the_pause_never_exceeds_an_hour() -> None:
    assert pause_after(1) == timedelta(seconds=5)
    assert pause_after(10) == timedelta(seconds=2560)
    assert pause_after(11) == LONGEST_PAUSE
    assert pause_after(500) == LONGEST_PAUSE


async def test_the_worker_stops_when_told(provider: FileProvider) -> None:
    store, stop = MemoryStore(), asyncio.Event()
    running = asyncio.create_task(
        OutboxWorker(store, {MessageChannel.SMS: provider}, PinnedClock()).run(stop, idle_s=0)
    )
    await store.drained.wait()
    stop.set()
    await running
    assert store.outcome == ("sent", "SM1")


async def test_the_worker_outlives_a_database_that_is_away(provider: FileProvider) -> None:
    class BrokenOnce(MemoryStore):
        was_there = False

        async def lease(
            self, worker: str, now: datetime, lease_for: timedelta, limit: int, channels: Collection[MessageChannel]
        ) -> list[LeasedMessage]:
            if self.was_there:
                return await MemoryStore.lease(self, worker, now, lease_for, limit, channels)
            self.was_there = True
            raise ConnectionError("database away")

    store, stop = BrokenOnce(), asyncio.Event()
    running = asyncio.create_task(
        OutboxWorker(store, {MessageChannel.SMS: provider}, PinnedClock()).run(stop, idle_s=0)
    )
    await store.drained.wait()
    stop.set()
    await running
    assert len(provider.delivered()) == 1


class Several(MemoryStore):
    """Gives out these messages at once; ``to``: whom each goes to."""

    def __init__(self, *to: Personal) -> None:
        super().__init__()
        self.to = to

    async def lease(
        self, worker: str, now: datetime, lease_for: timedelta, limit: int, channels: Collection[MessageChannel]
    ) -> list[LeasedMessage]:
        queued_at = datetime(2026, 11, 23, tzinfo=UTC)
        return [
            LeasedMessage(place, f"k{place}", MessageChannel.SMS, to, Personal("Texte"), 1, queued_at)
            for place, to in enumerate(self.to, 1)
        ]


class GatedProvider(RefusingProvider):
    """Notes whose sending began, and answers once the gate is open."""

    def __init__(self) -> None:
        super().__init__()
        self.began: list[str] = []
        self.gate = asyncio.Event()

    async def send(self, message_key: str, to: Personal, body: str) -> str:
        self.began.append(message_key)
        await self.gate.wait()
        return message_key


async def test_what_one_person_gets_leaves_in_its_order_and_others_do_not_wait() -> None:
    provider = GatedProvider()
    worker = OutboxWorker(
        Several(MOBILE, MOBILE, Personal("+33639980001")), {MessageChannel.SMS: provider}, PinnedClock()
    )
    turn = asyncio.create_task(worker.run_once())
    for _ in range(5):
        await asyncio.sleep(0)
    assert provider.began == ["k1", "k3"]
    provider.gate.set()
    assert await turn == [Outcome.SENT] * 3
    assert provider.began == ["k1", "k3", "k2"]


async def test_a_recipient_named_by_the_settings_holds_up_nothing() -> None:
    provider = GatedProvider()
    worker = OutboxWorker(Several(Personal(""), Personal("")), {MessageChannel.SMS: provider}, PinnedClock())
    turn = asyncio.create_task(worker.run_once())
    for _ in range(5):
        await asyncio.sleep(0)
    assert provider.began == ["k1", "k2"]
    provider.gate.set()
    await turn


async def test_what_the_lease_has_no_time_for_is_left_to_it() -> None:
    """Sending may take as long as the lease lasts: only the first of a person's messages is tried."""
    provider = GatedProvider()
    provider.gate.set()
    senders = {MessageChannel.SMS: provider}
    worker = OutboxWorker(Several(MOBILE, MOBILE), senders, PinnedClock(), send_timeout_s=LEASE.total_seconds())
    assert await worker.run_once() == [Outcome.SENT]
    assert provider.began == ["k1"]
