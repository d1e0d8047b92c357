"""The chained journal, the looks at personal data in it, and the runs that may remove events of calls."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from callbot.privacy import CannotOpenError, KeyRing
from callbot.privacy.chain import START, Follower, Head, Link, anchor_code, headed, linked
from callbot.privacy.journal import Entry, Noted, Verdict
from callbot.storage.database import Database
from callbot.storage.dialects import insert_once
from callbot.storage.period_keys import PeriodKeys, Purpose
from callbot.storage.privacy_tables import journal, journal_head, period_keys
from callbot.storage.streams import streamed
from callbot.storage.tables import retention_runs, reveal_journal

BATCH = 1_000
"""entries that are looked at in one go, off the loop"""


@dataclass(frozen=True, slots=True)
class Page:
    """Where the next entry of somebody else's unit of work goes: its moment, and the key of its month."""

    at: datetime
    key_id: str


class ChainedJournal:
    """The journal. Conforms to ``privacy.journal.KeepsJournal``."""

    def __init__(self, database: Database, key_ring: KeyRing, periods: PeriodKeys, now: Callable[[], datetime]) -> None:
        self._database = database
        self._digest = key_ring.index
        self._periods = periods
        self._now = now
        self._begun = False

    async def note(self, kind: Noted, who: str, reason: str, what: str) -> Entry:
        """Add an entry at the end, in a unit of work of its own."""
        return await self._database.to_its_end(self._note(kind, who, reason, what))

    async def page(self) -> Page:
        """Asked for before a unit of work begins that notes what it does; a journal that has none gets its head."""
        now = self._now()
        key_id = await self._periods.ready(Purpose.JOURNAL, now)
        if not self._begun:
            async with self._database.writing() as connection:
                await self._begin(connection)
            self._begun = True
        return Page(now, key_id)

    async def note_within(
        self, connection: AsyncConnection, page: Page, kind: Noted, who: str, *, reason: str, what: str
    ) -> Entry:
        """Add an entry in a unit of work that is open: kept when that is. It holds the end of the journal till then."""
        content = json.dumps({"who": who, "reason": reason, "what": what}, ensure_ascii=False)
        number, last_hash = await self._next(connection)
        sealed = self._periods.seal(page.key_id, content, _place(number))
        link = linked(Link(number, page.at, kind, sealed.hex(), last_hash), self._digest)
        row = {
            "number": number, "at": page.at, "kind": kind, "content_sealed": sealed, "previous": last_hash,
            "hash": link.hash,
        }  # fmt: skip
        await connection.execute(insert(journal).values(row))
        head = headed(number, link.hash, self._digest)
        await connection.execute(update(journal_head).values(hash=head.hash, mark=head.mark))
        return Entry(number, page.at, kind, who, reason, what, link.hash)

    async def _note(self, kind: Noted, who: str, reason: str, what: str) -> Entry:
        page = await self.page()
        async with self._database.writing() as connection:
            return await self.note_within(connection, page, kind, who, reason=reason, what=what)

    async def entries(
        self, kind: Noted | None = None, limit: int | None = None, since: datetime | None = None
    ) -> list[Entry]:
        """Entries, newest first."""
        query = select(journal).order_by(journal.c.number.desc()).limit(limit)
        query = query if kind is None else query.where(journal.c.kind == kind)
        query = query if since is None else query.where(journal.c.at >= since)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        await self._periods.bring_for(row.content_sealed for row in rows)
        return [self._entry(row) for row in rows]

    async def head(self) -> Head | None:
        """Where the chain ends; None when nothing was ever noted, or the head was taken away."""
        async with self._database.reading() as connection:
            return await _head(connection)

    async def verify(self, anchor: str = "") -> Verdict:
        """Follow the chain from its first entry; with ``anchor``, look for the state it stands for too."""
        follower = Follower(self._digest, anchor)
        async with self._database.reading() as connection:
            if self._database.dialect == "postgresql":
                # One state for both questions: an entry added between them would look like one added without the key.
                await connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            head = await _head(connection)
            # There are keys of a journal: there was one, whatever is left of it.
            keyed = select(period_keys.c.id).where(period_keys.c.purpose == Purpose.JOURNAL).limit(1)
            begun = (await connection.execute(keyed)).first() is not None
            async with streamed(connection, select(journal).order_by(journal.c.number)) as rows:
                batch: list[Link] = []
                async for row in rows:
                    batch.append(_link(row))
                    if len(batch) == BATCH:
                        await asyncio.to_thread(follower.follow, batch)
                        batch = []
                follower.follow(batch)
        found = follower.end(head) if begun or follower.entries or head or anchor else []
        code = anchor_code(head.number, head.hash) if head else ""
        return Verdict(follower.entries, tuple(found), code, follower.anchored)

    async def _next(self, connection: AsyncConnection) -> tuple[int, str]:
        """The number of the next entry and the hash of the last; who asks holds the head until the end."""
        counted = (
            update(journal_head)
            .values(number=journal_head.c.number + 1)
            .returning(journal_head.c.number, journal_head.c.hash)
        )
        row = (await connection.execute(counted)).first()
        if row is None:
            await self._begin(connection)
            row = (await connection.execute(counted)).one()
        return row.number, row.hash

    async def _begin(self, connection: AsyncConnection) -> None:
        """The head of a journal without entries; nothing where there is a head."""
        first = headed(0, START, self._digest)
        values = {"id": 1, "number": first.number, "hash": first.hash, "mark": first.mark}
        await connection.execute(insert_once(connection, journal_head).values(values))

    def _entry(self, row: Row[Any]) -> Entry:
        try:
            said = json.loads(self._periods.open(row.content_sealed, _place(row.number)))
        except CannotOpenError:
            said = {"who": None, "reason": None, "what": None}
        return Entry(row.number, row.at, Noted(row.kind), said["who"], said["reason"], said["what"], row.hash)


