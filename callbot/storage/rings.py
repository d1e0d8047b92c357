"""Calls that say a message: which call belongs to which message, how it ended, and the next try."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy import Row, and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from callbot.domain.notices import MessageChannel
from callbot.domain.personal import Personal
from callbot.messages.ports import Delivery
from callbot.messages.ringing import Rang, next_ring
from callbot.privacy import CannotOpenError, KeyRing
from callbot.storage.database import Database
from callbot.storage.outbox import begun, marked_key, written_down
from callbot.storage.queued_messages import CALLS_END_WITHIN, QueuedMessages, open_calls, sealed_place
from callbot.storage.tables import outbox

_CALLS = outbox.c.kind == MessageChannel.VOICE

log = structlog.get_logger(__name__)


class Rings:
    """The outbox as calls see it; conforms to ``messages.ringing.KeepsCalls``."""

    def __init__(self, database: Database, key_ring: KeyRing) -> None:
        self._database = database
        self._keys = key_ring

    async def untold_calls(self, first: datetime, last: datetime) -> list[str]:
        """The provider's ids of calls made from ``first`` to ``last`` of whose end nothing is known."""
        made = and_(open_calls(first - CALLS_END_WITHIN), outbox.c.sent_at >= first, outbox.c.sent_at <= last)
        query = select(outbox.c.provider_id).where(made)
        async with self._database.reading() as connection:
            return list((await connection.execute(query.order_by(outbox.c.sent_at))).scalars())

    async def rang(self, provider_id: str, rang: Rang | None, at: datetime, mark: str = "") -> bool:
        """A call was made (None) or ended; ``at`` in local time. False for one of nobody, or whose end is known.

        ``mark``: names the message where its worker died, or is still waiting for its answer, before it could write
        down the call. The end of a call and the next try are one unit of work.
        """
        async with self._database.writing() as connection:
            row = await self._row(connection, provider_id, marked_key(self._keys, mark), at)
            if row is None or row.delivery is not None:
                return False
            if rang is not None:
                await self._end(connection, row, rang, at)
            return True

    async def _row(
        self, connection: AsyncConnection, provider_id: str, key: str | None, at: datetime
    ) -> Row[Any] | None:
        """The message of a call, locked, its call written down; the one of an open end where two share a call."""
        known = select(outbox).where(_CALLS, outbox.c.provider_id == provider_id)
        found = (await connection.execute(known.order_by(outbox.c.delivery.is_not(None)).with_for_update())).first()
        if found is not None or key is None:
            return found
        written = update(outbox).where(_CALLS, begun(key)).values(written_down(provider_id, at)).returning(outbox)
        return (await connection.execute(written)).first()

    async def _end(self, connection: AsyncConnection, row: Row[Any], rang: Rang, at: datetime) -> None:
        again = next_ring(row.key, rang, at, row.not_after)
        if rang is Rang.HEARD:
            delivery = Delivery.DELIVERED
        elif again is not None and await self._queue(connection, row, again.key, at, again.at):
            delivery = Delivery.RUNG_AGAIN
        else:
            delivery = Delivery.UNDELIVERED
        failure = None if rang is Rang.HEARD else rang.value
        ended = {"delivery": delivery, "delivery_at": at.astimezone(UTC), "failure": failure}
        await connection.execute(update(outbox).where(outbox.c.id == row.id).values(ended))

    async def _queue(self, connection: AsyncConnection, row: Row[Any], key: str, at: datetime, then: datetime) -> bool:
        """Queue the next try for ``then``, to the same number in the same words; False when neither opens any more."""
        try:
            to = self._keys.open(row.recipient_sealed, sealed_place("recipient", row.key))
            body = self._keys.open(row.body_sealed, sealed_place("body", row.key))
        except CannotOpenError:
            log.error("call_not_tried_again", message=row.id, error=CannotOpenError.__name__)
            return False
        queued = QueuedMessages(connection, self._keys, lambda: at.astimezone(UTC))
        await queued.queue(
            key, MessageChannel.VOICE, Personal(to), body, not_before=then.astimezone(UTC), not_after=row.not_after
        )
        return True
