"""A process that delivers to a webhook, to be killed: ``python -m tests.storage.hooking URL PORT MOMENT``."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import datetime

from callbot.domain.personal import Personal
from callbot.messages.webhooks import webhook_sender
from callbot.privacy.hooks import Delivery, Told
from callbot.storage import Storage
from tests.booking.sample import PinnedClock
from tests.storage.conftest import KEYS
from tests.storage.outside import HOOK


async def main(url: str, port: str, moment: str) -> None:
    """One sweep at this moment."""
    clock = PinnedClock(datetime.fromisoformat(moment))
    sender = webhook_sender(f"http://127.0.0.1:{port}{HOOK}", "whsec_" + "A" * 40, clock)
    async with await Storage.open(url, KEYS, clock.now) as storage:

        async def read(call_id: str, after: int, until: int | None) -> Sequence[Told]:
            events = (await storage.events.numbered({call_id: after}))[call_id]
            return [Told(f"audit:{call_id}:{each.number}", each.number, {"seq": each.number}) for each in events]

        async def take(told: Told) -> None:
            await sender.send(told.id, Personal(""), json.dumps({"id": told.id, **told.body}))

        await Delivery("audit", storage.hooks, read, take, owner=f"at {moment}", now=clock.now).sweep()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
