"""What the pages need from the other rooms, as protocols; ``bootstrap`` says who provides them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from callbot.calls.turn_by_turn import Converses
from callbot.dialogue.state import State
from callbot.domain.events import Event


class TextConversation(Converses, Protocol):
    """A conversation whose state can be looked at (``calls.conversation.Conversation``)."""

    @property
    def state(self) -> State:
        """What the dialogue knows now."""
        ...


class OpensConversations(Protocol):
    """The conversations, new and known (``calls.conversation.Conversations``)."""

    async def open(self, call_id: str) -> TextConversation:
        """The conversation of this id: continued from its events when it is known."""
        ...


class Summary(Protocol):
    """A stored conversation at a glance."""

    @property
    def last_event_at(self) -> datetime:
        """When something was last said or done in it."""
        ...


class ReadsConversations(Protocol):
    """The event log, read only (``storage.events``)."""

    async def events(self, call_id: str) -> list[Event]:
        """All events of a conversation in order, [] for an unknown one."""
        ...

    async def summary(self, call_id: str) -> Summary | None:
        """None for an unknown one."""
        ...
