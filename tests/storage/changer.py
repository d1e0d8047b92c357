"""A process that changes bookings: ``changer.py URL CAPACITY REFERENCE...`` moves each to and fro, and cancels some.

Run by ``test_change_contention``, which may kill it at any moment.
"""

from __future__ import annotations

import asyncio
import sys

from callbot.booking import BookingDesk
from callbot.domain.bookings import Amendment
from callbot.messages import BookingTexts
from callbot.privacy import KeyRing
from callbot.storage import Storage
from tests.booking.sample import CATALOGUE, ONE_MATTRESS, TEMPLATES, THURSDAY, TUESDAY, PinnedClock, address, rules_with

KEYS = KeyRing({"test": bytes(range(32))}, "test", bytes(32))


async def change(url: str, capacity: int, references: list[str]) -> None:
    """Change all bookings at once; one line a booking says that it is through."""
    clock = PinnedClock()
    async with await Storage.open(url, KEYS, clock.now) as storage:
        desk = BookingDesk(
            storage.unit_of_work, rules_with(capacity=capacity), clock, BookingTexts(TEMPLATES, CATALOGUE)
        )

        async def ring(number: int, reference: str) -> None:
            call_id = f"change-{reference}"
            for day in (THURSDAY, TUESDAY, THURSDAY):
                if number % 2:
                    await desk.hold(call_id, address(), ONE_MATTRESS, day)
                await desk.amend(Amendment(call_id, reference, day=day, readback_accepted=True))
            if number % 3 == 0:
                await desk.cancel(reference)
            sys.stdout.write(f"{reference}\n")
            sys.stdout.flush()

        await asyncio.gather(*(ring(number, reference) for number, reference in enumerate(references)))


if __name__ == "__main__":
    asyncio.run(change(sys.argv[1], int(sys.argv[2]), sys.argv[3:]))
