"""What a day takes, in places, objects and volume: both sides of each limit, and rules that change afterwards."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from callbot.booking import BookingDesk
from callbot.domain.bookings import Amendment, Author, NotBooked, NotChanged
from callbot.domain.events import Amended, Booked, BookingFailed, Cancelled, ChangeFailed, DateHeld, HoldRefused
from callbot.domain.items import ItemLine
from callbot.domain.personal import PhoneNumber
from callbot.domain.territories import HouseholdLimit
from callbot.messages import BookingTexts
from callbot.storage import Storage
from tests.booking.sample import (
    CATALOGUE,
    HILLS,
    ONE_MATTRESS,
    SECTOR,
    TEMPLATES,
    THURSDAY,
    TUESDAY,
    PinnedClock,
    SampleRules,
    address,
    draft,
    rules_with,
)

WARDROBE = (ItemLine("armoire", 1, "une armoire"),)
TWO_MATTRESSES = (ItemLine("matelas", 2, "deux matelas"),)


def limited(capacity: int = 10, items: int | None = None, m3: float | None = None) -> SampleRules:
    return rules_with(sectors=(replace(SECTOR, capacity=capacity, capacity_items=items, capacity_m3=m3), HILLS))


def make_desk(storage: Storage, clock: PinnedClock, rules: SampleRules) -> BookingDesk:
    return BookingDesk(storage.unit_of_work, rules, clock, BookingTexts(TEMPLATES, CATALOGUE))


async def book(
    desk: BookingDesk, call_id: str, items: tuple[ItemLine, ...] = ONE_MATTRESS, day: date = TUESDAY
) -> Booked | BookingFailed:
    return await desk.book(replace(draft(call_id, day), items=items))


async def reference_of(desk: BookingDesk, call_id: str, items: tuple[ItemLine, ...] = ONE_MATTRESS) -> str:
    made = await book(desk, call_id, items)
    assert isinstance(made, Booked)
    return made.reference


async def taken(storage: Storage, day: date = TUESDAY) -> tuple[int, int, int]:
    """Places, objects and litres taken of a day."""
    query = text("SELECT used, used_items, used_litres FROM pickup_days WHERE day = :day")
    async with storage._database.reading() as connection:
        row = (
            await connection.execute(query, {"day": day if storage._database.dialect == "postgresql" else str(day)})
        ).one()
    return row.used, row.used_items, row.used_litres


async def test_objects_fill_a_day_to_the_last_one(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock, limited(items=3))
    assert isinstance(await book(desk, "CA1", TWO_MATTRESSES), Booked)
    assert await book(desk, "CA2", TWO_MATTRESSES) == BookingFailed(NotBooked.NO_ROOM)
    assert isinstance(await book(desk, "CA3"), Booked)
    assert await book(desk, "CA4") == BookingFailed(NotBooked.NO_ROOM)
    assert await taken(storage) == (2, 3, 1500)


async def test_a_wardrobe_is_not_a_mattress(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock, limited(m3=2.5))
    assert isinstance(await book(desk, "CA1", WARDROBE), Booked)
    assert await book(desk, "CA2", WARDROBE) == BookingFailed(NotBooked.NO_ROOM)
    assert isinstance(await book(desk, "CA3", TWO_MATTRESSES), Booked)
    assert await book(desk, "CA4") == BookingFailed(NotBooked.NO_ROOM)
    assert await taken(storage) == (2, 3, 2500)


@pytest.mark.parametrize(("m3", "fits"), [(1.999, False), (2.0, True)])
async def test_a_litre_decides(storage: Storage, clock: PinnedClock, m3: float, fits: bool) -> None:
    desk = make_desk(storage, clock, limited(m3=m3))
    await book(desk, "CA1", WARDROBE)
    assert isinstance(await book(desk, "CA2"), Booked) is fits


async def test_a_hold_weighs_what_its_call_wants_to_book(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock, limited(m3=2.0))
    assert isinstance(await desk.hold("CA1", address(), WARDROBE, TUESDAY), DateHeld)
    assert await desk.hold("CA2", address(), WARDROBE, TUESDAY) == HoldRefused(TUESDAY)
    assert isinstance(await desk.hold("CA1", address(), ONE_MATTRESS, TUESDAY), DateHeld)
    assert isinstance(await desk.hold("CA2", address(), WARDROBE, TUESDAY), DateHeld)
    assert await taken(storage) == (2, 2, 2000)


async def test_an_amendment_that_weighs_too_much_changes_nothing(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock, limited(m3=2.0))
    reference = await reference_of(desk, "CA1")
    await book(desk, "CA2", TWO_MATTRESSES)
    wanted = Amendment("CA3", reference, items=WARDROBE, readback_accepted=True)
    assert await desk.amend(wanted) == ChangeFailed(NotChanged.NO_ROOM)
    assert await taken(storage) == (2, 3, 1500)
    assert isinstance(await desk.amend(replace(wanted, items=TWO_MATTRESSES)), Amended)
    assert await taken(storage) == (2, 4, 2000)


async def test_an_amended_day_takes_its_load_along(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock, limited(m3=2.0))
    reference = await reference_of(desk, "CA1", WARDROBE)
    assert isinstance(await desk.amend(Amendment("CA2", reference, day=THURSDAY, readback_accepted=True)), Amended)
    assert await taken(storage) == (0, 0, 0)
    assert await taken(storage, THURSDAY) == (1, 1, 1500)
    assert isinstance(await desk.cancel(reference), Cancelled)
    assert await taken(storage, THURSDAY) == (0, 0, 0)


async def test_raised_by_the_rules_a_full_day_takes_more(storage: Storage, clock: PinnedClock) -> None:
    await book(make_desk(storage, clock, limited(capacity=1, items=1, m3=0.5)), "CA1")
    wider = make_desk(storage, clock, limited(capacity=2, items=2, m3=1.0))
    assert isinstance(await book(wider, "CA2"), Booked)
    assert await book(wider, "CA3") == BookingFailed(NotBooked.NO_ROOM)


async def test_lowered_below_what_is_booked_a_day_keeps_it_and_takes_no_more(
    storage: Storage, clock: PinnedClock
) -> None:
    desk = make_desk(storage, clock, limited(capacity=3))
    references = [await reference_of(desk, f"CA{number}") for number in range(3)]
    narrow = make_desk(storage, clock, limited(capacity=1, items=1, m3=0.5))
    assert await book(narrow, "CA3") == BookingFailed(NotBooked.NO_ROOM)
    assert await taken(storage) == (3, 3, 1500)
    for reference in references[:2]:
        await narrow.cancel(reference)
        assert await book(narrow, "CA3") == BookingFailed(NotBooked.NO_ROOM)
    await narrow.cancel(references[2])
    assert isinstance(await book(narrow, "CA3"), Booked)


async def test_a_hold_that_lapsed_during_the_call_is_taken_again_on_the_same_day(
    storage: Storage, clock: PinnedClock
) -> None:
    desk = make_desk(storage, clock, limited(capacity=1))
    await desk.hold("CA1", address(), ONE_MATTRESS, TUESDAY)
    clock.advance(minutes=11)
    assert isinstance(await desk.hold("CA1", address(), ONE_MATTRESS, TUESDAY), DateHeld)
    clock.advance(minutes=11)
    assert isinstance(await book(desk, "CA1"), Booked)
    assert await taken(storage) == (1, 1, 500)


async def test_who_waits_for_a_place_never_gets_it_from_an_amendment_on_the_same_day(
    storage: Storage, clock: PinnedClock
) -> None:
    desk = make_desk(storage, clock, limited(capacity=1))
    reference = await reference_of(desk, "CA1")
    lines = (ONE_MATTRESS, TWO_MATTRESSES)
    for step in range(6):
        amendment = Amendment(f"CB{step}", reference, items=lines[step % 2], day=TUESDAY, readback_accepted=True)
        amended, *rivals = await asyncio.gather(
            desk.amend(amendment), *(book(desk, f"CC{step}-{number}") for number in range(3))
        )
        assert isinstance(amended, Amended)
        assert rivals == [BookingFailed(NotBooked.NO_ROOM)] * 3


async def test_calls_of_one_household_at_once_get_no_more_than_it_may_have(
    storage: Storage, clock: PinnedClock
) -> None:
    rules = rules_with(capacity=9, household=HouseholdLimit(most=1, within_days=30))
    desk = make_desk(storage, clock, rules)
    days = (TUESDAY, THURSDAY)
    made = await asyncio.gather(*(book(desk, f"CA{number}", day=days[number % 2]) for number in range(8)))
    assert sum(isinstance(one, Booked) for one in made) == 1
    assert made.count(BookingFailed(NotBooked.HOUSEHOLD_LIMIT)) == 7


async def test_an_agent_and_a_neighbour_book_beyond_the_limit_of_a_household(
    storage: Storage, clock: PinnedClock
) -> None:
    desk = make_desk(storage, clock, rules_with(capacity=9, household=HouseholdLimit(most=1, within_days=30)))
    await book(desk, "CA1")
    assert await book(desk, "CA2") == BookingFailed(NotBooked.HOUSEHOLD_LIMIT)
    assert isinstance(await desk.book(draft("CA3", phone=PhoneNumber("+33612345670"))), Booked)
    assert isinstance(await desk.book(replace(draft("CA4"), created_by=Author.AGENT)), Booked)


async def test_the_schema_wants_the_read_back_accepted(storage: Storage, clock: PinnedClock) -> None:
    await reference_of(make_desk(storage, clock, limited()), "CA1")
    for value in ("false", "NULL"):
        with pytest.raises(IntegrityError):
            async with storage._database.writing() as connection:
                await connection.execute(text(f"UPDATE bookings SET readback_accepted = {value}"))  # noqa: S608
