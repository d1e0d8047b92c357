"""A crew's day: its stops in driving order, and what it found at each."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Protocol

from callbot.booking.outcomes import Recorded
from callbot.domain.bookings import Booking, BookingStatus, Changer, NotChanged, NotConform
from callbot.domain.crew import CrewSheet, CrewStop
from callbot.domain.events import ChangeFailed
from callbot.domain.items import Catalogue
from callbot.domain.rounds import driving_order, round_length_m


class KeepsRounds(Protocol):
    """What is stored (``storage.Storage``)."""

    async def bookings_on(self, sector: str, day: date) -> Sequence[Booking]:
        """All bookings of a sector's day, by reference; any status."""
        ...

    async def photos(self, reference: str) -> Mapping[int, bytes]:
        """The photos of a booking by number, JPEG."""
        ...

    async def photo_numbers(self, references: Collection[str]) -> Mapping[str, tuple[int, ...]]:
        """Which photos each of these bookings has; those without any are left out."""
        ...


class RecordsOutcomes(Protocol):
    """The booking desk."""

    async def record_outcome(
        self, reference: str, outcome: BookingStatus, *, not_conform: NotConform | None = None, by: Changer
    ) -> Recorded | ChangeFailed:
        """Write what the crew found, once however often it is entered."""
        ...


class CrewDesk:
    """What a crew sees and enters: its own sector and day, nothing else."""

    def __init__(
        self, kept: KeepsRounds, desk: RecordsOutcomes, catalogue: Catalogue, sectors: Mapping[str, str]
    ) -> None:
        """``sectors``: names by id."""
        self._kept = kept
        self._desk = desk
        self._catalogue = catalogue
        self._sectors = sectors

    async def sheet(self, sector_id: str, day: date) -> CrewSheet:
        """All stops of the day but cancelled ones. One order for the whole day: a stop that is done keeps its rank, so
        that the paper and the phone go on saying the same."""
        bookings = await self._of(sector_id, day)
        points = [booking.address.point for booking in bookings]
        # In a thread: calls are answered by this same loop, and a long round takes a good part of a second.
        order = await asyncio.to_thread(driving_order, points)
        photos = await self._kept.photo_numbers([booking.reference for booking in bookings])
        stops = [
            self._stop(rank, booking, photos.get(booking.reference, ()))
            for rank, booking in enumerate((bookings[index] for index in order), 1)
        ]
        length = round_length_m([points[index] for index in order])
        return CrewSheet(day, sector_id, self._sectors.get(sector_id, sector_id), tuple(stops), length)

    async def photo(self, sector_id: str, day: date, reference: str, number: int) -> bytes | None:
        """A photo of one of the day's stops, JPEG; None for any other."""
        if not await self._is_of(sector_id, day, reference):
            return None
        return (await self._kept.photos(reference)).get(number)

    async def enter(
        self, sector_id: str, day: date, reference: str, outcome: BookingStatus, reason: NotConform | None
    ) -> Recorded | ChangeFailed:
        """What was found at one of the day's stops; a booking of another sector or day is unknown here."""
        if not await self._is_of(sector_id, day, reference):
            return ChangeFailed(NotChanged.UNKNOWN)
        return await self._desk.record_outcome(reference, outcome, not_conform=reason, by=Changer.CREW)

    async def _of(self, sector_id: str, day: date) -> list[Booking]:
        found = await self._kept.bookings_on(sector_id, day)
        return [booking for booking in found if booking.status is not BookingStatus.CANCELLED]

    async def _is_of(self, sector_id: str, day: date, reference: str) -> bool:
        return any(booking.reference == reference for booking in await self._of(sector_id, day))

    def _stop(self, rank: int, booking: Booking, photos: tuple[int, ...]) -> CrewStop:
        return CrewStop(
            rank=rank,
            reference=booking.reference,
            status=booking.status,
            address=booking.address,
            items=tuple(self._catalogue.spoken(line.item, line.quantity) for line in booking.items),
            volume_litres=booking.load.litres,
            note=booking.note,
            photos=photos,
            not_conform=booking.not_conform,
        )
