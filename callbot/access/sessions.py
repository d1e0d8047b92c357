"""Who is signed in: a secret in a cookie, a digest in the database, and two times at which it ends."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from callbot.access.accounts import Account
from callbot.access.ports import OpensStaffWork
from callbot.domain.clock import Clock

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_BYTES = 32
_SEEN_EVERY = timedelta(minutes=1)
"""a page more within this time writes nothing: live pages ask often"""


@dataclass(frozen=True, slots=True)
class SessionToken:
    """A secret of 256 bits and what is derived from it; nothing stored or shown leads back to it."""

    secret: str = field(repr=False)

    @property
    def stored(self) -> str:
        """What the database knows it by."""
        return self._derived("staff session")

    @property
    def form_token(self) -> str:
        """What every form of this session carries: another site cannot know it (CSRF)."""
        return self._derived("staff form")

    def _derived(self, purpose: str) -> str:
        digest = hmac.digest(self.secret.encode("ascii"), purpose.encode("ascii"), hashlib.sha256)
        return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def new_token() -> SessionToken:
    """One that nobody can guess; never made from what a browser sends (session fixation)."""
    return SessionToken(secrets.token_urlsafe(_BYTES))


def read_token(text: str) -> SessionToken | None:
    """The token of a cookie, None for what was never one of ours."""
    return SessionToken(text) if _SECRET.fullmatch(text) else None


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """How long a session lasts: without a page asked for, and in all."""

    idle: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=10)
    warning: timedelta = timedelta(minutes=15)
    """before the last end, which nothing puts off, pages say so"""


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as kept."""

    account: Account
    opened_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody signed in, now."""

    account: Account
    token: SessionToken
    idle_end: datetime
    """when it ends if no page is asked for"""
    last_end: datetime
    """when it ends in any case"""
    ends_soon: bool
    """``last_end`` is near: what is under way should be finished"""

    @property
    def end(self) -> datetime:
        """The first of the two."""
        return min(self.idle_end, self.last_end)


class Sessions:
    """Reads and ends sessions."""

    def __init__(self, opens: OpensStaffWork, clock: Clock, times: SessionTimes) -> None:
        self._opens = opens
        self._clock = clock
        self._times = times

    async def present(self, token: SessionToken, *, counts: bool = True) -> Present | None:
        """Who holds ``token``; None where it is unknown, ended, or its account is disabled.

        ``counts``: False for what a page asks by itself, which must not keep a session alive that nobody looks at.
        """
        now = self._clock.now()
        async with self._opens.reading() as work:
            found = await work.session(token.stored)
        if found is None or found.account.disabled or self._over(found, now):
            return None
        seen_at = found.seen_at
        if counts and now - seen_at >= _SEEN_EVERY:
            async with self._opens.writing() as work:
                await work.saw_session(token.stored, now)
            seen_at = now
        return self._present(found, token, seen_at, now)

    async def leave(self, token: SessionToken) -> None:
        """Signs out; nothing happens where it is unknown."""
        async with self._opens.writing() as work:
            await work.end_session(token.stored)

    def _over(self, found: StoredSession, now: datetime) -> bool:
        return now >= found.seen_at + self._times.idle or now >= found.opened_at + self._times.longest

    def _present(self, found: StoredSession, token: SessionToken, seen_at: datetime, now: datetime) -> Present:
        last = found.opened_at + self._times.longest
        return Present(found.account, token, seen_at + self._times.idle, last, now >= last - self._times.warning)
