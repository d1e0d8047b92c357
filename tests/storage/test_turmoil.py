"""Outcomes, other days, changes, cancellations and bookings at once, whoever is killed: the books still balance."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from callbot.booking import BookingDesk
from callbot.booking.ports import ChangeKind
from callbot.domain.bookings import BookingStatus, Changer
from callbot.domain.events import Booked
from callbot.domain.personal import EmailAddress
from callbot.storage import Storage
from callbot.storage.tables import holds
from tests.booking.sample import ONE_MATTRESS, THURSDAY, TUESDAY, PinnedClock, address, draft
from tests.storage.killing import run_and_kill
from tests.storage.ledger import assert_sound, counted, journals, rows_of
from tests.storage.turmoil import CLOSED_SINCE, ERRANDS, THINGS, TUESDAY_MORNING, make_desk, tight_rules

TURMOIL = Path(__file__).with_name("turmoil.py")
HOMES = (TUESDAY, THURSDAY, CLOSED_SINCE)


async def settled(desk: BookingDesk) -> list[str]:
    """Seven bookings on each of three days, of different weight, every third with an e-mail address."""
    references = []
    for number in range(21):
        wanted = replace(draft(f"A{number}", HOMES[number % 3]), items=THINGS[number // 3 % 2])
        email = EmailAddress(f"habitant{number}@example.org") if number // 3 % 3 == 0 else None
        made = await desk.book(replace(wanted, email=email))
        assert isinstance(made, Booked)
        references.append(made.reference)
    return references


@pytest.mark.process
@pytest.mark.parametrize("seed", ["crews", "planners"])
async def test_processes_killed_at_random_leave_the_books_balanced(
    database_url: str, storage: Storage, clock: PinnedClock, seed: str
) -> None:
    """Four processes work on the same bookings, three of them are killed in the middle of it."""
    dice = random.Random(seed)
    references = await settled(make_desk(storage, clock, tight_rules(closures=())))
    clock.at = TUESDAY_MORNING
    await asyncio.gather(
        *(
            run_and_kill(
                TURMOIL, database_url, f"{seed}{process}", *references,
                kill_after=dice.randrange(5, ERRANDS - 5) if process else None,
            )
            for process in range(4)
        )
    )  # fmt: skip
    await assert_sound(storage)
    kinds = Counter(change.kind for changes in (await journals(storage)).values() for change in changes)
    assert set(kinds) == {ChangeKind.AMENDED, ChangeKind.CANCELLED, ChangeKind.OUTCOME, ChangeKind.REPLANNED}
    await _the_day_after(storage, clock, references)


async def _the_day_after(storage: Storage, clock: PinnedClock, references: list[str]) -> None:
    """Holds of the dead lapse, who can cancels, and what is left are the pickups of that day, each with its place."""
    clock.advance(minutes=11)
    desk = make_desk(storage, clock, tight_rules())
    made = [booking.reference for booking in await storage.bookings()]
    assert set(references) <= set(made)
    await asyncio.gather(*(desk.replan(reference) for reference in references))
    await asyncio.gather(*(desk.cancel(reference) for reference in made))
    await desk.dates(address(), ONE_MATTRESS, None, None)
    await assert_sound(storage)
    assert await rows_of(storage, holds) == []
    left = {booking.day for booking in await storage.bookings() if booking.status is not BookingStatus.CANCELLED}
    assert {day for _, day, _ in await counted(storage)} == left <= {TUESDAY}


async def test_crews_and_planners_at_one_booking_leave_one_truth(storage: Storage, clock: PinnedClock) -> None:
    """Side by side in one process: a booking is missed, moved and collected at once."""
    desk = make_desk(storage, clock, tight_rules(closures=()))
    references = await settled(desk)
    clock.at = TUESDAY_MORNING
    crews = make_desk(storage, clock, tight_rules())
    outcomes = (BookingStatus.MISSED, BookingStatus.COLLECTED, BookingStatus.INACCESSIBLE)
    await asyncio.gather(
        *(crews.record_outcome(ref, outcome, by=Changer.CREW) for outcome in outcomes for ref in references),
        *(crews.replan(reference) for _ in range(2) for reference in references),
        *(crews.cancel(reference) for reference in references),
    )
    await assert_sound(storage)


async def test_a_missed_pickup_that_got_another_day_has_its_place_there_alone(
    storage: Storage, clock: PinnedClock
) -> None:
    desk = make_desk(storage, clock, tight_rules())
    made = await desk.book(draft())
    assert isinstance(made, Booked)
    clock.at = TUESDAY_MORNING
    await desk.record_outcome(made.reference, BookingStatus.MISSED, by=Changer.CREW)
    await desk.replan(made.reference)
    assert {day for _, day, _ in await counted(storage)} == {THURSDAY}
    await desk.cancel(made.reference)
    assert await counted(storage) == {}
    await assert_sound(storage)
