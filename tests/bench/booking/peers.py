"""What ours is held against: the plain speed of the database, and the way that overbooks.

Both are written as anybody would: psycopg or sqlite3 directly, two statements a booking, no person told, nothing
sealed, nothing that can be asked twice.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

CLIENTS = 20
_TABLES = (
    "CREATE TABLE days (day TEXT PRIMARY KEY, capacity INTEGER, used INTEGER)",
    "CREATE TABLE booked (id TEXT PRIMARY KEY, day TEXT)",
)
_TAKE = "UPDATE days SET used = used + 1 WHERE day = {0} AND used < capacity"
_COUNT = "SELECT count(*) FROM booked WHERE day = {0}"
_BOOK = "INSERT INTO booked VALUES ({0}, {0})"


@dataclass(frozen=True, slots=True)
class Peer:
    """Bookings a second, and how many more were made than there were places."""

    per_second: float
    overbooked: int


def _days(connection: psycopg.Connection[tuple[object, ...]] | sqlite3.Connection, capacity: int, sign: str) -> None:
    for statement in _TABLES:
        connection.execute(statement)
    for day in range(4):
        connection.execute(f"INSERT INTO days VALUES ({sign}, {sign}, 0)", (str(day), capacity))  # noqa: S608 - our own words


def conditional_update(dsn: str, calls: int, capacity: int) -> Peer:
    """One conditional UPDATE and one INSERT a booking on PostgreSQL: as fast as it gets."""

    def book(connection: psycopg.Connection[tuple[object, ...]], number: int) -> None:
        with connection.transaction():
            if connection.execute(_TAKE.format("%s").encode(), (str(number % 4),)).rowcount:
                connection.execute(_BOOK.format("%s").encode(), (str(number), str(number % 4)))

    return _on_postgres(dsn, calls, capacity, book)


def count_then_insert(dsn: str, calls: int, capacity: int) -> Peer:
    """How many bookings are there? Fewer than places? One more then: what overbooks as soon as two do it at once."""

    def book(connection: psycopg.Connection[tuple[object, ...]], number: int) -> None:
        with connection.transaction():
            row = connection.execute(_COUNT.format("%s").encode(), (str(number % 4),)).fetchone()
            if row is not None and int(str(row[0])) < capacity:
                connection.execute(_BOOK.format("%s").encode(), (str(number), str(number % 4)))

    return _on_postgres(dsn, calls, capacity, book)


def _on_postgres(
    dsn: str, calls: int, capacity: int, book: Callable[[psycopg.Connection[tuple[object, ...]], int], None]
) -> Peer:
    with psycopg.connect(dsn, autocommit=True) as connection:
        _days(connection, capacity, "%s")

    def client(mine: range) -> None:
        with psycopg.connect(dsn, autocommit=True) as connection:
            for number in mine:
                book(connection, number)

    taken = _together([range(client, calls, CLIENTS) for client in range(CLIENTS)], client)
    with psycopg.connect(dsn, autocommit=True) as connection:
        rows = connection.execute("SELECT day, count(*) FROM booked GROUP BY day").fetchall()
    return _judged([int(str(count)) for _, count in rows], capacity, taken)


def conditional_update_on_sqlite(path: Path, calls: int, capacity: int) -> Peer:
    """The same on SQLite, WAL, one writer at a time."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        _days(connection, capacity, "?")

    def client(mine: range) -> None:
        connection = sqlite3.connect(path, timeout=60, isolation_level=None)
        for number in mine:
            connection.execute("BEGIN IMMEDIATE")
            if connection.execute(_TAKE.format("?"), (str(number % 4),)).rowcount:
                connection.execute("INSERT INTO booked VALUES (?, ?)", (str(number), str(number % 4)))
            connection.execute("COMMIT")
        connection.close()

    taken = _together([range(0, calls, 2), range(1, calls, 2)], client)
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT day, count(*) FROM booked GROUP BY day").fetchall()
    return _judged([count for _, count in rows], capacity, taken)


def _together(shares: list[range], client: Callable[[range], None]) -> float:
    threads = [threading.Thread(target=client, args=(share,)) for share in shares]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


def _judged(booked: list[int], capacity: int, seconds: float) -> Peer:
    return Peer(sum(booked) / seconds, sum(max(count - capacity, 0) for count in booked))
