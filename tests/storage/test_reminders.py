"""The reminder of the day before: once, at a decent hour, and only for what is still to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callbot.booking import BookingDesk
from callbot.booking.reminders import Reminders
from callbot.domain.bookings import Amendment
from callbot.domain.events import Booked
from callbot.domain.notices import MessageChannel
from callbot.messages import BookingTexts, MessageStatus, OutboxWorker, Outcome
from callbot.storage import Storage
from tests.booking.sample import CATALOGUE, LANDLINE, TEMPLATES, THURSDAY, TUESDAY, PinnedClock, draft, rules_with
from tests.messages.provider import FileProvider

WRITER = BookingTexts(TEMPLATES, CATALOGUE)
RULES = rules_with(capacity=9)


def evening(hour: int, minute: int = 0) -> datetime:
    """Monday 23 November at that local hour (one hour ahead of UTC)."""
    return datetime(2026, 11, 23, hour - 1, minute, tzinfo=UTC)


@pytest.fixture
def desk(storage: Storage, clock: PinnedClock) -> BookingDesk:
    return BookingDesk(storage.unit_of_work, RULES, clock, WRITER)


@pytest.fixture
def reminders(storage: Storage, clock: PinnedClock) -> Reminders:
    return Reminders(storage.unit_of_work, storage, RULES, clock, WRITER)


async def booked(desk: BookingDesk, call_id: str = "CA1", **changed: object) -> str:
    made = await desk.book(replace(draft(call_id), **changed))  # type: ignore[arg-type]
    assert isinstance(made, Booked)
    return made.reference


@pytest.mark.parametrize(
    ("at", "queued"),
    [(evening(16, 59), 0), (evening(17), 1), (evening(19, 59), 1), (evening(20), 0), (evening(23), 0)],
)
async def test_it_is_queued_in_the_early_evening_only(
    desk: BookingDesk, reminders: Reminders, clock: PinnedClock, at: datetime, queued: int
) -> None:
    await booked(desk)
    clock.at = at
    assert await reminders.sweep() == queued


async def test_it_is_queued_once_however_often_one_looks(
    desk: BookingDesk, reminders: Reminders, storage: Storage, clock: PinnedClock
) -> None:
    reference = await booked(desk)
    clock.at = evening(18)
    assert [await reminders.sweep(), await reminders.sweep()] == [1, 0]
    assert await storage.outbox.status_of(f"reminder:{reference}:{TUESDAY}") is MessageStatus.QUEUED


async def test_only_tomorrow_is_reminded(desk: BookingDesk, reminders: Reminders, clock: PinnedClock) -> None:
    await booked(desk, day=THURSDAY)
    clock.at = evening(18)
    assert await reminders.sweep() == 0


async def test_a_cancelled_pickup_is_not_reminded(desk: BookingDesk, reminders: Reminders, clock: PinnedClock) -> None:
    await desk.cancel(await booked(desk))
    clock.at = evening(18)
    assert await reminders.sweep() == 0


async def test_a_reminder_that_waits_is_taken_back_with_its_booking(storage: Storage, clock: PinnedClock) -> None:
    late = rules_with(cut_off=replace(RULES.territories[0].cut_off, days_before=0))  # type: ignore[type-var]
    desk = BookingDesk(storage.unit_of_work, late, clock, WRITER)
    reference = await booked(desk)
    clock.at = evening(18)
    await Reminders(storage.unit_of_work, storage, late, clock, WRITER).sweep()
    await desk.cancel(reference)
    assert await storage.outbox.status_of(f"reminder:{reference}:{TUESDAY}") is MessageStatus.WITHDRAWN


async def test_a_pickup_that_moved_is_reminded_for_its_new_day(
    desk: BookingDesk, reminders: Reminders, storage: Storage, clock: PinnedClock
) -> None:
    reference = await booked(desk)
    await desk.amend(Amendment("CA2", reference, day=THURSDAY, readback_accepted=True))
    clock.at = evening(18)
    assert await reminders.sweep() == 0
    clock.advance(days=2)
    assert await reminders.sweep() == 1
    assert await storage.outbox.status_of(f"reminder:{reference}:{THURSDAY}") is MessageStatus.QUEUED


@pytest.mark.parametrize(("at", "outcome"), [(evening(20, 59), Outcome.SENT), (evening(21), Outcome.DEAD)])
async def test_a_reminder_held_up_until_night_does_not_leave(
    storage: Storage, clock: PinnedClock, tmp_path: Path, at: datetime, outcome: Outcome
) -> None:
    await booked(BookingDesk(storage.unit_of_work, RULES, clock, WRITER))
    provider = {MessageChannel.SMS: FileProvider(tmp_path / "delivered.jsonl")}
    await OutboxWorker(storage.outbox, provider, clock).run_once()
    clock.at = evening(18)
    await Reminders(storage.unit_of_work, storage, RULES, clock, WRITER).sweep()
    clock.at = at
    assert await OutboxWorker(storage.outbox, provider, clock).run_once() == [outcome]


async def test_nobody_is_reminded_who_left_no_way(desk: BookingDesk, reminders: Reminders, clock: PinnedClock) -> None:
    await booked(desk, "CA1", phone=None)
    await booked(desk, "CA2", phone=LANDLINE)
    clock.at = evening(18)
    assert await reminders.sweep() == 0
