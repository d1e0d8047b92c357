"""A process that fights for places: ``contender.py URL CAPACITY CALL...`` holds and books for each call, then ends.

Run by ``test_contention``, which may kill it at any moment.
"""

from __future__ import annotations

import asyncio
import sys

from callbot.booking import BookingDesk
from callbot.messages import BookingTexts
from callbot.privacy import KeyRing
from callbot.storage import Storage
from tests.booking.sample import CATALOGUE, ONE_MATTRESS, TEMPLATES, TUESDAY, PinnedClock, address, draft, rules_with

KEYS = KeyRing({"test": bytes(range(32))}, "test", bytes(32))


async def contend(url: str, capacity: int, calls: list[str]) -> None:
    """Hold and book for all calls at once; one line a call says that it is through."""
    clock = PinnedClock()
    async with await Storage.open(url, KEYS, clock.now) as storage:
        rules = rules_with(capacity=capacity)
        desk = BookingDesk(storage.unit_of_work, rules, clock, BookingTexts(TEMPLATES, CATALOGUE))

        async def ring(call_id: str) -> None:
            await desk.hold(call_id, address(), ONE_MATTRESS, TUESDAY)
            await desk.book(draft(call_id))
            sys.stdout.write(f"{call_id}\n")
            sys.stdout.flush()

        await asyncio.gather(*(ring(call_id) for call_id in calls))


if __name__ == "__main__":
    asyncio.run(contend(sys.argv[1], int(sys.argv[2]), sys.argv[3:]))
