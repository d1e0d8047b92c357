"""A host dies in the middle of its calls: ``python -m tests.bench.hosts`` (``make two-hosts``).

Two hosts on one PostgreSQL behind the balancer of ``deploy/``, twelve calls over media streams, each at another
question; one host is killed with ``kill -9``. The phone company asks the balancer what comes after the stream, and the
calls go on on the other host. The hosts are workers without ears and mouth (``tests.e2e.worker``), so that what is
measured is ours alone; with them the caller also hears the sentence that excuses the cut.
"""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from sqlalchemy import make_url
from websockets.exceptions import ConnectionClosed

from callbot.dialogue.acts import Act
from callbot.domain.events import Ended, EndReason
from callbot.storage import Storage
from callbot.storage.migrate import upgrade
from tests.deploy.balanced import haproxy, wait_until
from tests.e2e.workers import ANSWERS_WITHIN_S, QUESTIONS, Mother, StreamCaller, Town, Worker, mother
from tests.storage.conftest import DEFAULT_SERVER, admin_dsn

CALLS = 12
HOSTS = 2
BREATH_S = 0.5
"""a frame so often, or the line is taken for broken"""


@dataclass(frozen=True)
class GoneOn:
    """One call after the death of a host. ``after_s``: until its question was heard again; None: it was not cut."""

    waited_at: Act
    went_on_at: Act | None
    after_s: float | None
    ended: tuple[EndReason, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of all calls, and what the database says of them."""

    calls: tuple[GoneOn, ...]
    bookings: int
    phones: int
    """different ones in the bookings"""
    texts: int

    @property
    def cut(self) -> list[GoneOn]:
        """Those of the host that died."""
        return [call for call in self.calls if call.after_s is not None]

    @property
    def lost(self) -> int:
        """Calls that did not come to their end, once."""
        return sum(call.ended != (EndReason.DONE,) for call in self.calls)


@dataclass
class _Death:
    """The moment everybody waits for; ``waiting``: callers who do."""

    waiting: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    killed: threading.Event = field(default_factory=threading.Event)
    at: float = 0.0

    def await_callers(self) -> None:
        """Fails when one of them does not come so far."""
        for _ in range(CALLS):
            assert self.waiting.acquire(timeout=2 * ANSWERS_WITHIN_S), "a call was refused or ended before"


def host_dies(running: Mother, data_dir: Path, url: str, folder: Path) -> Outcome:
    """Twelve calls, one of two hosts killed under them. ``folder``: a scratch folder with a short path."""
    hosts = [running.worker(url) for _ in range(HOSTS)]
    death = _Death()
    try:
        with haproxy(hosts, folder) as front:
            wait_until(lambda: front.ready() == HOSTS, "both hosts are ready")
            door = Worker(front.process.pid, int(front.url.rpartition(":")[2]))
            town = Town(None, data_dir, url, [door])
            with ThreadPoolExecutor(CALLS) as pool:
                going_on = [pool.submit(_calls, town, number, death) for number in range(CALLS)]
                death.await_callers()
                death.at = time.monotonic()
                hosts[0].kill()
                death.killed.set()
                calls = tuple(call.result() for call in going_on)
            return _outcome(town, calls)
    finally:
        for host in hosts:
            host.kill()


def _calls(town: Town, number: int, death: _Death) -> GoneOn:
    caller = StreamCaller(town, number=f"+3361234{number:04}", phone=f"069876{number:04}")
    waits_at, went_on_at, after_s = QUESTIONS[number % len(QUESTIONS)], None, None
    answer = caller.ring()
    try:
        with caller.connected(answer) as socket:
            caller.talk(socket, waits_at)
            death.waiting.release()
            while not death.killed.wait(BREATH_S):
                caller.breathe(socket)
            caller.reply(socket, waits_at)
            caller.talk(socket)
    except ConnectionClosed:
        pass  # the host died
    answer = caller.sure("/voice/after-stream")
    if answer.find("Connect") is not None:
        with caller.connected(answer) as socket:
            before = len(caller.heard)
            caller.talk(socket, waits_at)
            after_s = time.monotonic() - death.at
            went_on_at = next((act for act in caller.heard[before:] if act in QUESTIONS), None)
            if caller.heard[-1] is waits_at:
                caller.reply(socket, waits_at)
                caller.talk(socket)
    reasons = (event.reason for event in town.events(caller.call_id) if isinstance(event, Ended))
    return GoneOn(waits_at, went_on_at, after_s, tuple(reasons))


def _outcome(town: Town, calls: tuple[GoneOn, ...]) -> Outcome:
    async def read(storage: Storage) -> Outcome:
        bookings = await storage.bookings()
        phones = {booking.phone.reveal() for booking in bookings if booking.phone}
        return Outcome(calls, len(bookings), len(phones), sum((await storage.outbox.counts()).values()))

    return town.read(read)


@contextmanager
def database() -> Iterator[str]:
    """A migrated database on the server of the tests, dropped in the end."""
    server, name = os.environ.get("CALLBOT_TEST_POSTGRES", DEFAULT_SERVER), f"callbot_hosts_{secrets.token_hex(4)}"
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(admin_dsn(server), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            upgrade(url)
            yield url
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def table(outcome: Outcome) -> str:
    """What is printed."""
    lines = ["| waited at | went on at | after (s) |", "| --- | --- | --- |"]
    for call in sorted(outcome.cut, key=lambda cut: cut.after_s or 0):
        lines.append(f"| {call.waited_at.value} | {call.went_on_at and call.went_on_at.value} | {call.after_s:.2f} |")
    took = sorted(call.after_s for call in outcome.cut if call.after_s is not None)
    lines += [
        "",
        f"{len(outcome.calls)} calls, {len(took)} of them on the host that was killed, {outcome.lost} lost;"
        f" {outcome.bookings} bookings for {outcome.phones} callers, {outcome.texts} SMS.",
        f"The question was heard again after {took[len(took) // 2]:.2f} s (median), {took[-1]:.2f} s (longest)."
        if took
        else "No call was on the host that was killed.",
    ]
    return "\n".join(lines)


def main() -> int:
    """Run and print; 1 when a call was lost, doubled or late."""
    with tempfile.TemporaryDirectory() as folder, database() as url:
        data_dir = Path(folder) / "data"
        data_dir.mkdir()
        with mother(data_dir) as running:
            outcome = host_dies(running, data_dir, url, Path(folder))
    print(table(outcome))  # noqa: T201 - a report for people
    return 0 if well(outcome) else 1


def well(outcome: Outcome) -> bool:
    """None lost, none booked twice, each at the question where it was."""
    booked = outcome.bookings == outcome.phones == outcome.texts == len(outcome.calls)
    return booked and not outcome.lost and all(call.went_on_at is call.waited_at for call in outcome.cut)


if __name__ == "__main__":
    sys.exit(main())
