"""The few statements that SQLite and PostgreSQL each build in their own way."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sqlalchemy import Column, Insert, Table, TextClause, bindparam, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert_once(connection: AsyncConnection, table: Table) -> Insert:
    """An INSERT that does nothing where the row is there already."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


async def put_once(connection: AsyncConnection, table: Table, row: Mapping[str, object], key: str) -> bool:
    """Insert a row; False, and nothing done, where there is one with the same ``key`` column."""
    added = await connection.execute(_putting(table, tuple(row), key, replaces=False), row)
    return added.first() is not None


async def put_unless(
    connection: AsyncConnection, table: Table, row: Mapping[str, object], key: str, *, column: Column[str], value: str
) -> bool:
    """``put_once``, and nothing done either where another table has ``value`` in ``column``: one exchange for both."""
    statement = _putting(table, tuple(row), key, replaces=False, unless=column)
    added = await connection.execute(statement, {**row, "unless": value})
    return added.first() is not None


async def put(connection: AsyncConnection, table: Table, row: Mapping[str, object], key: str) -> None:
    """Insert a row, or replace the values of the one with the same ``key`` column."""
    await connection.execute(_putting(table, tuple(row), key, replaces=True), row)


@cache
def _putting(
    table: Table, names: tuple[str, ...], key: str, *, replaces: bool, unless: Column[str] | None = None
) -> TextClause:
    """Both databases say it in the same words. Written as text and once, because SQLAlchemy compiles its own form of it
    anew at every call: a third of the time of a booking (``make bench-booking``)."""
    columns, values = ", ".join(names), ", ".join(f":{name}" for name in names)
    replaced = ", ".join(f"{name} = excluded.{name}" for name in names if name != key)
    does = f"UPDATE SET {replaced}" if replaces else "NOTHING"
    source, types = f"VALUES ({values})", {name: table.c[name].type for name in names}
    if unless is not None:
        held = f"SELECT 1 FROM {unless.table.name} WHERE {unless.name} = :unless"  # noqa: S608 - our own tables
        source, types = f"SELECT {values} WHERE NOT EXISTS ({held})", {**types, "unless": unless.type}
    statement = f"INSERT INTO {table.name} ({columns}) {source} ON CONFLICT ({key}) DO {does} RETURNING {key}"
    return text(statement).bindparams(*(bindparam(name, type_=kind) for name, kind in types.items()))


class NamedLocks:
    """Transactions that lock the same name go one after the other; on SQLite all that write do so anyway."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._had: set[str] = set()

    async def take(self, *names: str) -> None:
        """Lock these names in this order, those this transaction has not locked yet, in one statement."""
        wanted = [name for name in dict.fromkeys(names) if name not in self._had]
        self._had.update(wanted)
        if wanted and self._connection.dialect.name == "postgresql":
            values = {f"name{number}": name for number, name in enumerate(wanted)}
            await self._connection.execute(_locking(len(wanted)), values)


@cache
def _locking(count: int) -> TextClause:
    each = (f"pg_advisory_xact_lock(hashtextextended(CAST(:name{number} AS text), 0))" for number in range(count))
    return text(f"SELECT {', '.join(each)}")
