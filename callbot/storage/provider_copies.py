"""What the phone company still has of calls and messages, and what it answered when told to delete it.

Its ids are kept until it said that the copy is gone: rows they came from may go before.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from callbot.privacy.copies import Copy, CopyKind
from callbot.storage.database import Database
from callbot.storage.dialects import insert_once
from callbot.storage.privacy_tables import provider_copies
from callbot.storage.tables import calls, outbox
from callbot.storage.types import UtcDateTime

_CALL, _MESSAGE = "CA", "SM"
"""how ids begin that are the phone company's; pages and tests have others"""
_KINDS = (CopyKind.CALL, CopyKind.MESSAGE, CopyKind.CALL)
MOST_TRIES = 10
"""after so many, a copy is a matter for people: ``callbot privacy purge`` says how many there are"""


class ProviderCopies:
    """Copies to delete. Conforms to ``privacy.copies.KeepsCopies``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def to_delete(self, limit: int) -> list[Copy]:
        """Copies that are not known to be gone, those least tried first."""
        open_ = provider_copies.c.gone.is_(False) & (provider_copies.c.tries < MOST_TRIES)
        query = select(provider_copies).where(open_).order_by(provider_copies.c.tries, provider_copies.c.sid)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query.limit(limit))).all()
        return [Copy(CopyKind(row.kind), row.sid) for row in rows]

    async def add(self, copies: Sequence[Copy], at: datetime) -> None:
        """Copies that none of our rows knows of; those noted already stay as they are."""
        rows = [{"sid": copy.sid, "kind": copy.kind, "asked_for_at": at, "tries": 0, "gone": False} for copy in copies]
        async with self._database.writing() as connection:
            for row in rows:
                await connection.execute(insert_once(connection, provider_copies).values(row))

    async def answered(self, copy: Copy, status: int | None, at: datetime, *, gone: bool) -> None:
        """Keep what the phone company answered; None: it did not."""
        values = {"tries": provider_copies.c.tries + 1, "answer": status, "answered_at": at, "gone": gone}
        async with self._database.writing() as connection:
            await connection.execute(update(provider_copies).where(provider_copies.c.sid == copy.sid).values(values))

    async def counts(self) -> tuple[int, int, int]:
        """How many are gone, how many are still to be asked for, how many were given up."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(provider_copies.c.gone, provider_copies.c.tries))).all()
        gone = sum(row.gone for row in rows)
        given_up = sum(not row.gone and row.tries >= MOST_TRIES for row in rows)
        return gone, len(rows) - gone - given_up, given_up


async def note_copies(
    connection: AsyncConnection,
    before: datetime,
    at: datetime,
    *,
    call_ids: Collection[str] | None = None,
    keys: Collection[str] | None = None,
) -> None:
    """Note the copies of calls and messages from before a moment; only of these calls and message keys, if given."""
    for kind, ids in zip(_KINDS, unnoted(before, call_ids, keys), strict=True):
        [sid] = ids.subquery().c
        new = select(sid, literal(kind.value), literal(at, UtcDateTime), literal(0), literal(value=False)).where(
            sid.is_not(None)
        )
        names = ["sid", "kind", "asked_for_at", "tries", "gone"]
        await connection.execute(insert_once(connection, provider_copies).from_select(names, new.distinct()))


def unnoted(
    before: datetime, call_ids: Collection[str] | None = None, keys: Collection[str] | None = None
) -> list[Select[tuple[str]]]:
    """Ids that are not noted yet: of calls, of messages, of calls that we made."""
    noted = select(provider_copies.c.sid)
    rang = select(calls.c.id).where(
        calls.c.id.startswith(_CALL), calls.c.last_event_at < before, calls.c.id.not_in(noted)
    )
    told = select(outbox.c.provider_id).where(outbox.c.sent_at < before, outbox.c.provider_id.not_in(noted))
    rang = rang if call_ids is None else rang.where(calls.c.id.in_(call_ids))
    told = told if keys is None else told.where(outbox.c.key.in_(keys))
    return [rang, *(told.where(outbox.c.provider_id.startswith(made)) for made in (_MESSAGE, _CALL))]
