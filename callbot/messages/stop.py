"""STOP is respected: nothing leaves for a number that said so, not even what was queued before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from callbot.domain.clock import Clock
from callbot.domain.personal import Personal, PhoneNumber
from callbot.messages.ports import Sender, UndeliverableError

STOPPED, STARTED = "stopped:", "started:"
"""how the keys of our answers begin, before the id of the message that said it"""


@dataclass(frozen=True, slots=True)
class StopAnswer:
    """What is answered to a STOP or a START; ``key`` names it after the message it answers, so that it leaves once."""

    key: str
    text: str


class OptedOutError(UndeliverableError):
    """Who this is for wants no SMS."""


class KnowsStops(Protocol):
    """Numbers that answered STOP."""

    async def stop(self, phone: PhoneNumber, at: datetime) -> bool:
        """No SMS to this number from now on; False where that was so already."""
        ...

    async def stopped(self, phone: PhoneNumber) -> bool:
        """True when this number answered STOP."""
        ...


class RespectsStop:
    """A sender of SMS that asks first; what the phone company refuses because of a STOP it knows of is remembered."""

    def __init__(self, sender: Sender, stops: KnowsStops, clock: Clock) -> None:
        self._sender = sender
        self._stops = stops
        self._clock = clock

    async def send(self, message_key: str, to: Personal, body: str) -> str:
        """As the sender does; raises ``OptedOutError`` for a number that said STOP.

        The answer to that very STOP is the one thing it still gets.
        """
        number = PhoneNumber(to.reveal())
        if not message_key.startswith(STOPPED) and await self._stops.stopped(number):
            raise OptedOutError("this number answered STOP")
        try:
            return await self._sender.send(message_key, to, body)
        except OptedOutError:
            await self._stops.stop(number, self._clock.now().astimezone(UTC))
            raise

    async def find(self, message_key: str, to: Personal, body: str, since: datetime) -> str | None:
        """As the sender does."""
        return await self._sender.find(message_key, to, body, since)
