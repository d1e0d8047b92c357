"""A process of crews, planners and residents at once: ``turmoil.py URL SEED REFERENCE...``.

It is Tuesday morning: bookings of that day get outcomes and other days, later ones are changed and cancelled, new ones
are made. Run by ``test_turmoil``, which may kill it at any moment.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from callbot.booking import BookingDesk
from callbot.booking.announcements import Announcements
from callbot.domain.bookings import Amendment, BookingStatus, Changer, NotConform
from callbot.domain.items import ItemLine
from callbot.domain.territories import Closure
from callbot.messages import BookingTexts
from callbot.privacy import KeyRing
from callbot.storage import Storage
from tests.booking.sample import (
    CATALOGUE,
    HILLS,
    NEXT_TUESDAY,
    ONE_MATTRESS,
    SECTOR,
    TEMPLATES,
    TERRITORY,
    THURSDAY,
    PinnedClock,
    SampleRules,
    address,
    draft,
    rules_with,
)

KEYS = KeyRing({"test": bytes(range(32))}, "test", bytes(32))
TUESDAY_MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CLOSED_SINCE = NEXT_TUESDAY + timedelta(days=2)
"""a Thursday that the rules of the sample close: whoever booked it before has to move"""
LATER = (THURSDAY, NEXT_TUESDAY, NEXT_TUESDAY + timedelta(days=7))
THINGS = (ONE_MATTRESS, (ItemLine("matelas", 2, "deux matelas"),), (ItemLine("armoire", 1, "une armoire"),))
OUTCOMES = (
    BookingStatus.COLLECTED, BookingStatus.NOT_PRESENTED, BookingStatus.NOT_CONFORM, BookingStatus.INACCESSIBLE,
    BookingStatus.MISSED, BookingStatus.MISSED,
)  # fmt: skip
CLIENTS = 5
ERRANDS = 40


def tight_rules(closures: tuple[Closure, ...] = TERRITORY.closures) -> SampleRules:
    """Days that fill up, each by whatever is short first."""
    centre = replace(SECTOR, capacity=12, capacity_items=18, capacity_m3=9.0)
    return rules_with(sectors=(centre, HILLS), closures=closures)


def make_desk(storage: Storage, clock: PinnedClock, rules: SampleRules) -> BookingDesk:
    """A desk that announces everything to the request system."""
    texts = BookingTexts(TEMPLATES, CATALOGUE, now=clock.now)
    return BookingDesk(storage.unit_of_work, rules, clock, texts, announcements=Announcements(wanted=True))


class People:
    """All that can be asked of a desk, drawn at random."""

    def __init__(self, desk: BookingDesk, seed: str, references: list[str]) -> None:
        self._desk = desk
        self._seed = seed
        self._dice = random.Random(seed)
        self._references = references

    async def errand(self, number: int) -> None:
        """One thing somebody wants."""
        reference, call_id = self._dice.choice(self._references), f"{self._seed}-{number}"
        day, things = self._dice.choice(LATER), self._dice.choice(THINGS)
        holds_first = self._dice.random() < 0.5
        match self._dice.choice(("outcome", "outcome", "replan", "cancel", "move", "pack", "book", "look")):
            case "outcome":
                await self._enter(reference)
            case "replan":
                await self._desk.replan(reference)
            case "cancel":
                await self._desk.cancel(reference)
            case "move":
                await self._move(call_id, reference, day, holds_first=holds_first)
            case "pack":
                await self._desk.amend(Amendment(call_id, reference, items=things, readback_accepted=True))
            case "book":
                await self._book(call_id, day, things, holds_first=holds_first)
            case "look":
                await self._desk.hold(call_id, address(), things, day)

    async def _enter(self, reference: str) -> None:
        outcome = self._dice.choice(OUTCOMES)
        why = NotConform.TOO_MUCH if outcome is BookingStatus.NOT_CONFORM else None
        await self._desk.record_outcome(reference, outcome, not_conform=why, by=Changer.CREW)

    async def _move(self, call_id: str, reference: str, day: date, *, holds_first: bool) -> None:
        if holds_first:
            await self._desk.hold(call_id, address(), ONE_MATTRESS, day)
        await self._desk.amend(Amendment(call_id, reference, day=day, readback_accepted=True))

    async def _book(self, call_id: str, day: date, things: tuple[ItemLine, ...], *, holds_first: bool) -> None:
        if holds_first:
            await self._desk.hold(call_id, address(), things, day)
        await self._desk.book(replace(draft(call_id, day), items=things))


async def live_through(url: str, seed: str, references: list[str]) -> None:
    """All errands, a few at a time; one line each says that it is through."""
    clock = PinnedClock(TUESDAY_MORNING)
    async with await Storage.open(url, KEYS, clock.now) as storage:
        people = People(make_desk(storage, clock, tight_rules()), seed, references)
        numbers = iter(range(ERRANDS))
        await asyncio.gather(*(_client(people, numbers) for _ in range(CLIENTS)))


async def _client(people: People, numbers: Iterator[int]) -> None:
    for number in numbers:
        await people.errand(number)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(live_through(sys.argv[1], sys.argv[2], sys.argv[3:]))
