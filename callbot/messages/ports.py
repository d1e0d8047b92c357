"""What the outbox needs: a store that never forgets, and somebody who sends."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from callbot.domain.notices import FOR_DAYTIME, MessageChannel
from callbot.domain.personal import Personal


class MessageStatus(StrEnum):
    """Life of a message: queued -> leased -> sent, back to queued after a failure, dead when given up.

    Withdrawn: taken back before anybody began to send it.
    """

    QUEUED = "queued"
    LEASED = "leased"
    SENT = "sent"
    DEAD = "dead"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class LeasedMessage:
    """A message this worker alone may send until its lease runs out. ``attempts`` counts this one."""

    id: int
    key: str
    kind: MessageChannel
    to: Personal
    """what the channel sends to: a phone number, an e-mail address; empty where the settings say it"""
    body: Personal
    attempts: int
    queued_at: datetime
    not_after: datetime | None = None
    """after this moment it says nothing true any more"""

    @property
    def for_daytime(self) -> bool:
        """True when nobody waits for it: it disturbs nobody at night, not even when it is late."""
        return self.key.startswith(FOR_DAYTIME)


class Delivery(StrEnum):
    """What the provider told of a message it took."""

    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    RUNG_AGAIN = "rung_again"
    """a call that nobody heard; the next try is a message of its own"""

    @property
    def final(self) -> bool:
        """True when nothing that comes later changes it."""
        return self is not Delivery.SENT


class UndeliverableError(Exception):
    """The provider refuses this message for good (unknown number, blocked...). Never carries the number or the text."""


class Sender(Protocol):
    """Who gets the messages of one channel out."""

    async def send(self, message_key: str, to: Personal, body: str) -> str:
        """Send and return the provider's id; raises ``UndeliverableError`` when it never will, else when unsure."""
        ...

    async def find(self, message_key: str, to: Personal, body: str, since: datetime) -> str | None:
        """The provider's id of this message if it was sent at or after ``since``, None when it was not."""
        ...


class OutboxStore(Protocol):
    """The table of messages. Each method is one unit of work."""

    async def lease(
        self, worker: str, now: datetime, lease_for: timedelta, limit: int, channels: Collection[MessageChannel]
    ) -> list[LeasedMessage]:
        """Take due messages of these channels, and those whose lease ran out, for ``worker`` alone."""
        ...

    async def is_of_earlier(self, message: LeasedMessage, provider_id: str) -> bool:
        """True when this id of the provider is that of a message queued before, which may say the same to the same
        number. One queued later and sent already has told it since: this one then need not go out again."""
        ...

    async def mark_sent(self, message: LeasedMessage, worker: str, provider_id: str, now: datetime) -> bool:
        """Record the outcome; False when the lease went to another worker in the meantime."""
        ...

    async def put_back(self, message: LeasedMessage, worker: str, next_attempt_at: datetime, failure: str) -> bool:
        """Queue again for ``next_attempt_at``; False when the lease went to another worker.

        ``failure``: its kind, for people who look into it; never its text.
        """
        ...

    async def give_up(self, message: LeasedMessage, worker: str, failure: str) -> bool:
        """Mark as dead: a person has to look at it; False when the lease went to another worker."""
        ...
