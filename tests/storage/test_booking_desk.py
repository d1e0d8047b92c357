"""The booking desk on real databases: dates, holds, bookings, the SMS queued with them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from callbot.booking import BookingDesk, ConflictError
from callbot.domain.bookings import Author, BookingStatus, NotBooked
from callbot.domain.calendar import PickupDate
from callbot.domain.events import Booked, BookingFailed, DateHeld, DatesFound, HoldRefused
from callbot.domain.items import ItemLine, Verdict
from callbot.domain.meaning import HeardDate
from callbot.domain.personal import PhoneNumber
from callbot.domain.references import parse_reference
from callbot.domain.territories import BookingMode
from callbot.messages import BookingTexts, MessageStatus
from callbot.storage import Storage, StoredUnitOfWork
from tests.booking.sample import (
    CATALOGUE,
    LANDLINE,
    MOBILE,
    NEXT_TUESDAY,
    ONE_MATTRESS,
    TEMPLATES,
    THURSDAY,
    TUESDAY,
    PinnedClock,
    SampleRules,
    address,
    draft,
    rules_with,
)

HOME = address()


def make_desk(
    storage: Storage, clock: PinnedClock, rules: SampleRules | None = None, draw: Callable[[int], int] | None = None
) -> BookingDesk:
    """A desk over the sample rules."""
    writer = BookingTexts(TEMPLATES, CATALOGUE)
    chosen = rules or SampleRules()
    if draw is None:
        return BookingDesk(storage.unit_of_work, chosen, clock, writer)
    return BookingDesk(storage.unit_of_work, chosen, clock, writer, draw=draw)


@pytest.fixture
def desk(storage: Storage, clock: PinnedClock) -> BookingDesk:
    return make_desk(storage, clock)


async def room(desk: BookingDesk, day: date) -> int:
    """Places that can still be had on a day."""
    found = await desk.dates(HOME, ONE_MATTRESS, HeardDate(day, day), None)
    return next((pickup.room for pickup in found.dates if pickup.day == day), 0)


async def test_the_three_earliest_dates_are_offered(desk: BookingDesk) -> None:
    found = await desk.dates(HOME, ONE_MATTRESS, None, None)
    # 3 December is closed (strike); Tuesday 24 is open until noon the day before.
    assert found == DatesFound(
        (PickupDate("centre", TUESDAY, 2), PickupDate("centre", THURSDAY, 2), PickupDate("centre", NEXT_TUESDAY, 2))
    )


async def test_the_cut_off_minute_closes_a_date(desk: BookingDesk, clock: PinnedClock) -> None:
    clock.at = datetime(2026, 11, 23, 10, 59, tzinfo=UTC)
    assert await room(desk, TUESDAY) == 2
    clock.at = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
    assert await room(desk, TUESDAY) == 0
    assert await desk.hold("CA1", HOME, ONE_MATTRESS, TUESDAY) == HoldRefused(TUESDAY)
    assert await desk.book(draft()) == BookingFailed(NotBooked.CUT_OFF_PASSED)


async def test_a_territory_without_appointments_is_not_served(desk: BookingDesk) -> None:
    for insee in ("13056", "99999"):
        elsewhere = address(insee)
        assert await desk.dates(elsewhere, ONE_MATTRESS, None, None) == DatesFound((), served=False)
        assert await desk.hold("CA1", elsewhere, ONE_MATTRESS, TUESDAY) == HoldRefused(TUESDAY)
        refused = await desk.book(replace(draft(), address=elsewhere))
        assert refused == BookingFailed(NotBooked.NOT_SERVED)


@pytest.mark.parametrize("missing", [{"cut_off": None}, {"mode": BookingMode.UNKNOWN}, {"sectors": ()}])
async def test_what_is_not_filled_in_is_not_served(
    storage: Storage, clock: PinnedClock, missing: dict[str, Any]
) -> None:
    desk = make_desk(storage, clock, rules_with(**missing))
    assert await desk.dates(HOME, ONE_MATTRESS, None, None) == DatesFound((), served=False)


async def test_the_sector_of_the_point_wins_over_the_one_of_the_commune(desk: BookingDesk) -> None:
    found = await desk.dates(address(sector="collines"), ONE_MATTRESS, None, None)
    assert {pickup.sector for pickup in found.dates} == {"collines"}
    unknown = await desk.dates(address(sector="ailleurs"), ONE_MATTRESS, None, None)
    assert {pickup.sector for pickup in unknown.dates} == {"centre"}


async def test_a_held_place_is_not_offered_to_others(desk: BookingDesk, clock: PinnedClock) -> None:
    held = await desk.hold("CA1", HOME, ONE_MATTRESS, TUESDAY)
    assert held == DateHeld(TUESDAY, clock.now().astimezone(UTC) + timedelta(minutes=10))
    assert await room(desk, TUESDAY) == 1
    await desk.hold("CA2", HOME, ONE_MATTRESS, TUESDAY)
    assert await room(desk, TUESDAY) == 0
    assert await desk.hold("CA3", HOME, ONE_MATTRESS, TUESDAY) == HoldRefused(TUESDAY)
    found = await desk.dates(HOME, ONE_MATTRESS, None, None)
    assert found.dates[0].day == THURSDAY


async def test_a_call_holds_one_place_at_most(desk: BookingDesk) -> None:
    for day in (TUESDAY, TUESDAY, THURSDAY, THURSDAY, NEXT_TUESDAY):
        assert isinstance(await desk.hold("CA1", HOME, ONE_MATTRESS, day), DateHeld)
    assert [await room(desk, day) for day in (TUESDAY, THURSDAY, NEXT_TUESDAY)] == [2, 2, 1]


async def test_the_earlier_place_stays_when_the_new_day_is_full(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock, rules_with(capacity=1))
    await desk.hold("CA1", HOME, ONE_MATTRESS, TUESDAY)
    await desk.hold("CA2", HOME, ONE_MATTRESS, THURSDAY)
    assert await desk.hold("CA1", HOME, ONE_MATTRESS, THURSDAY) == HoldRefused(THURSDAY)
    assert await room(desk, TUESDAY) == 0
    assert isinstance(await desk.book(draft("CA1")), Booked)


async def test_holding_the_same_day_again_prolongs_the_hold(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock, rules_with(capacity=1))
    await desk.hold("CA1", HOME, ONE_MATTRESS, TUESDAY)
    clock.advance(minutes=9)
    await desk.hold("CA1", HOME, ONE_MATTRESS, TUESDAY)
    clock.advance(minutes=9)
    assert await room(desk, TUESDAY) == 0


async def test_a_released_place_is_free_once(desk: BookingDesk) -> None:
    await desk.hold("CA1", HOME, ONE_MATTRESS, TUESDAY)
    await desk.release("CA1")
    await desk.release("CA1")
    await desk.release("CA9")
    assert await room(desk, TUESDAY) == 2


async def test_an_expired_hold_frees_its_place_at_its_minute_and_once(desk: BookingDesk, clock: PinnedClock) -> None:
    await desk.hold("CA1", HOME, ONE_MATTRESS, TUESDAY)
    await desk.hold("CA2", HOME, ONE_MATTRESS, TUESDAY)
    clock.advance(minutes=9, seconds=59)
    assert await room(desk, TUESDAY) == 0
    clock.advance(seconds=1)
    found = await asyncio.gather(*(desk.dates(HOME, ONE_MATTRESS, None, None) for _ in range(8)))
    assert {answer.dates[0].room for answer in found} == {2}
    await desk.release("CA1")
    assert await room(desk, TUESDAY) == 2


async def test_who_looks_for_dates_waits_for_no_booking_and_changes_nothing(
    desk: BookingDesk, storage: Storage, clock: PinnedClock
) -> None:
    await desk.hold("CA1", HOME, ONE_MATTRESS, TUESDAY)
    clock.advance(minutes=10)
    async with storage.unit_of_work() as writing:
        await writing.places.settle(clock.now().astimezone(UTC), "CA2", ("centre", TUESDAY))
        looking = asyncio.create_task(desk.dates(HOME, ONE_MATTRESS, None, None))
        async with asyncio.timeout(20):
            found = await looking
    assert found.dates[0].room == 2


async def test_a_booking_is_stored_whole_and_turns_the_hold_into_a_place(
    desk: BookingDesk, storage: Storage, clock: PinnedClock
) -> None:
    await desk.hold("CA1", HOME, ONE_MATTRESS, TUESDAY)
    booked = await desk.book(draft())
    assert isinstance(booked, Booked)
    assert parse_reference(booked.reference) == booked.reference
    assert (booked.day, booked.sms) == (TUESDAY, True)
    assert booked.put_out == "Sortez vos objets la veille après vingt heures."
    [stored] = await storage.bookings_of_call("CA1")
    assert stored.reference == booked.reference
    assert (stored.status, stored.day, stored.sector) == (BookingStatus.BOOKED, TUESDAY, "centre")
    assert stored.address == replace(HOME, sector="centre")
    assert (stored.items, stored.phone, stored.created_by) == (ONE_MATTRESS, MOBILE, Author.BOT)
    assert stored.created_at == clock.now()
    assert await room(desk, TUESDAY) == 1
    clock.advance(minutes=30)
    assert await room(desk, TUESDAY) == 1


async def test_booking_twice_in_one_call_is_one_booking(desk: BookingDesk, storage: Storage) -> None:
    first = await desk.book(draft())
    again = await desk.book(draft(day=THURSDAY))
    together = await asyncio.gather(*(desk.book(draft("CA2")) for _ in range(6)))
    assert first == again
    assert len(set(together)) == 1
    assert isinstance(together[0], Booked)
    assert len(await storage.bookings()) == 2
    assert [await room(desk, day) for day in (TUESDAY, THURSDAY)] == [0, 2]


async def test_a_lapsed_hold_is_taken_again_on_the_same_day(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock, rules_with(capacity=1))
    await desk.hold("CA1", HOME, ONE_MATTRESS, THURSDAY)
    clock.advance(minutes=11)
    assert isinstance(await desk.book(draft(day=THURSDAY)), Booked)


async def test_a_lapsed_hold_whose_place_went_is_no_booking(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock, rules_with(capacity=1))
    await desk.hold("CA1", HOME, ONE_MATTRESS, THURSDAY)
    clock.advance(minutes=11)
    await desk.hold("CA2", HOME, ONE_MATTRESS, THURSDAY)
    assert await desk.book(draft(day=THURSDAY)) == BookingFailed(NotBooked.NO_ROOM)
    assert await storage.bookings_of_call("CA1") == []
    assert (await storage.outbox.counts())[MessageStatus.QUEUED] == 0


async def test_booking_another_day_than_the_held_one_gives_the_held_one_back(desk: BookingDesk) -> None:
    await desk.hold("CA1", HOME, ONE_MATTRESS, TUESDAY)
    assert isinstance(await desk.book(draft(day=THURSDAY)), Booked)
    assert [await room(desk, day) for day in (TUESDAY, THURSDAY)] == [2, 1]


async def test_nothing_is_booked_without_a_read_back(desk: BookingDesk) -> None:
    refused = await desk.book(replace(draft(), readback_accepted=False))
    assert refused == BookingFailed(NotBooked.NOT_READ_BACK)
    assert await room(desk, TUESDAY) == 2


async def test_a_day_the_sector_does_not_serve_has_no_room(desk: BookingDesk) -> None:
    wednesday = TUESDAY + timedelta(days=1)
    assert await desk.hold("CA1", HOME, ONE_MATTRESS, wednesday) == HoldRefused(wednesday)
    assert await desk.book(draft(day=wednesday)) == BookingFailed(NotBooked.NO_ROOM)


@pytest.mark.parametrize(("phone", "queued"), [(MOBILE, 1), (LANDLINE, 0), (None, 0)])
async def test_the_sms_is_queued_with_the_booking_for_mobiles_only(
    desk: BookingDesk, storage: Storage, clock: PinnedClock, phone: PhoneNumber | None, queued: int
) -> None:
    booked = await desk.book(draft(phone=phone))
    assert isinstance(booked, Booked)
    assert booked.sms is (queued == 1)
    messages = await storage.outbox.lease("me", clock.now(), timedelta(minutes=1), 10)
    assert [message.key for message in messages] == [f"confirmation:{booked.reference}"] * queued
    for message in messages:
        assert message.to == phone
        assert message.body.reveal() == (
            f"Encombrants : un matelas, le mardi 24 novembre, 12 bis Rue de Rome, 13006 Marseille 6e. "
            f"Référence {booked.reference}. Sortez vos objets la veille après vingt heures."
        )


async def test_the_verdict_is_the_one_of_the_commune_when_it_is_known(desk: BookingDesk) -> None:
    fridge = (ItemLine("frigo", 1),)
    assert (await desk.judge(fridge, "13206")).rulings[0].verdict is Verdict.ACCEPTED
    assert (await desk.judge(fridge, "13056")).rulings[0].verdict is Verdict.REFUSED
    assert (await desk.judge(fridge, None)).rulings[0].verdict is Verdict.REFUSED


@pytest.mark.parametrize(("conflicts", "made"), [(7, True), (8, False)])
async def test_a_lost_race_is_run_again_seven_times(
    storage: Storage, clock: PinnedClock, conflicts: int, made: bool
) -> None:
    left = iter(range(conflicts))

    @asynccontextmanager
    async def raced(*, reading: bool = False) -> AsyncIterator[StoredUnitOfWork]:
        async with storage.unit_of_work(reading=reading) as work:
            yield work
            if next(left, None) is not None:
                raise ConflictError("another unit of work was first")

    desk = BookingDesk(raced, SampleRules(), clock, BookingTexts(TEMPLATES, CATALOGUE))
    if made:
        assert isinstance(await desk.book(draft()), Booked)
    else:
        with pytest.raises(ConflictError):
            await desk.book(draft())
    assert len(await storage.bookings()) == int(made)
    assert (await storage.outbox.counts())[MessageStatus.QUEUED] == int(made)


async def test_a_reference_in_use_is_drawn_again(storage: Storage, clock: PinnedClock) -> None:
    draws: Iterator[int] = iter([0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4])
    desk = make_desk(storage, clock, draw=lambda _: next(draws))
    first, second = await desk.book(draft("CA1")), await desk.book(draft("CA2"))
    assert isinstance(first, Booked)
    assert isinstance(second, Booked)
    assert first.reference != second.reference
    assert next(draws, None) is None


async def test_when_every_reference_is_in_use_the_booking_fails_loudly(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock, draw=lambda _: 0)
    await desk.book(draft("CA1"))
    with pytest.raises(RuntimeError, match="no free booking reference"):
        await desk.book(draft("CA2"))
    assert await room(desk, TUESDAY) == 1


async def test_bookings_are_found_by_phone_without_reading_numbers(desk: BookingDesk, storage: Storage) -> None:
    await desk.book(draft("CA1"))
    await desk.book(draft("CA2", phone=LANDLINE))
    await desk.book(draft("CA3", day=THURSDAY))
    assert [booking.day for booking in await storage.bookings_of_phone(MOBILE)] == [TUESDAY, THURSDAY]
    assert [booking.day for booking in await storage.bookings(first=THURSDAY)] == [THURSDAY]


async def test_the_last_address_of_a_number_is_found_within_its_time(
    desk: BookingDesk, storage: Storage, clock: PinnedClock
) -> None:
    await desk.book(draft("CA1"))
    first_made = clock.now()
    clock.advance(minutes=1)
    await desk.book(replace(draft("CA2", day=THURSDAY), address=replace(HOME, street="Rue Paradis")))
    for since in (first_made, clock.now()):
        found = await storage.last_address(MOBILE, since)
        assert found is not None
        assert found.line == "12 bis Rue Paradis"
    assert await storage.last_address(MOBILE, clock.now() + timedelta(seconds=1)) is None
    assert await storage.last_address(LANDLINE, first_made) is None
