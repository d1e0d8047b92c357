"""Calls taken, ended and put back by agents; call-backs; who is there. Two who want the same: one is first."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from callbot.desk import Presence, WrapUp
from callbot.domain.events import Ended, EndReason, HandOverReason
from callbot.domain.people import Window
from callbot.domain.personal import Personal
from callbot.storage import Storage
from callbot.storage.hand_overs import HandOverStatus
from callbot.storage.tables import accounts
from tests.booking.sample import MOBILE, PinnedClock
from tests.desk.sample import opening, wanted

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WINDOW = Window(NOW + timedelta(hours=1), NOW + timedelta(hours=3))


async def queue(storage: Storage, *call_ids: str) -> None:
    for call_id in call_ids:
        await storage.hand_overs.hand_over(call_id, HandOverReason.ASKED)


async def promise(storage: Storage, call_id: str) -> None:
    async with storage.unit_of_work() as work:
        await work.call_backs.add(call_id, MOBILE, HandOverReason.ASKED, WINDOW, NOW)


async def test_of_many_who_take_a_call_one_has_it(storage: Storage) -> None:
    await queue(storage, "CA1")
    took = await asyncio.gather(*(storage.desk_work.take("CA1", f"agent{number}", NOW) for number in range(8)))
    assert sum(took) == 1
    assert await storage.desk_work.waiting(NOW) == []
    [taken] = await storage.desk_work.taken_by(f"agent{took.index(True)}")
    assert (taken.call_id, taken.taken_at) == ("CA1", NOW)


async def test_a_call_answered_by_telephone_is_taken_at_the_desk_afterwards(storage: Storage) -> None:
    await queue(storage, "CA1")
    assert await storage.hand_overs.taken("CA1")
    [waits] = await storage.desk_work.waiting(NOW)
    assert (waits.on_the_line, waits.answered_at) == (False, NOW)
    assert await storage.desk_work.waiting(NOW + timedelta(seconds=1)) == []
    assert await storage.desk_work.take("CA1", "mine", NOW)


async def test_a_call_is_ended_once_and_by_who_has_it(storage: Storage) -> None:
    await queue(storage, "CA1")
    assert not await storage.desk_work.finish("CA1", "mine", WrapUp.BOOKED, None, NOW)
    await storage.desk_work.take("CA1", "mine", NOW)
    assert not await storage.desk_work.finish("CA1", "other", WrapUp.BOOKED, None, NOW)
    assert await storage.desk_work.finish("CA1", "mine", WrapUp.BOOKED, Personal("portail vert"), NOW)
    assert not await storage.desk_work.finish("CA1", "mine", WrapUp.INFORMED, None, NOW)
    ended = await storage.desk_work.of_call("CA1")
    assert ended is not None
    assert (ended.wrap_up, ended.ended_at) == (WrapUp.BOOKED, NOW)
    assert ended.note is not None
    assert ended.note.reveal() == "portail vert"
    assert await storage.hand_overs.status("CA1") is HandOverStatus.CLOSED
    assert await storage.desk_work.taken_by("mine") == []


async def test_a_call_put_back_waits_for_others(storage: Storage) -> None:
    await queue(storage, "CA1")
    await storage.desk_work.take("CA1", "mine", NOW)
    assert not await storage.desk_work.put_back("CA1", "other")
    assert await storage.desk_work.put_back("CA1", "mine")
    assert [work.call_id for work in await storage.desk_work.waiting(NOW)] == ["CA1"]
    assert await storage.desk_work.take("CA1", "other", NOW)


async def test_the_queue_is_by_age(storage: Storage, clock: PinnedClock) -> None:
    for call_id in ("CA2", "CA1", "CA3"):
        await queue(storage, call_id)
        clock.advance(seconds=1)
    assert [work.call_id for work in await storage.desk_work.waiting(NOW)] == ["CA2", "CA1", "CA3"]


async def test_a_call_back_rung_in_vain_stays_in_the_list(storage: Storage) -> None:
    await promise(storage, "CA1")
    assert await storage.desk_work.take_call_back("CA1", "mine", NOW)
    assert not await storage.desk_work.take_call_back("CA1", "other", NOW)
    assert await storage.desk_work.put_back_call_back("CA1", "mine", tried=True)
    [waits] = await storage.desk_work.call_backs()
    assert (waits.tries, waits.taken_by, waits.phone, waits.window) == (1, None, MOBILE, WINDOW)
    await storage.desk_work.take_call_back("CA1", "other", NOW)
    assert await storage.desk_work.finish_call_back("CA1", "other", WrapUp.INFORMED, None, NOW)
    assert await storage.desk_work.call_backs() == []


async def test_nobody_is_counted_on_who_did_not_say_so(storage: Storage) -> None:
    row = {
        "id": "mine", "login_sealed": b"x", "login_index": "x", "name_sealed": b"x", "role": "agent",
        "password_hash": "x", "must_change_password": False, "created_at": NOW,
    }  # fmt: skip
    async with storage._database.writing() as connection:
        await connection.execute(insert(accounts).values(row))
    assert await storage.desk_work.presence("mine") is Presence.PAUSE
    await storage.desk_work.say("mine", Presence.PRESENT, NOW)
    assert (await storage.desk_work.presence("mine"), await storage.desk_work.present()) == (Presence.PRESENT, 1)
    await storage.desk_work.say("mine", Presence.PAUSE, NOW)
    assert await storage.desk_work.present() == 0


async def test_events_behind_a_number_are_read_for_each_call(storage: Storage) -> None:
    for call_id in ("CA1", "CA2"):
        for event in wanted():
            await storage.events.append(call_id, event)
    told = await storage.events.numbered({"CA1": 0, "CA2": len(opening())})
    assert [each.event for each in told["CA1"]] == wanted()
    assert [each.number for each in told["CA2"]] == list(range(len(opening()) + 1, len(wanted()) + 1))


async def test_ended_calls_do_not_run_and_are_in_the_history(storage: Storage, clock: PinnedClock) -> None:
    for call_id in ("CA1", "CA2"):
        await storage.events.append(call_id, opening()[0])
    await storage.events.append("CA1", Ended(EndReason.DONE))
    assert [call.call_id for call in await storage.events.running(clock.now() - timedelta(minutes=1))] == ["CA2"]
    [earlier] = await storage.earlier_calls(MOBILE, clock.now() - timedelta(days=1), but="CA2")
    assert (earlier.call_id, earlier.end_reason) == ("CA1", EndReason.DONE)
