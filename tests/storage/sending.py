"""A worker with the real senders: ``sending.py URL NOW HTTP_PORT SMTP_PORT`` sends until nothing is due.

``NOW`` is the moment it believes in (ISO 8601). A line says each time that messages were leased.
"""

from __future__ import annotations

import asyncio
import base64
import sys
from collections.abc import Collection
from datetime import datetime, timedelta

from pydantic import SecretStr

from callbot.domain.notices import MessageChannel
from callbot.messages import LeasedMessage, OutboxWorker, Sender
from callbot.messages.email import SmtpSender
from callbot.messages.webhooks import webhook_sender
from callbot.privacy import KeyRing
from callbot.settings import Email, Twilio
from callbot.storage import Storage
from callbot.storage.outbox import Outbox
from callbot.telephony.sms import TwilioSender
from tests.booking.sample import PinnedClock
from tests.storage.outside import ACCOUNT, HOOK

KEYS = KeyRing({"test": bytes(range(32))}, "test", bytes(32))
SECRET = "whsec_" + base64.b64encode(bytes(range(24))).decode()


class ToldOutbox(Outbox):
    """Says when it gave something out."""

    async def lease(
        self,
        worker: str,
        now: datetime,
        lease_for: timedelta,
        limit: int,
        channels: Collection[MessageChannel] = frozenset(MessageChannel),
    ) -> list[LeasedMessage]:
        """As the outbox does."""
        leased = await super().lease(worker, now, lease_for, limit, channels)
        sys.stdout.write("leased\n")
        sys.stdout.flush()
        return leased


def senders(clock: PinnedClock, http: int, smtp: int) -> dict[MessageChannel, Sender]:
    """Those that the service has, towards the outside of the test."""
    twilio = Twilio(
        account_sid=ACCOUNT,
        auth_token=SecretStr("t"),
        sender="+33700000000",
        api_url=f"http://127.0.0.1:{http}",
    )
    return {
        MessageChannel.SMS: TwilioSender(twilio),
        MessageChannel.EMAIL: SmtpSender(Email(host="127.0.0.1", port=smtp, starttls=False), clock),
        MessageChannel.WEBHOOK: webhook_sender(f"http://127.0.0.1:{http}{HOOK}", SECRET, clock),
    }


async def work(url: str, now: str, http: int, smtp: int) -> None:
    """Batch after batch."""
    clock = PinnedClock(datetime.fromisoformat(now))
    async with await Storage.open(url, KEYS, clock.now) as storage:
        worker = OutboxWorker(ToldOutbox(storage._database, KEYS), senders(clock, http, smtp), clock)
        while await worker.run_once():
            pass


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
