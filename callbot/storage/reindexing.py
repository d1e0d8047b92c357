"""Blind indexes under another key, in small batches beside a running service; begun again, it goes on.

There is no state to keep: an index says under which key it is, and what is not under the active one is what is left.
Look-ups answer under both keys meanwhile. Objections are compared with other columns inside the database: they stand
under both keys from before the new one is used until the old one goes.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, delete, func, not_, select, update

from callbot.privacy import KeyRing
from callbot.privacy.index_keys import PLAIN, tag_of
from callbot.storage.database import Database
from callbot.storage.dialects import insert_once
from callbot.storage.rights_tables import data_limits
from callbot.storage.tables import metadata, opt_outs
from callbot.storage.types import BlindIndex

BATCH = 100
"""indexes reckoned at a time: 70 ms of one processor, in a thread"""
DOUBLED: tuple[Table, ...] = (opt_outs, data_limits)
NEVER_CHANGED = frozenset({("reports", "about_index"), ("booking_changes", "asked_index")})
"""names by the inner key that sealed values are bound to, or that only tell two requests apart"""


@dataclass(frozen=True, slots=True)
class IndexColumn:
    """A column of blind indexes."""

    table: Table
    column: Column[Any]


def index_columns() -> tuple[IndexColumn, ...]:
    """Every column of blind indexes, by table."""
    return tuple(
        IndexColumn(table, column)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, BlindIndex)
    )


class Reindexing:
    """What is found by which key, and finding it by another one."""

    def __init__(self, database: Database, ring: KeyRing) -> None:
        self._database = database
        self._ring = ring

    async def left(self) -> int:
        """Rows whose index is not under the active key, the doubled ones left out."""
        return sum([await self._count(one) for one in index_columns() if one.table not in DOUBLED])

    async def double(self, to: str) -> int:
        """Objections stand under the key ``to`` too, before anything is found by that key alone; how many were added.

        They are few: they are read whole.
        """
        return sum([await self._doubled(table, to) for table in DOUBLED])

    async def _doubled(self, table: Table, to: str) -> int:
        keys = self._ring.indexes
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(table))).all()
        there = {row.phone_index for row in rows}
        old = [row for row in rows if not _is_under(row.phone_index, to)]
        moved = await asyncio.to_thread(lambda: [keys.moved(row.phone_index, to) for row in old])
        missing = [(row, index) for row, index in zip(old, moved, strict=True) if index not in there]
        for row, index in missing:
            async with self._database.writing() as connection:
                twin = {**row._mapping, "phone_index": index}
                await connection.execute(insert_once(connection, table).values(twin))
        return len(missing)

    async def run(self) -> int:
        """Find everything by the active key that is found by the other one; how many indexes."""
        return sum([await self._column(one) for one in index_columns() if one.table not in DOUBLED])

    async def end(self) -> int:
        """Take objections away that stand under the other key; their twins stay. How many."""
        to, removed = self._ring.indexes.active, 0
        await self.double(to)
        for table in DOUBLED:
            async with self._database.writing() as connection:
                removed += (await connection.execute(delete(table).where(_due(table.c.phone_index, to)))).rowcount
        return removed

    async def _count(self, one: IndexColumn) -> int:
        query = select(func.count()).select_from(one.table).where(_due(one.column, self._ring.indexes.active))
        async with self._database.reading() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def _column(self, one: IndexColumn) -> int:
        keys, done = self._ring.indexes, 0
        due = select(one.column).distinct().where(_due(one.column, keys.active)).limit(BATCH)
        while True:
            async with self._database.reading() as connection:
                old: list[str] = list((await connection.execute(due)).scalars())
            if not old:
                return done
            moved = await asyncio.to_thread(lambda: [keys.moved(value, keys.active) for value in old])  # noqa: B023
            for value, index in zip(old, moved, strict=True):
                await self._move(one, value, index)
            done += len(old)

    async def _move(self, one: IndexColumn, value: str, index: str) -> None:
        """In a transaction of its own, so that nobody waits."""
        changed = update(one.table).where(one.column == value).values({one.column.name: index})
        async with self._database.writing() as connection:
            await connection.execute(changed)


def _is_under(value: str, key_id: str) -> bool:
    return "." not in value if key_id == PLAIN else value.startswith(tag_of(key_id))


def _due(column: ColumnElement[Any], key_id: str) -> ColumnElement[bool]:
    under = column.like("%.%") if key_id == PLAIN else not_(column.startswith(tag_of(key_id), autoescape=True))
    return and_(column.is_not(None), under)
