"""Keys of periods: what was written in a period becomes unreadable, in backups too, once its key is destroyed.

Each key is stored sealed with the key ring, so that rotating the ring seals these few rows again and not what they
protect. Callers bring the keys they need before they seal or open; both then work without the database.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from callbot.privacy import CannotOpenError, KeyRing
from callbot.privacy.keys import Cipher, key_id_of, new_key, open_with, seal_with
from callbot.storage.database import Database
from callbot.storage.dialects import put_once
from callbot.storage.privacy_tables import period_keys


class Purpose(StrEnum):
    """What a key protects; transcripts have one a day, the journal one a month."""

    TRANSCRIPTS = "transcripts"
    JOURNAL = "journal"


@dataclass(frozen=True, slots=True, repr=False)
class SavedKey:
    """A key of a period as it is stored, sealed with the ring."""

    id: str
    purpose: Purpose
    first_day: date
    sealed: bytes

    @classmethod
    def read(cls, key_id: str, purpose: str, first_day: str, sealed: str) -> SavedKey:
        """From text; raises ``ValueError``."""
        return cls(key_id, Purpose(purpose), date.fromisoformat(first_day), bytes.fromhex(sealed))


class PeriodKeys:
    """The keys of periods that were needed so far, beside the ring for everything else."""

    def __init__(self, database: Database, ring: KeyRing) -> None:
        self._database = database
        self._ring = ring
        self._ciphers: dict[str, Cipher] = {}
        self._making = asyncio.Lock()

    async def ready(self, purpose: Purpose, at: datetime) -> str:
        """The id of the key for what is written at ``at``, made where there is none.

        Not called inside a unit of work: a key must be committed before anything is sealed with it.
        """
        key_id = period_id(purpose, at)
        async with self._making:
            if key_id not in self._ciphers:
                await self._make_ready(purpose, key_id)
        return key_id

    async def bring(self, key_ids: Iterable[str]) -> None:
        """Have these keys at hand, those that are not destroyed."""
        wanted = {key_id for key_id in key_ids if is_period(key_id)} - self._ciphers.keys()
        if not wanted:
            return
        async with self._database.reading() as connection:
            found = select(period_keys).where(period_keys.c.id.in_(wanted), period_keys.c.key_sealed.is_not(None))
            for row in await connection.execute(found):
                key = base64.b64decode(self._ring.open(row.key_sealed, period_place(row.id)))
                self._ciphers[row.id] = Cipher(key)

    async def bring_for(self, values: Iterable[bytes | None]) -> None:
        """Have the keys at hand that these values were sealed with."""
        await self.bring({key_id_of(value) for value in values if value is not None})

    def seal(self, key_id: str, text: str, place: str) -> bytes:
        """``text`` encrypted for ``place`` under a key that was brought."""
        return seal_with(self._ciphers[key_id], key_id, text, place)

    def open(self, sealed: bytes, place: str) -> str:
        """The text sealed for ``place`` by a key of a period or of the ring; raises ``CannotOpenError``."""
        key_id = key_id_of(sealed)
        if not is_period(key_id):
            return self._ring.open(sealed, place)
        if key_id not in self._ciphers:
            raise CannotOpenError(f"the key of {key_id} is destroyed: its retention is over")
        return open_with(self._ciphers[key_id], sealed, place)

    async def destroy_before(self, purpose: Purpose, day: date, at: datetime) -> int:
        """Destroy the keys of periods that ended before ``day`` began (UTC); how many."""
        async with self._database.writing() as connection:
            due = select(period_keys.c.id, period_keys.c.first_day).where(
                period_keys.c.purpose == purpose, period_keys.c.key_sealed.is_not(None)
            )
            over = [row.id for row in await connection.execute(due) if _end(purpose, row.first_day) <= day]
            gone = update(period_keys).where(period_keys.c.id.in_(over)).values(key_sealed=None, destroyed_at=at)
            await connection.execute(gone)
        for key_id in over:
            self._ciphers.pop(key_id, None)
        return len(over)

    async def oldest(self, purpose: Purpose) -> date | None:
        """The first day of the oldest period that can be read."""
        there = select(period_keys.c.first_day).where(
            period_keys.c.purpose == purpose, period_keys.c.key_sealed.is_not(None)
        )
        async with self._database.reading() as connection:
            return (await connection.execute(there.order_by(period_keys.c.first_day).limit(1))).scalar_one_or_none()

    async def saved(self) -> list[SavedKey]:
        """Every key that is not destroyed, to be kept apart from copies of the database."""
        there = select(period_keys).where(period_keys.c.key_sealed.is_not(None)).order_by(period_keys.c.id)
        async with self._database.reading() as connection:
            rows = (await connection.execute(there)).all()
        return [SavedKey(row.id, Purpose(row.purpose), row.first_day, bytes(row.key_sealed)) for row in rows]

    async def restore(self, keys: Iterable[SavedKey]) -> int:
        """Put saved keys back where the database has none of that period; how many. None that is destroyed comes
        back."""
        put_back = 0
        async with self._database.writing() as connection:
            for key in keys:
                row = {"id": key.id, "purpose": key.purpose, "first_day": key.first_day, "key_sealed": key.sealed}
                put_back += await put_once(connection, period_keys, row, "id")
        return put_back

    async def _make_ready(self, purpose: Purpose, key_id: str) -> None:
        # A key that is destroyed by another process is not kept here for longer than a period.
        old = [other for other in self._ciphers if other.startswith(f"{purpose}/")]
        for other in old:
            del self._ciphers[other]
        async with self._database.writing() as connection:
            await self._make(connection, purpose, key_id)
        await self.bring([key_id])
        if key_id not in self._ciphers:
            raise CannotOpenError(f"the key of {key_id} is destroyed: nothing is written in that period any more")

    async def _make(self, connection: AsyncConnection, purpose: Purpose, key_id: str) -> None:
        sealed = self._ring.seal(base64.b64encode(new_key()).decode(), period_place(key_id))
        row = {"id": key_id, "purpose": purpose, "first_day": _first_day(key_id), "key_sealed": sealed}
        await put_once(connection, period_keys, row, "id")


def period_id(purpose: Purpose, at: datetime) -> str:
    """The id of the key for what is written at ``at``; periods are those of UTC."""
    day = at.astimezone(UTC).date()
    return f"{purpose}/{day:%Y-%m}" if purpose is Purpose.JOURNAL else f"{purpose}/{day:%Y-%m-%d}"


def is_period(key_id: str) -> bool:
    """True for the id of a key of a period."""
    return key_id.partition("/")[0] in set(Purpose) and "/" in key_id


def period_place(key_id: str) -> str:
    """What a stored key is bound to."""
    return f"period_keys.key|{key_id}"


def _first_day(key_id: str) -> date:
    written = key_id.partition("/")[2]
    return date.fromisoformat(written if len(written) > len("2026-11") else f"{written}-01")


def _end(purpose: Purpose, first: date) -> date:
    """The day after the last one of a period."""
    if purpose is Purpose.TRANSCRIPTS:
        return first + timedelta(days=1)
    return (first + timedelta(days=31)).replace(day=1)
