"""A worker that rings: ``ringing.py URL NOW HTTP_PORT`` works until nothing is due, and says when it leased any."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime

from pydantic import SecretStr

from callbot.domain.notices import MessageChannel
from callbot.messages import OutboxWorker
from callbot.settings import Twilio
from callbot.storage import Storage
from callbot.telephony.voice_messages import TwilioCaller
from tests.booking.sample import PinnedClock
from tests.storage.outside import ACCOUNT
from tests.storage.sending import KEYS, ToldOutbox

OUR_NUMBER = "+33700000000"


async def work(url: str, now: str, http: int) -> None:
    """Batch after batch."""
    clock = PinnedClock(datetime.fromisoformat(now))
    api = f"http://127.0.0.1:{http}"
    twilio = Twilio(account_sid=ACCOUNT, auth_token=SecretStr("t"), sender=OUR_NUMBER, api_url=api)
    async with await Storage.open(url, KEYS, clock.now) as storage:
        caller = TwilioCaller(twilio, clock, storage.outbox)
        worker = OutboxWorker(ToldOutbox(storage._database, KEYS), {MessageChannel.VOICE: caller}, clock)
        while await worker.run_once():
            pass


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], sys.argv[2], int(sys.argv[3])))
