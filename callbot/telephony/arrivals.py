"""Calls are counted where they arrive, behind the call: nothing waits for it, and nothing breaks by it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from callbot.domain.events import CallBackKept

MOST_AT_ONCE = 200
"""notes on their way; a database that is away does not fill the memory"""

log = structlog.get_logger(__name__)


async def _nothing(_call_id: str, _kept: CallBackKept | None) -> None:
    """Nobody follows who is put to people."""


class Arrivals:
    """Notes each call that the phone company tells us of, and those that people get in the bot's stead."""

    def __init__(
        self,
        note: Callable[[str], Awaitable[object]],
        divert: Callable[[str, CallBackKept | None], Awaitable[object]] = _nothing,
    ) -> None:
        self._note = note
        self._divert = divert
        self._going_on: set[asyncio.Task[None]] = set()
        self.arrivals = self.diversions = 0
        """calls that came in since the process began, and those of them that people got in the bot's stead"""

    def arrived(self, call_id: str) -> None:
        """Note it soon; returns at once and never raises."""
        self.arrivals += 1
        self._soon(call_id, lambda: self._note(call_id))

    def diverted(self, call_id: str, kept: CallBackKept | None) -> None:
        """Note soon that people have this call, or that they call back as ``kept``; likewise."""
        self.diversions += 1
        self._soon(call_id, lambda: self._divert(call_id, kept))

    async def aclose(self) -> None:
        """What is on its way is noted."""
        await asyncio.gather(*self._going_on)

    def _soon(self, call_id: str, note: Callable[[], Awaitable[object]]) -> None:
        if len(self._going_on) >= MOST_AT_ONCE:
            log.warning("arrival_not_noted", call=call_id, kind="too_many")
            return
        task = asyncio.create_task(self._noted(call_id, note))
        self._going_on.add(task)
        task.add_done_callback(self._going_on.discard)

    async def _noted(self, call_id: str, note: Callable[[], Awaitable[object]]) -> None:
        try:
            await note()
        except Exception as failure:  # noqa: BLE001 - behind the call: a call that is not counted goes on all the same
            log.warning("arrival_not_noted", call=call_id, kind=type(failure).__name__)
