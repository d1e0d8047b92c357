"""Who looked at personal data and why, and the runs that may remove events of calls."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from callbot.storage.database import Database
from callbot.storage.tables import retention_runs, reveal_journal


@dataclass(frozen=True, slots=True)
class Reveal:
    """One look at personal data."""

    at: datetime
    who: str
    reason: str
    what: str


class RevealJournal:
    """Written before anything is shown."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def record(self, who: str, reason: str, what: str) -> None:
        """Note that ``who`` is shown ``what`` because of ``reason``; raises ``ValueError`` without a reason."""
        if not reason.strip():
            raise ValueError("personal data is shown for a reason only")
        row = {"at": self._now(), "who": who, "reason": reason.strip(), "what": what}
        async with self._database.writing() as connection:
            await connection.execute(insert(reveal_journal).values(row))

    async def entries(self) -> list[Reveal]:
        """All entries, oldest first."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(reveal_journal).order_by(reveal_journal.c.id))
            return [Reveal(row.at, row.who, row.reason, row.what) for row in rows]

    async def latest(self, limit: int) -> list[Reveal]:
        """The newest entries first."""
        newest = select(reveal_journal).order_by(reveal_journal.c.id.desc()).limit(limit)
        async with self._database.reading() as connection:
            rows = await connection.execute(newest)
            return [Reveal(row.at, row.who, row.reason, row.what) for row in rows]


@asynccontextmanager
async def retention_run(database: Database, now: Callable[[], datetime], reason: str) -> AsyncIterator[AsyncConnection]:
    """The one way to remove events of calls: a transaction in which the triggers let DELETE pass.

    Its run is noted with the reason and finished in the same transaction, so that no other transaction ever sees an
    open run; when the block raises neither the removal nor the note is kept.
    """
    async with database.writing() as connection:
        started = insert(retention_runs).values(started_at=now(), reason=reason).returning(retention_runs.c.id)
        run = (await connection.execute(started)).scalar_one()
        yield connection
        finished = update(retention_runs).where(retention_runs.c.id == run).values(finished_at=now())
        await connection.execute(finished)
