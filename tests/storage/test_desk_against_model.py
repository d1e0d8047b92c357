"""The desk on a real database and the same desk as a page of Python: asked the same, they answer and keep the same."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from callbot.booking import BookingDesk
from callbot.booking.outcomes import Recorded
from callbot.domain.bookings import Amendment, BookingStatus, Changer, NotConform
from callbot.domain.events import Amended, BookingFailed, Cancelled, ChangeFailed, DateHeld
from callbot.domain.items import ItemLine
from callbot.privacy import KeyRing
from callbot.storage import Storage
from tests.booking.sample import HILLS, SECTOR, PinnedClock, address, draft, rules_with
from tests.storage.ledger import DayTaken, assert_sound, counted, journals
from tests.storage.model import ROOM, Model, Things, weight
from tests.storage.turmoil import make_desk

pytestmark = pytest.mark.process

Result = TypeVar("Result")
SETTINGS = settings(
    max_examples=14, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip
"""thirty steps can be read as they are; making them fewer would take minutes"""
CENTRE = replace(SECTOR, capacity=ROOM[0], capacity_items=ROOM[1], capacity_m3=ROOM[2] / 1000)
CALLS = st.sampled_from(["CA1", "CA2", "CA3", "CA4", "CA5"])
DAYS = st.sampled_from(
    [date(2026, 11, 24), date(2026, 11, 26), date(2026, 12, 1), date(2026, 12, 3), date(2026, 12, 8)]
)
SOME: list[Things] = [(("matelas", 1),), (("matelas", 2),), (("armoire", 1),), (("matelas", 1), ("armoire", 1))]
TOO_MANY: list[Things] = [(("matelas", 5),), (("armoire", 3),)]
DELAYS = st.sampled_from([timedelta(minutes=4), timedelta(minutes=7), timedelta(hours=2), timedelta(hours=23)])
OUTCOMES = st.sampled_from(
    [
        (BookingStatus.COLLECTED, None), (BookingStatus.MISSED, None), (BookingStatus.INACCESSIBLE, None),
        (BookingStatus.NOT_PRESENTED, None), (BookingStatus.NOT_CONFORM, NotConform.TOO_MUCH),
        (BookingStatus.NOT_CONFORM, NotConform.NOT_TAKEN),
    ]
)  # fmt: skip


def lines(things: Things) -> tuple[ItemLine, ...]:
    return tuple(ItemLine(item, count, item) for item, count in things)


class DeskMachine(RuleBasedStateMachine):
    """Asks both. A rule says what it asks; ``_same`` compares the answers."""

    references = Bundle("references")

    def __init__(self, runner: asyncio.Runner, storage: Storage, clock: PinnedClock) -> None:
        super().__init__()
        self._runner, self._storage, self._clock = runner, storage, clock
        clock.at = PinnedClock().at
        self._model = Model(clock.now())
        self._desk: BookingDesk = make_desk(storage, clock, rules_with(sectors=(CENTRE, HILLS)))
        self._run(_empty(storage))

    @rule(call=CALLS, day=DAYS, things=st.sampled_from(SOME))
    def hold(self, call: str, day: date, things: Things) -> None:
        done = self._run(self._desk.hold(call, address(), lines(things), day))
        self._same("held" if isinstance(done, DateHeld) else "refused", self._model.hold(call, day, things))

    @rule(call=CALLS)
    def release(self, call: str) -> None:
        self._run(self._desk.release(call))
        self._model.release(call)

    @rule(target=references, call=CALLS, day=DAYS, things=st.sampled_from(SOME))
    def book(self, call: str, day: date, things: Things) -> Any:
        done = self._run(self._desk.book(replace(draft(call, day), items=lines(things))))
        expected = self._model.book(call, day, things)
        if isinstance(done, BookingFailed):
            self._same(done.reason.value, expected)
            return multiple()
        if expected != "new":
            self._same(done.reference, expected)
            return multiple()
        assert done.day == day
        assert done.reference not in self._model.lives
        self._model.made(done.reference, call, day, things)
        return done.reference

    @rule(
        call=CALLS, reference=references, day=st.none() | DAYS, things=st.none() | st.sampled_from([*SOME, *TOO_MANY])
    )  # fmt: skip
    def amend(self, call: str, reference: str, day: date | None, things: Things | None) -> None:
        wanted = Amendment(call, reference, items=lines(things) if things else None, day=day, readback_accepted=True)
        for _ in range(2):  # whatever is asked twice is done once
            done = self._run(self._desk.amend(wanted))
            expected = self._model.amend(call, reference, day, things)
            self._same(done.reason.value if isinstance(done, ChangeFailed) else _word(done), expected)

    @rule(call=CALLS, reference=references, held=DAYS, things=st.sampled_from(SOME), other=st.booleans())
    def hold_and_amend(self, call: str, reference: str, held: date, things: Things, *, other: bool) -> None:
        """As a call does: a place is kept while the change is read back; here on the same day or on another one."""
        day = held if other else self._model.lives[reference].day
        self.hold(call, day, things)
        self.amend(call, reference, day, things)

    @rule(reference=references)
    def cancel(self, reference: str) -> None:
        done = self._run(self._desk.cancel(reference))
        self._same(done.reason.value if isinstance(done, ChangeFailed) else _word(done), self._model.cancel(reference))

    @rule(reference=references, found=OUTCOMES)
    def record(self, reference: str, found: tuple[BookingStatus, NotConform | None]) -> None:
        outcome, why = found
        done = self._run(self._desk.record_outcome(reference, outcome, not_conform=why, by=Changer.CREW))
        expected = self._model.record(reference, outcome, why)
        self._same(done.reason.value if isinstance(done, ChangeFailed) else _word(done), expected)

    @rule(reference=references)
    def replan(self, reference: str) -> None:
        done = self._run(self._desk.replan(reference))
        expected = self._model.replan(reference)
        self._same(done.reason.value if isinstance(done, ChangeFailed) else f"replanned {done.day}", expected)

    @rule(reference=references, found=OUTCOMES)
    def the_day_comes(self, reference: str, found: tuple[BookingStatus, NotConform | None]) -> None:
        """A crew enters what it found and a planner gives it another day, where that is possible."""
        day = self._model.lives[reference].day
        self.wait(max(datetime.combine(day, time(8), self._model.now.tzinfo) - self._model.now, timedelta()))
        self.record(reference, found)
        self.replan(reference)

    @rule(delay=DELAYS)
    def wait(self, delay: timedelta) -> None:
        self._clock.at += delay
        self._model.wait(delay)

    @invariant()
    def all_is_kept_alike(self) -> None:
        """Dates on offer, counters, states and journals; whoever changes anything gives lapsed holds back first."""
        found = self._run(self._desk.dates(address(), lines(SOME[0]), None, None))
        with_room = {day for day in self._model.days() if self._model.room(day, weight(SOME[0]))}
        offered = {date_.day for date_ in found.dates}
        assert offered <= with_room
        assert bool(offered) == bool(with_room)
        self._run(self._desk.release("CA-of-nobody"))
        assert self._run(counted(self._storage)) == self._expected_counts()
        stored = {booking.reference: booking for booking in self._run(self._storage.bookings())}
        told = {reference: (one.day, one.status, one.not_conform) for reference, one in stored.items()}
        assert told == {ref: (life.day, life.status, life.why) for ref, life in self._model.lives.items()}
        changes = {ref: life.changes for ref, life in self._model.lives.items() if life.changes}
        assert self._run(journals(self._storage)) == changes

    def teardown(self) -> None:
        """At the end the messages are looked at too: one of each change, and no other."""
        self._run(assert_sound(self._storage))

    def _expected_counts(self) -> DayTaken:
        taken: DayTaken = Counter()
        model = self._model
        for day in {life.day for life in model.lives.values()} | {kept.day for kept in model.kept.values()}:
            for what, number in zip(("places", "items", "litres"), model.taken(day), strict=True):
                if number:
                    taken["centre", day, what] = number
        return taken

    def _same(self, answer: str, expected: str) -> None:
        assert answer == expected

    def _run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self._runner.run(work)


def _word(done: Amended | Cancelled | Recorded) -> str:
    return type(done).__name__.lower()


async def _empty(storage: Storage) -> None:
    async with storage._database.writing() as connection:
        for name in ("booking_items", "booking_changes", "bookings", "holds", "pickup_days", "outbox"):
            await connection.execute(text(f"DELETE FROM {name}"))  # noqa: S608


def test_the_desk_answers_and_keeps_what_its_model_does(database_url: str, key_ring: KeyRing) -> None:
    clock = PinnedClock()
    with asyncio.Runner() as runner:
        storage = runner.run(Storage.open(database_url, key_ring, clock.now))

        class OnThisDatabase(DeskMachine):
            def __init__(self) -> None:
                super().__init__(runner, storage, clock)

        try:
            run_state_machine_as_test(OnThisDatabase, settings=SETTINGS)
        finally:
            runner.run(storage.close())
