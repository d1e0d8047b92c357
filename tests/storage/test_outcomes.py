"""What a crew enters, taps twice, corrects: told once, of the outcome that counts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from callbot.booking import BookingDesk
from callbot.booking.outcomes import Recorded
from callbot.domain.bookings import BookingStatus, Changer, NotChanged, NotConform
from callbot.domain.events import Booked, ChangeFailed
from callbot.messages import BookingTexts, MessageStatus
from callbot.storage import Storage
from tests.booking.sample import CATALOGUE, TEMPLATES, TUESDAY, PinnedClock, draft, rules_with


@pytest.fixture
def desk(storage: Storage, clock: PinnedClock) -> BookingDesk:
    return BookingDesk(storage.unit_of_work, rules_with(), clock, BookingTexts(TEMPLATES, CATALOGUE))


async def booked(desk: BookingDesk) -> str:
    made = await desk.book(draft())
    assert isinstance(made, Booked)
    return made.reference


async def enter(desk: BookingDesk, reference: str, outcome: BookingStatus) -> Recorded | ChangeFailed:
    return await desk.record_outcome(reference, outcome, by=Changer.CREW)


async def test_nothing_is_entered_before_the_day(desk: BookingDesk, storage: Storage, clock: PinnedClock) -> None:
    reference = await booked(desk)
    clock.at = datetime(2026, 11, 23, 22, 59, tzinfo=UTC)
    assert await enter(desk, reference, BookingStatus.COLLECTED) == ChangeFailed(NotChanged.CONFLICT)
    clock.at = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    done = Recorded(reference, BookingStatus.COLLECTED, TUESDAY)
    assert await enter(desk, reference, BookingStatus.COLLECTED) == done


async def test_a_second_tap_changes_and_tells_nothing(desk: BookingDesk, storage: Storage, clock: PinnedClock) -> None:
    reference = await booked(desk)
    clock.advance(days=1)
    first = await enter(desk, reference, BookingStatus.COLLECTED)
    assert await enter(desk, reference, BookingStatus.COLLECTED) == first
    assert await storage.outbox.status_of(f"outcome:{reference}:1") is MessageStatus.QUEUED
    assert await storage.outbox.status_of(f"outcome:{reference}:2") is None


async def test_a_correction_withdraws_what_was_to_be_told(
    desk: BookingDesk, storage: Storage, clock: PinnedClock
) -> None:
    reference = await booked(desk)
    clock.advance(days=1)
    await enter(desk, reference, BookingStatus.NOT_PRESENTED)
    clock.advance(minutes=9)
    await enter(desk, reference, BookingStatus.COLLECTED)
    assert await storage.outbox.status_of(f"outcome:{reference}:1") is MessageStatus.WITHDRAWN
    assert await storage.outbox.status_of(f"outcome:{reference}:2") is MessageStatus.QUEUED
    stored = await storage.booking(reference)
    assert stored is not None
    assert stored.status is BookingStatus.COLLECTED


async def test_what_was_not_conform_has_a_reason_and_nothing_else_has(desk: BookingDesk, clock: PinnedClock) -> None:
    reference = await booked(desk)
    clock.advance(days=1)
    conflict = ChangeFailed(NotChanged.CONFLICT)
    assert await enter(desk, reference, BookingStatus.NOT_CONFORM) == conflict
    assert await enter(desk, reference, BookingStatus.CANCELLED) == conflict
    why = NotConform.TOO_MUCH
    wrong = await desk.record_outcome(reference, BookingStatus.COLLECTED, not_conform=why, by=Changer.CREW)
    assert wrong == conflict
    right = await desk.record_outcome(reference, BookingStatus.NOT_CONFORM, not_conform=why, by=Changer.CREW)
    assert right == Recorded(reference, BookingStatus.NOT_CONFORM, TUESDAY)


async def test_a_cancelled_booking_has_no_outcome(desk: BookingDesk, clock: PinnedClock) -> None:
    reference = await booked(desk)
    await desk.cancel(reference)
    clock.advance(days=1)
    for outcome in (BookingStatus.COLLECTED, BookingStatus.MISSED):
        assert await enter(desk, reference, outcome) == ChangeFailed(NotChanged.CONFLICT)
