"""Conversations that nobody ended: calls whose process died, writers who did not come back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from callbot.domain.events import Channel, EndReason

LAPSE = timedelta(minutes=30)
"""without a message for so long, a written conversation is over"""
_WRITTEN = frozenset({Channel.TEXT, Channel.SMS})


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
    for call_id, written in await _left(log, before):
        if not written:
            await (await conversations.open(call_id)).close(EndReason.BROKEN_STREAM)


async def close_the_lapsed(conversations: OpensToClose, log: FindsUnfinished, now: datetime) -> None:
    """Ends the written conversations that nobody came back to: their held places go to somebody else."""
    for call_id, written in await _left(log, now - LAPSE):
        if written:
            await (await conversations.open(call_id)).close(EndReason.CALLER_HUNG_UP)


async def _left(log: FindsUnfinished, before: datetime) -> list[tuple[str, bool]]:
    """Ids of what was left, and whether people write in it."""
    found = []
    for call_id in await log.unfinished(before):
        last = await log.summary(call_id)
        found.append((call_id, last is not None and last.channel in _WRITTEN))
    return found
