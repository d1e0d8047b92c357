"""Conversations that nobody ended: calls whose process died, writers who did not come back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

import structlog

from callbot.domain.events import Channel, EndReason

LAPSE = timedelta(minutes=30)
"""without a message for so long, a written conversation is over"""
_WRITTEN = frozenset({Channel.TEXT, Channel.SMS})

logger = structlog.get_logger(__name__)


class Closes(Protocol):
    """A conversation, as far as it is ended here."""

    async def close(self, reason: EndReason) -> None:
        """It is over; a place held is given back."""
        ...


class OpensToClose(Protocol):
    """The conversations (``calls.conversation.Conversations``)."""

    async def open(self, call_id: str) -> Closes:
        """The conversation as its stored events left it."""
        ...


class LastState(Protocol):
    """The last state of a call (``storage.event_log.CallSummary``)."""

    @property
    def channel(self) -> Channel | None:
        """How it reached us last."""
        ...


class FindsUnfinished(Protocol):
    """The event log (``storage.event_log.EventLog``)."""

    async def unfinished(self, before: datetime) -> list[str]:
        """Conversations that never ended and whose last event is older than ``before``."""
        ...

    async def summary(self, call_id: str) -> LastState | None:
        """The last state of one of them."""
        ...


async def close_the_dead(conversations: OpensToClose, log: FindsUnfinished, before: datetime) -> None:
    """Ends the calls whose process died (silent since ``before``, which no living call can be): people find them."""
    for call_id in await log.unfinished(before):
        await _close(call_id, conversations, log, EndReason.BROKEN_STREAM, written=False)


async def close_the_lapsed(conversations: OpensToClose, log: FindsUnfinished, now: datetime) -> None:
    """Ends the written conversations that nobody came back to: their held places go to somebody else."""
    for call_id in await log.unfinished(now - LAPSE):
        await _close(call_id, conversations, log, EndReason.CALLER_HUNG_UP, written=True)


async def _close(
    call_id: str, conversations: OpensToClose, log: FindsUnfinished, reason: EndReason, *, written: bool
) -> None:
    """Ends this one if people write in it, or speak where not ``written``."""
    try:
        last = await log.summary(call_id)
        if (last is not None and last.channel in _WRITTEN) is written:
            await (await conversations.open(call_id)).close(reason)
    except Exception as failure:  # noqa: BLE001 - the edge of one conversation: the others are ended all the same
        logger.error("close_failed", call=call_id, kind=type(failure).__name__)
