"""What a waiting call has told is read once, however many desks look."""

from __future__ import annotations

from typing import cast

from callbot.desk import AgentDesk, LiveCalls, Topic
from callbot.desk.ports import JournalsLooks, KeepsHistory, KeepsWork
from callbot.desk.work import KNOWN_FOR
from tests.booking.sample import PinnedClock
from tests.desk.sample import WORLD, agreed, opening, wanted
from tests.desk.test_live import Log


async def test_what_a_call_has_told_is_read_again_after_half_a_minute() -> None:
    clock = PinnedClock()
    log = Log(clock)
    nothing = cast(KeepsWork, None), cast(KeepsHistory, None), cast(JournalsLooks, None)
    desk = AgentDesk(nothing[0], LiveCalls(log, WORLD, clock), nothing[1], nothing[2], clock)
    log.tell("CA1", *opening())
    before = await desk.known("CA1")
    log.tell("CA1", *agreed(wanted())[len(opening()) :])
    clock.advance(seconds=KNOWN_FOR.total_seconds() - 1)
    assert await desk.known("CA1") == before
    assert len(log.asked) == 1
    clock.advance(seconds=1)
    assert Topic.ITEMS in {fact.topic for fact in await desk.known("CA1")}
    assert len(log.asked) == 2
