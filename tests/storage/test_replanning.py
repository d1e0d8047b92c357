"""Missed pickups and closed days: another day without anybody having to ask for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from callbot.booking import BookingDesk
from callbot.booking.outcomes import GRACE, Recorded
from callbot.booking.replanning import Replanned, Replanning
from callbot.domain.bookings import BookingStatus, Changer, NotChanged
from callbot.domain.events import Booked, ChangeFailed
from callbot.domain.territories import Closure
from callbot.messages import BookingTexts, MessageStatus
from callbot.storage import Storage
from tests.booking.sample import (
    CATALOGUE,
    NEXT_TUESDAY,
    TEMPLATES,
    THURSDAY,
    TUESDAY,
    PinnedClock,
    SampleRules,
    draft,
    rules_with,
)


def desk_with(storage: Storage, clock: PinnedClock, rules: SampleRules) -> BookingDesk:
    return BookingDesk(storage.unit_of_work, rules, clock, BookingTexts(TEMPLATES, CATALOGUE))


async def booked(desk: BookingDesk, call_id: str = "CA1") -> str:
    made = await desk.book(draft(call_id))
    assert isinstance(made, Booked)
    return made.reference


def closed(capacity: int = 2) -> SampleRules:
    """The same rules with a strike on the Tuesday."""
    strike = Closure(TUESDAY, TUESDAY, "grève")
    open_rules = rules_with(capacity=capacity)
    first, *others = open_rules.territories
    return replace(open_rules, territories=(replace(first, closures=(*first.closures, strike)), *others))


async def test_a_missed_pickup_gets_the_first_day_with_room_after_its_grace(
    storage: Storage, clock: PinnedClock
) -> None:
    rules = rules_with()
    desk = desk_with(storage, clock, rules)
    reference = await booked(desk)
    clock.advance(days=1)
    await desk.record_outcome(reference, BookingStatus.MISSED, by=Changer.CREW)
    replanning = Replanning(desk, storage, rules, clock)
    clock.advance(seconds=GRACE.total_seconds() - 1)
    assert await replanning.missed() == []
    clock.advance(seconds=1)
    assert await replanning.missed() == [Replanned(reference, THURSDAY)]
    assert await replanning.missed() == []
    moved = await storage.booking(reference)
    assert moved is not None
    assert (moved.status, moved.day) == (BookingStatus.REPLANNED, THURSDAY)


async def test_one_message_tells_the_missed_pickup_and_its_new_day(storage: Storage, clock: PinnedClock) -> None:
    rules = rules_with()
    desk = desk_with(storage, clock, rules)
    reference = await booked(desk)
    clock.advance(days=1)
    await desk.record_outcome(reference, BookingStatus.MISSED, by=Changer.CREW)
    clock.advance(seconds=GRACE.total_seconds())
    await Replanning(desk, storage, rules, clock).missed()
    assert await storage.outbox.status_of(f"outcome:{reference}:1") is MessageStatus.WITHDRAWN
    assert await storage.outbox.status_of(f"replanned:{reference}:2") is MessageStatus.QUEUED


async def test_a_missed_pickup_without_any_day_left_stays_missed(storage: Storage, clock: PinnedClock) -> None:
    rules = rules_with(horizon_days=1)
    desk = desk_with(storage, clock, rules)
    reference = await booked(desk)
    clock.advance(days=1)
    await desk.record_outcome(reference, BookingStatus.MISSED, by=Changer.CREW)
    clock.advance(minutes=30)
    assert await Replanning(desk, storage, rules, clock).missed() == [Replanned(reference, None)]
    kept = await storage.booking(reference)
    assert kept is not None
    assert kept.status is BookingStatus.MISSED


async def test_bookings_on_a_day_closed_since_are_found_and_moved_once(storage: Storage, clock: PinnedClock) -> None:
    reference = await booked(desk_with(storage, clock, rules_with()))
    rules = closed()
    replanning = Replanning(desk_with(storage, clock, rules), storage, rules, clock)
    assert [booking.reference for booking in await replanning.stranded()] == [reference]
    assert await replanning.move_stranded() == [Replanned(reference, THURSDAY)]
    assert await replanning.stranded() == []
    assert await replanning.move_stranded() == []


async def test_a_full_day_is_passed_over(storage: Storage, clock: PinnedClock) -> None:
    desk = desk_with(storage, clock, rules_with(capacity=1))
    reference = await booked(desk)
    assert isinstance(await desk.book(replace(draft("CA2"), day=THURSDAY)), Booked)
    rules = closed(capacity=1)
    moved = await Replanning(desk_with(storage, clock, rules), storage, rules, clock).move_stranded()
    assert moved == [Replanned(reference, NEXT_TUESDAY)]


async def test_a_booking_whose_day_is_served_is_not_moved(storage: Storage, clock: PinnedClock) -> None:
    desk = desk_with(storage, clock, rules_with())
    reference = await booked(desk)
    assert await desk.replan(reference) == ChangeFailed(NotChanged.CONFLICT)


@pytest.mark.parametrize("outcome", [BookingStatus.COLLECTED, BookingStatus.NOT_PRESENTED])
async def test_what_took_place_is_not_planned_again(
    storage: Storage, clock: PinnedClock, outcome: BookingStatus
) -> None:
    desk = desk_with(storage, clock, rules_with())
    reference = await booked(desk)
    clock.advance(days=1)
    assert isinstance(await desk.record_outcome(reference, outcome, by=Changer.CREW), Recorded)
    clock.advance(seconds=timedelta(hours=1).total_seconds())
    assert await desk.replan(reference) == ChangeFailed(NotChanged.CONFLICT)


async def test_a_day_with_other_days_between_can_be_asked_for(storage: Storage, clock: PinnedClock) -> None:
    desk = desk_with(storage, clock, rules_with())
    reference = await booked(desk)
    clock.advance(days=1)
    await desk.record_outcome(reference, BookingStatus.INACCESSIBLE, by=Changer.CREW)
    assert await desk.replan(reference, NEXT_TUESDAY) == Recorded(reference, BookingStatus.REPLANNED, NEXT_TUESDAY)
