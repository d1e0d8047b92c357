"""What does not hold any more does not leave, however long it waited and however often it was tried."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from callbot.booking import BookingDesk
from callbot.domain.events import Booked
from callbot.domain.notices import MessageChannel
from callbot.domain.personal import EmailAddress
from callbot.messages import BookingTexts, MessageStatus, OutboxWorker, Outcome
from callbot.storage import Storage
from tests.booking.sample import CATALOGUE, MOBILE, TEMPLATES, TUESDAY, PinnedClock, draft, rules_with
from tests.messages.provider import Fault, FileProvider


def worker_with(storage: Storage, clock: PinnedClock, folder: Path, *faults: Fault) -> OutboxWorker:
    """Sends SMS and e-mails alike."""
    provider = FileProvider(folder / "delivered.jsonl", faults)
    return OutboxWorker(storage.outbox, dict.fromkeys((MessageChannel.SMS, MessageChannel.EMAIL), provider), clock)


async def test_what_failed_once_does_not_leave_after_it_was_taken_back(
    storage: Storage, clock: PinnedClock, tmp_path: Path
) -> None:
    worker = worker_with(storage, clock, tmp_path, Fault.RAISES_BEFORE)
    async with storage.unit_of_work() as work:
        await work.outgoing.queue_sms("reminder:AC4KR:day", MOBILE, "Demain.")
        await work.outgoing.queue_sms("reminder:L6R7S:day", MOBILE, "Demain aussi.")
    assert sorted(await worker.run_once()) == [Outcome.LATER, Outcome.SENT]
    async with storage.unit_of_work() as work:
        await work.outgoing.withdraw("reminder:AC4KR")
        await work.outgoing.withdraw("reminder:L6R7S")
    clock.advance(minutes=5)
    assert await worker.run_once() == [Outcome.DEAD]
    statuses = [await storage.outbox.status_of(f"reminder:{name}:day") for name in ("AC4KR", "L6R7S")]
    assert sorted(str(status) for status in statuses) == [MessageStatus.DEAD, MessageStatus.SENT]


async def test_what_a_worker_holds_when_it_is_taken_back_is_not_tried_again(
    storage: Storage, clock: PinnedClock, tmp_path: Path
) -> None:
    async with storage.unit_of_work() as work:
        await work.outgoing.queue_sms("outcome:AC4KR:2", MOBILE, "Pas passés.")
    await storage.outbox.lease("dies", clock.now(), timedelta(minutes=1), 1)
    async with storage.unit_of_work() as work:
        assert not await work.outgoing.withdraw("outcome:AC4KR")
    clock.advance(minutes=5)
    assert await worker_with(storage, clock, tmp_path).run_once() == [Outcome.DEAD]


@pytest.mark.parametrize(("days", "outcome"), [(1, Outcome.SENT), (2, Outcome.DEAD)], ids=["on the day", "after it"])
async def test_an_e_mail_that_waited_for_a_mail_server_leaves_before_the_pickup_is_over(
    storage: Storage, clock: PinnedClock, tmp_path: Path, days: int, outcome: Outcome
) -> None:
    desk = BookingDesk(storage.unit_of_work, rules_with(), clock, BookingTexts(TEMPLATES, CATALOGUE))
    made = await desk.book(replace(draft(phone=None), email=EmailAddress("nom@exemple.fr")))
    assert isinstance(made, Booked)
    assert made.day == TUESDAY
    clock.advance(days=days)
    assert await worker_with(storage, clock, tmp_path).run_once() == [outcome]
