"""Whatever the desk says no to, it names the rule, its source and what the rule allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from callbot.booking import BookingDesk
from callbot.domain.bookings import NotBooked
from callbot.domain.events import Booked, BookingFailed, DatesFound
from callbot.domain.meaning import HeardDate
from callbot.domain.territories import HouseholdLimit
from callbot.messages import BookingTexts
from callbot.storage import Storage
from tests.booking.sample import (
    CATALOGUE,
    MOBILE,
    NEXT_TUESDAY,
    ONE_MATTRESS,
    TEMPLATES,
    THURSDAY,
    TUESDAY,
    PinnedClock,
    address,
    draft,
    rules_with,
)

ONCE = HouseholdLimit(most=1, within_days=365)
STRIKE_DAY = NEXT_TUESDAY.replace(day=3)


def make_desk(storage: Storage, clock: PinnedClock) -> BookingDesk:
    rules = rules_with(household=ONCE, spoken_source="un essai")
    return BookingDesk(storage.unit_of_work, rules, clock, BookingTexts(TEMPLATES, CATALOGUE))


async def dates(desk: BookingDesk, wish: HeardDate | None = None) -> DatesFound:
    return await desk.dates(address(), ONE_MATTRESS, wish, None, MOBILE)


async def test_a_household_that_had_its_pickups(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock)
    before = await dates(desk)
    assert not before.over_limit
    assert isinstance(await desk.book(draft("CA1", THURSDAY)), Booked)
    found = await dates(desk)
    assert found.over_limit
    assert found.ground is not None
    assert (found.ground.rule, found.ground.source, found.ground.spoken) == ("marseille/household", "test", "un essai")
    failed = await desk.book(draft("CA2", NEXT_TUESDAY))
    assert failed == BookingFailed(NotBooked.HOUSEHOLD_LIMIT)
    assert isinstance(failed, BookingFailed)
    assert failed.ground == found.ground


async def test_a_date_after_its_cut_off(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock)
    clock.at = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
    failed = await desk.book(draft("CA1", TUESDAY))
    assert failed == BookingFailed(NotBooked.CUT_OFF_PASSED)
    assert isinstance(failed, BookingFailed)
    assert failed.ground is not None
    assert failed.ground.rule == "marseille/cut_off"


async def test_a_day_that_is_closed(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock)
    closed = (await dates(desk, HeardDate(STRIKE_DAY, STRIKE_DAY))).closed
    assert closed is not None
    assert (closed.first, closed.reason, closed.ground.rule) == (STRIKE_DAY, "grève", "marseille/closures")
    assert (await dates(desk, HeardDate(NEXT_TUESDAY, STRIKE_DAY))).closed is None
    assert (await dates(desk)).closed is None


async def test_where_there_is_no_limit_there_is_no_rule_to_name(storage: Storage, clock: PinnedClock) -> None:
    desk = BookingDesk(storage.unit_of_work, rules_with(household=None), clock, BookingTexts(TEMPLATES, CATALOGUE))
    assert isinstance(await desk.book(replace(draft("CA1", THURSDAY), phone=None)), Booked)
    found = await dates(desk)
    assert (found.ground, found.limit, found.over_limit) == (None, None, False)
