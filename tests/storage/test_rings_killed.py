"""Workers killed at any moment ring nobody twice, and leave nobody out."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from callbot.domain.notices import MessageChannel
from callbot.domain.personal import PhoneNumber
from callbot.messages import MessageStatus
from callbot.messages.worker import LEASE
from callbot.storage import Storage
from tests.booking.sample import PinnedClock
from tests.storage.killing import ROOT
from tests.storage.outside import ACCOUNT, Line
from tests.storage.ringing import OUR_NUMBER

RINGING = Path(__file__).with_name("ringing.py")
NUMBERS = [f"+3349112345{number}" for number in range(8)]
WORKERS, ROUNDS, MOST_MOMENTS = 2, 3, 12
AGENTS = {"from": "+33491000000", "direction": "outbound-dial"}
"""each of these people was called by an agent as well, and rang us"""
INBOUND = {"from": OUR_NUMBER, "direction": "inbound"}


@dataclass
class Exchange:
    """The phone company: the numbers it rang, in order."""

    clock: PinnedClock
    rung: list[str] = field(default_factory=list)

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[HTTPStatus, object]:
        """What a request gets."""
        place = urlsplit(target)
        assert place.path == f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
        if method == "GET":
            [to] = parse_qs(place.query)["To"]
            return HTTPStatus.OK, {"calls": self._calls_to(to), "next_page_uri": None}
        self.rung.append(parse_qs(body.decode())["To"][0])
        return HTTPStatus.CREATED, {"sid": f"CA{len(self.rung)}", "status": "queued"}

    def _calls_to(self, number: str) -> list[dict[str, str]]:
        made = self.clock.now().strftime("%a, %d %b %Y %H:%M:%S %z")
        ours = {"from": OUR_NUMBER, "direction": "outbound-api", "status": "no-answer", "date_created": made}
        calls = [{"sid": f"CA{place}", **ours} for place, to in enumerate(self.rung, 1) if to == number]
        return [{"sid": "CAagent", **ours, **AGENTS}, {"sid": "CAin", **ours, **INBOUND}, *calls]


async def worker(url: str, exchange: Exchange, moments: int | None) -> int:
    """Run one worker to its end, or kill it after so many moments; its exit code."""
    line = Line(exchange, moments)  # type: ignore[arg-type]  # another outside, asked in the same way
    async with line.open() as (http, _):
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(RINGING), url, exchange.clock.now().isoformat(), str(http),
            stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip

        def kill() -> None:
            if process.returncode is None:
                process.kill()

        line.kill = kill
        assert process.stdout is not None
        while await process.stdout.readline():
            line.is_the_last()
        return await process.wait()


@pytest.mark.process
async def test_workers_killed_at_random_ring_everybody_once(
    database_url: str, storage: Storage, clock: PinnedClock
) -> None:
    clock.at = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    async with storage.unit_of_work() as work:
        for number in NUMBERS:
            await work.outgoing.queue(f"r{number[-1]}:voice", MessageChannel.VOICE, PhoneNumber(number), "Demain.")
    exchange, dice = Exchange(clock), random.Random(20261130)
    codes: list[int] = []
    for _ in range(ROUNDS):
        lives = [dice.randrange(1, MOST_MOMENTS) for _ in range(WORKERS)]
        codes += await asyncio.gather(*(worker(database_url, exchange, moments) for moments in lives))
        clock.advance(seconds=LEASE.total_seconds())
    assert codes.count(-signal.SIGKILL) >= WORKERS
    assert await worker(database_url, exchange, None) == 0
    counts = await storage.outbox.counts()
    assert counts[MessageStatus.SENT] == sum(counts.values()) == len(NUMBERS)
    assert Counter(exchange.rung) == Counter(NUMBERS)
