"""The table of outgoing messages: queued with the booking, leased by one worker at a time."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, update

from callbot.domain.notices import MessageChannel
from callbot.domain.personal import EmailAddress, Personal, PhoneNumber
from callbot.messages.ports import Delivery, LeasedMessage, MessageStatus
from callbot.privacy import CannotOpenError, KeyRing
from callbot.storage.database import Database
from callbot.storage.dialects import insert_once
from callbot.storage.queued_messages import sealed_place
from callbot.storage.tables import outbox, sms_shown

log = structlog.get_logger(__name__)
_MARK = "outbox.mark"
_ID = re.compile(r"[0-9]{1,9}", re.ASCII)
"""the id of a message; no key looks like one"""


@dataclass(frozen=True, slots=True)
class TroubledMessage:
    """A message that has not arrived, without whom it is for and what it says."""

    id: int
    key: str
    channel: MessageChannel
    status: MessageStatus
    attempts: int
    queued_at: datetime
    failure: str | None
    delivery: Delivery | None
    no_sender: bool = False
    """nothing leaves by its channel with these settings: it waits until something does"""

    @property
    def dead(self) -> bool:
        """True when nobody tries it again by itself."""
        return self.status is MessageStatus.DEAD or self.delivery is Delivery.UNDELIVERED


class Outbox:
    """Conforms to ``messages.ports.OutboxStore``."""

    def __init__(self, database: Database, key_ring: KeyRing) -> None:
        self._database = database
        self._keys = key_ring

    async def lease(
        self,
        worker: str,
        now: datetime,
        lease_for: timedelta,
        limit: int,
        channels: Collection[MessageChannel] = frozenset(MessageChannel),
    ) -> list[LeasedMessage]:
        """Take due messages of these channels and those whose lease ran out; rows that another worker is taking are
        left to it.

        A row that does not open (its key was lost) is given up: it must not hold back those leased with it.
        """
        due = or_(
            and_(outbox.c.status == MessageStatus.QUEUED, outbox.c.next_attempt_at <= now),
            and_(outbox.c.status == MessageStatus.LEASED, outbox.c.lease_until <= now),
        )
        due = and_(outbox.c.kind.in_(sorted(channels)), due)
        free = select(outbox.c.id).where(due).order_by(outbox.c.next_attempt_at, outbox.c.id).limit(limit)
        if not await self._any(free):
            return []
        async with self._database.writing() as connection:
            ids = list((await connection.execute(free.with_for_update(skip_locked=True))).scalars())
            taken = (
                update(outbox)
                .where(outbox.c.id.in_(ids), due)
                .values(
                    status=MessageStatus.LEASED,
                    leased_by=worker,
                    lease_until=now + lease_for,
                    attempts=outbox.c.attempts + 1,
                )
                .returning(outbox)
            )
            rows = list(await connection.execute(taken)) if ids else []
        rows.sort(key=lambda row: ids.index(row.id))
        return [message for row in rows if (message := await self._opened(row, worker))]

    async def is_of_earlier(self, message: LeasedMessage, provider_id: str) -> bool:
        """True when this id of the provider is that of a message queued before this one."""
        theirs = select(outbox.c.id).where(outbox.c.provider_id == provider_id, outbox.c.id < message.id)
        return await self._any(theirs.limit(1))

    async def mark_sent(self, message: LeasedMessage, worker: str, provider_id: str, now: datetime) -> bool:
        """Record that it went out; False when the lease went to another worker.

        True as well where the provider told of the same sending before its answer was read (``rings.Rings.rang``).
        """
        sent = {"status": MessageStatus.SENT, "provider_id": provider_id, "sent_at": now}
        if await self._end_lease(message, worker, sent):
            return True
        told = select(outbox.c.id).where(outbox.c.id == message.id, outbox.c.provider_id == provider_id)
        return await self._any(told)

    async def put_back(self, message: LeasedMessage, worker: str, next_attempt_at: datetime, failure: str) -> bool:
        """Queue again for later; False when the lease went to another worker."""
        queued = {"status": MessageStatus.QUEUED, "next_attempt_at": next_attempt_at, "failure": failure}
        return await self._end_lease(message, worker, queued)

    async def give_up(self, message: LeasedMessage, worker: str, failure: str) -> bool:
        """Mark as dead; False when the lease went to another worker."""
        return await self._end_lease(message, worker, {"status": MessageStatus.DEAD, "failure": failure})

    def mark(self, key: str) -> str:
        """Names a message in an address without telling anything of it; some 130 letters of a URL."""
        return base64.urlsafe_b64encode(self._keys.seal(key, _MARK)).decode().rstrip("=")

    async def owners(self, provider_ids: Collection[str]) -> dict[str, str]:
        """The keys of the messages for which these are known to have been sent, by the provider's ids."""
        query = select(outbox.c.provider_id, outbox.c.key).where(outbox.c.provider_id.in_(provider_ids))
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        return {row.provider_id: row.key for row in rows}

    async def told(self, provider_id: str, delivery: Delivery, at: datetime, mark: str = "") -> bool:
        """What the provider says became of a message it took; False for an unknown one, or when more is known.

        Callbacks come in any order: a late "sent" says nothing about a message known to have arrived. ``mark``: names
        the message where its worker died, or is still waiting for its answer, before it could write down the id.
        """
        key = marked_key(self._keys, mark)
        open_end = or_(outbox.c.delivery.is_(None), outbox.c.delivery.not_in([each for each in Delivery if each.final]))
        known = update(outbox).where(outbox.c.provider_id == provider_id, open_end)
        async with self._database.writing() as connection:
            if key is not None:
                taken = update(outbox).where(outbox.c.kind == MessageChannel.SMS, begun(key))
                await connection.execute(taken.values(written_down(provider_id, at)))
            kept = await connection.execute(known.values(delivery=delivery, delivery_at=at))
            return kept.rowcount > 0

    async def troubled(self, without_sender: Collection[MessageChannel] = ()) -> list[TroubledMessage]:
        """Messages a person may have to look into: given up, not delivered, tried in vain so far, or queued for a
        channel by which nothing leaves; oldest first.
        """
        queued = outbox.c.status == MessageStatus.QUEUED
        stuck = or_(outbox.c.attempts > 0, outbox.c.kind.in_(sorted(without_sender)))
        given_up = or_(outbox.c.status == MessageStatus.DEAD, outbox.c.delivery == Delivery.UNDELIVERED)
        lost = or_(given_up, and_(queued, stuck))
        async with self._database.reading() as connection:
            rows = await connection.execute(select(outbox).where(lost).order_by(outbox.c.queued_at, outbox.c.id))
            return [
                TroubledMessage(
                    row.id, row.key, MessageChannel(row.kind), MessageStatus(row.status), row.attempts, row.queued_at,
                    row.failure, Delivery(row.delivery) if row.delivery else None,
                    row.kind in without_sender and row.status == MessageStatus.QUEUED,
                )
                for row in rows
            ]  # fmt: skip

    async def retry(self, key: str, now: datetime) -> bool:
        """Send a message that was given up once more, named by its key or its id; the provider is asked first.

        False when there is none such, or when it says nothing true any more.
        """
        named = outbox.c.id == int(key) if _ID.fullmatch(key) else outbox.c.key == key
        in_time = or_(outbox.c.not_after.is_(None), outbox.c.not_after > now)
        dead = and_(named, outbox.c.status == MessageStatus.DEAD, in_time)
        again = update(outbox).where(dead).values(status=MessageStatus.QUEUED, attempts=1, next_attempt_at=now)
        async with self._database.writing() as connection:
            return (await connection.execute(again)).rowcount == 1

    async def waiting(self, channels: Collection[MessageChannel]) -> int:
        """How many messages are queued for these channels."""
        theirs = and_(outbox.c.status == MessageStatus.QUEUED, outbox.c.kind.in_(sorted(channels)))
        async with self._database.reading() as connection:
            return (await connection.execute(select(func.count()).where(theirs))).scalar_one()

    async def counts(self) -> dict[MessageStatus, int]:
        """How many messages there are in each status."""
        query = select(outbox.c.status, func.count()).group_by(outbox.c.status)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        found = {MessageStatus(status): count for status, count in rows}
        return {status: found.get(status, 0) for status in MessageStatus}

    async def status_of(self, key: str) -> MessageStatus | None:
        """What became of a message, None when it was never queued."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(outbox.c.status).where(outbox.c.key == key))).first()
        return MessageStatus(row.status) if row else None

    async def _any(self, query: Select[tuple[int]]) -> bool:
        """A look without any lock: an idle worker never stands in the way of a call."""
        async with self._database.reading() as connection:
            return (await connection.execute(query)).first() is not None

    async def _end_lease(self, message: LeasedMessage | Row[Any], worker: str, values: dict[str, Any]) -> bool:
        mine = and_(
            outbox.c.id == message.id,
            outbox.c.status == MessageStatus.LEASED,
            outbox.c.leased_by == worker,
            outbox.c.attempts == message.attempts,
        )
        ended = update(outbox).where(mine).values(leased_by=None, lease_until=None, **values)
        async with self._database.writing() as connection:
            return (await connection.execute(ended)).rowcount == 1

    async def _opened(self, row: Row[Any], worker: str) -> LeasedMessage | None:
        """The message of a leased row; None when it does not open, then it is dead."""
        try:
            return self._message(row)
        except CannotOpenError:
            log.error("message_given_up", message=row.id, error=CannotOpenError.__name__)
            await self._end_lease(row, worker, {"status": MessageStatus.DEAD, "failure": CannotOpenError.__name__})
            return None

    def _message(self, row: Row[Any]) -> LeasedMessage:
        return LeasedMessage(
            id=row.id,
            key=row.key,
            kind=MessageChannel(row.kind),
            to=_to(MessageChannel(row.kind), self._keys.open(row.recipient_sealed, sealed_place("recipient", row.key))),
            body=Personal(self._keys.open(row.body_sealed, sealed_place("body", row.key))),
            attempts=row.attempts,
            queued_at=row.queued_at,
            not_after=row.not_after,
        )


class ShownSms:
    """The SMS that the embedded set-up showed instead of sending; conforms to ``messages.console.KeepsShownSms``."""

    def __init__(self, database: Database, key_ring: KeyRing) -> None:
        self._database = database
        self._keys = key_ring

    async def add(self, key: str, to: PhoneNumber, body: str, now: datetime) -> bool:
        """Store a shown SMS; False when it was shown before."""
        row = {
            "message_key": key,
            "recipient_sealed": self._keys.seal(to.reveal(), _shown_place("recipient", key)),
            "body_sealed": self._keys.seal(body, _shown_place("body", key)),
            "shown_at": now,
        }
        async with self._database.writing() as connection:
            added = insert_once(connection, sms_shown).values(row).returning(sms_shown.c.message_key)
            return (await connection.execute(added)).first() is not None

    async def text_of(self, key: str) -> tuple[PhoneNumber, str] | None:
        """Number and text of a shown SMS, None when it was not shown."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(sms_shown).where(sms_shown.c.message_key == key))).first()
        if row is None:
            return None
        number = self._keys.open(row.recipient_sealed, _shown_place("recipient", key))
        return PhoneNumber(number), self._keys.open(row.body_sealed, _shown_place("body", key))


