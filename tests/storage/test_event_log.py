"""The append-only log of calls."""

from __future__ import annotations

import asyncio
import json
import traceback
from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from callbot.domain.addresses import AddressCandidate
from callbot.domain.events import (
    PERSONAL,
    Booked,
    CallAnswered,
    CallerSpoke,
    Channel,
    Ended,
    EndReason,
    Event,
    GapNoted,
    HandedOver,
    HandOverReason,
    NothingHeard,
)
from callbot.domain.personal import PhoneNumber
from callbot.storage import Storage
from callbot.storage.serialisation import KINDS, UnknownEventError, from_json, is_personal, kind_of, to_json
from tests.booking.sample import PinnedClock

PHONE = PhoneNumber("+33612345678")


def any_event() -> st.SearchStrategy[Event]:
    """Every type of event, with any content."""
    return st.one_of([st.from_type(kind) for kind in KINDS.values()])


st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(
    AddressCandidate, st.builds(AddressCandidate, why=st.dictionaries(st.text(), st.floats(0, 1)))
)
st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))


@given(any_event())
def test_every_event_comes_back_as_it_was(event: Event) -> None:
    assert from_json(kind_of(event), to_json(event)) == event


def test_every_kind_of_event_can_be_stored() -> None:
    assert set(KINDS.values()) == set(get_args(Event))
    assert set(KINDS.values()) > PERSONAL


def test_a_kind_of_another_version_is_named() -> None:
    with pytest.raises(UnknownEventError, match="Sang"):
        from_json("Sang", "{}")


def test_fields_that_do_not_fit_are_refused_without_showing_them() -> None:
    words = "douze rue de Rome"
    with pytest.raises(UnknownEventError) as refusal:
        from_json("CallerSpoke", json.dumps({"text": words, "confidence": words}))
    assert words not in "".join(traceback.format_exception(refusal.value))


def test_fields_that_can_hold_personal_data_are_in_sealed_kinds_only() -> None:
    """Words, numbers and addresses of people: any event with such a field belongs to PERSONAL."""
    telling = ("text", "caller", "keys", "meaning", "candidates", "hypotheses", "phone", "address")
    for name, kind in KINDS.items():
        if any(field in kind.__dataclass_fields__ for field in telling):
            assert is_personal(name), name


async def test_events_come_back_in_order(storage: Storage) -> None:
    told: list[Event] = [CallAnswered(PHONE), CallerSpoke("un matelas", ("un matelas",), 0.9), NothingHeard()]
    for event in told:
        await storage.events.append("CA1", event)
    assert await storage.events.events("CA1") == told
    assert await storage.events.events("CA2") == []


async def test_a_call_has_its_last_state(storage: Storage, clock: PinnedClock) -> None:
    began = clock.now()
    await storage.events.append("CA1", CallAnswered(PHONE, Channel.PHONE))
    clock.advance(seconds=30)
    await storage.events.append("CA1", HandedOver(HandOverReason.ASKED))
    await storage.events.append("CA1", Ended(EndReason.HANDED_OVER))
    summary = await storage.call_summary("CA1")
    assert summary is not None
    assert (summary.started_at, summary.last_event_at) == (began, clock.now())
    assert (summary.events, summary.channel) == (3, Channel.PHONE)
    assert (summary.hand_over_reason, summary.end_reason) == (HandOverReason.ASKED, EndReason.HANDED_OVER)
    assert await storage.call_summary("CA2") is None


async def test_calls_whose_process_died_are_found_by_their_silence(storage: Storage, clock: PinnedClock) -> None:
    await storage.events.append("ended", CallAnswered(None))
    await storage.events.append("ended", Ended(EndReason.DONE))
    await storage.events.append("spoke since", CallAnswered(None))
    await storage.events.append("broken", CallAnswered(None))
    clock.advance(seconds=1)
    await storage.events.append("broken later", CallAnswered(None))
    clock.advance(seconds=1)
    await storage.events.append("spoke since", NothingHeard())
    assert await storage.events.unfinished(clock.now()) == ["broken", "broken later"]
    clock.advance(seconds=1)
    assert await storage.events.unfinished(clock.now()) == ["broken", "broken later", "spoke since"]
    await storage.events.append("broken", Ended(EndReason.BROKEN_STREAM))
    assert await storage.events.unfinished(clock.now()) == ["broken later", "spoke since"]


async def test_a_caller_who_calls_back_is_found_by_number(storage: Storage, clock: PinnedClock) -> None:
    began = clock.now()
    await storage.events.append("CA1", CallAnswered(PHONE))
    await storage.events.append("CA2", CallAnswered(PhoneNumber("+33699999999")))
    await storage.events.append("CA3", CallAnswered(None))
    clock.advance(minutes=5)
    await storage.events.append("CA4", CallAnswered(PHONE, resumed=True))
    assert [call.call_id for call in await storage.events.calls_of(PHONE, began)] == ["CA4", "CA1"]
    assert [call.call_id for call in await storage.events.calls_of(PHONE, clock.now())] == ["CA4"]
    assert [call.call_id for call in await storage.events.latest(2)] == ["CA4", "CA1"]


async def call_that_ended(storage: Storage, call_id: str, *events: Event, caller: PhoneNumber | None = PHONE) -> None:
    for event in (CallAnswered(caller), *events):
        await storage.events.append(call_id, event)


