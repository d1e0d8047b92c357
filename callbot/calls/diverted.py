"""Calls that people get in the bot's stead: they are in the queue and in the figures, and the bot never spoke."""

from __future__ import annotations

from typing import Protocol

from callbot.dialogue.acts import ChannelAct
from callbot.domain.events import CallBackKept, EndReason, Event


class TakesDiversions(Protocol):
    """A conversation nobody begins (``calls.conversation.Conversation``)."""

    async def handle(self, event: Event, sound: object | None = None) -> list[ChannelAct]:
        """Stores the event."""
        ...

    async def close(self, reason: EndReason) -> None:
        """Ends it, once."""
        ...


class OpensDiversions(Protocol):
    """The conversations (``calls.conversation.Conversations``)."""

    async def open(self, call_id: str) -> TakesDiversions:
        """The conversation of this id."""
        ...


async def divert(conversations: OpensDiversions, call_id: str, kept: CallBackKept | None) -> None:
    """Note that people have this call, or that they call back as ``kept``; noted twice it is the same."""
    conversation = await conversations.open(call_id)
    if kept is None:
        await conversation.close(EndReason.DIVERTED)
        return
    await conversation.handle(kept)
    await conversation.close(EndReason.CALL_BACK)
