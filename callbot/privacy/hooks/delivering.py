"""Delivery to one hook: in the order of each call, at least once, never in the way of a call.

The cursor moves after the hook took an event, so a process that dies between the two delivers it again, with the same
id. An event that is not taken holds up its own call only. After ``MOST_TRIES`` it is set aside, but only where the hook
took others meanwhile: a receiver that is away for a day loses nothing and gets all of it in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from callbot.privacy.hooks.ports import Cursor, KeepsHooks, Told

AT_ONCE: Final = 50
"""calls looked up together"""
SWEEP_S: Final = 5.0
"""a sweep ends after so long, so that a stopping service does not wait for a backlog"""
TIMEOUT_S: Final = 15.0
"""a hook has to take an event"""
LEASE: Final = timedelta(minutes=2)
"""after so long another process takes over from one that died; longer than a sweep with its last event"""
MOST_TRIES: Final = 6
DOWN_AFTER: Final = 3
"""failures in a row after which a sweep gives up: the receiver is away"""
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=15), timedelta(minutes=30)

log = structlog.get_logger(__name__)

Reads = Callable[[str, int, int | None], Awaitable[Sequence[Told]]]
"""events of a call after a number, up to and with another one, as this hook may see them"""


class Delivery:
    """One hook, in one process."""

    def __init__(
        self,
        name: str,
        store: KeepsHooks,
        read: Reads,
        take: Callable[[Told], Awaitable[None]],
        *,
        owner: str,
        now: Callable[[], datetime],
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """``take`` gives an event to the hook and raises where it is not taken; ``owner`` names this process."""
        self.name = name
        self._owner = owner
        self._store = store
        self._read = read
        self._take = take
        self._now = now
        self._timeout_s = timeout_s
        self._in_a_row = 0

    async def sweep(self) -> int:
        """Deliver what waits, as much as ``SWEEP_S`` allows; how many events were taken."""
        if not await self._store.lease(self.name, self._owner, self._now() + LEASE):
            return 0
        try:
            return await self._sweep()
        finally:
            await self._store.free(self.name, self._owner)

    async def _sweep(self) -> int:
        ends = asyncio.get_running_loop().time() + SWEEP_S
        self._in_a_row = done = 0
        for cursor in await self._store.wanted(self.name, AT_ONCE):
            done += await self._again(cursor)
        while pending := await self._store.pending(self.name, AT_ONCE):
            for cursor in pending:
                taken = await self._call(cursor, ends)
                done += taken
                if self._in_a_row >= DOWN_AFTER or asyncio.get_running_loop().time() > ends:
                    return done
        await self._store.clean(self.name)
        return done

    async def _call(self, cursor: Cursor, ends: float) -> int:
        """The events of one call until one is not taken."""
        done = 0
        try:
            events = await self._read(cursor.call_id, cursor.seq, None)
        except Exception as failure:  # noqa: BLE001 - a call that cannot be read must not hide the others
            await self._not_taken(cursor, failure)
            return 0
        for told in events:
            here = cursor if told.seq == cursor.seq + 1 else Cursor(cursor.call_id, told.seq - 1)
            refusal = await self._give(told)
            if refusal is not None:
                await self._not_taken(here, refusal)
                return done
            if not await self._store.delivered(self.name, self._owner, cursor.call_id, told.seq):
                return done
            self._in_a_row = 0
            done += 1
            if asyncio.get_running_loop().time() > ends:
                return done
        return done

    async def _give(self, told: Told) -> Exception | None:
        try:
            await asyncio.wait_for(self._take(told), self._timeout_s)
        except Exception as failure:  # noqa: BLE001 - the edge of somebody else's program: whatever it does, calls go on
            return failure
        return None

    async def _not_taken(self, cursor: Cursor, failure: Exception) -> None:
        kind, now = type(failure).__name__, self._now()
        self._in_a_row += 1
        log.warning("hook_failed", hook=self.name, kind=kind, tries=cursor.tries + 1)
        began = cursor.failed_at or now
        if cursor.tries + 1 >= MOST_TRIES and await self._store.took_others_since(self.name, began):
            await self._store.set_aside(self.name, cursor, kind)
            return
        pause = min(_FIRST_PAUSE * 2 ** min(cursor.tries, MOST_TRIES + 2), _LONGEST_PAUSE)
        await self._store.failed(self.name, cursor, now + pause)

    async def _again(self, cursor: Cursor) -> int:
        """One event that was set aside."""
        try:
            events = await self._read(cursor.call_id, cursor.seq, cursor.seq + 1)
        except Exception as failure:  # noqa: BLE001 - it stays where it is
            await self._store.tried_again(self.name, cursor, type(failure).__name__)
            return 0
        failed = [each for told in events if (each := await self._give(told)) is not None]
        await self._store.tried_again(self.name, cursor, type(failed[0]).__name__ if failed else "")
        return int(not failed)
