"""What a resident adds to a booking: a note, an e-mail address, photos. One unit of work each.

Nothing here moves a place or changes what was agreed. Adding is for a pickup to come; what was added can be taken away
again whatever became of the pickup: it is theirs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum

from callbot.booking.ports import Change, ChangeKind, UnitOfWork, UnitOfWorkFactory
from callbot.booking.units import RefusedError, locked, with_retries
from callbot.domain.bookings import Booking, Changer, NotChanged
from callbot.domain.clock import Clock
from callbot.domain.personal import EmailAddress, Personal

MOST_PHOTOS = 3
"""of one booking"""


class Completed(StrEnum):
    """What became of an addition."""

    DONE = "done"
    """it is so now, by this request or by an earlier one"""
    TOO_MANY = "too_many"
    """it has all the photos it may have"""
    OVER = "over"
    """nobody comes any more: nothing can be added"""
    UNKNOWN = "unknown"
    """no such booking"""


class Completing:
    """The part of the booking desk that only residents use."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, clock: Clock) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock

    async def note(self, reference: str, note: Personal | None) -> Completed:
        """What the crew should know (access, place); None takes it away."""
        return await self._write(reference, lambda booking: replace(booking, note=note), adds=note is not None)

    async def email(self, reference: str, email: EmailAddress | None) -> Completed:
        """Where messages go with a calendar file; None takes it away."""
        return await self._write(reference, lambda booking: replace(booking, email=email), adds=email is not None)

    async def add_photo(self, reference: str, jpeg: bytes) -> Completed:
        """One more photo; the same one sent twice is kept once."""

        async def work_once(work: UnitOfWork) -> Completed:
            booking = await self._locked(work, reference, adds=True)
            kept = await work.photos.photos(reference)
            if jpeg in kept.values():
                return Completed.DONE
            if len(kept) >= MOST_PHOTOS:
                return Completed.TOO_MANY
            await work.photos.add_photo(reference, jpeg, self._now())
            return await self._journal(work, booking, booking)

        return await self._safely(work_once)

    async def remove_photo(self, reference: str, number: int) -> Completed:
        """Forget a photo, once however often it is asked."""

        async def work_once(work: UnitOfWork) -> Completed:
            booking = await self._locked(work, reference, adds=False)
            if number not in await work.photos.photos(reference):
                return Completed.DONE
            await work.photos.remove_photo(reference, number)
            return await self._journal(work, booking, booking)

        return await self._safely(work_once)

    async def _write(self, reference: str, change: Callable[[Booking], Booking], *, adds: bool) -> Completed:
        async def work_once(work: UnitOfWork) -> Completed:
            before = await self._locked(work, reference, adds=adds)
            after = change(before)
            return Completed.DONE if after == before else await self._journal(work, before, after)

        return await self._safely(work_once)

    async def _locked(self, work: UnitOfWork, reference: str, *, adds: bool) -> Booking:
        booking = await locked(work, reference)
        if adds and (not booking.status.to_come or booking.day < self._clock.now().date()):
            raise RefusedError(NotChanged.OVER)
        return booking

    async def _journal(self, work: UnitOfWork, before: Booking, after: Booking) -> Completed:
        await work.bookings.change(before, after, Change(ChangeKind.COMPLETED, self._now(), Changer.RESIDENT))
        return Completed.DONE

    async def _safely(self, work_once: Callable[[UnitOfWork], Awaitable[Completed]]) -> Completed:
        try:
            return await with_retries(self._unit_of_work, work_once)
        except RefusedError as refused:
            return Completed.UNKNOWN if refused.reason is NotChanged.UNKNOWN else Completed.OVER

    def _now(self) -> datetime:
        return self._clock.now().astimezone(UTC)
