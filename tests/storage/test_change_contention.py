"""Many changes, few places: never overbooked, none lost, each change told once, whoever is killed."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from callbot.booking import BookingDesk
from callbot.domain.bookings import Amendment, BookingStatus, NotChanged
from callbot.domain.events import Amended, Booked, Cancelled, ChangeFailed
from callbot.messages import BookingTexts
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
from tests.storage.killing import run_and_kill

CHANGER = Path(__file__).with_name("changer.py")
CAPACITY = 15
DAYS = (TUESDAY, THURSDAY, NEXT_TUESDAY)


def make_desk(storage: Storage, clock: PinnedClock, capacity: int) -> BookingDesk:
    return BookingDesk(storage.unit_of_work, rules_with(capacity=capacity), clock, BookingTexts(TEMPLATES, CATALOGUE))


async def booked(desk: BookingDesk, call_id: str, day: date) -> str:
    done = await desk.book(draft(call_id, day))
    assert isinstance(done, Booked)
    return done.reference


async def table(storage: Storage, query: str) -> dict[str, int]:
    """What a query of names and counts gives, zeros left out."""
    async with storage._database.reading() as connection:
        rows = await connection.execute(text(query))
        return {str(row[0]): int(row[1]) for row in rows if row[1]}


async def used(storage: Storage) -> dict[str, int]:
    return await table(storage, "SELECT day, used FROM pickup_days")


async def owned(storage: Storage) -> dict[str, int]:
    """Places by day, as the bookings and holds that have them are counted."""
    live = Counter(str(booking.day) for booking in await storage.bookings() if booking.status is BookingStatus.BOOKED)
    return dict(live + Counter(await table(storage, "SELECT day, count(*) FROM holds GROUP BY day")))


async def test_more_changes_to_a_day_than_it_has_places(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock, capacity=5)
    references = [await booked(desk, f"A{n}", TUESDAY) for n in range(5)]
    references += [await booked(desk, f"B{n}", NEXT_TUESDAY) for n in range(5)]
    to_thursday = [Amendment(f"C{n}", ref, day=THURSDAY, readback_accepted=True) for n, ref in enumerate(references)]
    outcomes = await asyncio.gather(*(desk.amend(wanted) for wanted in to_thursday))
    moved = {outcome.reference for outcome in outcomes if isinstance(outcome, Amended)}
    assert len(moved) == 5
    assert [outcome for outcome in outcomes if not isinstance(outcome, Amended)] == [
        ChangeFailed(NotChanged.NO_ROOM)
    ] * 5
    assert await used(storage) == await owned(storage)
    assert (await used(storage))[str(THURSDAY)] == 5
    amended = await table(storage, "SELECT key, 1 FROM outbox WHERE key LIKE 'amendment:%'")
    assert set(amended) == {f"amendment:{reference}:1" for reference in moved}


async def test_a_cancellation_and_a_change_at_once_leave_one_truth(storage: Storage, clock: PinnedClock) -> None:
    """Whichever is first: a cancelled booking has no place, a moved one that is cancelled then has none either."""
    desk = make_desk(storage, clock, capacity=10)
    references = [await booked(desk, f"A{n}", TUESDAY) for n in range(10)]
    changes = [Amendment(f"C{ref}", ref, day=THURSDAY, readback_accepted=True) for ref in references]
    outcomes = await asyncio.gather(
        *(desk.amend(wanted) for wanted in changes),
        *(desk.cancel(reference) for reference in references),
        *(desk.book(draft(f"B{n}", THURSDAY)) for n in range(10)),
    )
    assert outcomes[10:20] == [Cancelled(reference, sms=True) for reference in references]
    assert all(isinstance(one, Amended) or one in _LOST for one in outcomes[:10])
    assert await used(storage) == await owned(storage)
    assert str(TUESDAY) not in await used(storage)


_LOST = (ChangeFailed(NotChanged.OVER), ChangeFailed(NotChanged.NO_ROOM))


@pytest.mark.process
async def test_processes_killed_while_they_change_bookings_lose_no_place(
    database_url: str, storage: Storage, clock: PinnedClock
) -> None:
    """Four processes change six bookings each on days of fifteen places; three of them are killed at random."""
    dice = random.Random(20261123)
    desk = make_desk(storage, clock, CAPACITY)
    days = [TUESDAY, THURSDAY]
    references = [await booked(desk, f"A{number}", days[number % 2]) for number in range(24)]
    shares = [references[start : start + 6] for start in range(0, 24, 6)]
    await asyncio.gather(
        *(
            run_and_kill(
                CHANGER,
                database_url,
                str(CAPACITY),
                *mine,
                kill_after=dice.randrange(1, 6) if mine is not shares[0] else None,
            )
            for mine in shares
        )
    )
    assert await used(storage) == await owned(storage)
    assert all(places <= CAPACITY for places in (await used(storage)).values())
    cancelled = [one.reference for one in await storage.bookings() if one.status is BookingStatus.CANCELLED]
    assert cancelled
    told = await table(storage, "SELECT key, 1 FROM outbox WHERE key LIKE 'cancellation:%'")
    assert set(told) == {f"cancellation:{reference}" for reference in cancelled}
    changes = "SELECT reference || ':' || number, 1 FROM booking_changes WHERE kind = 'amended'"
    amended = await table(storage, "SELECT key, 1 FROM outbox WHERE key LIKE 'amendment:%'")
    assert set(amended) == {f"amendment:{change}" for change in await table(storage, changes)}
    clock.advance(minutes=11)
    await asyncio.gather(*(desk.cancel(reference) for reference in references))
    await desk.dates(address(), ONE_MATTRESS, None, None)
    assert await used(storage) == {}


CALLS = st.sampled_from(["CA1", "CA2", "CA3"])
DAY = st.sampled_from(DAYS)
WHICH = st.integers(0, 3)
STEP = st.one_of(
    st.tuples(st.just("book"), CALLS, DAY),
    st.tuples(st.just("hold"), CALLS, DAY),
    st.tuples(st.just("release"), CALLS, DAY),
    st.tuples(st.just("amend"), st.tuples(CALLS, WHICH), DAY),
    st.tuples(st.just("cancel"), WHICH, DAY),
    st.tuples(st.just("wait"), st.integers(1, 11), DAY),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=4, max_size=25))
async def test_whatever_is_asked_in_any_order_the_count_is_that_of_its_owners(
    storage: Storage, steps: list[tuple[str, object, date]]
) -> None:
    clock = PinnedClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    await _empty(storage)
    desk = make_desk(storage, clock, capacity=2)
    references: list[str] = []
    for step in steps:
        await _take(desk, clock, references, step)
        assert await used(storage) == await owned(storage)
        assert all(places <= 2 for places in (await used(storage)).values())


async def _take(desk: BookingDesk, clock: PinnedClock, references: list[str], step: tuple[str, object, date]) -> None:
    match step:
        case "book", str(call_id), day:
            done = await desk.book(draft(call_id, day))
            if isinstance(done, Booked):
                references.append(done.reference)
        case "hold", str(call_id), day:
            await desk.hold(call_id, address(), ONE_MATTRESS, day)
        case "release", str(call_id), _:
            await desk.release(call_id)
        case "amend", (str(call_id), int(which)), day if which < len(references):
            await desk.amend(Amendment(call_id, references[which], day=day, readback_accepted=True))
        case "cancel", int(which), _ if which < len(references):
            await desk.cancel(references[which])
        case "wait", int(minutes), _:
            clock.at += timedelta(minutes=minutes)


async def _empty(storage: Storage) -> None:
    async with storage._database.writing() as connection:
        for name in ("booking_items", "booking_changes", "bookings", "holds", "pickup_days", "outbox"):
            await connection.execute(text(f"DELETE FROM {name}"))  # noqa: S608
