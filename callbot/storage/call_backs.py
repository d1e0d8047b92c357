"""Promised call-backs; conforms to ``booking.ports.CallBacks``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from callbot.domain.events import HandOverReason
from callbot.domain.people import Window
from callbot.domain.personal import PhoneNumber
from callbot.privacy import KeyRing
from callbot.storage.dialects import NamedLocks
from callbot.storage.hand_overs import OPEN, OPENED_ONLY, HandOverStatus
from callbot.storage.tables import call_backs, hand_overs


class WorkStatus(StrEnum):
    """Life of what people work through: call-backs and reports."""

    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class StoredCallBack:
    """A call-back as stored; ``window`` in UTC."""

    call_id: str
    phone: PhoneNumber
    reason: HandOverReason
    window: Window
    status: WorkStatus
    created_at: datetime


class StoredCallBacks:
    """The call-backs, inside one transaction. Phone numbers are sealed."""

    def __init__(self, connection: AsyncConnection, key_ring: KeyRing) -> None:
        self._connection = connection
        self._keys = key_ring

    async def lock(self) -> None:
        """Those who keep call-backs queue up: the count of a window stays what it is until they have written."""
        await NamedLocks(self._connection).take("call_backs")

    async def of_call(self, call_id: str) -> Window | None:
        """The window promised to a call, in UTC."""
        query = select(call_backs.c.first_at, call_backs.c.last_at).where(call_backs.c.call_id == call_id)
        row = (await self._connection.execute(query)).first()
        return Window(row.first_at, row.last_at) if row else None

    async def counts(self, since: datetime) -> dict[datetime, int]:
        """How many were promised in each window that begins at or after ``since``, called back already or not."""
        begun = call_backs.c.first_at
        query = select(begun, func.count()).where(begun >= since).group_by(begun)
        return {row[0]: row[1] for row in await self._connection.execute(query)}

    async def add(
        self, call_id: str, phone: PhoneNumber, reason: HandOverReason, window: Window, created_at: datetime
    ) -> None:
        """Store a call-back; nobody waits for the call in the agents' queue any more."""
        row = {
            "call_id": call_id,
            "phone_sealed": self._keys.seal(phone.reveal(), phone_place(call_id)),
            "phone_index": self._keys.index(phone.reveal()),
            "reason": reason,
            "first_at": window.first,
            "last_at": window.last,
            "status": WorkStatus.WAITING,
            "created_at": created_at,
        }
        await self._connection.execute(insert(call_backs).values(row))
        waits = (hand_overs.c.call_id == call_id) & (hand_overs.c.status.in_(OPEN) | OPENED_ONLY)
        await self._connection.execute(update(hand_overs).where(waits).values(status=HandOverStatus.CALLED_BACK))

    async def since(self, day: datetime | None = None) -> list[StoredCallBack]:
        """All call-backs whose window begins at or after ``day``, by window, then in the order they were asked."""
        order = (call_backs.c.first_at, call_backs.c.last_at, call_backs.c.created_at, call_backs.c.call_id)
        query = select(call_backs).order_by(*order)
        wanted = query if day is None else query.where(call_backs.c.first_at >= day)
        return [
            StoredCallBack(
                call_id=row.call_id,
                phone=PhoneNumber(self._keys.open(row.phone_sealed, phone_place(row.call_id))),
                reason=HandOverReason(row.reason),
                window=Window(row.first_at, row.last_at),
                status=WorkStatus(row.status),
                created_at=row.created_at,
            )
            for row in await self._connection.execute(wanted)
        ]


def phone_place(call_id: str) -> str:
    """What a sealed number is bound to."""
    return f"call_backs.phone|{call_id}"
