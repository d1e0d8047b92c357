"""STOP, what the provider tells later, and what has not arrived."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from callbot.booking import BookingDesk
from callbot.domain.events import Booked
from callbot.domain.notices import MessageChannel
from callbot.domain.personal import Personal, PhoneNumber
from callbot.messages import BookingTexts, Delivery, MessageStatus, OutboxWorker, Outcome
from callbot.messages.stop import OptedOutError, RespectsStop
from callbot.storage import Storage
from callbot.storage.tables import outbox
from tests.booking.sample import CATALOGUE, MOBILE, TEMPLATES, PinnedClock, draft, rules_with
from tests.messages.provider import FileProvider

OTHER = PhoneNumber("+33698765432")


@pytest.fixture
def desk(storage: Storage, clock: PinnedClock) -> BookingDesk:
    return BookingDesk(storage.unit_of_work, rules_with(), clock, BookingTexts(TEMPLATES, CATALOGUE))


@pytest.fixture
def provider(tmp_path: Path) -> FileProvider:
    return FileProvider(tmp_path / "delivered.jsonl")


def worker_with(storage: Storage, clock: PinnedClock, provider: FileProvider) -> OutboxWorker:
    return OutboxWorker(storage.outbox, {MessageChannel.SMS: RespectsStop(provider, storage.opt_outs, clock)}, clock)


async def test_a_number_that_said_stop_gets_nothing_and_is_promised_nothing(
    storage: Storage, clock: PinnedClock, desk: BookingDesk
) -> None:
    await storage.opt_outs.stop(MOBILE, clock.now())
    made = await desk.book(draft())
    assert isinstance(made, Booked)
    assert not made.sms
    assert await storage.outbox.status_of(f"confirmation:{made.reference}") is None


async def test_what_was_queued_before_a_stop_does_not_leave(
    storage: Storage, clock: PinnedClock, desk: BookingDesk, provider: FileProvider
) -> None:
    made = await desk.book(draft())
    assert isinstance(made, Booked)
    await storage.opt_outs.stop(MOBILE, clock.now())
    assert await worker_with(storage, clock, provider).run_once() == [Outcome.DEAD]
    assert provider.delivered() == []
    (kept,) = await storage.outbox.troubled()
    assert (kept.key, kept.failure) == (f"confirmation:{made.reference}", OptedOutError.__name__)


async def test_start_takes_a_stop_back_and_others_are_let_be(
    storage: Storage, clock: PinnedClock, desk: BookingDesk
) -> None:
    for phone in (MOBILE, OTHER):
        await storage.opt_outs.stop(phone, clock.now())
    await storage.opt_outs.stop(MOBILE, clock.now())
    assert await storage.opt_outs.start(MOBILE, clock.now())
    assert not await storage.opt_outs.start(MOBILE, clock.now())
    assert not await storage.opt_outs.stopped(MOBILE)
    assert await storage.opt_outs.stopped(OTHER)
    made = await desk.book(draft())
    assert isinstance(made, Booked)
    assert made.sms


class KnowsOfAStop:
    """A provider that was told STOP before we were."""

    async def send(self, message_key: str, to: Personal, body: str) -> str:
        raise OptedOutError("the phone company knows")

    async def find(self, message_key: str, to: Personal, body: str, since: object) -> str | None:
        return None


async def test_a_stop_only_the_phone_company_knows_of_is_remembered(storage: Storage, clock: PinnedClock) -> None:
    with pytest.raises(OptedOutError):
        await RespectsStop(KnowsOfAStop(), storage.opt_outs, clock).send("key", MOBILE, "texte")
    assert await storage.opt_outs.stopped(MOBILE)


async def test_a_channel_without_a_sender_waits_for_a_service_that_has_one(
    storage: Storage, clock: PinnedClock, provider: FileProvider
) -> None:
    async with storage.unit_of_work() as work:
        await work.outgoing.queue("webhook:1", MessageChannel.WEBHOOK, Personal(""), "{}")
        await work.outgoing.queue("sms:1", MessageChannel.SMS, MOBILE, "texte")
    assert await worker_with(storage, clock, provider).run_once() == [Outcome.SENT]
    assert [key for key, _, _ in provider.delivered()] == ["sms:1"]
    assert await storage.outbox.status_of("webhook:1") is MessageStatus.QUEUED


async def test_a_message_leaves_at_its_moment_and_not_before(
    storage: Storage, clock: PinnedClock, provider: FileProvider
) -> None:
    async with storage.unit_of_work() as work:
        moment = clock.now() + timedelta(minutes=10)
        await work.outgoing.queue("sms:1", MessageChannel.SMS, MOBILE, "texte", not_before=moment)
    clock.advance(minutes=10, seconds=-1)
    assert await worker_with(storage, clock, provider).run_once() == []
    clock.advance(seconds=1)
    assert await worker_with(storage, clock, provider).run_once() == [Outcome.SENT]


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ([Delivery.SENT, Delivery.DELIVERED], Delivery.DELIVERED),
        ([Delivery.DELIVERED, Delivery.SENT], Delivery.DELIVERED),
        ([Delivery.UNDELIVERED, Delivery.SENT], Delivery.UNDELIVERED),
        ([Delivery.UNDELIVERED, Delivery.DELIVERED], Delivery.UNDELIVERED),
    ],
)
async def test_what_is_known_of_a_message_only_grows(
    storage: Storage, clock: PinnedClock, provider: FileProvider, told: list[Delivery], known: Delivery
) -> None:
    async with storage.unit_of_work() as work:
        await work.outgoing.queue_sms("sms:1", MOBILE, "texte")
    await worker_with(storage, clock, provider).run_once()
    for each in told:
        await storage.outbox.told("SM1", each, clock.now())
    found = [message.delivery for message in await storage.outbox.troubled()]
    assert found == ([known] if known is Delivery.UNDELIVERED else [])


async def test_a_status_of_a_message_nobody_sent_changes_nothing(storage: Storage, clock: PinnedClock) -> None:
    assert not await storage.outbox.told("SM404", Delivery.UNDELIVERED, clock.now())
    assert await storage.outbox.troubled() == []


@pytest.mark.parametrize("told", list(Delivery)[:3])
async def test_what_is_told_before_the_id_was_written_down_finds_its_message_by_its_mark(
    storage: Storage, clock: PinnedClock, provider: FileProvider, told: Delivery
) -> None:
    async with storage.unit_of_work() as work:
        await work.outgoing.queue_sms("sms:1", MOBILE, "texte")
    mark = storage.outbox.mark("sms:1")
    assert not await storage.outbox.told("SM7", told, clock.now(), mark), "nobody has begun to send it"
    (leased,) = await storage.outbox.lease("slow", clock.now(), timedelta(minutes=1), 1)
    assert await storage.outbox.told("SM7", told, clock.now(), mark)
    assert await storage.outbox.mark_sent(leased, "slow", "SM7", clock.now())
    assert not await storage.outbox.told("SM8", Delivery.UNDELIVERED, clock.now(), mark)
    clock.advance(hours=1)
    assert await worker_with(storage, clock, provider).run_once() == []
    assert len(await storage.outbox.troubled()) == (told is Delivery.UNDELIVERED)


async def test_a_worker_that_died_after_sending_has_its_message_written_down(
    storage: Storage, clock: PinnedClock, provider: FileProvider
) -> None:
    async with storage.unit_of_work() as work:
        await work.outgoing.queue_sms("sms:1", MOBILE, "texte")
    await storage.outbox.lease("dies", clock.now(), timedelta(minutes=1), 1)
    await storage.outbox.told("SM7", Delivery.SENT, clock.now(), storage.outbox.mark("sms:1"))
    clock.advance(hours=1)
    assert await worker_with(storage, clock, provider).run_once() == []
    assert provider.delivered() == []
    assert await storage.outbox.owners(["SM7", "SM8"]) == {"SM7": "sms:1"}


async def test_a_message_given_up_can_be_tried_again_and_nothing_else(
    storage: Storage, clock: PinnedClock, provider: FileProvider
) -> None:
    async with storage.unit_of_work() as work:
        await work.outgoing.queue_sms("sms:1", MOBILE, "texte")
    assert not await storage.outbox.retry("sms:1", clock.now())
    (leased,) = await storage.outbox.lease("me", clock.now(), timedelta(minutes=1), 1)
    await storage.outbox.give_up(leased, "me", "Away")
    assert await storage.outbox.retry("sms:1", clock.now())
    assert await worker_with(storage, clock, provider).run_once() == [Outcome.SENT]


async def test_an_sms_to_a_number_that_said_stop_is_not_even_queued(storage: Storage, clock: PinnedClock) -> None:
    await storage.opt_outs.stop(MOBILE, clock.now())
    async with storage.unit_of_work() as work:
        assert not await work.outgoing.queue_sms("a", MOBILE, "Bonjour")
        assert await work.outgoing.queue_sms("b", OTHER, "Bonjour")
        assert await work.outgoing.queue_sms("b", OTHER, "Bonjour"), "the same message, queued already"
    async with storage._database.reading() as connection:
        assert list((await connection.execute(select(outbox.c.key))).scalars()) == ["b"]
