"""Facts of calls kept up behind the calls, and figures read from the sums of days, on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from callbot.calls.diverted import divert
from callbot.domain.events import (
    CallAnswered,
    Channel,
    Ended,
    EndReason,
    Event,
    HandOverReason,
    NothingHeard,
    Prompted,
    Rated,
    Understood,
)
from callbot.domain.meaning import HeardAddress, Intent, Meaning
from callbot.domain.personal import PhoneNumber
from callbot.insight.figures import ALL, By, CallFacts, CallFilter, Figure, Motive, Outcome, Reader, figures_of
from callbot.settings import LOCAL_ZONE
from callbot.storage import CallFactsProjection, SignedMonth, Storage
from callbot.storage.figure_tables import call_days, call_facts, satisfaction
from callbot.storage.tables import booking_changes, bookings, call_events, pickup_days
from tests.booking.sample import LANDLINE, MOBILE, PinnedClock
from tests.insight.figures.stories import booking_call, handed_call
from tests.web.world import ScriptedServices

TERRITORIES = {"13206": "marseille", "13005": "aubagne"}
MONDAY = date(2026, 11, 23)
WEEK = CallFilter(MONDAY, MONDAY + timedelta(days=6))


@pytest.fixture
def projection(storage: Storage) -> CallFactsProjection:
    return storage.call_facts(LOCAL_ZONE, TERRITORIES.get)


class Line:
    """Calls on the line, five seconds from event to event."""

    def __init__(self, storage: Storage, clock: PinnedClock) -> None:
        self.storage = storage
        self.clock = clock

    async def rings(self, call_id: str, events: Iterable[Event], caller: PhoneNumber | None = None) -> None:
        await self.storage.figures.note_arrival(call_id)
        for event in events:
            self.clock.advance(seconds=5)
            if isinstance(event, CallAnswered):
                event = replace(event, caller=caller)  # noqa: PLW2901 - the same event, from this number
            await self.storage.events.append(call_id, event)


@pytest.fixture
def line(storage: Storage, clock: PinnedClock) -> Line:
    return Line(storage, clock)


async def facts(storage: Storage, where: CallFilter = WEEK) -> dict[str, CallFacts]:
    return {call.call_id: call for call in await storage.figures.calls(where)}


async def figures(storage: Storage, today: date = MONDAY, territory: str = ALL) -> dict[str, Figure]:
    days = await storage.figures.days(MONDAY, MONDAY + timedelta(days=30), territory)
    return {figure.named.key: figure for figure in figures_of(Reader(today).sample(days, WEEK))}


def wish(intent: Intent, insee: str | None = None) -> list[Event]:
    """A call that tells what it is for and is hung up at the next question."""
    meaning = Meaning(intent=intent, address=HeardAddress(insee=insee) if insee else None)
    return [CallAnswered(None), Prompted("ask_need", 1, ""), Understood(meaning), Ended(EndReason.CALLER_HUNG_UP)]


async def test_calls_become_facts_and_figures(storage: Storage, line: Line, projection: CallFactsProjection) -> None:
    await line.rings("CA1", booking_call(), MOBILE)
    await line.rings("CA2", wish(Intent.STATUS, "13005"), LANDLINE)
    assert await projection.sweep() == 2
    found = await facts(storage)
    assert (found["CA1"].outcome, found["CA1"].territory, found["CA1"].pick_up_s) == (Outcome.BOOKED, "marseille", 5)
    assert (found["CA2"].motive, found["CA2"].abandoned_at) == (Motive.STATUS, "ask_need")
    counted = await figures(storage)
    assert (counted["pick_up"].numerator, counted["pick_up"].denominator) == (2, 2)
    assert counted["left:ask_need"].numerator == 1
    assert (await figures(storage, territory="aubagne"))["received"].value == 1
    assert await projection.sweep() == 0


async def test_a_call_is_folded_again_while_it_goes_on(
    storage: Storage, line: Line, projection: CallFactsProjection
) -> None:
    whole = booking_call()
    await line.rings("CA1", whole[:6])
    await projection.sweep()
    assert (await facts(storage))["CA1"].outcome is Outcome.GOING_ON
    await line.rings("CA1", whole[6:])
    assert await projection.sweep() == 1
    assert (await facts(storage))["CA1"].outcome is Outcome.BOOKED
    assert (await figures(storage))["received"].value == 1


async def test_the_wait_for_a_person_ends_with_a_voice(
    storage: Storage, line: Line, clock: PinnedClock, projection: CallFactsProjection
) -> None:
    await storage.hand_overs.hand_over("CA1", HandOverReason.ASKED)
    await line.rings("CA1", handed_call())
    await projection.sweep()
    assert (await figures(storage))["person_wait_median"].is_empty
    clock.advance(seconds=25)
    assert await storage.hand_overs.taken("CA1")
    clock.advance(seconds=600)
    assert not await storage.hand_overs.taken("CA1")
    assert await projection.sweep() == 1
    assert (await facts(storage))["CA1"].person_wait_s == 30
    assert (await figures(storage))["person_wait_median"].value == 30


async def test_the_talk_with_a_person_is_followed_to_its_end(
    storage: Storage, line: Line, clock: PinnedClock, projection: CallFactsProjection
) -> None:
    for call_id in ("CA1", "CA2"):
        await storage.hand_overs.hand_over(call_id, HandOverReason.ASKED)
        await line.rings(call_id, handed_call())
    assert await storage.hand_overs.taken("CA1")
    await projection.sweep()
    assert (await facts(storage))["CA1"].person_s is None
    clock.advance(seconds=90)
    assert await storage.hand_overs.talked("CA1", None)
    assert await storage.hand_overs.talked("CA2", timedelta(seconds=40))
    assert not await storage.hand_overs.talked("CA3", timedelta(seconds=40))
    assert await projection.sweep() == 2
    found = await facts(storage)
    assert (found["CA1"].person_s, found["CA2"].person_s) == (90, 40)
    assert (await figures(storage))["dmt_agents"].value == 65
    assert await projection.sweep() == 0


async def test_a_call_put_to_people_while_the_bot_is_off(
    storage: Storage, line: Line, clock: PinnedClock, projection: CallFactsProjection
) -> None:
    conversations = ScriptedServices().conversations(storage.events)
    await storage.figures.note_arrival("CA1")
    await divert(conversations, "CA1", None)
    await storage.hand_overs.hand_over("CA1", HandOverReason.DIVERTED)
    clock.advance(minutes=20)
    await projection.sweep()
    counted = await figures(storage)
    assert {key: counted[key].numerator for key in ("received", "diverted", "pick_up", "abandoned", "failed")} == {
        "received": 1, "diverted": 1, "pick_up": 0, "abandoned": 0, "failed": 0,
    }  # fmt: skip
    assert await storage.events.unfinished(clock.now() + timedelta(days=1)) == []
    clock.advance(seconds=5)
    assert await storage.hand_overs.taken("CA1")
    await projection.sweep()
    assert (await figures(storage))["pick_up"].value == 1


async def test_who_hangs_up_in_the_queue(storage: Storage, line: Line, projection: CallFactsProjection) -> None:
    await storage.hand_overs.hand_over("CA1", HandOverReason.ASKED)
    await line.rings("CA1", handed_call())
    await storage.hand_overs.left("CA1")
    await projection.sweep()
    assert (await figures(storage))["left_waiting"].value == 1


async def test_an_arrival_without_a_call_is_in_the_denominator(
    storage: Storage, line: Line, clock: PinnedClock, projection: CallFactsProjection
) -> None:
    await line.rings("CA1", booking_call())
    await storage.figures.note_arrival("CA2")
    await storage.figures.note_arrival("CA2")
    await projection.sweep()
    assert (await figures(storage))["received"].value == 1
    clock.advance(minutes=11)
    await projection.sweep()
    counted = await figures(storage)
    assert (counted["pick_up"].numerator, counted["pick_up"].denominator) == (1, 2)


async def test_recalls_are_found_and_the_caller_is_forgotten(
    storage: Storage, line: Line, clock: PinnedClock, projection: CallFactsProjection
) -> None:
    await line.rings("CA1", booking_call(), MOBILE)
    await line.rings("CA2", booking_call(), LANDLINE)
    await projection.sweep()
    clock.advance(days=3)
    await line.rings("CA3", wish(Intent.BOOK), MOBILE)
    await projection.sweep()
    found = await facts(storage)
    assert found["CA1"].recalled is not None
    assert found["CA2"].recalled is None
    assert (await figures(storage))["resolved"].is_empty
    clock.advance(days=5)
    await projection.sweep()
    assert await _callers(storage) == {"CA1": False, "CA2": False, "CA3": True}
    ripe = await figures(storage, today=MONDAY + timedelta(days=8))
    assert (ripe["resolved"].numerator, ripe["resolved"].denominator) == (1, 2)


async def test_a_call_that_goes_on_is_no_recall_before_it_says_why(
    storage: Storage, line: Line, clock: PinnedClock, projection: CallFactsProjection
) -> None:
    await line.rings("CA1", booking_call(), MOBILE)
    clock.advance(days=1)
    await line.rings("CA2", wish(Intent.STATUS)[:2], MOBILE)
    await projection.sweep()
    assert (await facts(storage))["CA1"].recalled is None
    await line.rings("CA2", wish(Intent.STATUS)[2:])
    await projection.sweep()
    assert (await facts(storage))["CA1"].recalled is None


async def test_a_booking_changed_later_is_counted_however_late(
    storage: Storage, line: Line, clock: PinnedClock, projection: CallFactsProjection
) -> None:
    await line.rings("CA1", booking_call(), MOBILE)
    await line.rings("CA2", booking_call(), LANDLINE)
    await _booked(storage, clock, "CA1", "AC47K")
    await _booked(storage, clock, "CA2", "HHH2A")
    await projection.sweep()
    clock.advance(days=20)
    await projection.sweep()
    await _changed(storage, clock, "AC47K", "amended")
    await _changed(storage, clock, "HHH2A", "replanned")
    assert await projection.sweep() == 1
    assert await projection.sweep() == 0
    counted = await figures(storage)
    assert (counted["corrected"].numerator, counted["corrected"].denominator) == (1, 2)


async def test_made_anew_the_facts_are_the_same(storage: Storage, line: Line, projection: CallFactsProjection) -> None:
    await line.rings("CA1", booking_call(), MOBILE)
    await line.rings("CA2", handed_call(), MOBILE)
    await projection.sweep()
    before, summed = await facts(storage), await _days(storage)
    async with storage._database.writing() as connection:
        await connection.execute(delete(call_facts))
        await connection.execute(delete(call_days))
    assert await storage.call_facts(LOCAL_ZONE, TERRITORIES.get).sweep() == 2
    assert await facts(storage) == before
    assert await _days(storage) == summed


async def test_what_is_known_of_a_call_outlives_its_events(
    storage: Storage, line: Line, clock: PinnedClock, projection: CallFactsProjection
) -> None:
    await line.rings("CA1", booking_call(), MOBILE)
    await _booked(storage, clock, "CA1", "AC47K")
    await projection.sweep()
    async with storage.retention_run("test") as connection:
        await connection.execute(delete(call_events).where(call_events.c.call_id == "CA1"))
    await _changed(storage, clock, "AC47K", "amended")
    await projection.sweep()
    kept = (await facts(storage))["CA1"]
    assert (kept.outcome, kept.corrected_later) == (Outcome.BOOKED, True)
    assert await projection.sweep() == 0


async def test_two_that_sweep_at_once_count_nothing_twice(
    storage: Storage, line: Line, projection: CallFactsProjection
) -> None:
    await line.rings("CA1", booking_call(), MOBILE)
    await projection.sweep()
    await storage.call_facts(LOCAL_ZONE, TERRITORIES.get).sweep()
    assert (await figures(storage))["received"].value == 1


async def test_a_call_of_which_nothing_can_be_read_stops_nobody(
    storage: Storage, line: Line, projection: CallFactsProjection
) -> None:
    await line.rings("CA1", booking_call())
    await storage.events.append("CA2", NothingHeard())
    await projection.sweep()
    assert (await facts(storage))["CA2"].outcome is Outcome.UNANSWERED


async def test_nothing_of_the_caller_is_in_the_facts(
    storage: Storage, line: Line, projection: CallFactsProjection
) -> None:
    await line.rings("CA1", booking_call(), MOBILE)
    await projection.sweep()
    async with storage._database.reading() as connection:
        row = (await connection.execute(select(call_facts))).one()
    assert json.loads(row.facts)["caller_index"] is None
    assert MOBILE.reveal() not in str(row)


async def test_the_calls_behind_a_figure_are_found(
    storage: Storage, line: Line, projection: CallFactsProjection
) -> None:
    await line.rings("CA1", booking_call())
    await storage.hand_overs.hand_over("CA2", HandOverReason.ASKED)
    await line.rings("CA2", handed_call())
    await line.rings("CA3", wish(Intent.BOOK, "13206"))
    await projection.sweep()
    for figure in (await figures(storage)).values():
        if figure.exact and figure.numerator is not None:
            assert await storage.figures.count(figure.calls) == figure.numerator, figure.named.key
    left = await storage.figures.calls(WEEK.narrowed(abandoned_at="ask_need", territory="marseille"))
    assert [call.call_id for call in left] == ["CA3"]
    assert [call.call_id for call in await storage.figures.calls(WEEK, limit=1)] == ["CA3"]


async def test_a_period_is_read_by_hour_and_by_territory(
    storage: Storage, line: Line, projection: CallFactsProjection
) -> None:
    await line.rings("CA1", booking_call())
    await line.rings("CA2", wish(Intent.BOOK, "13005"))
    await projection.sweep()
    reader = Reader(MONDAY)
    hours = reader.cut(await storage.figures.sums(MONDAY, MONDAY, hours=True), By.HOUR, WEEK)
    assert {part.key: part.sample.all["received"] for part in hours if part.sample.all["received"]} == {"10": 2}
    parts = reader.cut(await storage.figures.sums(MONDAY, MONDAY, None), By.TERRITORY, WEEK)
    assert {part.key: part.sample.all["received"] for part in parts} == {"marseille": 1, "aubagne": 1}
    assert await storage.figures.first_day() == MONDAY


async def test_this_moment(storage: Storage, line: Line, clock: PinnedClock) -> None:
    await line.rings("CA1", booking_call()[:3])
    await storage.hand_overs.hand_over("CA2", HandOverReason.ASKED)
    await line.rings("CA3", [CallAnswered(None), Ended(EndReason.FAILURE)])
    clock.advance(seconds=90)
    live = await storage.figures.live()
    assert (live.calls, live.queue, live.longest_wait_s, live.failures, live.started) == (1, 1, 100, 1, 2)
    clock.advance(hours=2)
    later = await storage.figures.live()
    assert (later.calls, later.failures) == (0, 0)


async def test_what_people_said_at_the_end_is_kept(
    storage: Storage, line: Line, projection: CallFactsProjection
) -> None:
    asked: list[Event] = [CallAnswered(None), Prompted("ask_satisfaction", 1, ""), Ended(EndReason.DONE)]
    await line.rings("CA1", asked)
    await projection.sweep()
    async with storage._database.reading() as connection:
        row = (await connection.execute(select(satisfaction))).one()
    assert (row.way, row.rating, row.answered_at) == ("call", None, None)
    assert (await figures(storage))["response"].denominator == 1
    await line.rings("CA2", [CallAnswered(None), Prompted("ask_satisfaction", 1, ""), Rated(1), Ended(EndReason.DONE)])
    await projection.sweep()
    counted = await figures(storage)
    assert (counted["satisfied"].numerator, counted["response"].numerator, counted["response"].denominator) == (1, 1, 2)
    assert await projection.sweep() == 0


async def test_a_month_is_public_once_it_is_signed(storage: Storage, clock: PinnedClock) -> None:
    assert await storage.figures.signed() == []
    await storage.figures.sign("2026-10", "account", {"figures": []}, "Panne le 3.")
    await storage.figures.sign("2026-10", "other", {"figures": [1]})
    kept = SignedMonth("2026-10", "other", clock.now(), {"figures": [1]})
    assert await storage.figures.signed() == [kept]
    assert await storage.figures.withdraw("2026-10")
    assert not await storage.figures.withdraw("2026-10")


async def test_conversations_in_writing_are_apart(
    storage: Storage, line: Line, projection: CallFactsProjection
) -> None:
    await line.rings("TX1", [CallAnswered(None, Channel.TEXT), Ended(EndReason.DONE)])
    await projection.sweep()
    counted = await figures(storage)
    assert (counted["received"].value, counted["written"].value) == (0, 1)


async def _callers(storage: Storage) -> dict[str, bool]:
    async with storage._database.reading() as connection:
        rows = await connection.execute(select(call_facts.c.call_id, call_facts.c.caller_index.is_not(None)))
        return {call_id: bool(known) for call_id, known in rows}


async def _days(storage: Storage) -> list[tuple[object, ...]]:
    """The sums; when they were made is left out."""
    columns = (call_days.c.day, call_days.c.territory, call_days.c.tally, call_days.c.hours)
    async with storage._database.reading() as connection:
        return [tuple(row) for row in await connection.execute(select(*columns).order_by(call_days.c.territory))]


async def _booked(storage: Storage, clock: PinnedClock, call_id: str, reference: str) -> None:
    day = {"sector": reference, "day": MONDAY, "capacity": 1, "used": 1}
    booking = {
        "reference": reference, "call_id": call_id, "status": "booked", "day": MONDAY, "sector": reference,
        "insee": "13206", "commune": "Marseille", "postcode": "13006", "address_sealed": b"",
        "readback_accepted": True, "created_by": "bot", "created_at": clock.now(),
    }  # fmt: skip
    async with storage._database.writing() as connection:
        await connection.execute(pickup_days.insert().values(day))
        await connection.execute(bookings.insert().values(booking))


async def _changed(storage: Storage, clock: PinnedClock, reference: str, kind: str) -> None:
    change = {
        "reference": reference, "number": 1, "kind": kind, "at": clock.now(), "day_before": MONDAY,
        "day_after": MONDAY, "changed_by": "resident",
    }  # fmt: skip
    async with storage._database.writing() as connection:
        await connection.execute(booking_changes.insert().values(change))
