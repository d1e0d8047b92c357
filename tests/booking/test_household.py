"""How often a household may book: both sides of the count and of the window."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from callbot.booking.household import over_limit, to_come
from callbot.domain.bookings import Author, Booking, BookingStatus
from callbot.domain.events import BookedThere
from callbot.domain.personal import PhoneNumber
from callbot.domain.territories import HouseholdLimit
from tests.booking.sample import LANDLINE, MOBILE, ONE_MATTRESS, TERRITORY, TUESDAY, address

LIMITED = replace(TERRITORY, household=HouseholdLimit(most=2, within_days=30))
COUNTED = {BookingStatus.BOOKED, BookingStatus.REPLANNED, BookingStatus.COLLECTED, BookingStatus.NOT_CONFORM}


def there(
    day: date = TUESDAY, status: BookingStatus = BookingStatus.BOOKED, phone: PhoneNumber | None = MOBILE
) -> Booking:
    return Booking(
        reference="2345",
        status=status,
        day=day,
        sector="centre",
        address=address(),
        items=ONE_MATTRESS,
        phone=phone,
        created_by=Author.BOT,
        created_at=datetime(2026, 11, 20, tzinfo=UTC),
    )


def over(bookings: Iterable[Booking], phone: PhoneNumber | None = MOBILE) -> bool:
    return over_limit(bookings, phone, TUESDAY, LIMITED)


def test_the_last_one_allowed_and_the_first_one_too_many() -> None:
    assert not over([there()])
    assert over([there(), there()])


@pytest.mark.parametrize("direction", [1, -1])
def test_the_window_ends_on_its_last_day_in_both_directions(direction: int) -> None:
    inside = there(TUESDAY + direction * timedelta(days=29))
    outside = there(TUESDAY + direction * timedelta(days=30))
    assert over([there(), inside])
    assert not over([there(), outside])


@pytest.mark.parametrize("status", BookingStatus)
def test_a_pickup_that_failed_for_no_fault_of_theirs_does_not_count(status: BookingStatus) -> None:
    assert over([there(status=status)] * 2) == (status in COUNTED)


def test_a_building_of_many_households_is_not_one_household() -> None:
    neighbours = [there(phone=PhoneNumber(f"+3361234{number:04}")) for number in range(50)]
    assert not over(neighbours)
    assert over([*neighbours, there(), there()])


def test_without_a_number_nobody_is_counted() -> None:
    assert not over([there(phone=None)] * 3, phone=None)
    assert not over([there()] * 3, phone=None)


def test_where_no_limit_is_known_there_is_none() -> None:
    assert not over_limit([there()] * 9, MOBILE, TUESDAY, TERRITORY)


def test_of_other_people_nothing_but_the_day_is_told() -> None:
    bookings = [
        there(),
        there(phone=LANDLINE),
        there(status=BookingStatus.CANCELLED),
        there(TUESDAY - timedelta(days=1)),
    ]
    assert to_come(bookings, MOBILE, TUESDAY) == (BookedThere(TUESDAY, True), BookedThere(TUESDAY, False))
    assert to_come(bookings, None, TUESDAY) == (BookedThere(TUESDAY, False), BookedThere(TUESDAY, False))
