"""The switch: all new calls go to people, or the bot answers. Its state is the last line of a history nobody edits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

import structlog

from callbot.domain.clock import Clock

CACHE_S: Final = 4.0
"""seconds for which a process believes what it last read: a switch is seen by all of them within five"""
READ_LIMIT_S: Final = 1.0
"""a caller waits for the answer to ``/voice/incoming``: a slow database does not hold it up"""
LEAST_REASON: Final = 5
LONGEST_REASON: Final = 300
AUTOMATIC: Final = "automatic"
"""who, where a threshold was passed and nobody pressed anything"""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Switched:
    """One line of the history. ``by``: an account's id, ``AUTOMATIC``, or who stood at the command line."""

    to_people: bool
    by: str
    reason: str
    at: datetime

    @property
    def automatic(self) -> bool:
        """Nobody pressed it."""
        return self.by == AUTOMATIC


class KeepsSwitch(Protocol):
    """The history (``storage.switches``)."""

    async def current(self) -> Switched | None:
        """The last line; None: nobody ever switched, the bot answers."""
        ...

    async def add(self, entry: Switched) -> bool:
        """A new line; False, and nothing kept, where it stands so already."""
        ...

    async def history(self, limit: int) -> list[Switched]:
        """The last lines, newest first."""
        ...


class NoReasonError(ValueError):
    """A switch without a reason that others understand."""


class Switch:
    """What people do with it."""

    def __init__(self, store: KeepsSwitch, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def current(self) -> Switched | None:
        """How it stands."""
        return await self._store.current()

    async def history(self, limit: int = 50) -> list[Switched]:
        """Who switched, when and why, newest first."""
        return await self._store.history(limit)

    async def turn(self, by: str, reason: str, *, to_people: bool) -> bool:
        """Switch; False where it stood so already. Raises ``NoReasonError``: whoever comes next must know why."""
        why = " ".join(reason.split())
        if not LEAST_REASON <= len(why) <= LONGEST_REASON:
            raise NoReasonError
        return await self._store.add(Switched(to_people, by, why, self._clock.now()))


class CachedSwitch:
    """What ``POST /voice/incoming`` asks: never raises, never waits long."""

    def __init__(self, store: KeepsSwitch, now_s: Callable[[], float]) -> None:
        """``now_s``: seconds of a clock that is never set (``time.monotonic``)."""
        self._store = store
        self._now_s = now_s
        self._read_at: float | None = None
        self._to_people = False

    async def to_people(self) -> bool:
        """Whether new calls go to people. While the database is away: as it stood when it was last read."""
        if self._read_at is None or self._now_s() - self._read_at >= CACHE_S:
            await self._read()
        return self._to_people

    def forget(self) -> None:
        """Somebody switched here: the next call asks again."""
        self._read_at = None

    async def _read(self) -> None:
        try:
            async with asyncio.timeout(READ_LIMIT_S):
                current = await self._store.current()
            self._to_people = current is not None and current.to_people
        except Exception as failure:  # noqa: BLE001 - the edge of the database: a call is waiting, it goes on
            log.warning("switch_not_read", kind=type(failure).__name__)
        self._read_at = self._now_s()
