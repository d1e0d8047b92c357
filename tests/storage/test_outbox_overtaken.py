"""A provider that is away while a booking changes: what it takes in the end is true, nothing older comes after it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from callbot.domain.bookings import Amendment
from callbot.domain.events import Amended, Booked, Cancelled
from callbot.domain.notices import MessageChannel
from callbot.messages import MessageStatus, OutboxWorker, Outcome
from callbot.storage import Storage
from tests.booking.sample import THURSDAY, TUESDAY, PinnedClock, draft, rules_with
from tests.messages.provider import Fault, FileProvider
from tests.storage.turmoil import make_desk

HOUR = timedelta(hours=1)


async def drain(worker: OutboxWorker, clock: PinnedClock) -> None:
    """Let everything leave that wants to, however long its pauses are."""
    for _ in range(5):
        await worker.run_once()
        clock.at += HOUR


async def test_a_late_confirmation_does_not_follow_the_cancellation(
    storage: Storage, clock: PinnedClock, tmp_path: Path
) -> None:
    desk = make_desk(storage, clock, rules_with())
    provider = FileProvider(tmp_path / "delivered.jsonl", [Fault.RAISES_BEFORE])
    worker = OutboxWorker(storage.outbox, {MessageChannel.SMS: provider}, clock)
    made = await desk.book(draft())
    assert isinstance(made, Booked)
    assert await worker.run_once() == [Outcome.LATER]
    assert isinstance(await desk.cancel(made.reference), Cancelled)
    await drain(worker, clock)
    assert [key for key, _, _ in provider.delivered()] == [f"cancellation:{made.reference}"]
    assert await storage.outbox.status_of(f"confirmation:{made.reference}") is MessageStatus.WITHDRAWN


async def test_of_several_changes_the_last_one_is_told_last(
    storage: Storage, clock: PinnedClock, tmp_path: Path
) -> None:
    desk = make_desk(storage, clock, rules_with())
    provider = FileProvider(tmp_path / "delivered.jsonl", [Fault.NONE, Fault.RAISES_BEFORE, Fault.RAISES_BEFORE])
    worker = OutboxWorker(storage.outbox, {MessageChannel.SMS: provider}, clock)
    made = await desk.book(draft())
    assert isinstance(made, Booked)
    assert await worker.run_once() == [Outcome.SENT]
    for call_id, day in (("CA2", THURSDAY), ("CA3", TUESDAY)):
        assert isinstance(
            await desk.amend(Amendment(call_id, made.reference, day=day, readback_accepted=True)), Amended
        )
        assert await worker.run_once() == [Outcome.LATER]
    await drain(worker, clock)
    told = [key for key, _, _ in provider.delivered()]
    assert told == [f"confirmation:{made.reference}", f"amendment:{made.reference}:2"]


async def test_what_nobody_has_tried_yet_leaves_in_its_order(
    storage: Storage, clock: PinnedClock, tmp_path: Path
) -> None:
    desk = make_desk(storage, clock, rules_with())
    provider = FileProvider(tmp_path / "delivered.jsonl")
    made = await desk.book(draft())
    assert isinstance(made, Booked)
    await desk.cancel(made.reference)
    await drain(OutboxWorker(storage.outbox, {MessageChannel.SMS: provider}, clock), clock)
    told = sorted(key for key, _, _ in provider.delivered())
    assert told == [f"cancellation:{made.reference}", f"confirmation:{made.reference}"]
