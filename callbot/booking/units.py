"""What all units of work of the desk share: they are tried again when another was first, and move places alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from callbot.booking.ports import ConflictError, UnitOfWork, UnitOfWorkFactory
from callbot.domain.bookings import Booking, Hold, NotChanged
from callbot.domain.items import Ground
from callbot.domain.territories import SectorRules

_ATTEMPTS = 8

Result = TypeVar("Result")


class RefusedError(Exception):
    """Leaves a unit of work that changes a booking, so that nothing of it is kept; ``ground``: the rule behind it."""

    def __init__(self, reason: NotChanged, ground: Ground | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.ground = ground


async def locked(work: UnitOfWork, reference: str) -> Booking:
    """The booking, locked; raises ``RefusedError`` for an unknown one."""
    booking = await work.bookings.lock(reference)
    if booking is None:
        raise RefusedError(NotChanged.UNKNOWN)
    return booking


async def with_retries(
    unit_of_work: UnitOfWorkFactory, work_once: Callable[[UnitOfWork], Awaitable[Result]], *, reading: bool = False
) -> Result:
    """Run one unit of work, again when another one was first; the last ``ConflictError`` is raised.

    ``reading``: see ``UnitOfWorkFactory``.
    """
    for _ in range(_ATTEMPTS - 1):
        try:
            async with unit_of_work(reading=reading) as work:
                return await work_once(work)
        except ConflictError:
            continue
    async with unit_of_work(reading=reading) as work:
        return await work_once(work)


async def move(work: UnitOfWork, earlier: Hold | None, wanted: Hold, sector: SectorRules) -> bool:
    """Give the call the place it wants instead of its earlier one; False, and nothing changed, when it is full."""
    if earlier is not None and _same_place(earlier, wanted):
        # Never given back and taken anew: somebody else could have it in between.
        return await work.places.adjust(wanted.sector, wanted.day, wanted.load - earlier.load)
    if not await work.places.take(sector, wanted.day, wanted.load):
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


def _same_place(one: Hold, other: Hold) -> bool:
    return (one.sector, one.day) == (other.sector, other.day)
