"""A machine whose clock is not the database's: leases and places are shared by the clock, so it takes no part."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from callbot.domain.notices import MessageChannel
from callbot.messages.worker import OutboxWorker
from callbot.privacy import KeyRing
from callbot.storage import Storage, StorageAwayError
from callbot.storage.facade import CLOCKS_APART
from tests.booking.sample import PinnedClock
from tests.messages.provider import FileProvider
from tests.storage.test_outbox import counts, queue

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
NEARLY = CLOCKS_APART - timedelta(seconds=5)
TOO_FAR = CLOCKS_APART + timedelta(seconds=5)


def beside(apart: timedelta) -> Callable[[], datetime]:
    return lambda: datetime.now(UTC) + apart


@pytest.mark.postgres
@on_postgresql
@pytest.mark.parametrize("sign", [1, -1])
async def test_a_machine_with_another_time_is_refused(database_url: str, key_ring: KeyRing, sign: int) -> None:
    async with await Storage.open(database_url, key_ring, machine=beside(sign * NEARLY)) as storage:
        assert abs(await storage.clock_ahead(beside(sign * NEARLY)) - sign * NEARLY) < timedelta(seconds=5)
        assert await storage.clock_agrees()
    with pytest.raises(StorageAwayError, match=r"clock of this machine is [+-]3[4-6] s .*NTP"):
        await Storage.open(database_url, key_ring, machine=beside(sign * TOO_FAR))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_file_has_no_time_of_its_own(database_url: str, key_ring: KeyRing) -> None:
    async with await Storage.open(database_url, key_ring, machine=beside(timedelta(days=1))) as storage:
        assert await storage.clock_agrees()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_nothing_is_leased_while_the_clock_is_wrong(storage: Storage, clock: PinnedClock, tmp_path: Path) -> None:
    await queue(storage, "a")
    stop, found = asyncio.Event(), []

    async def agrees() -> bool:
        found.append(await counts(storage))
        if len(found) == 3:
            stop.set()
        return len(found) >= 3

    provider = FileProvider(tmp_path / "sent")
    worker = OutboxWorker(storage.outbox, {MessageChannel.SMS: provider}, clock, clock_agrees=agrees)
    await worker.run(stop, idle_s=0.0)
    assert found == [{"queued": 1}] * 3
    assert await counts(storage) == {"sent": 1}
