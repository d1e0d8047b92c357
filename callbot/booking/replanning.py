"""Pickups that did not take place, or cannot: each gets another day without anybody having to ask for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

from callbot.booking.offers import PUBLIC_HOLIDAYS
from callbot.booking.outcomes import GRACE, Recorded
from callbot.booking.ports import Rules
from callbot.booking.serving import Serving
from callbot.domain.bookings import Booking
from callbot.domain.clock import Clock
from callbot.domain.events import ChangeFailed


class Replans(Protocol):
    """Gives a booking another day (the booking desk)."""

    async def replan(self, reference: str, day: date | None = None) -> Recorded | ChangeFailed:
        """``day``, or the first one with room."""
        ...


class ReadsBookings(Protocol):
    """Stored bookings, read only (the storage)."""

    async def missed_before(self, at: datetime) -> list[str]:
        """References of bookings that were missed, and entered so at or before ``at``; longest ago first."""
        ...

    async def bookings(self, first: date | None = None) -> list[Booking]:
        """All bookings from a day on."""
        ...


@dataclass(frozen=True, slots=True)
class Replanned:
    """What became of one booking: ``day`` None where no day had room, so that a person looks into it."""

    reference: str
    day: date | None


class Replanning:
    """Finds them and moves them."""

    def __init__(
        self,
        desk: Replans,
        stored: ReadsBookings,
        rules: Rules,
        clock: Clock,
        *,
        holidays: Collection[date] = PUBLIC_HOLIDAYS,
    ) -> None:
        self._desk = desk
        self._stored = stored
        self._clock = clock
        self._serving = Serving(rules, clock, holidays)

    async def missed(self) -> list[Replanned]:
        """Another day for every missed pickup whose crew has had its ten minutes to correct itself.

        One without any day left stays missed; it is tried again the next time.
        """
        entered_before = self._clock.now().astimezone(UTC) - GRACE
        return [await self._move(reference) for reference in await self._stored.missed_before(entered_before)]

    async def stranded(self) -> list[Booking]:
        """Bookings to come on a day that the rules have closed since (strike, storm, a holiday nobody works)."""
        tomorrow_on = await self._stored.bookings(self._clock.now().date())
        return [
            booking
            for booking in tomorrow_on
            if booking.status.to_come and self._serving.closed(booking.address, booking.day)
        ]

    async def move_stranded(self) -> list[Replanned]:
        """Another day for each of them. The resident is told; nobody is moved twice."""
        return [await self._move(booking.reference) for booking in await self.stranded()]

    async def _move(self, reference: str) -> Replanned:
        moved = await self._desk.replan(reference)
        return Replanned(reference, moved.day if isinstance(moved, Recorded) else None)
