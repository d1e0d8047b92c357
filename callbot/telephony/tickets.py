"""One-shot tokens between the webhook and the socket: in the memory of one process, or sealed and good on any host."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from callbot.domain.personal import PhoneNumber
from callbot.privacy import CannotOpenError, KeyRing
from callbot.telephony.ports import Ticket

LIFETIME_S = 60.0
"""Twilio opens the socket within a second or two of our answer"""
MAX_OPEN = 10_000
_PLACE = "ticket"


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


class UsesUp(Protocol):
    """What all hosts share (``storage.hosts.UsedTickets``)."""

    async def use_up(self, mark: str, expires_at: datetime) -> bool:
        """True the first time ``mark`` is used on any host; it may be forgotten after ``expires_at``."""
        ...


class SealedTickets:
    """Tokens that carry their ticket, sealed: whoever has the keys takes one, and the database says that it is the
    first. Nothing is kept for a token that never comes back. ``now``: aware; hosts may differ by some seconds."""

    def __init__(self, keys: KeyRing, used: UsesUp, now: Callable[[], datetime]) -> None:
        self._keys = keys
        self._used = used
        self._now = now

    async def issue(self, ticket: Ticket) -> str:
        """A fresh token: sealing the same ticket twice gives two."""
        caller = ticket.caller.reveal() if ticket.caller else None
        expires = (self._now() + timedelta(seconds=LIFETIME_S)).timestamp()
        text = json.dumps([ticket.call_id, caller, ticket.resumed, expires])
        return base64.urlsafe_b64encode(self._keys.seal(text, _PLACE)).decode()

    async def redeem(self, token: str) -> Ticket | None:
        """The ticket, once on all hosts; None for what is not of ours, too old or used."""
        try:
            sealed = base64.b64decode(token.encode("utf-8", "replace"), altchars=b"-_", validate=True)
            call_id, caller, resumed, expires = json.loads(self._keys.open(sealed, _PLACE))
        except (binascii.Error, ValueError, CannotOpenError):
            return None
        ends = datetime.fromtimestamp(expires, self._now().tzinfo)
        # By what was sealed, not by its letters: the same bytes can be written in more than one way.
        if self._now() >= ends or not await self._used.use_up(hashlib.sha256(sealed).hexdigest(), ends):
            return None
        return Ticket(call_id, PhoneNumber(caller) if caller else None, resumed)


def _key(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
