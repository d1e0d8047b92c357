"""Running calls: read as far as they are new, forgotten when they end, at most a second old."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from callbot.desk import LiveCalls, NumberedEvent, RunningCall
from callbot.desk.live import STILL_RUNNING
from callbot.domain.events import Channel, Event
from tests.booking.sample import PinnedClock
from tests.desk.sample import WORLD, opening, wanted


@dataclass
class Log:
    """Calls in memory; notes what is asked."""

    clock: PinnedClock
    calls: dict[str, list[NumberedEvent]] = field(default_factory=dict)
    asked: list[dict[str, int]] = field(default_factory=list)

    def tell(self, call_id: str, *events: Event) -> None:
        told = self.calls.setdefault(call_id, [])
        for event in events:
            told.append(NumberedEvent(len(told) + 1, self.clock.now(), event))

    async def running(self, since: datetime) -> Sequence[RunningCall]:
        return [
            RunningCall(call_id, told[0].at, told[-1].at, Channel.PHONE, len(told))
            for call_id, told in self.calls.items()
            if told[-1].at >= since
        ]

    async def numbered(self, after: Mapping[str, int]) -> Mapping[str, Sequence[NumberedEvent]]:
        self.asked.append(dict(after))
        return {call: [each for each in self.calls.get(call, []) if each.number > seen] for call, seen in after.items()}


async def test_only_what_is_new_is_read() -> None:
    clock = PinnedClock()
    log = Log(clock)
    live = LiveCalls(log, WORLD, clock)
    log.tell("CA1", *opening())
    log.tell("CA2", *opening())
    assert [call.call.call_id for call in await live.going_on()] == ["CA1", "CA2"]
    log.tell("CA2", *wanted()[len(opening()) :])
    clock.advance(seconds=1)
    by_id = {call.call.call_id: call.state for call in await live.going_on()}
    assert log.asked == [{"CA1": 0, "CA2": 0}, {"CA2": len(opening())}]
    assert not by_id["CA1"].items
    assert by_id["CA2"] == (await live.told("CA2"))[0]


async def test_many_desks_that_look_within_a_second_read_once() -> None:
    clock = PinnedClock()
    log = Log(clock)
    live = LiveCalls(log, WORLD, clock)
    log.tell("CA1", *opening())
    first = await live.going_on()
    log.tell("CA1", *wanted()[len(opening()) :])
    clock.advance(seconds=0.999)
    assert await live.going_on() is first
    clock.advance(seconds=0.001)
    assert (await live.going_on())[0].state.items


async def test_a_call_that_is_silent_for_long_is_not_going_on() -> None:
    clock = PinnedClock()
    log = Log(clock)
    live = LiveCalls(log, WORLD, clock)
    log.tell("CA1", *opening())
    clock.advance(seconds=STILL_RUNNING.total_seconds())
    assert len(await live.going_on()) == 1
    clock.advance(seconds=1)
    assert await live.going_on() == ()


async def test_an_unknown_call_has_told_nothing() -> None:
    clock = PinnedClock()
    state, events = await LiveCalls(Log(clock), WORLD, clock).told("CA9")
    assert (state.call_id, list(events)) == ("CA9", [])
