"""An outbox worker that may die: ``outbox_process.py URL PROVIDER_FILE NOW FAULT...`` tries one batch.

``NOW`` is the moment it believes in (ISO 8601); see ``tests.messages.provider`` for the faults.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from callbot.domain.notices import MessageChannel
from callbot.messages import OutboxWorker
from callbot.privacy import KeyRing
from callbot.storage import Storage
from tests.booking.sample import PinnedClock
from tests.messages.provider import Fault, FileProvider

KEYS = KeyRing({"test": bytes(range(32))}, "test", bytes(32))


async def work(url: str, path: str, now: str, faults: list[str]) -> None:
    """One batch."""
    clock = PinnedClock(datetime.fromisoformat(now))
    async with await Storage.open(url, KEYS, clock.now) as storage:
        provider = FileProvider(Path(path), [Fault(fault) for fault in faults])
        await OutboxWorker(storage.outbox, {MessageChannel.SMS: provider}, clock).run_once()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]))
