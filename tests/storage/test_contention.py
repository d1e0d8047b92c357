"""Many callers, few places: never overbooked, none lost, none doubled, whoever is killed."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from callbot.booking import BookingDesk
from callbot.domain.events import Booked, DateHeld
from callbot.messages import BookingTexts, MessageStatus
from callbot.storage import Storage
from tests.booking.sample import (
    CATALOGUE,
    ONE_MATTRESS,
    TEMPLATES,
    THURSDAY,
    TUESDAY,
    PinnedClock,
    address,
    draft,
    rules_with,
)
from tests.storage.killing import run_and_kill

CONTENDER = Path(__file__).with_name("contender.py")


def make_desk(storage: Storage, clock: PinnedClock, capacity: int) -> BookingDesk:
    rules = rules_with(capacity=capacity)
    return BookingDesk(storage.unit_of_work, rules, clock, BookingTexts(TEMPLATES, CATALOGUE))


async def used_places(storage: Storage) -> dict[str, int]:
    """Places taken by day, as the table counts them."""
    async with storage._database.reading() as connection:
        return {str(row.day): row.used for row in await connection.execute(text("SELECT day, used FROM pickup_days"))}


async def counted(storage: Storage, table: str) -> int:
    async with storage._database.reading() as connection:
        return int((await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one())  # noqa: S608


async def test_fifty_callers_for_seven_places(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock, capacity=7)
    outcomes = await asyncio.gather(*(desk.book(draft(f"CA{number}")) for number in range(50)))
    assert sum(isinstance(outcome, Booked) for outcome in outcomes) == 7
    assert await used_places(storage) == {str(TUESDAY): 7}
    assert len(await storage.bookings()) == 7
    assert (await storage.outbox.counts())[MessageStatus.QUEUED] == 7


async def test_holds_that_cross_each_other_keep_the_count(storage: Storage, clock: PinnedClock) -> None:
    """Calls swing between two days while others expire: the count of each day is that of its holds."""
    desk = make_desk(storage, clock, capacity=3)
    days = [TUESDAY, THURSDAY]

    async def swing(number: int) -> None:
        for step in range(6):
            outcome = await desk.hold(f"CA{number}", address(), ONE_MATTRESS, days[(number + step) % 2])
            clock.advance(seconds=20)
            if isinstance(outcome, DateHeld) and step == number % 6:
                await desk.release(f"CA{number}")

    await asyncio.gather(*(swing(number) for number in range(10)))
    async with storage._database.reading() as connection:
        rows = await connection.execute(text("SELECT day, count(*) AS held FROM holds GROUP BY day"))
        held = {str(row.day): row.held for row in rows}
    used = await used_places(storage)
    assert {day: held.get(day, 0) for day in used} == used
    assert all(places <= 3 for places in used.values())
    clock.advance(minutes=11)
    found = await desk.dates(address(), ONE_MATTRESS, None, None)
    assert {pickup.room for pickup in found.dates} == {3}
    await desk.release("CA99")
    assert set((await used_places(storage)).values()) == {0}


@pytest.mark.process
async def test_processes_killed_at_random_leave_the_count_exact(
    database_url: str, storage: Storage, clock: PinnedClock
) -> None:
    """Four processes with ten calls each for 15 places, three of them killed after a random number of bookings."""
    dice = random.Random(20261123)
    calls = [[f"CA{process}-{number}" for number in range(10)] for process in range(4)]
    await asyncio.gather(
        *(
            run_and_kill(
                CONTENDER, database_url, "15", *mine, kill_after=dice.randrange(1, 7) if mine is not calls[0] else None
            )
            for mine in calls
        )
    )
    stored = await storage.bookings()
    held, used = await counted(storage, "holds"), await used_places(storage)
    assert used == {str(TUESDAY): len(stored) + held}
    assert len(stored) + held <= 15
    assert (await storage.outbox.counts())[MessageStatus.QUEUED] == len(stored)
    await _everybody_rings_again(storage, clock, [call for mine in calls for call in mine])


async def _everybody_rings_again(storage: Storage, clock: PinnedClock, calls: list[str]) -> None:
    """After the holds of the dead have expired, the same calls fill the day to the last place and no further."""
    clock.advance(minutes=11)
    desk = make_desk(storage, clock, capacity=15)
    await asyncio.gather(*(desk.book(draft(call_id)) for call_id in calls))
    stored = await storage.bookings()
    assert len(stored) == 15
    assert len({booking.reference for booking in stored}) == 15
    assert await used_places(storage) == {str(TUESDAY): 15}
    messages = await storage.outbox.lease("me", clock.now(), timedelta(minutes=1), 100)
    assert {message.key for message in messages} == {f"confirmation:{booking.reference}" for booking in stored}
