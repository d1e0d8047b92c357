"""One-shot tokens that let the media socket of a call in."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, insert

from callbot.storage.database import Database
from callbot.storage.tables import stream_tokens

LIFETIME = timedelta(seconds=60)
"""the phone company opens the socket at once after our answer"""


class TokenStore:
    """Issues tokens and redeems each once. Only their SHA-256 is stored: the table opens nothing."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def issue(self, call_id: str) -> str:
        """A token for the socket of ``call_id``, good for 60 seconds; expired ones are swept away."""
        token, now = secrets.token_urlsafe(32), self._now()
        row = {"token_hash": _hash(token), "call_id": call_id, "expires_at": now + LIFETIME}
        async with self._database.writing() as connection:
            await connection.execute(delete(stream_tokens).where(stream_tokens.c.expires_at <= now))
            await connection.execute(insert(stream_tokens).values(row))
        return token

    async def redeem(self, token: str) -> str | None:
        """The call the token was made for; None when it is unknown, expired or was redeemed before."""
        good = (stream_tokens.c.token_hash == _hash(token), stream_tokens.c.expires_at > self._now())
        async with self._database.writing() as connection:
            row = (
                await connection.execute(delete(stream_tokens).where(*good).returning(stream_tokens.c.call_id))
            ).first()
        return row.call_id if row else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
