"""A call that was to say a message and that nobody heard: tried again at a decent hour, three times in all.

Each try is a message of its own, named by its number, so that one that rings is told from the one before, and a kill
at any moment leaves behind what an ordinary message leaves behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol

import structlog

from callbot.domain.clock import Clock
from callbot.domain.hours import may_ring

log = structlog.get_logger(__name__)

MOST_RINGS = 3
RINGS_AGAIN_AFTER = timedelta(minutes=20)
"""long enough for a line that was busy, or for somebody on their way home"""
TOLD_WITHIN = timedelta(minutes=3)
"""a call is over by then (30 s of ringing, a text said twice), and the phone company has told how it ended"""
_LOOKED_BACK = timedelta(days=1)
_SPOKEN = ":voice"


class Rang(StrEnum):
    """How a call ended."""

    HEARD = "heard"
    """somebody took it, or their answering machine"""
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    """the network could not reach the number"""
    CANCELED = "canceled"
    """taken back by people, who know why"""

    @property
    def tried_again(self) -> bool:
        """True when another try may be heard."""
        return self in (Rang.BUSY, Rang.NO_ANSWER, Rang.FAILED)


@dataclass(frozen=True, slots=True)
class NextRing:
    """The next try: the key of its message, and when it may leave."""

    key: str
    at: datetime


def ring_number(key: str) -> int:
    """Which try the call of this key is, from 1: ``...:voice``, ``...:voice:2``, ``...:voice:3``."""
    first, _, number = key.rpartition(":")
    return int(number) if first.endswith(_SPOKEN) and number.isdecimal() else 1


def next_ring(key: str, rang: Rang, at: datetime, not_after: datetime | None) -> NextRing | None:
    """The try after a call that ended so ``at`` (local time); None when that was the last one.

    Nobody is rung at an hour at which no first call is made either, nor once the message says nothing true any more.
    """
    number, then = ring_number(key), at + RINGS_AGAIN_AFTER
    too_late = not may_ring(then) or (not_after is not None and then >= not_after)
    if not rang.tried_again or number >= MOST_RINGS or too_late:
        return None
    first = key if number == 1 else key.rpartition(":")[0]
    return NextRing(f"{first}:{number + 1}", then)


class TellsHowCallsEnded(Protocol):
    """The phone company."""

    async def ended(self, provider_id: str) -> Rang | None:
        """How a call ended, None while it goes on; raises when it cannot be asked."""
        ...


class KeepsCalls(Protocol):
    """The outbox, for messages said by a call."""

    async def untold_calls(self, first: datetime, last: datetime) -> list[str]:
        """The provider's ids of calls made from ``first`` to ``last`` of whose end nothing is known."""
        ...

    async def rang(self, provider_id: str, rang: Rang | None, at: datetime, mark: str = "") -> bool:
        """A call was made (None) or ended; ``at`` in local time. False for one of nobody, or whose end is known."""
        ...


class CallFollower:
    """Asks how calls ended of which the phone company did not tell: we were away when it would have."""

    def __init__(self, calls: TellsHowCallsEnded, store: KeepsCalls, clock: Clock) -> None:
        self._calls = calls
        self._store = store
        self._clock = clock

    async def sweep(self) -> int:
        """Ask for each call that must be over by now; how many ends were learned. One that cannot be asked for now
        holds up no other."""
        now = self._clock.now()
        last = now.astimezone(UTC) - TOLD_WITHIN
        learned = 0
        for provider_id in await self._store.untold_calls(last - _LOOKED_BACK, last):
            rang = await self._end_of(provider_id)
            learned += rang is not None and await self._store.rang(provider_id, rang, now)
        return learned

    async def _end_of(self, provider_id: str) -> Rang | None:
        try:
            return await self._calls.ended(provider_id)
        except Exception as error:  # noqa: BLE001 - the edge of the phone company: whatever it raises, the next one is asked for
            log.warning("call_end_not_learned", call=provider_id, error=type(error).__name__)
            return None
