"""The reminder of the day before, once a booking and day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Protocol

from callbot.booking.notices import tell
from callbot.booking.ports import Rules, UnitOfWork, UnitOfWorkFactory, WritesNotices
from callbot.booking.units import with_retries
from callbot.domain.clock import Clock
from callbot.domain.hours import reminders_end, reminds_now
from callbot.domain.notices import Notice


class ReadsUnreminded(Protocol):
    """Stored bookings, read only (the storage)."""

    async def unreminded(self, day: date) -> list[str]:
        """References of bookings to come on ``day`` that left a way to be told and have no reminder yet."""
        ...


def reminder_key(reference: str, day: date) -> str:
    """Names the reminder of a booking for a day: queued twice it leaves once."""
    return f"reminder:{reference}:{day.isoformat()}"


class Reminders:
    """Queues them, in the early evening only: a service that was away all evening wakes nobody."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        stored: ReadsUnreminded,
        rules: Rules,
        clock: Clock,
        writer: WritesNotices,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._stored = stored
        self._rules = rules
        self._clock = clock
        self._writer = writer

    async def sweep(self) -> int:
        """Queue what is due now; how many SMS were queued (e-mails and calls are not counted)."""
        now = self._clock.now()
        if not reminds_now(now):
            return 0
        day = now.date() + timedelta(days=1)
        queued = [await self._remind(reference, day) for reference in await self._stored.unreminded(day)]
        return sum(queued)

    async def _remind(self, reference: str, day: date) -> bool:
        async def work_once(work: UnitOfWork) -> bool:
            # Locked: it may have been cancelled or moved since it was read.
            booking = await work.bookings.lock(reference)
            if booking is None or not booking.status.to_come or booking.day != day:
                return False
            territory = self._rules.territory_of(booking.address.insee, day)
            key = reminder_key(reference, day)
            ends = reminders_end(self._clock.now())
            return await tell(work, self._writer, Notice.REMINDER, booking, territory, key=key, not_after=ends)

        return await with_retries(self._unit_of_work, work_once)
