"""Messages queued inside the transaction of what they tell; conforms to ``booking.ports.Outgoing``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from callbot.domain.notices import MessageChannel
from callbot.domain.personal import Personal, PhoneNumber
from callbot.messages.ports import MessageStatus
from callbot.privacy import KeyRing
from callbot.storage.dialects import put_once, put_unless
from callbot.storage.tables import opt_outs, outbox

CALLS_END_WITHIN = timedelta(days=1)
"""a call that was due longer ago has ended, told or not"""
_STOPPED = select(opt_outs.c.at).where(opt_outs.c.phone_index == bindparam("number"))


class QueuedMessages:
    """Queues messages inside the transaction of what they tell; conforms to ``booking.ports.Outgoing``."""

    def __init__(self, connection: AsyncConnection, key_ring: KeyRing, now: Callable[[], datetime]) -> None:
        self._connection = connection
        self._keys = key_ring
        self._now = now

    async def queue_sms(
        self,
        key: str,
        to: PhoneNumber,
        body: str,
        *,
        not_before: datetime | None = None,
        not_after: datetime | None = None,
    ) -> bool:
        """Queue one SMS like any message; False, and nothing queued, where its number answered STOP."""
        row = self._row(key, MessageChannel.SMS, to, body) | self._when(not_before, not_after)
        number = self._keys.index(to.reveal())
        if await put_unless(self._connection, outbox, row, "key", column=opt_outs.c.phone_index, value=number):
            return True
        if await self.opted_out(to):
            return False
        await self._queue_anew(row)
        return True

    async def queue(
        self,
        key: str,
        channel: MessageChannel,
        to: Personal,
        body: str,
        *,
        not_before: datetime | None = None,
        not_after: datetime | None = None,
    ) -> None:
        """Queue one message, to leave between these moments or not at all; the same ``key`` is the same message.

        One that was taken back is queued anew, as nobody had begun to send it.
        """
        row = self._row(key, channel, to, body) | self._when(not_before, not_after)
        if not await put_once(self._connection, outbox, row, "key"):
            await self._queue_anew(row)

    def _row(self, key: str, channel: MessageChannel, to: Personal, body: str) -> dict[str, Any]:
        return {
            "key": key,
            "kind": channel,
            "recipient_sealed": self._keys.seal(to.reveal(), sealed_place("recipient", key)),
            "body_sealed": self._keys.seal(body, sealed_place("body", key)),
            "status": MessageStatus.QUEUED,
            "attempts": 0,
        }

    def _when(self, not_before: datetime | None, not_after: datetime | None) -> dict[str, Any]:
        now = self._now()
        return {"queued_at": now, "next_attempt_at": not_before or now, "not_after": not_after}

    async def _queue_anew(self, row: dict[str, Any]) -> None:
        taken_back = and_(outbox.c.key == row["key"], outbox.c.status == MessageStatus.WITHDRAWN)
        await self._connection.execute(update(outbox).where(taken_back).values(row))

    async def withdraw(self, key: str) -> bool:
        """Take back what nobody has begun to send: the message of this key, and those named ``key:...``.

        What somebody has begun to send, and may have failed to, is not tried again: it does not hold any more. Nor is
        a call that rings meanwhile and is not heard.
        """
        named = or_(outbox.c.key == key, outbox.c.key.startswith(f"{key}:", autoescape=True))
        may_leave = or_(
            outbox.c.status.in_([MessageStatus.QUEUED, MessageStatus.LEASED]),
            open_calls(self._now() - CALLS_END_WITHIN),
        )
        held_up = update(outbox).where(named, outbox.c.attempts > 0, may_leave)
        await self._connection.execute(held_up.values(not_after=self._now()))
        waiting = and_(named, outbox.c.status == MessageStatus.QUEUED, outbox.c.attempts == 0)
        taken_back = update(outbox).where(waiting).values(status=MessageStatus.WITHDRAWN)
        return (await self._connection.execute(taken_back)).rowcount > 0

    async def overtake(self, reference: str) -> None:
        """Take back the confirmation, amendments and new days of a booking that were tried in vain so far.

        Those nobody has tried yet leave in their order, before what is queued now.
        """
        told = ("amendment", "replanned")
        named = or_(
            outbox.c.key.in_([f"confirmation:{reference}", f"confirmation:{reference}:email"]),
            *(outbox.c.key.startswith(f"{notice}:{reference}:", autoescape=True) for notice in told),
        )
        in_vain = and_(outbox.c.status == MessageStatus.QUEUED, outbox.c.attempts > 0)
        await self._connection.execute(update(outbox).where(in_vain, named).values(status=MessageStatus.WITHDRAWN))

    async def opted_out(self, phone: PhoneNumber) -> bool:
        """True when this number answered STOP."""
        stopped = await self._connection.execute(_STOPPED, {"number": self._keys.index(phone.reveal())})
        return stopped.first() is not None


def open_calls(since: datetime) -> ColumnElement[bool]:
    """Calls made since then of whose end nothing is known; by the index of what is due, as most messages are old."""
    made = and_(outbox.c.status == MessageStatus.SENT, outbox.c.next_attempt_at >= since)
    return and_(made, outbox.c.kind == MessageChannel.VOICE, outbox.c.delivery.is_(None))


def sealed_place(column: str, key: str) -> str:
    """Where a value of a message was sealed for."""
    return f"outbox.{column}|{key}"
