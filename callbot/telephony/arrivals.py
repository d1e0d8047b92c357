"""Calls are counted where they arrive, behind the call: nothing waits for it, and nothing breaks by it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

MOST_AT_ONCE = 200
"""notes on their way; a database that is away does not fill the memory"""

log = structlog.get_logger(__name__)


class Arrivals:
    """Notes each call that the phone company tells us of."""

    def __init__(self, note: Callable[[str], Awaitable[object]]) -> None:
        self._note = note
        self._going_on: set[asyncio.Task[None]] = set()

    def arrived(self, call_id: str) -> None:
        """Note it soon; returns at once and never raises."""
        if len(self._going_on) >= MOST_AT_ONCE:
            log.warning("arrival_not_noted", call=call_id, kind="too_many")
            return
        task = asyncio.create_task(self._noted(call_id))
        self._going_on.add(task)
        task.add_done_callback(self._going_on.discard)

    async def aclose(self) -> None:
        """What is on its way is noted."""
        await asyncio.gather(*self._going_on)

    async def _noted(self, call_id: str) -> None:
        try:
            await self._note(call_id)
        except Exception as failure:  # noqa: BLE001 - behind the call: a call that is not counted goes on all the same
            log.warning("arrival_not_noted", call=call_id, kind=type(failure).__name__)