BOOKED = Booked("AC4KR", date(2026, 11, 24), "", sms=True)
HUNG_UP = Ended(EndReason.CALLER_HUNG_UP)


@pytest.mark.parametrize(
    ("events", "is_cut_off"),
    [
        ((HUNG_UP,), True),
        ((Ended(EndReason.BROKEN_STREAM),), True),
        ((BOOKED, HUNG_UP), False),
        ((), False),
        *[((Ended(end),), False) for end in EndReason if end not in (HUNG_UP.reason, EndReason.BROKEN_STREAM)],
    ],
)
async def test_a_call_was_cut_off_when_it_stopped_before_its_end(
    storage: Storage, clock: PinnedClock, events: tuple[Event, ...], is_cut_off: bool
) -> None:
    await call_that_ended(storage, "CA1", *events)
    found = await storage.events.cut_off(PHONE, clock.now(), "CA2")
    assert found == ("CA1" if is_cut_off else None)


async def test_a_call_cut_off_is_found_by_its_number_and_for_its_time(storage: Storage, clock: PinnedClock) -> None:
    began = clock.now()
    await call_that_ended(storage, "CA1", HUNG_UP)
    await call_that_ended(storage, "CB1", HUNG_UP, caller=PhoneNumber("+33699999999"))
    await call_that_ended(storage, "CB2", HUNG_UP, caller=None)
    clock.advance(minutes=29)
    await storage.events.append("CA2", CallAnswered(PHONE))
    assert await storage.events.cut_off(PHONE, began, "CA2") == "CA1"
    assert await storage.events.cut_off(PHONE, began + timedelta(seconds=1), "CA2") is None
    assert await storage.events.cut_off(PHONE, began, "CA9") is None


async def test_only_the_latest_call_counts(storage: Storage, clock: PinnedClock) -> None:
    began = clock.now()
    await call_that_ended(storage, "CA1", HUNG_UP)
    clock.advance(minutes=1)
    await call_that_ended(storage, "CA2", BOOKED, HUNG_UP)
    assert await storage.events.cut_off(PHONE, began, "CA3") is None
    clock.advance(minutes=1)
    await call_that_ended(storage, "CA4", Ended(EndReason.BROKEN_STREAM))
    assert await storage.events.cut_off(PHONE, began, "CA5") == "CA4"


async def test_gaps_are_read_with_their_time_and_nothing_else(storage: Storage, clock: PinnedClock) -> None:
    asked = clock.now()
    await storage.events.append("CA1", CallerSpoke("prenez-vous les aquariums ?"))
    await storage.events.append("CA1", GapNoted(("ecrans", "piscine")))
    clock.advance(days=1)
    await storage.events.append("CA2", GapNoted())
    assert [(gap.at, gap.nearest) for gap in await storage.events.gaps()] == [
        (asked, ("ecrans", "piscine")),
        (clock.now(), ()),
    ]
    assert [gap.nearest for gap in await storage.events.gaps(clock.now())] == [()]


async def test_two_writers_of_one_call_lose_nothing(storage: Storage) -> None:
    await asyncio.gather(*(storage.events.append("CA1", CallerSpoke(str(number))) for number in range(20)))
    heard = [event.text for event in await storage.events.events("CA1") if isinstance(event, CallerSpoke)]
    assert sorted(heard, key=int) == [str(number) for number in range(20)]


async def test_what_people_say_is_not_readable_in_the_database(storage: Storage) -> None:
    await storage.events.append("CA1", CallAnswered(PHONE))
    await storage.events.append("CA1", CallerSpoke("douze rue de Rome"))
    async with storage.retention_run("look") as connection:
        rows = (await connection.execute(text("SELECT payload, payload_sealed FROM call_events"))).all()
        caller = (await connection.execute(text("SELECT caller_index FROM calls"))).scalar_one()
    assert [row.payload for row in rows] == [None, None]
    assert not any(b"Rome" in bytes(row.payload_sealed) or b"0612" in bytes(row.payload_sealed) for row in rows)
    assert "612345678" not in caller


@pytest.mark.parametrize("change", ["UPDATE call_events SET kind = 'Ended'", "DELETE FROM call_events"])
async def test_stored_events_never_change_and_never_go(storage: Storage, change: str) -> None:
    await storage.events.append("CA1", NothingHeard())
    with pytest.raises(DBAPIError, match="append-only"):
        async with storage._database.writing() as connection:
            await connection.execute(text(change))
    assert await storage.events.events("CA1") == [NothingHeard()]


async def test_a_retention_run_removes_events_and_leaves_its_reason(storage: Storage) -> None:
    await storage.events.append("CA1", NothingHeard())
    await storage.events.append("CA2", NothingHeard())
    async with storage.retention_run("30 days are over") as connection:
        await connection.execute(text("DELETE FROM call_events WHERE call_id = 'CA1'"))
    assert await storage.events.events("CA1") == []
    assert await storage.events.events("CA2") == [NothingHeard()]
    async with storage._database.reading() as connection:
        run = (await connection.execute(text("SELECT reason, finished_at FROM retention_runs"))).one()
    assert run.reason == "30 days are over"
    assert run.finished_at is not None


async def test_even_a_retention_run_changes_no_event(storage: Storage) -> None:
    await storage.events.append("CA1", NothingHeard())
    with pytest.raises(DBAPIError, match="append-only"):
        async with storage.retention_run("rewrite history") as connection:
            await connection.execute(text("UPDATE call_events SET kind = 'Ended'"))
