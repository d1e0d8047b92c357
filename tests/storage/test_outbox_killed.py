"""Workers killed at any moment: an SMS arrives once, an e-mail and a webhook at least once and under one name."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from callbot.booking.announcements import RECEIVER
from callbot.domain.notices import MessageChannel
from callbot.domain.personal import EmailAddress, PhoneNumber
from callbot.messages import MessageStatus
from callbot.messages.email import Email
from callbot.messages.worker import LEASE
from callbot.storage import Storage
from tests.booking.sample import PinnedClock
from tests.storage.killing import ROOT
from tests.storage.outside import Line, Outside

SENDING = Path(__file__).with_name("sending.py")
EACH = 10
"""messages of each channel"""
WORKERS = 3
ROUNDS = 3
"""in which every worker has to die"""
MOST_MOMENTS = 20


async def queue(storage: Storage) -> None:
    """Messages of three channels, to three numbers; no two SMS read alike."""
    async with storage.unit_of_work() as work:
        for number in range(EACH):
            to = PhoneNumber(f"+3361234567{number % 3}")
            await work.outgoing.queue_sms(f"s{number}", to, f"Message {number}")
            mail = Email(f"Mail {number}", "Bonjour", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n").to_json()
            home = EmailAddress(f"habitant{number}@example.org")
            await work.outgoing.queue(f"e{number}", MessageChannel.EMAIL, home, mail)
            await work.outgoing.queue(f"w{number}", MessageChannel.WEBHOOK, RECEIVER, f'{{"number":{number}}}')


async def worker(url: str, outside: Outside, moments: int | None) -> int:
    """Run one worker to its end, whoever brings it about; its exit code."""
    line = Line(outside, moments)
    async with line.open() as ports:
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(SENDING), url, outside.clock.now().isoformat(), *map(str, ports),
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
async def test_workers_killed_at_random_lose_nothing_and_double_no_sms(
    database_url: str, storage: Storage, clock: PinnedClock
) -> None:
    """Three workers at a time that all die at a random moment, and their successors once the leases are over."""
    await queue(storage)
    outside, dice = Outside(clock), random.Random(20261123)
    codes: list[int] = []
    for _ in range(ROUNDS):
        lives = [dice.randrange(1, MOST_MOMENTS) for _ in range(WORKERS)]
        codes += await asyncio.gather(*(worker(database_url, outside, moments) for moments in lives))
        clock.advance(seconds=LEASE.total_seconds())
    assert codes.count(-signal.SIGKILL) >= WORKERS
    assert await asyncio.gather(*(worker(database_url, outside, None) for _ in range(WORKERS))) == [0] * WORKERS
    counts = await storage.outbox.counts()
    assert counts[MessageStatus.SENT] == sum(counts.values()) == 3 * EACH
    _assert_all_arrived(outside)


def _assert_all_arrived(outside: Outside) -> None:
    assert sorted(outside.sms) == sorted((f"+3361234567{n % 3}", f"Message {n}") for n in range(EACH))
    subjects = dict(outside.mails)
    assert sorted(subjects.values()) == sorted(f"Mail {number}" for number in range(EACH))
    assert set(outside.mails) == set(subjects.items())
    bodies = dict(outside.webhooks)
    assert bodies == {f"w{number}": f'{{"number":{number}}}'.encode() for number in range(EACH)}
    assert set(outside.webhooks) == set(bodies.items())
    assert max(Counter(outside.mails).values()) <= ROUNDS + 1
