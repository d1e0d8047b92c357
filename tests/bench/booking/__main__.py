"""``make bench-booking``: 20 clients in two processes want the same four dates; figures, peers, and what is wrong.

``--calls N`` for another size, ``--kill`` to kill one of the processes at random and ring again for all its calls.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import make_url

import callbot
from callbot.storage import Storage
from callbot.storage.migrate import upgrade
from tests.bench.booking.client import DAYS, KEYS
from tests.bench.booking.peers import Peer, conditional_update, conditional_update_on_sqlite, count_then_insert

ROOT = Path(callbot.__file__).parents[1]
CLIENT = Path(__file__).with_name("client.py")
SERVER = os.environ.get("CALLBOT_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
PROCESSES = 2
TARGETS = {"PostgreSQL": 300, "SQLite": 100}


@dataclass(frozen=True, slots=True)
class Measured:
    """Bookings a second over the whole run, milliseconds of one call, calls that found no room, what is wrong."""

    booked: int
    per_second: float
    p50_ms: float
    p95_ms: float
    no_room: int
    wrong: int


def main() -> None:
    """Print one table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--calls", type=int, default=4_000)
    asked.add_argument("--kill", action="store_true")
    options = asked.parse_args()
    calls: int = options.calls
    capacity = calls // 5  # four days take four fifths: the last ones find no room
    sys.stdout.write(f"{calls} calls, 20 clients, {PROCESSES} processes, four dates of {capacity} places\n")
    wrong = 0
    for way, told in (("hold", "hold and book"), ("book", "book at once")):
        for name, database in (("PostgreSQL", _on_postgres), ("SQLite", _on_sqlite)):
            with database() as url:
                result = _measure(url, calls, capacity, way, kill=options.kill)
            wrong += result.wrong
            _tell(name, told, result)
    _tell_peers(calls, capacity)
    sys.exit(1 if wrong else 0)


def _measure(url: str, calls: int, capacity: int, way: str, *, kill: bool) -> Measured:
    names = [f"CA{number}" for number in range(calls)]
    shares = [names[start::PROCESSES] for start in range(PROCESSES)]
    seconds, lines = _run(url, capacity, way, shares, kill=kill)
    if kill:
        _, again = _run(url, capacity, way, shares, kill=False)
        lines += again
    said = {call: reference for call, reference, _ in lines if reference != "-"}
    times = [float(ms) for _, _, ms in lines]
    wrong = asyncio.run(_wrong(url, capacity, said, [(call, ref) for call, ref, _ in lines if ref != "-"]))
    cuts = statistics.quantiles(times, n=20)
    return Measured(len(said), len(said) / seconds, statistics.median(times), cuts[-1], calls - len(said), wrong)


def _run(
    url: str, capacity: int, way: str, shares: list[list[str]], *, kill: bool
) -> tuple[float, list[tuple[str, str, str]]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
    processes = [
        subprocess.Popen(
            [sys.executable, str(CLIENT), url, str(capacity), way, *share],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )
        for share in shares
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    began = time.perf_counter()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    lines: list[tuple[str, str, str]] = []
    victim = random.SystemRandom().randrange(50, 200) if kill else None
    for process in processes:
        assert process.stdout is not None
        for line in process.stdout:
            call, reference, ms = line.split()
            lines.append((call, reference, ms))
            if victim is not None and len(lines) == victim:
                process.kill()
        process.wait()
    return time.perf_counter() - began, lines


async def _wrong(url: str, capacity: int, said: dict[str, str], every: list[tuple[str, str]]) -> int:
    """Bookings lost or doubled, and those above the places of their day."""
    async with await Storage.open(url, KEYS) as storage:
        stored = await storage.bookings()
    on_days = {day: sum(booking.day == day for booking in stored) for day in DAYS}
    references = {booking.reference for booking in stored}
    lost = sum(reference not in references for reference in said.values())
    doubled = len(stored) - len(set(said.values())) + len(set(every)) - len(said)
    overbooked = sum(max(count - capacity, 0) for count in on_days.values())
    return lost + abs(doubled) + overbooked


@contextmanager
def _on_postgres() -> Iterator[str]:
    name = f"callbot_bench_{secrets.token_hex(4)}"
    server = make_url(SERVER)
    dsn = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
        url = server.set(database=name).render_as_string(hide_password=False)
        try:
            upgrade(url)
            yield url
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@contextmanager
def _on_sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/bench.db"
        upgrade(url)
        yield url


@contextmanager
def _plain_postgres() -> Iterator[str]:
    with _on_postgres() as url:
        yield make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _tell(name: str, way: str, result: Measured) -> None:
    sys.stdout.write(
        f"{name:<11} {way:<14} {result.per_second:6.0f} bookings/s (target {TARGETS[name]})"
        f"   p50 {result.p50_ms:5.1f} ms  p95 {result.p95_ms:6.1f} ms"
        f"   booked {result.booked}, no room {result.no_room}, wrong {result.wrong}\n"
    )


def _tell_peers(calls: int, capacity: int) -> None:
    with _plain_postgres() as dsn:
        _tell_peer("PostgreSQL", "plain conditional update", conditional_update(dsn, calls, capacity))
    with _plain_postgres() as dsn:
        _tell_peer("PostgreSQL", "count, then insert", count_then_insert(dsn, calls, capacity))
    with tempfile.TemporaryDirectory() as folder:
        peer = conditional_update_on_sqlite(Path(folder) / "peer.db", calls, capacity)
        _tell_peer("SQLite", "plain conditional update", peer)


def _tell_peer(name: str, way: str, peer: Peer) -> None:
    sys.stdout.write(f"{name:<11} {way:<26} {peer.per_second:6.0f} bookings/s   overbooked by {peer.overbooked}\n")


if __name__ == "__main__":
    main()
