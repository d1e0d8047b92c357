"""What all units of work of the desk share: they are tried again when another was first, and move places alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from callbot.booking.ports import ConflictError, UnitOfWork, UnitOfWorkFactory
from callbot.domain.bookings import Booking, Hold
from callbot.domain.territories import SectorRules

_ATTEMPTS = 8

Result = TypeVar("Result")


async def with_retries(unit_of_work: UnitOfWorkFactory, work_once: Callable[[UnitOfWork], Awaitable[Result]]) -> Result:
    """Run one unit of work, again when another one was first; the last ``ConflictError`` is raised."""
    for _ in range(_ATTEMPTS - 1):
        try:
            async with unit_of_work() as work:
                return await work_once(work)
        except ConflictError:
            continue
    async with unit_of_work() as work:
        return await work_once(work)


async def move(work: UnitOfWork, earlier: Hold | None, wanted: Hold, sector: SectorRules) -> bool:
    """Give the call the place it wants instead of its earlier one; False, and nothing changed, when it is full."""
    if earlier is not None and _same_place(earlier, wanted):
        return True
    if not await work.places.take(sector, wanted.day):
        return False
    if earlier is not None:
        await work.places.give_back(earlier)
    return True


async def take_for_good(work: UnitOfWork, held: Hold | None, wanted: Hold, sector: SectorRules) -> bool:
    """Turn the call's hold into the place of a booking, or take one where it holds none there; False when full."""
    if not await move(work, held, wanted, sector):
        return False
    if held is not None and _same_place(held, wanted):
        await work.places.consume(held)
    return True


def takes_sms(booking: Booking) -> bool:
    """True when an SMS can reach the number left: a French mobile."""
    return booking.phone is not None and booking.phone.is_french_mobile


async def queue_sms(work: UnitOfWork, key: str, booking: Booking, text: str) -> None:
    """Queue an SMS to the number left, where it takes any."""
    if booking.phone is not None and takes_sms(booking):
        await work.outgoing.queue_sms(key, booking.phone, text)


def _same_place(one: Hold, other: Hold) -> bool:
    return (one.sector, one.day) == (other.sector, other.day)
