"""One process of the bench: ``client.py URL CAPACITY WAY CALL...`` books for its calls, a few at a time.

Each line says what became of one call: its id, the reference or "-", and the milliseconds it took.
"""

from __future__ import annotations

import asyncio
import sys
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import uvloop

from callbot.booking import BookingDesk
from callbot.domain.events import Booked, BookingFailed, DateHeld
from callbot.domain.territories import HouseholdLimit
from callbot.messages import BookingTexts
from callbot.privacy import KeyRing
from callbot.storage import Storage
from tests.booking.sample import (
    CATALOGUE,
    NEXT_TUESDAY,
    ONE_MATTRESS,
    TEMPLATES,
    THURSDAY,
    TUESDAY,
    PinnedClock,
    address,
    draft,
    rules_with,
)

KEYS = KeyRing({"bench": bytes(range(32))}, "bench", bytes(32))
DAYS = (TUESDAY, THURSDAY, NEXT_TUESDAY, NEXT_TUESDAY + timedelta(days=7))
"""what everybody wants"""
AT_ONCE = 10
"""clients of one process"""


def day_of(call_id: str) -> date:
    """The day a call wants, the same in every process."""
    return DAYS[zlib.crc32(call_id.encode()) % len(DAYS)]


async def _book(desk: BookingDesk, call_id: str, day: date, *, holds: bool) -> Booked | BookingFailed | None:
    home = replace(address(), number=int(call_id.removeprefix("CA")))
    if holds and not isinstance(await desk.hold(call_id, home, ONE_MATTRESS, day), DateHeld):
        return None
    return await desk.book(replace(draft(call_id), day=day, address=home))


async def _client(desk: BookingDesk, calls: Iterator[str], *, holds: bool) -> None:
    for call_id in calls:
        began = time.perf_counter()
        made = await _book(desk, call_id, day_of(call_id), holds=holds)
        taken_ms = (time.perf_counter() - began) * 1000
        reference = made.reference if isinstance(made, Booked) else "-"
        sys.stdout.write(f"{call_id} {reference} {taken_ms:.1f}\n")
        sys.stdout.flush()


async def _run(url: str, capacity: int, way: str, calls: list[str]) -> None:
    clock = PinnedClock()
    waiting = iter(calls)
    async with await Storage.open(url, KEYS, clock.now) as storage:
        rules = rules_with(capacity=capacity, household=HouseholdLimit(most=4, within_days=365))
        desk = BookingDesk(storage.unit_of_work, rules, clock, BookingTexts(TEMPLATES, CATALOGUE))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)
        await asyncio.gather(*(_client(desk, waiting, holds=way == "hold") for _ in range(AT_ONCE)))


if __name__ == "__main__":
    uvloop.run(_run(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]))
