"""One-shot tokens between the webhook and the socket, kept in the memory of the process that answered the webhook."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable

from callbot.telephony.ports import Ticket

LIFETIME_S = 60.0
"""Twilio opens the socket within a second or two of our answer"""
MAX_OPEN = 10_000


class MemoryTickets:
    """Tokens by their hash, so that a dump of the memory holds no usable token."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._open: dict[bytes, tuple[float, Ticket]] = {}

    async def issue(self, ticket: Ticket) -> str:
        """A fresh token of 256 bits; the oldest open one gives way beyond ``MAX_OPEN``."""
        self._forget_old()
        token = secrets.token_urlsafe(32)
        self._open[_key(token)] = (self._clock() + LIFETIME_S, ticket)
        return token

    async def redeem(self, token: str) -> Ticket | None:
        """The ticket, once."""
        expires, ticket = self._open.pop(_key(token), (0.0, None))
        return ticket if ticket is not None and self._clock() < expires else None

    def _forget_old(self) -> None:
        now = self._clock()
        while self._open:  # all live equally long, so the first is the oldest
            oldest = next(iter(self._open))
            if self._open[oldest][0] > now and len(self._open) < MAX_OPEN:
                return
            del self._open[oldest]


def _key(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
