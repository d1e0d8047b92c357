"""The sender of the embedded set-up: no phone company, the SMS is kept in the database and shown on the console."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from callbot.domain.clock import Clock
from callbot.domain.personal import Personal, PhoneNumber
from callbot.privacy import masked_phone

Show = Callable[[str, str], None]
"""shows an SMS: masked number, text; called once a message, must not block"""


class KeepsShownSms(Protocol):
    """Where shown SMS are kept."""

    async def add(self, key: str, to: PhoneNumber, body: str, now: datetime) -> bool:
        """Store a shown SMS; False when it was shown before."""
        ...

    async def text_of(self, key: str) -> tuple[PhoneNumber, str] | None:
        """Number and text of a shown SMS."""
        ...


class ConsoleSender:
    """Conforms to ``Sender``. Showing the text is what this sender is for: it is the resident's own screen.

    The number is masked even there. A message that was kept is shown, and never shown again.
    """

    def __init__(self, shown: KeepsShownSms, show: Show, clock: Clock) -> None:
        self._shown = shown
        self._show = show
        self._clock = clock

    async def send(self, message_key: str, to: Personal, body: str) -> str:
        """Keep the SMS, then show it; the id is made of its key."""
        if await self._shown.add(message_key, PhoneNumber(to.reveal()), body, self._clock.now().astimezone(UTC)):
            self._show(masked_phone(PhoneNumber(to.reveal())), body)
        return _local_id(message_key)

    async def find(self, message_key: str, to: Personal, body: str, since: datetime) -> str | None:
        """The id when the SMS was shown before."""
        return _local_id(message_key) if await self._shown.text_of(message_key) else None


def _local_id(message_key: str) -> str:
    return f"console:{message_key}"
