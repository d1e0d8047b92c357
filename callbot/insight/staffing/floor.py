"""The floor of a call centre, event by event: who rings, who answers, who gives up. Seconds since the first midnight.

One queue, first come first served, agents alike. An agent whose duty ends finishes the call that is going on; when the
duty of all ends, they answer those who still wait, then leave. Call-backs are made by agents whom no caller needs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from heapq import heappop, heappush, merge
from math import inf
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from callbot.insight.staffing.spreads import Floats


class Fate(IntEnum):
    """What became of a call in the queue."""

    ANSWERED = 0
    ABANDONED = 1
    WAITING = 2
    """still in the queue when the time simulated ends"""


@dataclass(frozen=True, slots=True)
class Callers:
    """Calls in the order in which they reach the queue: when, how long each talks, how long each would wait."""

    at: Floats
    talk: Floats
    patience: Floats


@dataclass(frozen=True, slots=True)
class Duty:
    """Agents on duty: from each moment of ``since`` (ascending) on, the number beside it; none before the first."""

    since: Floats
    agents: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CallBacks:
    """Calls that agents owe: from when each may be made (ascending), and how long it takes."""

    since: Floats
    talk: Floats


NO_CALL_BACKS = CallBacks(np.empty(0), np.empty(0))


@dataclass(frozen=True, slots=True)
class Served:
    """What became of the calls: seconds in the queue and fate of each, in the order of ``Callers``."""

    wait: Floats
    fate: NDArray[np.int8]
    call_backs_made: int
    worked: float
    """seconds that agents talked, call-backs included"""


def serve(callers: Callers, duty: Duty, until: float, call_backs: CallBacks = NO_CALL_BACKS) -> Served:
    """Run the floor until ``until``, when all have rung; each was answered, gave up, or waits at the end."""
    floor = _Floor(callers, call_backs)
    plan = _plan(duty, call_backs)
    moment, agents = next(plan)
    for caller, at in enumerate([*callers.at.tolist(), until]):
        while moment <= at:
            floor.go_on(moment, agents)
            moment, agents = next(plan)
        if caller < len(callers.at):
            floor.ring(caller, at)
    floor.advance(until)
    return floor.end(until)


def _plan(duty: Duty, call_backs: CallBacks) -> Iterator[tuple[float, int | None]]:
    """What is known beforehand, in order: the duty changes to so many agents, or (None) a call-back falls due."""
    changes = zip(duty.since.tolist(), duty.agents.tolist(), strict=True)
    return merge(changes, ((since, None) for since in call_backs.since.tolist()), [(inf, None)], key=itemgetter(0))


class _Floor:
    """The state between two events. Callers who gave up stay in the queue until an agent comes to them."""

    def __init__(self, callers: Callers, call_backs: CallBacks) -> None:
        self.at = callers.at.tolist()
        self.talk = callers.talk.tolist()
        self.gives_up = (callers.at + callers.patience).tolist()
        self.wait = [0.0] * len(self.at)
        self.fate = [Fate.ANSWERED] * len(self.at)
        self.owed = [*zip(call_backs.since.tolist(), call_backs.talk.tolist(), strict=True), (inf, 0.0)]
        self.made = 0
        self.queue: deque[int] = deque()
        self.busy: list[float] = []
        self.idle = 0
        self.leaving = 0
        self.agents = 0
        self.worked = 0.0

    def advance(self, now: float) -> None:
        """All calls that end until ``now`` end."""
        busy = self.busy
        while busy and busy[0] <= now:
            self.hang_up(heappop(busy))

    def ring(self, caller: int, now: float) -> None:
        """A caller reaches the queue; whoever is idle answers at once."""
        self.advance(now)
        if self.idle:
            self.idle -= 1
            self.work(now, self.talk[caller])
        else:
            self.queue.append(caller)

    def work(self, now: float, talk: float) -> None:
        """An agent is busy for ``talk`` seconds."""
        self.worked += talk
        heappush(self.busy, now + talk)

    def hang_up(self, now: float) -> None:
        """An agent is free again: leaves when due, but for the last duty only once nobody waits."""
        if self.leaving and self.agents:
            self.leaving -= 1
            return
        self.idle += 1
        self.answer(now)
        if self.leaving and self.idle:
            self.leaving -= 1
            self.idle -= 1
        elif self.owed[self.made][0] <= now:
            self.call_back(now)

    def answer(self, now: float) -> None:
        """Idle agents take who has waited longest and is still there."""
        queue = self.queue
        while self.idle and queue:
            caller = queue.popleft()
            if self.gives_up[caller] < now:
                self.abandon(caller)
                continue
            self.wait[caller] = now - self.at[caller]
            self.idle -= 1
            self.work(now, self.talk[caller])

    def abandon(self, caller: int) -> None:
        """The caller gave up when patience ended."""
        self.wait[caller] = self.gives_up[caller] - self.at[caller]
        self.fate[caller] = Fate.ABANDONED

    def call_back(self, now: float) -> None:
        """Idle agents make call-backs; one stays free for who rings, unless there is only one."""
        spare = 1 if self.agents > 1 else 0
        while self.idle > spare and self.owed[self.made][0] <= now:
            self.idle -= 1
            self.work(now, self.owed[self.made][1])
            self.made += 1

    def go_on(self, now: float, agents: int | None) -> None:
        """Until ``now``, when the duty changes (None: it does not); idle agents turn to what there is to do."""
        self.advance(now)
        if agents is not None:
            self.change_duty(agents)
        self.answer(now)
        self.call_back(now)

    def change_duty(self, agents: int) -> None:
        """So many agents are on duty; those too many leave, idle ones first."""
        self.agents = agents
        more = agents - (self.idle + len(self.busy) - self.leaving)
        stay = min(self.leaving, max(0, more))
        self.leaving -= stay
        go = min(self.idle, max(0, -more))
        self.idle += max(0, more) - stay - go
        self.leaving += max(0, -more) - go

    def end(self, now: float) -> Served:
        """Settle who is left in the queue at ``now``."""
        for caller in self.queue:
            if self.gives_up[caller] <= now:
                self.abandon(caller)
            else:
                self.wait[caller] = now - self.at[caller]
                self.fate[caller] = Fate.WAITING
        return Served(np.array(self.wait), np.array(self.fate, dtype=np.int8), self.made, self.worked)