@dataclass(frozen=True, slots=True)
class Reveal:
    """One look at personal data."""

    at: datetime
    who: str
    reason: str
    what: str


class RevealJournal:
    """Looks at personal data, noted in the chained journal before anything is shown.

    Looks from before there was a chain stay in ``reveal_journal`` until their retention is over: nobody can vouch for
    them, so they are not put into the chain.
    """

    def __init__(self, database: Database, chained: ChainedJournal) -> None:
        self._database = database
        self._journal = chained

    async def record(self, who: str, reason: str, what: str) -> None:
        """Note that ``who`` is shown ``what`` because of ``reason``; raises ``ValueError`` without a reason."""
        if not reason.strip():
            raise ValueError("personal data is shown for a reason only")
        await self._journal.note(Noted.LOOK, who, reason.strip(), what)

    async def entries(self) -> list[Reveal]:
        """All entries that can be read, oldest first."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(reveal_journal).order_by(reveal_journal.c.id))
            before = [Reveal(row.at, row.who, row.reason, row.what) for row in rows]
        looks = await self._journal.entries(Noted.LOOK)
        return before + [_reveal(entry) for entry in reversed(looks) if entry.who is not None]

    async def latest(self, limit: int) -> list[Reveal]:
        """The newest entries first."""
        looks = await self._journal.entries(Noted.LOOK, limit)
        newest = [_reveal(entry) for entry in looks if entry.who is not None]
        return newest if len(looks) >= limit else (await self.entries())[::-1][:limit]


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


async def _head(connection: AsyncConnection) -> Head | None:
    row = (await connection.execute(select(journal_head))).first()
    return Head(row.number, row.hash, row.mark) if row else None


def _link(row: Row[Any]) -> Link:
    return Link(row.number, row.at, row.kind, bytes(row.content_sealed).hex(), row.previous, row.hash)


def _reveal(entry: Entry) -> Reveal:
    return Reveal(entry.at, entry.who or "", entry.reason or "", entry.what or "")


def _place(number: int) -> str:
    return f"journal.content|{number}"
