"""A delivering process is killed; the next one goes on: nothing is missed, the order holds, and
what comes twice has the same id."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import timedelta

import pytest

from callbot.privacy.hooks.delivering import LEASE
from callbot.storage import Storage
from tests.booking.sample import PinnedClock
from tests.storage.outside import Line, Outside
from tests.storage.test_hooks import told

EVENTS = 4
_MOMENTS = 5
"""three a request: the second event was taken, and its answer not heard"""


async def deliver(url: str, port: int, clock: PinnedClock, line: Line) -> int:
    command = (sys.executable, "-m", "tests.storage.hooking", url, str(port), clock.at.isoformat())
    process = await asyncio.create_subprocess_exec(*command)
    line.kill = process.kill
    return await process.wait()


@pytest.mark.process
async def test_killed_after_it_was_taken_and_before_it_was_noted(
    storage: Storage, database_url: str, clock: PinnedClock
) -> None:
    assert await storage.hooks.lease("audit", "before", clock.now() + LEASE)
    await storage.hooks.free("audit", "before")
    clock.advance(minutes=1)
    await told(storage, "CA1", words=EVENTS - 1)
    outside = Outside(clock)
    dying = Line(outside, _MOMENTS)
    async with dying.open() as (port, _):
        assert await deliver(database_url, port, clock, dying) != 0
    assert len(outside.webhooks) < EVENTS
    living = Line(outside, None)
    async with living.open() as (port, _):
        assert not await storage.hooks.lease("audit", "another", clock.now() + LEASE), "the dead one has it for a while"
        clock.at += LEASE + timedelta(seconds=1)
        assert await deliver(database_url, port, clock, living) == 0
    ids = [name for name, _ in outside.webhooks]
    assert [json.loads(body)["seq"] for body in dict(outside.webhooks).values()] == [1, 2, 3, 4]
    assert len(ids) - len(set(ids)) == 1
    assert all(json.loads(body)["id"] == name for name, body in outside.webhooks)
