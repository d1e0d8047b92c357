"""What a new call gets while others go on: our own ears, a conversation turn by turn, or people.

Nobody hears a busy tone. A call beyond what the ears can follow is heard by the phone company's recogniser, or answers
by keys (``/voice/turn``); when even that would be slow it goes to people, who answer or promise to call back.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

CALLS_A_CORE: Final = 12
"""whose sound one core follows: 25 on two cores hear half of their answers within 0.7 s, 95 % within 2.2 s (README)"""
LONGEST_WAIT_S: Final = 2.0
"""for a reading thread: above it a further caller would hear their answers too late"""
LONGEST_LAG_S: Final = 1.0
"""of the event loop: above it even webhooks come late, and Twilio gives up on them after 15 s"""
_COMING_S: Final = 15.0
"""a call that was let in and has no stream by then has none"""
_LOOK_EVERY_S: Final = 0.5


class Door(Enum):
    """How a new call is taken."""

    STREAM = "stream"
    TURNS = "turns"
    PEOPLE = "people"


@dataclass
class LoopLag:
    """How late the event loop comes to what it had to do, in seconds, as it was within the last second."""

    clock: Callable[[], float]
    seconds: float = 0.0

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Looks on while the service runs."""
        task = asyncio.create_task(self._watch(), name="loop_lag")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _watch(self) -> None:
        while True:
            due = self.clock() + _LOOK_EVERY_S
            await asyncio.sleep(_LOOK_EVERY_S)
            self.seconds = max(0.0, self.clock() - due)


def no_wait() -> float:
    """Nothing is late."""
    return 0.0


@dataclass
class Admission:
    """Decides for each new call. ``clock``: monotonic, in seconds."""

    most: int
    """calls whose sound is heard at once; 0: ``CALLS_A_CORE`` for each core of the machine"""
    clock: Callable[[], float]
    ears_wait_s: Callable[[], float] = no_wait
    loop_lag_s: Callable[[], float] = no_wait
    taken: dict[Door, int] = field(default_factory=lambda: dict.fromkeys(Door, 0))
    """calls let in by each door since the process began"""
    _coming: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.most = self.most or CALLS_A_CORE * (os.cpu_count() or 1)

    def door(self, call_id: str, streams: frozenset[str], *, takes_turns: bool) -> Door:
        """Where the call goes; ``streams``: calls that have one. Asked again for the same call it may answer better."""
        now = self.clock()
        self._coming = {
            call: since for call, since in self._coming.items() if call not in streams and now - since < _COMING_S
        }
        others = len(streams - {call_id}) + len(self._coming.keys() - {call_id})
        door = self._door(others, takes_turns=takes_turns)
        self.taken[door] += 1
        if door is Door.STREAM:
            self._coming[call_id] = now
        return door

    def opened(self, call_id: str) -> None:
        """The call has its stream, which counts from now on, however short it is."""
        self._coming.pop(call_id, None)

    def _door(self, others: int, *, takes_turns: bool) -> Door:
        if self.loop_lag_s() >= LONGEST_LAG_S:
            return Door.PEOPLE
        if others < self.most and self.ears_wait_s() < LONGEST_WAIT_S:
            return Door.STREAM
        return Door.TURNS if takes_turns else Door.PEOPLE
