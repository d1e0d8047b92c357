"""Bookings found, cancelled and amended on real databases: places exact, one SMS a change, none after the cut-off."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from callbot.booking import BookingDesk
from callbot.booking.changes import MOST_FOUND
from callbot.domain.bookings import Amendment, BookingStatus, Changer, NotChanged
from callbot.domain.events import Amended, Booked, Cancelled, ChangeFailed, DateHeld
from callbot.domain.items import ItemLine
from callbot.domain.meaning import HeardDate
from callbot.domain.personal import PhoneNumber
from callbot.domain.territories import HouseholdLimit
from callbot.messages import BookingTexts
from callbot.storage import Storage
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
OTHER_MOBILE = PhoneNumber("+33798765432")
WARDROBE = (ItemLine("armoire", 1, "une armoire"),)


def make_desk(storage: Storage, clock: PinnedClock, rules: SampleRules | None = None) -> BookingDesk:
    return BookingDesk(storage.unit_of_work, rules or SampleRules(), clock, BookingTexts(TEMPLATES, CATALOGUE))


@pytest.fixture
def desk(storage: Storage, clock: PinnedClock) -> BookingDesk:
    return make_desk(storage, clock)


async def booked(
    desk: BookingDesk, call_id: str = "CA1", day: date = THURSDAY, phone: PhoneNumber | None = MOBILE
) -> str:
    """The reference of a new booking."""
    done = await desk.book(draft(call_id, day, phone))
    assert isinstance(done, Booked)
    return done.reference


async def room(desk: BookingDesk, day: date) -> int:
    """Places that can still be had on a day."""
    found = await desk.dates(HOME, ONE_MATTRESS, HeardDate(day, day), None)
    return next((pickup.room for pickup in found.dates if pickup.day == day), 0)


async def keys_sent(storage: Storage) -> list[str]:
    async with storage._database.reading() as connection:
        return list((await connection.execute(text("SELECT key FROM outbox ORDER BY id"))).scalars())


def change(reference: str, call_id: str = "CA9", **what: object) -> Amendment:
    """An amendment that was read back and accepted."""
    return replace(Amendment(call_id, reference, readback_accepted=True), **what)  # type: ignore[arg-type]


async def test_a_cancelled_booking_frees_its_place_once_and_tells_it_once(desk: BookingDesk, storage: Storage) -> None:
    reference = await booked(desk)
    assert await room(desk, THURSDAY) == 1
    for _ in range(3):
        assert await desk.cancel(reference) == Cancelled(reference, sms=True)
    assert await room(desk, THURSDAY) == 2
    booking = await storage.booking(reference)
    assert booking is not None
    assert booking.status is BookingStatus.CANCELLED
    assert await keys_sent(storage) == [f"confirmation:{reference}", f"cancellation:{reference}"]


async def test_a_cancellation_asked_many_times_at_once_is_one(desk: BookingDesk, storage: Storage) -> None:
    reference = await booked(desk)
    outcomes = await asyncio.gather(*(desk.cancel(reference) for _ in range(8)))
    assert set(outcomes) == {Cancelled(reference, sms=True)}
    assert await room(desk, THURSDAY) == 2


async def test_the_words_of_the_changes(desk: BookingDesk, storage: Storage, clock: PinnedClock) -> None:
    reference = await booked(desk)
    await desk.amend(change(reference, day=NEXT_TUESDAY, items=(ItemLine("matelas", 2),)))
    await desk.cancel(reference)
    messages = await storage.outbox.lease("me", clock.now(), timedelta(minutes=1), 10)
    assert [message.body.reveal() for message in messages[1:]] == [
        f"Changé : {reference}, deux matelas, le mardi 1er décembre.",
        f"Annulé : {reference} du mardi 1er décembre.",
    ]


@pytest.mark.parametrize("phone", [LANDLINE, None])
async def test_without_a_mobile_a_change_is_made_and_no_sms_promised(
    desk: BookingDesk, storage: Storage, phone: PhoneNumber | None
) -> None:
    reference = await booked(desk, phone=phone)
    amended = await desk.amend(change(reference, day=NEXT_TUESDAY))
    assert amended == Amended(reference, NEXT_TUESDAY, sms=False)
    assert await desk.cancel(reference) == Cancelled(reference, sms=False)
    assert await keys_sent(storage) == []


async def test_what_is_unknown_or_over_is_not_changed(desk: BookingDesk, storage: Storage, clock: PinnedClock) -> None:
    assert await desk.cancel("AAAAA") == ChangeFailed(NotChanged.UNKNOWN)
    assert await desk.amend(change("AAAAA", day=THURSDAY)) == ChangeFailed(NotChanged.UNKNOWN)
    collected, cancelled = await booked(desk, "CA1"), await booked(desk, "CA2")
    async with storage._database.writing() as connection:
        await connection.execute(text(f"UPDATE bookings SET status = 'collected' WHERE reference = '{collected}'"))  # noqa: S608
    await desk.cancel(cancelled)
    assert await desk.cancel(collected) == ChangeFailed(NotChanged.OVER)
    for reference in (collected, cancelled):
        assert await desk.amend(change(reference, day=NEXT_TUESDAY)) == ChangeFailed(NotChanged.OVER)
    assert await room(desk, NEXT_TUESDAY) == 2


@pytest.mark.parametrize(
    ("at", "failure"),
    [
        # The cut-off of Thursday 26 is Wednesday noon, 11 o'clock UTC.
        (datetime(2026, 11, 25, 10, 59, tzinfo=UTC), None),
        (datetime(2026, 11, 25, 11, 0, tzinfo=UTC), NotChanged.TOO_LATE),
        (datetime(2026, 11, 26, 22, 59, tzinfo=UTC), NotChanged.TOO_LATE),
        (datetime(2026, 11, 26, 23, 0, tzinfo=UTC), NotChanged.OVER),
    ],
)
async def test_the_cut_off_of_the_day_it_has_decides(
    desk: BookingDesk, clock: PinnedClock, at: datetime, failure: NotChanged | None
) -> None:
    amended, cancelled = await booked(desk, "CA1"), await booked(desk, "CA2")
    clock.at = at
    outcomes = [await desk.amend(change(amended, phone=LANDLINE)), await desk.cancel(cancelled)]
    if failure is None:
        assert outcomes == [Amended(amended, THURSDAY, sms=False), Cancelled(cancelled, sms=True)]
    else:
        assert outcomes == [ChangeFailed(failure)] * 2
        assert len((await desk.find_bookings(MOBILE, ())).bookings) == 2


async def test_a_cancelled_booking_stays_cancelled_however_late_it_is_asked(
    desk: BookingDesk, clock: PinnedClock
) -> None:
    reference = await booked(desk)
    await desk.cancel(reference)
    clock.advance(days=10)
    assert await desk.cancel(reference) == Cancelled(reference, sms=True)


async def test_rules_that_are_gone_leave_a_booking_as_it_is(storage: Storage, clock: PinnedClock) -> None:
    reference = await booked(make_desk(storage, clock))
    without = make_desk(storage, clock, rules_with(cut_off=None))
    assert await without.cancel(reference) == ChangeFailed(NotChanged.NOT_SERVED)
    assert await without.amend(change(reference, items=WARDROBE)) == ChangeFailed(NotChanged.NOT_SERVED)


async def test_another_day_takes_a_place_there_and_frees_the_old_one(desk: BookingDesk, storage: Storage) -> None:
    reference = await booked(desk)
    assert await desk.amend(change(reference, day=NEXT_TUESDAY)) == Amended(reference, NEXT_TUESDAY, sms=True)
    assert [await room(desk, day) for day in (THURSDAY, NEXT_TUESDAY)] == [2, 1]
    booking = await storage.booking(reference)
    assert booking is not None
    assert (booking.day, booking.status, booking.items) == (NEXT_TUESDAY, BookingStatus.BOOKED, ONE_MATTRESS)


async def test_the_place_the_call_holds_becomes_the_place_of_the_booking(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock, rules_with(capacity=1))
    reference = await booked(desk)
    assert isinstance(await desk.hold("CA9", HOME, ONE_MATTRESS, NEXT_TUESDAY), DateHeld)
    assert await desk.amend(change(reference, day=NEXT_TUESDAY)) == Amended(reference, NEXT_TUESDAY, sms=True)
    await desk.release("CA9")
    clock.advance(minutes=11)
    assert [await room(desk, day) for day in (THURSDAY, NEXT_TUESDAY)] == [1, 0]


async def test_a_place_held_elsewhere_is_given_back(desk: BookingDesk) -> None:
    reference = await booked(desk)
    await desk.hold("CA9", HOME, ONE_MATTRESS, TUESDAY)
    await desk.amend(change(reference, day=NEXT_TUESDAY))
    assert [await room(desk, day) for day in (TUESDAY, THURSDAY, NEXT_TUESDAY)] == [2, 2, 1]


async def test_a_full_day_leaves_the_booking_on_the_day_it_has(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock, rules_with(capacity=1))
    reference = await booked(desk)
    await booked(desk, "CA2", NEXT_TUESDAY)
    assert await desk.amend(change(reference, day=NEXT_TUESDAY)) == ChangeFailed(NotChanged.NO_ROOM)
    booking = await storage.booking(reference)
    assert booking is not None
    assert booking.day == THURSDAY
    assert await room(desk, THURSDAY) == 0


@pytest.mark.parametrize("day", [date(2026, 11, 25), date(2026, 12, 3), date(2027, 3, 2), date(2026, 11, 17)])
async def test_a_day_that_is_not_served_has_no_room(desk: BookingDesk, day: date) -> None:
    reference = await booked(desk)
    assert await desk.amend(change(reference, day=day)) == ChangeFailed(NotChanged.NO_ROOM)
    assert await room(desk, THURSDAY) == 1


async def test_on_the_same_day_the_place_is_never_given_back(storage: Storage, clock: PinnedClock) -> None:
    """The day is full, others wait for a place: the booking keeps its own, and what its call holds besides is freed."""
    desk = make_desk(storage, clock, rules_with(capacity=2))
    reference = await booked(desk)
    assert isinstance(await desk.hold("CA9", HOME, ONE_MATTRESS, THURSDAY), DateHeld)
    amended = await desk.amend(change(reference, day=THURSDAY, items=WARDROBE))
    assert amended == Amended(reference, THURSDAY, sms=True)
    assert await room(desk, THURSDAY) == 1
    await booked(desk, "CA2")
    assert await desk.amend(change(reference, day=THURSDAY, items=ONE_MATTRESS)) == Amended(reference, THURSDAY, True)
    assert await room(desk, THURSDAY) == 0


async def test_items_are_replaced_whole(desk: BookingDesk, storage: Storage) -> None:
    reference = await booked(desk)
    two = (ItemLine("frigo", 1, "un frigo"), ItemLine("matelas", 2, "deux matelas"))
    for items in (two, WARDROBE):
        assert await desk.amend(change(reference, items=items)) == Amended(reference, THURSDAY, sms=True)
        booking = await storage.booking(reference)
        assert booking is not None
        assert booking.items == items


@pytest.mark.parametrize(
    ("items", "accepted"),
    [
        ((ItemLine("matelas", 4),), True),
        ((ItemLine("matelas", 5),), False),
        ((ItemLine("armoire", 2),), True),
        ((ItemLine("armoire", 2), ItemLine("matelas", 1)), False),
        ((ItemLine("matelas", 1), ItemLine("gravats", 1)), False),
        ((ItemLine("piano", 1),), False),
        ((ItemLine("soucoupe", 1),), False),
        ((), False),
    ],
)
async def test_limits_and_rules_hold_for_changed_items_too(
    desk: BookingDesk, storage: Storage, items: tuple[ItemLine, ...], accepted: bool
) -> None:
    reference = await booked(desk)
    outcome = await desk.amend(change(reference, items=items, day=NEXT_TUESDAY))
    booking = await storage.booking(reference)
    assert booking is not None
    if accepted:
        assert (outcome, booking.items) == (Amended(reference, NEXT_TUESDAY, sms=True), items)
    else:
        assert (outcome, booking.items, booking.day) == (ChangeFailed(NotChanged.NOT_ACCEPTED), ONE_MATTRESS, THURSDAY)


NEXT_DOOR = replace(HOME, number=14, repetition=None)
TWO_A_YEAR = HouseholdLimit(most=2, within_days=365)


async def full_next_door(desk: BookingDesk, phone: PhoneNumber = MOBILE) -> None:
    """Two pickups next door: all that a household may have."""
    for number, day in enumerate((TUESDAY, NEXT_TUESDAY), start=1):
        there = replace(draft(f"CA-NEXT-{number}", day, phone), address=NEXT_DOOR)
        assert isinstance(await desk.book(there), Booked)


async def test_another_address_counts_the_pickups_of_its_household(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock, rules_with(household=TWO_A_YEAR, capacity=5))
    reference = await booked(desk)
    await full_next_door(desk)
    for changes in ({"address": NEXT_DOOR}, {"address": NEXT_DOOR, "day": NEXT_TUESDAY}):
        assert await desk.amend(change(reference, **changes)) == ChangeFailed(NotChanged.HOUSEHOLD_LIMIT)
    booking = await storage.booking(reference)
    assert booking is not None
    assert (booking.address.line, booking.day) == (HOME.line, THURSDAY)
    assert [await room(desk, day) for day in (TUESDAY, THURSDAY, NEXT_TUESDAY)] == [4, 4, 4]
    assert f"amendment:{reference}:1" not in await keys_sent(storage)


async def test_a_change_that_a_rule_does_not_allow_names_the_rule(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock, rules_with(household=TWO_A_YEAR, capacity=5))
    reference = await booked(desk)
    await full_next_door(desk)
    failed: list[object] = [
        await desk.amend(change(reference, address=NEXT_DOOR)),
        await desk.amend(change(reference, items=(ItemLine("matelas", 5),))),
    ]
    clock.at = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
    failed += [await desk.amend(change(reference, items=WARDROBE)), await desk.cancel(reference)]
    grounds = [answer.ground for answer in failed if isinstance(answer, ChangeFailed)]
    assert [ground.rule for ground in grounds if ground] == [
        "marseille/household",
        "marseille/limits.max_items",
        "marseille/cut_off",
        "marseille/cut_off",
    ]
    assert {ground.source for ground in grounds if ground} == {"test"}


async def test_one_below_the_limit_another_address_is_taken(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock, rules_with(household=HouseholdLimit(most=3, within_days=365), capacity=5))
    reference = await booked(desk)
    await full_next_door(desk)
    assert await desk.amend(change(reference, address=NEXT_DOOR)) == Amended(reference, THURSDAY, sms=True)


async def test_the_pickups_of_neighbours_are_not_counted(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock, rules_with(household=TWO_A_YEAR, capacity=5))
    reference = await booked(desk)
    await full_next_door(desk, OTHER_MOBILE)
    assert await desk.amend(change(reference, address=NEXT_DOOR)) == Amended(reference, THURSDAY, sms=True)


async def test_a_person_may_decide_otherwise_about_the_household(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock, rules_with(household=TWO_A_YEAR, capacity=5))
    reference = await booked(desk)
    await full_next_door(desk)
    by_agent = change(reference, address=NEXT_DOOR, by=Changer.AGENT)
    assert await desk.amend(by_agent) == Amended(reference, THURSDAY, sms=True)


async def test_what_was_allowed_at_an_address_is_changed_there(storage: Storage, clock: PinnedClock) -> None:
    """The rules grew stricter, or a person allowed one more: day, objects and number can still be changed."""
    before = make_desk(storage, clock, rules_with(household=TWO_A_YEAR, capacity=5))
    reference, _ = await booked(before), await booked(before, "CA2", TUESDAY)
    desk = make_desk(storage, clock, rules_with(household=HouseholdLimit(most=1, within_days=365), capacity=5))
    same_place = change(reference, address=HOME, day=NEXT_TUESDAY, items=WARDROBE)
    assert await desk.amend(same_place) == Amended(reference, NEXT_TUESDAY, sms=True)


async def test_two_changes_at_once_to_one_address_count_each_other(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock, rules_with(household=HouseholdLimit(most=1, within_days=365), capacity=5))
    other_home = replace(HOME, number=20)
    first = await booked(desk)
    done = await desk.book(replace(draft("CA2", THURSDAY), address=other_home))
    assert isinstance(done, Booked)
    outcomes = await asyncio.gather(
        desk.amend(change(first, "CA8", address=NEXT_DOOR)), desk.amend(change(done.reference, address=NEXT_DOOR))
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Amended", "ChangeFailed"]
    assert ChangeFailed(NotChanged.HOUSEHOLD_LIMIT) in outcomes


async def test_another_phone_is_found_and_told_from_then_on_and_the_old_one_is_told_once(
    desk: BookingDesk, storage: Storage, clock: PinnedClock
) -> None:
    reference = await booked(desk)
    assert await desk.amend(change(reference, phone=OTHER_MOBILE)) == Amended(reference, THURSDAY, sms=True)
    assert (await desk.find_bookings(MOBILE, ())).bookings == ()
    assert [booking.reference for booking in (await desk.find_bookings(OTHER_MOBILE, ())).bookings] == [reference]
    messages = await storage.outbox.lease("me", clock.now(), timedelta(minutes=1), 10)
    assert [(message.key, message.to) for message in messages][1:] == [
        (f"amendment:{reference}:1", OTHER_MOBILE),
        (f"amendment:{reference}:1:before", MOBILE),
    ]
    assert messages[1].body == messages[2].body
    await desk.amend(change(reference, day=NEXT_TUESDAY))
    [later] = await storage.outbox.lease("me", clock.now(), timedelta(minutes=1), 10)
    assert (later.key, later.to) == (f"amendment:{reference}:2", OTHER_MOBILE)


@pytest.mark.parametrize(("before", "after"), [(LANDLINE, MOBILE), (None, MOBILE), (MOBILE, LANDLINE)])
async def test_whichever_number_takes_sms_is_told_of_another_phone(
    storage: Storage, clock: PinnedClock, before: PhoneNumber | None, after: PhoneNumber
) -> None:
    desk = make_desk(storage, clock)
    reference = await booked(desk, phone=before)
    await desk.amend(change(reference, phone=after))
    messages = await storage.outbox.lease("me", clock.now(), timedelta(minutes=1), 10)
    assert [message.to for message in messages if message.key.startswith("amendment:")] == [MOBILE]


async def test_nothing_is_changed_that_was_not_read_back(desk: BookingDesk, storage: Storage) -> None:
    reference = await booked(desk)
    unread = replace(change(reference, day=NEXT_TUESDAY), readback_accepted=False)
    assert await desk.amend(unread) == ChangeFailed(NotChanged.NOT_READ_BACK)
    assert await room(desk, NEXT_TUESDAY) == 2
    assert await keys_sent(storage) == [f"confirmation:{reference}"]


async def test_an_amendment_asked_again_is_one_change_and_one_sms(
    desk: BookingDesk, storage: Storage, clock: PinnedClock
) -> None:
    reference = await booked(desk)
    wanted = change(reference, day=NEXT_TUESDAY, items=WARDROBE, phone=OTHER_MOBILE)
    outcomes = await asyncio.gather(*(desk.amend(wanted) for _ in range(6)))
    clock.at = datetime(2026, 12, 5, tzinfo=UTC)
    outcomes.append(await desk.amend(wanted))
    assert set(outcomes) == {Amended(reference, NEXT_TUESDAY, sms=True)}
    assert await keys_sent(storage) == [
        f"confirmation:{reference}",
        f"amendment:{reference}:1",
        f"amendment:{reference}:1:before",
    ]


async def test_there_and_back_and_there_again_are_three_changes(desk: BookingDesk, storage: Storage) -> None:
    reference = await booked(desk)
    for day in (NEXT_TUESDAY, THURSDAY, NEXT_TUESDAY):
        assert await desk.amend(change(reference, day=day)) == Amended(reference, day, sms=True)
    assert [await room(desk, day) for day in (THURSDAY, NEXT_TUESDAY)] == [2, 1]
    assert await keys_sent(storage) == [f"confirmation:{reference}", *(f"amendment:{reference}:{n}" for n in (1, 2, 3))]


async def test_a_change_that_changes_nothing_is_none(desk: BookingDesk, storage: Storage) -> None:
    reference = await booked(desk)
    same = change(reference, day=THURSDAY, items=(ItemLine("matelas", 1, "mon matelas"),), phone=MOBILE)
    assert await desk.amend(same) == Amended(reference, THURSDAY, sms=False)
    assert await desk.amend(change(reference)) == Amended(reference, THURSDAY, sms=False)
    assert await keys_sent(storage) == [f"confirmation:{reference}"]


async def test_who_changed_what_and_when_is_kept_without_numbers(
    desk: BookingDesk, storage: Storage, clock: PinnedClock
) -> None:
    reference = await booked(desk)
    await desk.amend(change(reference, "CA7", day=NEXT_TUESDAY, phone=OTHER_MOBILE))
    await desk.cancel(reference)
    async with storage._database.reading() as connection:
        rows = (await connection.execute(text("SELECT * FROM booking_changes ORDER BY number"))).all()
    assert [(row.number, row.kind, row.call_id) for row in rows] == [(1, "amended", "CA7"), (2, "cancelled", None)]
    assert [(str(row.day_before), str(row.day_after)) for row in rows] == [
        (str(THURSDAY), str(NEXT_TUESDAY)),
        (str(NEXT_TUESDAY), str(NEXT_TUESDAY)),
    ]
    assert not any("798765432" in str(value) for row in rows for value in row)


async def test_a_call_whose_booking_is_cancelled_may_book_again(desk: BookingDesk, storage: Storage) -> None:
    first = await booked(desk)
    await desk.cancel(first)
    second = await booked(desk, day=NEXT_TUESDAY)
    assert second != first
    assert await booked(desk) == second
    assert [await room(desk, day) for day in (THURSDAY, NEXT_TUESDAY)] == [2, 1]
    assert [booking.reference for booking in await storage.bookings_of_call("CA1")] == [second]
    assert await storage.booking(first) is not None


async def test_without_a_number_and_a_reference_nothing_is_found(desk: BookingDesk) -> None:
    await booked(desk)
    assert (await desk.find_bookings(None, ())).bookings == ()
    assert (await desk.find_bookings(LANDLINE, ("AAAAA",))).bookings == ()


async def test_bookings_to_come_by_day_then_the_latest_and_cancelled_ones_last(
    desk: BookingDesk, clock: PinnedClock
) -> None:
    past = [await booked(desk, "CA1", TUESDAY), await booked(desk, "CA2", THURSDAY)]
    clock.at = datetime(2026, 11, 27, 9, tzinfo=UTC)
    days = [date(2026, 12, 1), date(2026, 12, 8), date(2026, 12, 10)]
    gone, later, sooner = [await booked(desk, f"CB{day}", day) for day in (days[0], days[2], days[1])]
    await desk.cancel(gone)
    found = [booking.reference for booking in (await desk.find_bookings(MOBILE, ())).bookings]
    assert found == [sooner, later, past[1], past[0]]
    assert len(found) == MOST_FOUND
    named = [booking.reference for booking in (await desk.find_bookings(MOBILE, (gone,))).bookings]
    assert named == [sooner, later, past[1], gone]
    assert [booking.reference for booking in (await desk.find_bookings(None, (gone, past[0]))).bookings] == [
        past[0],
        gone,
    ]


@pytest.mark.parametrize(("days_later", "found"), [(21, 1), (22, 0)])
async def test_after_three_weeks_a_pickup_is_no_longer_found(
    desk: BookingDesk, clock: PinnedClock, days_later: int, found: int
) -> None:
    reference = await booked(desk, day=TUESDAY)
    clock.at = datetime(2026, 11, 24, 12, tzinfo=UTC) + timedelta(days=days_later)
    assert len((await desk.find_bookings(MOBILE, ())).bookings) == found
    assert len((await desk.find_bookings(None, (reference,))).bookings) == found


async def test_the_booking_of_today_is_still_to_come(desk: BookingDesk, clock: PinnedClock) -> None:
    today, tomorrow = await booked(desk, "CA1", TUESDAY), await booked(desk, "CA2", THURSDAY)
    clock.at = datetime(2026, 11, 24, 22, 59, tzinfo=UTC)
    assert [booking.reference for booking in (await desk.find_bookings(MOBILE, ())).bookings] == [today, tomorrow]
    clock.at = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
    assert [booking.reference for booking in (await desk.find_bookings(MOBILE, ())).bookings] == [tomorrow, today]
