"""``make bench-booking``: 20 clients in two processes want the same four dates; figures, peers, and what is wrong.

``--calls N`` for another size. ``--kill``: one of the processes, drawn at random, is killed (-9) after a random number
of answers; figures are those of this first round, then everybody without a booking rings again.
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
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from sqlalchemy import make_url

import callbot
from callbot.storage import Storage
from callbot.storage.migrate import upgrade
from callbot.storage.tables import holds
from tests.bench.booking.client import KEYS, day_of
from tests.bench.booking.peers import Peer, conditional_update, conditional_update_on_sqlite, count_then_insert
from tests.storage.ledger import counted, messages, owned, rows_of

ROOT = Path(callbot.__file__).parents[1]
CLIENT = Path(__file__).with_name("client.py")
SERVER = os.environ.get("CALLBOT_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
PROCESSES = 2
TARGETS = {"PostgreSQL": 300, "SQLite": 100}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one call was told."""

    call: str
    reference: str | None
    ms: float


@dataclass(frozen=True, slots=True)
class Round:
    """All processes once: seconds, what was said, and after how many answers one of them was killed."""

    seconds: float
    answers: list[Answer]
    killed_after: int | None

    @property
    def booked(self) -> dict[str, str]:
        """The reference by call."""
        return {answer.call: answer.reference for answer in self.answers if answer.reference is not None}


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures of the first round alone; what is wrong, once everybody without an answer has rung again."""

    first: Round
    unheard: int
    """booked, but their process died before it could say so"""
    again: Round | None
    wrong: int

    @property
    def booked(self) -> int:
        return len(self.first.booked) + (len(self.again.booked) if self.again else 0)

    @property
    def refused(self) -> int:
        """Calls that found no room in the end."""
        last = self.again or self.first
        return len(last.answers) - len(last.booked)


def main() -> None:
    """Print one table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--calls", type=int, default=4_000)
    asked.add_argument("--kill", action="store_true")
    options = asked.parse_args()
    calls: int = options.calls
    capacity = calls // 5  # four days take four fifths: the last ones find no room
    load, cores = os.getloadavg()[0], os.cpu_count()
    sys.stdout.write(
        f"{calls} calls, 20 clients, {PROCESSES} processes, four dates of {capacity} places;"
        f" {cores} cores, load before {load:.1f} (above 0.5 others work here too, and figures are too low)\n"
    )
    wrong = 0
    for way, told in (("hold", "hold and book"), ("book", "book at once")):
        for name, database in (("PostgreSQL", _on_postgres), ("SQLite", _on_sqlite)):
            with database() as url:
                result = measure(url, calls, capacity, way, kill=options.kill)
            wrong += result.wrong
            _tell(name, told, result)
    _tell_peers(calls, capacity)
    sys.exit(1 if wrong else 0)


def measure(url: str, calls: int, capacity: int, way: str, *, kill: bool) -> Measured:
    """One way of booking on a migrated, empty database; ``capacity``: places of each of the four dates."""
    names = [f"CA{number}" for number in range(calls)]
    first = _round(url, capacity, way, names, kill=kill)
    again, unheard = None, 0
    if kill:
        unheard = asyncio.run(_stored(url)) - len(first.booked)
        # As a call that goes on does: it books with the place that is still kept for it.
        again = _round(url, capacity, "book", [name for name in names if name not in first.booked], kill=False)
    wrong = asyncio.run(_wrong(url, capacity, [each for each in (first, again) if each is not None]))
    return Measured(first, unheard, again, wrong)


def _round(url: str, capacity: int, way: str, calls: list[str], *, kill: bool) -> Round:
    """Run every process to its end, but one of them, drawn at random, where ``kill`` is set."""
    shares = [calls[start::PROCESSES] for start in range(PROCESSES)]
    with ExitStack() as stack:
        processes = [stack.enter_context(_started(url, capacity, way, share)) for share in shares]
        for process in processes:
            _stdout(process).readline()
        began = time.perf_counter()
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        dice = random.SystemRandom()
        victim = dice.randrange(PROCESSES) if kill else None
        killed_after = dice.randrange(1, max(len(shares[0]) // 2, 2)) if kill else None
        # All are read at the same time: a process whose answers nobody takes would stand still.
        readers = stack.enter_context(ThreadPoolExecutor(PROCESSES))
        limits = [killed_after if number == victim else None for number in range(PROCESSES)]
        answers = [answer for theirs in readers.map(_answers, processes, limits) for answer in theirs]
        return Round(time.perf_counter() - began, answers, killed_after)


def _started(url: str, capacity: int, way: str, calls: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(CLIENT), url, str(capacity), way, *calls],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def _answers(process: subprocess.Popen[str], kill_after: int | None) -> list[Answer]:
    """What a process says until its end, which comes by kill -9 after so many answers."""
    answers = []
    for line in _stdout(process):
        call, reference, ms = line.split()
        answers.append(Answer(call, None if reference == "-" else reference, float(ms)))
        if len(answers) == kill_after:
            process.kill()
    code = process.wait()
    if code and kill_after is None:
        raise RuntimeError(f"a process of the bench ended with {code}")
    return answers


def _stdout(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout


async def _stored(url: str) -> int:
    async with await Storage.open(url, KEYS) as storage:
        return len(await storage.bookings())


async def _wrong(url: str, capacity: int, rounds: list[Round]) -> int:
    """Everything that is not as it should be, each one counted: bookings lost or doubled, above the places of their
    day, without exactly one message; counters that differ from what they count; places left empty although somebody
    was refused, or kept for nobody."""
    async with await Storage.open(url, KEYS) as storage:
        stored = await storage.bookings()
        taken, theirs, told = await counted(storage), await owned(storage), await messages(storage)
        kept = len(await rows_of(storage, holds))
    said = Counter(reference for each in rounds for reference in each.booked.values())
    lost = len(said - Counter(booking.reference for booking in stored))
    doubled = len(stored) - len(said) + (said.total() - len(said))
    on_days = Counter(booking.day for booking in stored)
    overbooked = sum(max(count - capacity, 0) for count in on_days.values())
    untold = len({f"confirmation:{booking.reference}" for booking in stored} ^ set(told))
    miscounted = (taken - theirs).total() + (theirs - taken).total()
    refused = {day_of(answer.call) for answer in rounds[-1].answers if answer.reference is None}
    empty = sum(max(capacity - on_days[day], 0) for day in refused)
    return lost + abs(doubled) + overbooked + untold + miscounted + empty + kept


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
    first = result.first
    times = [answer.ms for answer in first.answers]
    cuts = statistics.quantiles(times, n=20)
    sys.stdout.write(
        f"{name:<11} {way:<14} {len(first.booked) / first.seconds:6.0f} bookings/s (target {TARGETS[name]})"
        f"   p50 {statistics.median(times):5.1f} ms  p95 {cuts[-1]:6.1f} ms"
        f"   booked {result.booked}, no room {result.refused}, wrong {result.wrong}\n"
    )
    if result.again is not None:
        sys.stdout.write(
            f"{'':<26} one process killed after {first.killed_after} answers ({len(first.booked)} booked by then and"
            f" by the other one, {result.unheard} more unheard); {len(result.again.answers)} rang again,"
            f" {len(result.again.booked)} of them have a booking\n"
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
