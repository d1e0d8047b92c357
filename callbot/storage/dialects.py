"""The few statements that SQLite and PostgreSQL each build in their own way."""

from __future__ import annotations

from sqlalchemy import Insert, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert_once(connection: AsyncConnection, table: Table, key: str | None = None) -> Insert:
    """An INSERT that does nothing where the row is there already; ``key``: only a row with the same one counts."""
    columns = [key] if key else None
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing(columns)
    return postgresql.insert(table).on_conflict_do_nothing(index_elements=columns)


def upsert(connection: AsyncConnection, table: Table, values: dict[str, object], key: str) -> Insert:
    """An INSERT that replaces the values of the row where there is one with the same ``key`` column."""
    replaced = {name: value for name, value in values.items() if name != key}
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).values(values).on_conflict_do_update(index_elements=[key], set_=replaced)
    return postgresql.insert(table).values(values).on_conflict_do_update(index_elements=[key], set_=replaced)


async def lock_name(connection: AsyncConnection, name: str) -> None:
    """Transactions that lock the same name go one after the other; on SQLite all that write do so anyway."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
