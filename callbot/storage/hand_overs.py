"""Calls that wait for a person; conforms to ``booking.ports.HandOverQueue``, ``telephony``'s ``FollowsHandOvers``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, select, true, update

from callbot.desk import WrapUp
from callbot.domain.events import HandOverReason
from callbot.storage.database import Database, tried_again
from callbot.storage.dialects import insert_once
from callbot.storage.tables import hand_overs


class HandOverStatus(StrEnum):
    """Life of a hand-over."""

    WAITING = "waiting"
    UNANSWERED = "unanswered"
    """nobody answered the transfer and no call-back is promised: a person looks into it, the caller is gone"""
    TAKEN = "taken"
    CLOSED = "closed"
    LEFT = "left"
    """the caller hung up before anybody answered"""
    CALLED_BACK = "called_back"
    """nobody answered; a call-back is promised instead"""


OPEN = frozenset({HandOverStatus.WAITING, HandOverStatus.UNANSWERED})
"""still for a person to look into"""
OPENED_ONLY = and_(
    hand_overs.c.status == HandOverStatus.TAKEN, hand_overs.c.answered_at.is_(None), hand_overs.c.ended_at.is_(None)
)
"""somebody has its page and nobody the caller: their telephone rings"""
_CUT_OFF = frozenset({HandOverReason.TECHNICAL, HandOverReason.TOO_LONG})
"""the call broke or was ended by us: that its line is closed does not mean that the caller gave up"""


@dataclass(frozen=True, slots=True)
class QueuedCall:
    """A call in the queue of the agents."""

    call_id: str
    reason: HandOverReason
    status: HandOverStatus
    created_at: datetime


class HandOvers:
    """The queue. A call is in it once; the first reason stays."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def hand_over(self, call_id: str, reason: HandOverReason) -> None:
        """Queue the call for the agents, who read its events."""
        await tried_again(lambda: self._hand_over(call_id, reason), harmless=True)

    async def _hand_over(self, call_id: str, reason: HandOverReason) -> None:
        row = {"call_id": call_id, "reason": reason, "status": HandOverStatus.WAITING, "created_at": self._now()}
        async with self._database.writing() as connection:
            await connection.execute(insert_once(connection, hand_overs).values(row))
            # Given back to the bot and handed over again: it waits anew, nothing of the first time stands.
            again = {**row, "taken_by": None, "taken_at": None, "ended_at": None, "wrap_up": None, "note_sealed": None}
            given_back = (hand_overs.c.call_id == call_id) & (hand_overs.c.wrap_up == WrapUp.HANDED_BACK)
            await connection.execute(update(hand_overs).where(given_back).values(again))

    async def taken(self, call_id: str) -> bool:
        """An agent answered the call; False, and nothing changed, where nobody waits for that any more."""
        waits = hand_overs.c.status.in_(OPEN) | OPENED_ONLY
        return await self._become(HandOverStatus.TAKEN, call_id, waits, answered_at=self._now())

    async def talked(self, call_id: str, lasted: timedelta | None) -> bool:
        """The talk with a person is over; it began ``lasted`` ago where nobody noted that they answered. False, and
        nothing changed, for a call that was never handed over."""
        now = self._now()
        if lasted is not None:
            unnoted = hand_overs.c.answered_at.is_(None)
            await self._become(HandOverStatus.TAKEN, call_id, hand_overs.c.status.in_(OPEN), answered_at=now - lasted)
            await self._set(call_id, unnoted, answered_at=now - lasted)
        else:
            await self.taken(call_id)
        return await self._set(call_id, true(), talk_ended_at=now)

    async def unanswered(self, call_id: str) -> bool:
        """Nobody answered the transfer: the call stays for a person to look into, however its line is closed.

        False, and nothing changed, where it does not wait for one.
        """
        if await self._become(HandOverStatus.UNANSWERED, call_id, hand_overs.c.status.in_(OPEN)):
            return True
        # Who has its page looks into it; that its caller is gone is known there.
        return await self._become(HandOverStatus.LEFT, call_id, OPENED_ONLY)

    async def left(self, call_id: str) -> bool:
        """The caller hung up during the transfer; False, and nothing changed, where there is none or the call was cut
        off by us: a person still looks into that one. Who opened its page already keeps it."""
        unanswered = (hand_overs.c.status == HandOverStatus.WAITING) | OPENED_ONLY
        return await self._become(HandOverStatus.LEFT, call_id, unanswered & hand_overs.c.reason.not_in(_CUT_OFF))

    async def status(self, call_id: str) -> HandOverStatus | None:
        """What became of a hand-over, None for a call that was never handed over."""
        query = select(hand_overs.c.status).where(hand_overs.c.call_id == call_id)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).first()
        return HandOverStatus(row.status) if row else None

    async def _become(
        self, status: HandOverStatus, call_id: str, condition: ColumnElement[bool], **more: datetime
    ) -> bool:
        return await self._set(call_id, condition, status=status, **more)

    async def _set(self, call_id: str, condition: ColumnElement[bool], **values: datetime | str) -> bool:
        changed = update(hand_overs).where(hand_overs.c.call_id == call_id, condition)
        async with self._database.writing() as connection:
            ended = await connection.execute(changed.values(values))
        return ended.rowcount == 1

    async def waiting(self) -> list[QueuedCall]:
        """Calls no person looked into yet, longest waiting first."""
        query = select(hand_overs).where(hand_overs.c.status.in_(OPEN))
        async with self._database.reading() as connection:
            rows = await connection.execute(query.order_by(hand_overs.c.created_at, hand_overs.c.call_id))
            return [
                QueuedCall(row.call_id, HandOverReason(row.reason), HandOverStatus(row.status), row.created_at)
                for row in rows
            ]
