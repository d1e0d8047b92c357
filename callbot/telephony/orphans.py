"""Conversations whose stream broke: they stay open for a while, as the phone company may come back with the call."""

from __future__ import annotations

import asyncio

import structlog

from callbot.domain.events import EndReason
from callbot.telephony.ports import Conversation

GRACE_S = 30.0
"""Twilio asks what comes after the stream at once, and opens the next one within seconds"""

log = structlog.get_logger(__name__)


class Orphans:
    """Closes what nobody comes back for, so that its held date goes to somebody else.

    A conversation is kept as its stream left it: where another host went on with it, closing it here does nothing.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Task[None]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def leave(self, conversation: Conversation) -> None:
        """Its stream broke."""
        call_id = conversation.call_id
        self._waiting[call_id] = asyncio.create_task(self._close_later(conversation), name=f"orphan {call_id}")

    async def take_back(self, call_id: str) -> None:
        """The call is here again, or over."""
        task = self._waiting.pop(call_id, None)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def aclose(self) -> None:
        """The service stops: forget all; the calls go on in another process, or their holds run out."""
        for call_id in list(self._waiting):
            await self.take_back(call_id)

    async def _close_later(self, conversation: Conversation) -> None:
        await asyncio.sleep(GRACE_S)
        try:
            await conversation.close(EndReason.BROKEN_STREAM)
        except Exception as failure:  # noqa: BLE001 - the edge of a task nobody awaits: its failure belongs in the log
            log.error("close_failed", call=conversation.call_id, kind=type(failure).__name__)
        finally:
            self._waiting.pop(conversation.call_id, None)
