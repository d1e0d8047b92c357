"""What agents do with hand-overs and call-backs; conforms to ``desk.ports.KeepsWork``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, func, or_, select, update

from callbot.desk import CallBackWork, Presence, RingResult, Work, WrapUp
from callbot.domain.events import HandOverReason
from callbot.domain.people import Window
from callbot.domain.personal import Personal, PhoneNumber
from callbot.privacy import KeyRing
from callbot.storage.call_backs import WorkStatus, phone_place
from callbot.storage.database import Database
from callbot.storage.dialects import put
from callbot.storage.hand_overs import OPEN, HandOverStatus
from callbot.storage.tables import agent_presence, call_backs, hand_overs

# Answered by telephone and taken by nobody at the desk yet: whoever answered opens its page.
_ANSWERED = and_(hand_overs.c.status == HandOverStatus.TAKEN, hand_overs.c.taken_by.is_(None))
_FREE = or_(hand_overs.c.status.in_(OPEN), _ANSWERED)


class DeskWork:
    """Each change is one conditional statement: of two that want the same, one is first."""

    def __init__(self, database: Database, key_ring: KeyRing) -> None:
        self._database = database
        self._keys = key_ring

    async def waiting(self, answered_since: datetime) -> list[Work]:
        """Calls nobody took at the desk, longest waiting first; of those answered by telephone only the latest."""
        lately = and_(_ANSWERED, hand_overs.c.answered_at >= answered_since)
        return await self._work(or_(hand_overs.c.status.in_(OPEN), lately))

    async def taken_by(self, account: str) -> list[Work]:
        """Calls an account has taken and not ended."""
        return await self._work(and_(hand_overs.c.taken_by == account, hand_overs.c.ended_at.is_(None)))

    async def of_call(self, call_id: str) -> Work | None:
        """The work of a call."""
        found = await self._work(hand_overs.c.call_id == call_id)
        return found[0] if found else None

    async def take(self, call_id: str, account: str, at: datetime) -> bool:
        """Take a call that nobody has."""
        values = {"status": HandOverStatus.TAKEN, "taken_by": account, "taken_at": at}
        return await self._change(hand_overs, and_(hand_overs.c.call_id == call_id, _FREE), values)

    async def put_back(self, call_id: str, account: str) -> bool:
        """Let a call wait again: for a person to look into, whether its caller is still there or not."""
        values = {"status": HandOverStatus.UNANSWERED, "taken_by": None, "taken_at": None}
        return await self._change(hand_overs, _held(hand_overs, call_id, account), values)

    async def finish(self, call_id: str, account: str, wrap_up: WrapUp, note: Personal | None, at: datetime) -> bool:
        """End the work on a call."""
        values = {"status": HandOverStatus.CLOSED, **self._ended(hand_overs, call_id, wrap_up, note, at)}
        return await self._change(hand_overs, _held(hand_overs, call_id, account), values)

    async def call_backs(self) -> list[CallBackWork]:
        """Call-backs still to be made, by window."""
        waiting = select(call_backs).where(call_backs.c.status == WorkStatus.WAITING)
        in_order = waiting.order_by(call_backs.c.first_at, call_backs.c.created_at, call_backs.c.call_id)
        async with self._database.reading() as connection:
            rows = (await connection.execute(in_order)).all()
        return [
            CallBackWork(
                row.call_id,
                PhoneNumber(self._keys.open(row.phone_sealed, phone_place(row.call_id))),
                HandOverReason(row.reason),
                Window(row.first_at, row.last_at),
                row.taken_by,
                row.tries,
                row.rung_at,
                RingResult(row.ring_result) if row.ring_result else None,
            )
            for row in rows
        ]

    async def take_call_back(self, call_id: str, account: str, at: datetime) -> bool:
        """Take a call-back that nobody has."""
        free = and_(
            call_backs.c.call_id == call_id, call_backs.c.status == WorkStatus.WAITING, call_backs.c.taken_by.is_(None)
        )
        values = {"taken_by": account, "taken_at": at, "rung_at": None, "ring_result": None}
        return await self._change(call_backs, free, values)

    async def put_back_call_back(self, call_id: str, account: str, *, tried: bool) -> bool:
        """Leave it to others, rung in vain or not."""
        tries = call_backs.c.tries + (1 if tried else 0)
        values = {"taken_by": None, "taken_at": None, "tries": tries}
        return await self._change(call_backs, _held(call_backs, call_id, account), values)

    async def finish_call_back(
        self, call_id: str, account: str, wrap_up: WrapUp, note: Personal | None, at: datetime
    ) -> bool:
        """End a call-back."""
        values = {"status": WorkStatus.DONE, **self._ended(call_backs, call_id, wrap_up, note, at)}
        return await self._change(call_backs, _held(call_backs, call_id, account), values)

    async def say(self, account: str, presence: Presence, at: datetime) -> None:
        """What an agent says of themselves."""
        row = {"account_id": account, "presence": presence, "since": at}
        async with self._database.writing() as connection:
            await put(connection, agent_presence, row, "account_id")

    async def presence(self, account: str) -> Presence:
        """Last said; in pause where nothing was: nobody is counted on who did not say so."""
        said = select(agent_presence.c.presence).where(agent_presence.c.account_id == account)
        async with self._database.reading() as connection:
            row = (await connection.execute(said)).first()
        return Presence(row.presence) if row else Presence.PAUSE

    async def present(self) -> int:
        """How many say they are there."""
        there = select(func.count()).where(agent_presence.c.presence == Presence.PRESENT)
        async with self._database.reading() as connection:
            return (await connection.execute(there)).scalar_one()

    def _ended(
        self, table: Table, call_id: str, wrap_up: WrapUp, note: Personal | None, at: datetime
    ) -> Mapping[str, object]:
        sealed = self._keys.seal(note.reveal(), _note_place(table, call_id)) if note else None
        return {"wrap_up": wrap_up, "note_sealed": sealed, "ended_at": at}

    async def _change(self, table: Table, condition: ColumnElement[bool], values: Mapping[str, object]) -> bool:
        async with self._database.writing() as connection:
            return (await connection.execute(update(table).where(condition).values(values))).rowcount == 1

    async def _work(self, condition: ColumnElement[bool]) -> list[Work]:
        wanted = select(hand_overs).where(condition).order_by(hand_overs.c.created_at, hand_overs.c.call_id)
        async with self._database.reading() as connection:
            return [self._opened(row) for row in await connection.execute(wanted)]

    def _opened(self, row: Row[Any]) -> Work:
        note = self._keys.open(row.note_sealed, _note_place(hand_overs, row.call_id)) if row.note_sealed else None
        return Work(
            call_id=row.call_id,
            reason=HandOverReason(row.reason),
            created_at=row.created_at,
            on_the_line=HandOverStatus(row.status) is HandOverStatus.WAITING,
            answered_at=row.answered_at,
            taken_by=row.taken_by,
            taken_at=row.taken_at,
            ended_at=row.ended_at,
            wrap_up=WrapUp(row.wrap_up) if row.wrap_up else None,
            note=Personal(note) if note else None,
            caller_left=HandOverStatus(row.status) is HandOverStatus.LEFT,
            may_be_heard=row.listening_refused_at is None,
        )


def _held(table: Table, call_id: str, account: str) -> ColumnElement[bool]:
    return and_(table.c.call_id == call_id, table.c.taken_by == account, table.c.ended_at.is_(None))


def _note_place(table: Table, call_id: str) -> str:
    return f"{table.name}.note|{call_id}"
