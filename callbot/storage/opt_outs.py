"""Numbers that answered STOP, kept as blind indexes; conforms to ``messages.stop.KnowsStops``;
our answer to a STOP is queued with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from callbot.domain.notices import MessageChannel
from callbot.domain.personal import PhoneNumber
from callbot.messages.stop import StopAnswer
from callbot.privacy import KeyRing
from callbot.storage.database import Database
from callbot.storage.dialects import put_once
from callbot.storage.queued_messages import QueuedMessages
from callbot.storage.tables import opt_outs, outbox


class OptOuts:
    """Who wants no SMS any more."""

    def __init__(self, database: Database, key_ring: KeyRing) -> None:
        self._database = database
        self._keys = key_ring

    async def stop(self, phone: PhoneNumber, at: datetime, answer: StopAnswer | None = None) -> bool:
        """No SMS to this number from now on; False where that was so already.

        ``answer`` is queued in the same unit of work and leaves once; a message that was answered before changes
        nothing, however late it is brought again.
        """
        index = self._keys.index(phone.reveal())
        async with self._database.writing() as connection:
            if answer is not None and await _answered(connection, answer):
                return False
            # Under both keys while one replaces the other: what is sent is compared with the active one alone.
            added = [
                await put_once(connection, opt_outs, {"phone_index": each, "at": at}, "phone_index")
                for each in dict.fromkeys((str(index), index.before))
            ]
            new = all(added)
            if new and answer is not None:
                await self._queue(connection, phone, answer, at)
            return new

    async def start(self, phone: PhoneNumber, at: datetime, answer: StopAnswer | None = None) -> bool:
        """SMS may go there again; False where they might already. ``answer``: as for a STOP."""
        theirs = opt_outs.c.phone_index == self._keys.index(phone.reveal())
        async with self._database.writing() as connection:
            if answer is not None and await _answered(connection, answer):
                return False
            stopped = (await connection.execute(delete(opt_outs).where(theirs))).rowcount > 0
            if stopped and answer is not None:
                await self._queue(connection, phone, answer, at)
            return stopped

    async def stopped(self, phone: PhoneNumber) -> bool:
        """True when this number answered STOP."""
        theirs = select(opt_outs.c.at).where(opt_outs.c.phone_index == self._keys.index(phone.reveal()))
        async with self._database.reading() as connection:
            return (await connection.execute(theirs)).first() is not None

    async def _queue(self, connection: AsyncConnection, phone: PhoneNumber, answer: StopAnswer, at: datetime) -> None:
        queued = QueuedMessages(connection, self._keys, lambda: at)
        await queued.queue(answer.key, MessageChannel.SMS, phone, answer.text)


async def _answered(connection: AsyncConnection, answer: StopAnswer) -> bool:
    return (await connection.execute(select(outbox.c.id).where(outbox.c.key == answer.key))).first() is not None
