"""Agents' telephones, and calls that come to them: of two who want the same, one is first, and no caller is lost."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from callbot.desk import AgentLine, Presence, RingResult, WrapUp
from callbot.domain.events import HandOverReason
from callbot.domain.people import Window
from callbot.storage import Storage
from callbot.storage.hand_overs import HandOverStatus
from callbot.storage.tables import accounts, agent_presence
from tests.booking.sample import MOBILE, PinnedClock

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WINDOW = Window(NOW + timedelta(hours=1), NOW + timedelta(hours=3))
LINE = AgentLine("+33612340000")


async def agent(storage: Storage, account: str) -> None:
    """An account that gave a telephone."""
    row = {
        "id": account, "login_sealed": b"x", "login_index": account, "name_sealed": b"x", "role": "agent",
        "password_hash": "x", "must_change_password": False, "created_at": NOW,
    }  # fmt: skip
    async with storage._database.writing() as connection:
        await connection.execute(insert(accounts).values(row))
    await storage.desk_work.say(account, Presence.PRESENT, NOW)
    await storage.agent_lines.say_line(account, LINE)


async def taken(storage: Storage, call_id: str = "CA1", account: str = "mine") -> None:
    await storage.hand_overs.hand_over(call_id, HandOverReason.ASKED)
    assert await storage.desk_work.take(call_id, account, NOW)


async def promised(storage: Storage, call_id: str = "CA1", account: str = "mine") -> None:
    async with storage.unit_of_work() as work:
        await work.call_backs.add(call_id, MOBILE, HandOverReason.ASKED, WINDOW, NOW)
    assert await storage.desk_work.take_call_back(call_id, account, NOW)


async def test_a_telephone_is_kept_sealed_and_forgotten_when_it_is_emptied(storage: Storage) -> None:
    await agent(storage, "mine")
    assert await storage.agent_lines.line("mine") == LINE
    async with storage._database.reading() as connection:
        sealed = (await connection.execute(select(agent_presence.c.line_sealed))).scalar_one()
    assert LINE.reveal().encode() not in sealed
    await storage.desk_work.say("mine", Presence.PAUSE, NOW)
    assert await storage.agent_lines.line("mine") == LINE
    await storage.agent_lines.say_line("mine", None)
    assert await storage.agent_lines.line("mine") is None
    assert await storage.agent_lines.line("nobody") is None


async def test_a_telephone_is_rung_for_the_calls_of_its_agent_only(storage: Storage) -> None:
    await agent(storage, "mine")
    await agent(storage, "other")
    await taken(storage)
    assert await storage.agent_lines.line_for("CA1", "mine") == LINE
    assert await storage.agent_lines.line_for("CA1", "other") is None
    await storage.desk_work.finish("CA1", "mine", WrapUp.INFORMED, None, NOW)
    assert await storage.agent_lines.line_for("CA1", "mine") is None


async def test_who_does_not_answer_loses_the_call_and_its_caller_no_place(storage: Storage, clock: PinnedClock) -> None:
    await storage.hand_overs.hand_over("CA0", HandOverReason.ASKED)
    since = clock.now()
    clock.advance(seconds=40)
    await storage.hand_overs.hand_over("CA9", HandOverReason.ASKED)
    assert await storage.desk_work.take("CA0", "mine", clock.now())
    assert await storage.agent_lines.wait_again("CA0", "other") is None
    assert await storage.agent_lines.wait_again("CA0", "mine") == since
    assert [work.call_id for work in await storage.desk_work.waiting(clock.now())] == ["CA0", "CA9"]
    assert await storage.desk_work.take("CA0", "other", clock.now())


async def test_an_answered_call_does_not_wait_again_unless_its_caller_never_came(storage: Storage) -> None:
    await taken(storage)
    assert await storage.agent_lines.joined("CA1", "mine")
    assert await storage.agent_lines.wait_again("CA1", "mine") is None
    assert await storage.agent_lines.wait_again("CA1", "mine", even_answered=True) is not None
    assert await storage.hand_overs.status("CA1") is HandOverStatus.WAITING


async def test_only_who_has_the_call_joins_it_or_who_comes_first_where_nobody_has(storage: Storage) -> None:
    await taken(storage)
    assert not await storage.agent_lines.joined("CA1", "other")
    await storage.agent_lines.wait_again("CA1", "mine")
    came = await asyncio.gather(*(storage.agent_lines.joined("CA1", f"agent{number}") for number in range(6)))
    assert sum(came) == 1
    work = await storage.desk_work.of_call("CA1")
    assert work is not None
    assert work.taken_by == f"agent{came.index(True)}"
    assert work.answered_at is not None


@pytest.mark.parametrize("how", ["left", "unanswered", "called back"])
async def test_a_caller_who_is_gone_does_not_wait_again(storage: Storage, how: str) -> None:
    await taken(storage)
    if how == "left":
        assert await storage.hand_overs.left("CA1")
    elif how == "unanswered":
        assert await storage.hand_overs.unanswered("CA1")
    else:
        async with storage.unit_of_work() as work:
            await work.call_backs.add("CA1", MOBILE, HandOverReason.ASKED, WINDOW, NOW)
    assert await storage.agent_lines.wait_again("CA1", "mine") is None
    [mine] = await storage.desk_work.taken_by("mine")
    assert mine.on_the_line is False
    assert mine.caller_left is (how != "called back")
    assert await storage.desk_work.finish("CA1", "mine", WrapUp.NOTHING_NEEDED, None, NOW)


async def test_who_wrote_the_end_before_answering_leaves_no_caller_unseen(storage: Storage) -> None:
    await taken(storage)
    await storage.desk_work.finish("CA1", "mine", WrapUp.NOTHING_NEEDED, None, NOW)
    assert await storage.agent_lines.wait_again("CA1", "mine") is not None
    assert [work.call_id for work in await storage.desk_work.waiting(NOW)] == ["CA1"]


async def test_a_number_is_given_to_who_has_the_call_back_and_to_nobody_else(storage: Storage) -> None:
    await promised(storage)
    assert await storage.agent_lines.number_to_call_back("CA1", "mine") == MOBILE
    assert await storage.agent_lines.number_to_call_back("CA1", "other") is None
    assert await storage.agent_lines.number_to_call_back("CA2", "mine") is None
    await storage.desk_work.finish_call_back("CA1", "mine", WrapUp.INFORMED, None, NOW)
    assert await storage.agent_lines.number_to_call_back("CA1", "mine") is None


async def test_one_ring_at_a_time_and_its_first_result_stays(storage: Storage) -> None:
    await promised(storage)
    lines = storage.agent_lines
    began = await asyncio.gather(*(lines.ring_begins("CA1", "mine", NOW, NOW - timedelta(minutes=2)) for _ in range(5)))
    assert sum(began) == 1
    assert not await lines.ring_begins("CA1", "other", NOW, NOW)
    assert await lines.ring_ended("CA1", "mine", RingResult.BUSY)
    assert not await lines.ring_ended("CA1", "mine", RingResult.AGENT_ABSENT)
    [work] = await storage.desk_work.call_backs()
    assert (work.rung_at, work.ring_result) == (NOW, RingResult.BUSY)
    later = NOW + timedelta(minutes=3)
    assert await lines.ring_begins("CA1", "mine", later, later - timedelta(minutes=2))
    # Nobody told how it ended: after a while another ring may begin, not at the same moment.
    assert not await lines.ring_begins("CA1", "mine", later, later)
    assert await lines.ring_begins("CA1", "mine", later, later + timedelta(microseconds=1))


async def test_who_does_not_want_to_be_listened_to_is_known(storage: Storage) -> None:
    await taken(storage)
    assert await storage.agent_lines.refused_listening(["CA1"]) == frozenset()
    assert not await storage.agent_lines.refuse_listening("CA1", "other", NOW)
    assert await storage.agent_lines.refuse_listening("CA1", "mine", NOW)
    assert await storage.agent_lines.refused_listening(["CA1", "CA2"]) == {"CA1"}
    assert await storage.agent_lines.refused_listening([]) == frozenset()
    work = await storage.desk_work.of_call("CA1")
    assert work is not None
    assert work.may_be_heard is False
