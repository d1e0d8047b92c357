"""What is booked at an address already: duplicates, and how often a household may book."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from callbot.booking.ports import UnitOfWork, Used
from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import Booking, BookingStatus, Load
from callbot.domain.events import BookedThere
from callbot.domain.personal import PhoneNumber
from callbot.domain.territories import SectorRules, TerritoryRules

LOOKED_AT = timedelta(days=1)
"""how far back bookings of an address are read where no rule asks for more"""
_COUNTED = frozenset(
    {BookingStatus.BOOKED, BookingStatus.REPLANNED, BookingStatus.COLLECTED, BookingStatus.NOT_CONFORM}
)
"""what counts towards the limit of a household: a pickup that failed for no fault of theirs does not"""


async def bookings_there(
    work: UnitOfWork, address: StreetAddress, territory: TerritoryRules, today: date
) -> Sequence[Booking]:
    """Bookings of an address that matter today, by day."""
    return await work.bookings.at_address(address, looked_at_from(territory, today))


def looked_at_from(territory: TerritoryRules, today: date) -> date:
    """The first pickup day that matters today."""
    limit = territory.household
    return today - (timedelta(days=limit.within_days) if limit else LOOKED_AT)


def to_come(there: Iterable[Booking], caller: PhoneNumber | None, today: date) -> tuple[BookedThere, ...]:
    """Those that wait for their crew; of others than the caller's own nothing but the day is told."""
    return tuple(
        BookedThere(booking.day, caller is not None and booking.phone == caller)
        for booking in there
        if booking.status.to_come and booking.day >= today
    )


def over_limit(there: Iterable[Booking], phone: PhoneNumber | None, day: date, territory: TerritoryRules) -> bool:
    """True when this household has had all the pickups it may have around ``day``.

    A household is an address and a phone number: many households share the number of a building. Without a phone
    number nobody can be told apart, and nothing is counted.
    """
    limit = territory.household
    if limit is None or phone is None:
        return False
    window = timedelta(days=limit.within_days)
    theirs = [
        booking
        for booking in there
        if booking.phone == phone and booking.status in _COUNTED and abs(booking.day - day) < window
    ]
    return len(theirs) >= limit.most


def untouched(sector: SectorRules) -> Used:
    """A day of ``sector`` of which nothing is taken."""
    litres = None if sector.capacity_m3 is None else round(sector.capacity_m3 * 1000)
    return Used(sector.capacity, 0, sector.capacity_items, litres, Load())