def _to(channel: MessageChannel, recipient: str) -> Personal:
    """Typed as the channel needs it."""
    match channel:
        case MessageChannel.SMS | MessageChannel.VOICE:
            return PhoneNumber(recipient)
        case MessageChannel.EMAIL:
            return EmailAddress(recipient)
    return Personal(recipient)


def begun(key: str) -> ColumnElement[bool]:
    """The message of this key when somebody began to send it, and what was sent is not written down."""
    return and_(outbox.c.key == key, outbox.c.attempts > 0, outbox.c.provider_id.is_(None))


def written_down(provider_id: str, at: datetime) -> dict[str, object]:
    """What a message of which the provider told holds from then on; no worker sends it again."""
    sent = {"status": MessageStatus.SENT, "provider_id": provider_id, "sent_at": at.astimezone(UTC)}
    return sent | {"leased_by": None, "lease_until": None}


def marked_key(keys: KeyRing, mark: str) -> str | None:
    """The message a mark names; None for no mark of ours."""
    try:
        return keys.open(base64.b64decode(mark + "=" * (-len(mark) % 4), b"-_", validate=True), _MARK)
    except (CannotOpenError, binascii.Error, ValueError):
        return None


def _shown_place(column: str, key: str) -> str:
    return f"sms_shown.{column}|{key}"
