"""Calls as they stand: the states of running calls, folded on from event to event."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from typing import Final

from callbot.desk.ports import NumberedEvent, ReadsCalls, RunningCall
from callbot.dialogue.state import State, World
from callbot.dialogue.step import step
from callbot.domain.clock import Clock

AT_MOST_EVERY: Final = timedelta(seconds=1)
"""however many desks look, the log is read so often"""
STILL_RUNNING: Final = timedelta(minutes=30)
"""a call of which nothing was heard for longer is a dead one, not one going on"""


@dataclass(frozen=True, slots=True)
class LiveCall:
    """A call and how it stands."""

    call: RunningCall
    state: State


@dataclass(frozen=True, slots=True)
class _Seen:
    number: int
    state: State


class LiveCalls:
    """Remembers how far each call was read: a look reads what is new."""

    def __init__(self, log: ReadsCalls, world: World, clock: Clock) -> None:
        self._log = log
        self._world = world
        self._clock = clock
        self._seen: dict[str, _Seen] = {}
        self._now: tuple[LiveCall, ...] = ()
        self._read_at: datetime | None = None
        self._reading = asyncio.Lock()

    async def going_on(self) -> tuple[LiveCall, ...]:
        """All running calls, longest first; at most a second old."""
        async with self._reading:
            now = self._clock.now()
            if self._read_at is None or not timedelta() <= now - self._read_at < AT_MOST_EVERY:
                self._now = await self._read(now)
                self._read_at = now
            return self._now

    async def told(self, call_id: str) -> tuple[State, Sequence[NumberedEvent]]:
        """How one call stands, running or over, and the events that led there."""
        events = (await self._log.numbered({call_id: 0})).get(call_id, ())
        return self._folded(State(call_id, self._world), events), events

    async def _read(self, now: datetime) -> tuple[LiveCall, ...]:
        running = await self._log.running(now - STILL_RUNNING)
        self._forget_all_but({call.call_id for call in running})
        behind = {call.call_id: self._number(call.call_id) for call in running}
        behind = {call.call_id: behind[call.call_id] for call in running if call.events > behind[call.call_id]}
        new = await self._log.numbered(behind) if behind else {}
        for call_id, events in new.items():
            before = self._seen[call_id].state if call_id in self._seen else State(call_id, self._world)
            if events:
                self._seen[call_id] = _Seen(events[-1].number, self._folded(before, events))
        return tuple(LiveCall(call, self._seen[call.call_id].state) for call in running if call.call_id in self._seen)

    def _number(self, call_id: str) -> int:
        return self._seen[call_id].number if call_id in self._seen else 0

    def _forget_all_but(self, call_ids: Collection[str]) -> None:
        self._seen = {call_id: seen for call_id, seen in self._seen.items() if call_id in call_ids}

    @staticmethod
    def _folded(state: State, events: Collection[NumberedEvent]) -> State:
        return reduce(lambda before, each: step(before, each.event)[0], events, state)
