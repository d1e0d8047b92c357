"""The engine: one writer at a time on SQLite, rows locked on PostgreSQL; the same code above it."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from sqlalchemy import URL, Connection, Engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from callbot.booking.ports import ConflictError, ConnectionLostError

BUSY_TIMEOUT_MS = 30_000
"""how long a writer of one process waits for the writer of another one on SQLite"""
CONNECT_S = 5
"""PostgreSQL that does not answer for so long is away"""
AWAY_S = 30.0
"""a replica that was away is asked again after that"""
IDLE_S = 0.05
"""a connection used within this time is taken to be alive: that of a rush is, that of a caller's next turn is asked"""
_READ_ONLY = "callbot_read_only"
_USED_AT = "callbot_used_at"
_LOST_RACES = {"23505", "40001", "40P01"}  # PostgreSQL: unique_violation, serialization_failure, deadlock_detected


Result = TypeVar("Result")

log = structlog.get_logger(__name__)


class StorageAwayError(Exception):
    """The database cannot be used. Says what to check; never holds the URL, which may carry a password."""


class WrongClockError(StorageAwayError):
    """The clock of this machine is not that of the database: leases and places would lapse before their time."""


class UnsupportedDatabaseError(StorageAwayError):
    """The URL is neither SQLite nor PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Connections:
    """To PostgreSQL. ``pool``: kept open by a process, ``overflow``: more of them while many are needed; ``replica``:
    URL of a server that follows, for what may be some seconds old."""

    pool: int = 5
    overflow: int = 10
    replica: str = field(default="", repr=False)


class Database:
    """Opens units of work on one engine. ``replica``: another one, for what may be some seconds old."""

    def __init__(self, engine: AsyncEngine, replica: AsyncEngine | None = None) -> None:
        self._engine = engine
        self._replica = replica
        self._replica_away_until = 0.0
        # SQLite has one writer: waiting in line here is fair and costs nothing, its busy handler naps and starves.
        self._line = asyncio.Lock() if engine.dialect.name == "sqlite" else None
        self._writers: set[asyncio.Task[object] | None] = set()
        self._going_on: set[asyncio.Task[object]] = set()

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction: committed when the block ends well, rolled back when it raises.

        Raises ``ConflictError`` when another transaction was first, or the server ended the connection before the end
        of the block; nothing was kept and it may be tried again.
        """
        try:
            async with self._turn(), self._engine.begin() as connection:
                with _losing_nothing():
                    yield connection
        except (IntegrityError, OperationalError) as error:
            if _lost_a_race(error.orig):
                raise ConflictError("another unit of work was first") from error
            raise

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads: on SQLite it waits for nobody. May raise ``ConnectionLostError``."""
        async with self._engine.connect() as connection:
            await connection.execution_options(**{_READ_ONLY: True})
            with _losing_nothing():
                async with connection.begin():
                    yield connection

    @asynccontextmanager
    async def reading_behind(self) -> AsyncIterator[AsyncConnection]:
        """``reading`` on the replica, some seconds behind; on the database itself where there is none or it is away."""
        async with AsyncExitStack() as stack:
            followed = await self._followed(stack)
            yield followed if followed is not None else await stack.enter_async_context(self.reading())

    async def _followed(self, stack: AsyncExitStack) -> AsyncConnection | None:
        if self._replica is None or time.monotonic() < self._replica_away_until:
            return None
        try:
            connection = await stack.enter_async_context(self._replica.connect())
            await stack.enter_async_context(connection.begin())
        except (OperationalError, PoolTimeoutError) as failure:
            self._replica_away_until = time.monotonic() + AWAY_S
            log.warning("replica_away", kind=type(failure).__name__)
            return None
        return connection

    async def to_its_end(self, work: Coroutine[object, object, Result]) -> Result:
        """``work`` done to its end even when who asked for it is cancelled: he hears of it no more, that is all.

        A statement cut inside the SQLite driver can leave the write lock behind until its cursor is collected.
        """
        task = asyncio.create_task(work)
        self._going_on.add(task)
        task.add_done_callback(self._going_on.discard)
        return await asyncio.shield(task)

    async def ahead(self, now: Callable[[], datetime]) -> timedelta:
        """How far the clock ``now`` (aware) is before the server's, negative behind; SQLite has no other clock."""
        if self.dialect != "postgresql":
            return timedelta()
        async with self.reading() as connection:
            theirs: datetime = (await connection.execute(select(func.clock_timestamp()))).scalar_one()
            return now() - theirs

    async def compact(self) -> bool:
        """Write the database anew, without the bytes of rows that were removed.

        On SQLite the file and its write-ahead log; False when an open reader kept the log from being emptied: do it
        again. On PostgreSQL removed rows are given free; what their pages still hold is overwritten by later ones.
        """
        async with self._turn(), self._engine.connect() as connection:
            if self.dialect == "postgresql":
                free = await connection.execution_options(isolation_level="AUTOCOMMIT")
                await free.exec_driver_sql("VACUUM")
                return True
            # Past SQLAlchemy: it would begin a transaction first, and VACUUM runs in none.
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.execute("VACUUM")
            async with driver.execute("PRAGMA wal_checkpoint(TRUNCATE)") as cursor:
                busy, *_ = await cursor.fetchone()
            return not busy

    async def close(self) -> None:
        """Close every connection, once the work that goes on is done."""
        await asyncio.gather(*self._going_on, return_exceptions=True)
        await self._engine.dispose()
        if self._replica is not None:
            await self._replica.dispose()

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Wait in line; a task that opens a second unit of work inside its first would wait for itself for ever."""
        task = asyncio.current_task()
        if task in self._writers:
            raise RuntimeError("this task is in a unit of work already")
        self._writers.add(task)
        try:
            async with self._line or nullcontext():
                yield
        finally:
            self._writers.discard(task)


async def tried_again(work_once: Callable[[], Awaitable[Result]], *, harmless: bool = False) -> Result:
    """One unit of work, once more on a new connection where the server ended the one it had.

    Of a cut every connection in use learns once: the pool makes all of them anew. ``harmless``: twice does no more
    than once, so it is done again too where a commit was cut and nobody knows what became of it.
    """
    try:
        return await work_once()
    except ConnectionLostError:
        return await work_once()
    except DBAPIError as error:
        if not (harmless and error.connection_invalidated):
            raise
        return await work_once()


@contextmanager
def _losing_nothing() -> Iterator[None]:
    """Before the commit: a connection that ends here takes nothing along that was kept. One that ends in the commit
    leaves open what became of it, and raises what it raises."""
    try:
        yield
    except DBAPIError as error:
        if error.connection_invalidated:
            raise ConnectionLostError("the database ended the connection") from error
        raise


def make_engine(url: str, connections: Connections | None = None) -> AsyncEngine:
    """The engine for a URL. Values never show in its errors or logs."""
    parsed, wanted = checked_url(url), connections or Connections()
    sizes = {"pool_size": wanted.pool, "max_overflow": wanted.overflow, "connect_args": {"connect_timeout": CONNECT_S}}
    several = sizes if parsed.get_backend_name() == "postgresql" else {}
    engine = create_async_engine(parsed, hide_parameters=True, **several)
    if parsed.get_backend_name() == "sqlite":
        prepare_sqlite(engine.sync_engine)
    else:
        _ask_idle_connections(engine.sync_engine)
    return engine


def _ask_idle_connections(engine: Engine) -> None:
    """A connection that lay idle is asked whether its server is still there before it is used, and replaced if not.

    SQLAlchemy's own pre-ping asks every time: one exchange in eight of a booking.
    """

    @event.listens_for(engine, "checkin")
    def on_checkin(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info[_USED_AT] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def on_checkout(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        used_at = record.info.get(_USED_AT)
        if used_at is None or time.monotonic() - used_at < IDLE_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error:
            raise InvalidatePoolError from None


def checked_url(url: str) -> URL:
    """The URL with the driver we use; raises ``UnsupportedDatabaseError``."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # the text of a ValueError can be a part of the password
        raise UnsupportedDatabaseError("the storage URL cannot be read: check CALLBOT_STORAGE__URL") from None
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
    if parsed.get_backend_name() not in drivers:
        raise UnsupportedDatabaseError(
            f"{parsed.get_backend_name()}: the storage URL must be sqlite or postgresql+psycopg,"
            " check CALLBOT_STORAGE__URL"
        )
    return parsed.set(drivername=drivers[parsed.get_backend_name()])


def prepare_sqlite(engine: Engine, *, foreign_keys: bool = True) -> None:
    """WAL, foreign keys, and transactions that take the write lock when they begin instead of failing half-way."""
    keys = f"foreign_keys={'ON' if foreign_keys else 'OFF'}"

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not open transactions on its own
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", keys, f"busy_timeout={BUSY_TIMEOUT_MS}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get(_READ_ONLY, False)
        connection.exec_driver_sql("BEGIN DEFERRED" if read_only else "BEGIN IMMEDIATE")


def _lost_a_race(error: BaseException | None) -> bool:
    """True for a duplicate key, a deadlock or a serialisation failure; other violations are mistakes, not races."""
    if isinstance(error, sqlite3.IntegrityError):
        return error.sqlite_errorname in {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
    return getattr(error, "sqlstate", None) in _LOST_RACES
