"""Agents by telephone: where they are rung and what became of it.

Conforms to ``desk.ports.KeepsLines`` and to ``telephony``'s ``FollowsAgents``. Each change is one conditional
statement: of two agents, or of an agent and a caller who hangs up, one is first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, update

from callbot.desk import AgentLine, RingResult
from callbot.domain.personal import PhoneNumber
from callbot.privacy import KeyRing
from callbot.storage.call_backs import WorkStatus, phone_place
from callbot.storage.database import Database
from callbot.storage.hand_overs import OPEN, HandOverStatus
from callbot.storage.tables import agent_presence, call_backs, hand_overs

_OVER = (HandOverStatus.LEFT, HandOverStatus.CALLED_BACK)
"""the caller is not on the line any more"""


class AgentLines:
    """Telephones are sealed: agents who work at home give their own."""

    def __init__(self, database: Database, key_ring: KeyRing, now: Callable[[], datetime]) -> None:
        self._database = database
        self._keys = key_ring
        self._now = now

    async def line(self, account: str) -> AgentLine | None:
        """The telephone an agent gave."""
        given = select(agent_presence.c.line_sealed).where(agent_presence.c.account_id == account)
        async with self._database.reading() as connection:
            row = (await connection.execute(given)).first()
        return AgentLine(self._keys.open(row.line_sealed, _place(account))) if row and row.line_sealed else None

    async def say_line(self, account: str, line: AgentLine | None) -> None:
        """Keep it, or forget it."""
        sealed = self._keys.seal(line.reveal(), _place(account)) if line else None
        given = update(agent_presence).where(agent_presence.c.account_id == account).values(line_sealed=sealed)
        async with self._database.writing() as connection:
            await connection.execute(given)

    async def line_for(self, call_id: str, account: str) -> AgentLine | None:
        """Where to ring for a call; None where this account does not have it, or gave no telephone."""
        has = and_(hand_overs.c.call_id == call_id, _has(account))
        async with self._database.reading() as connection:
            row = (await connection.execute(select(hand_overs.c.call_id).where(has))).first()
        return await self.line(account) if row else None

    async def joined(self, call_id: str, account: str) -> bool:
        """This agent is on the telephone and wants the call; False, and nothing changed, where somebody else has it."""
        free = and_(hand_overs.c.status.in_(OPEN), hand_overs.c.taken_by.is_(None))
        wanted = update(hand_overs).where(hand_overs.c.call_id == call_id, or_(free, _has(account)))
        values = {"status": HandOverStatus.TAKEN, "taken_by": account, "answered_at": self._now()}
        async with self._database.writing() as connection:
            return (await connection.execute(wanted.values(values))).rowcount == 1

    async def wait_again(self, call_id: str, account: str, *, even_answered: bool = False) -> datetime | None:
        """The caller is on the line without anybody: the call waits since the moment it waited from before.

        ``even_answered``: the agent answered, and was gone before the caller came. Whatever the agent wrote about the
        call meanwhile, its caller is there.
        """
        mine = or_(hand_overs.c.taken_by == account, hand_overs.c.taken_by.is_(None))
        unanswered = hand_overs.c.answered_at.is_(None) | even_answered
        alone = and_(hand_overs.c.call_id == call_id, mine, unanswered, hand_overs.c.status.not_in(_OVER))
        values = {
            "status": HandOverStatus.WAITING, "taken_by": None, "taken_at": None, "answered_at": None,
            "ended_at": None, "wrap_up": None,
        }  # fmt: skip
        since = select(hand_overs.c.created_at).where(hand_overs.c.call_id == call_id)
        async with self._database.writing() as connection:
            if (await connection.execute(update(hand_overs).where(alone).values(values))).rowcount != 1:
                return None
            moment: datetime = (await connection.execute(since)).scalar_one()
            return moment

    async def number_to_call_back(self, call_id: str, account: str) -> PhoneNumber | None:
        """The number of a call-back that this account has and has not ended; None for any other."""
        held = and_(call_backs.c.call_id == call_id, _held(account))
        async with self._database.reading() as connection:
            row = (await connection.execute(select(call_backs.c.phone_sealed).where(held))).first()
        return PhoneNumber(self._keys.open(row.phone_sealed, phone_place(call_id))) if row else None

    async def ring_begins(self, call_id: str, account: str, at: datetime, unless_since: datetime) -> bool:
        """The service rings for a call-back, one ring at a time."""
        over = or_(
            call_backs.c.rung_at.is_(None), call_backs.c.ring_result.is_not(None), call_backs.c.rung_at < unless_since
        )
        begins = update(call_backs).where(call_backs.c.call_id == call_id, _held(account), over)
        async with self._database.writing() as connection:
            return (await connection.execute(begins.values(rung_at=at, ring_result=None))).rowcount == 1

    async def ring_ended(self, call_id: str, account: str, result: RingResult) -> bool:
        """How a ring ended: kept once, also after the agent ended the call-back."""
        mine = and_(call_backs.c.call_id == call_id, call_backs.c.taken_by == account)
        rings = and_(mine, call_backs.c.rung_at.is_not(None), call_backs.c.ring_result.is_(None))
        async with self._database.writing() as connection:
            return (await connection.execute(update(call_backs).where(rings).values(ring_result=result))).rowcount == 1

    async def refuse_listening(self, call_id: str, account: str, at: datetime) -> bool:
        """The caller does not want a supervisor to listen."""
        refused = update(hand_overs).where(hand_overs.c.call_id == call_id, _has(account))
        async with self._database.writing() as connection:
            return (await connection.execute(refused.values(listening_refused_at=at))).rowcount == 1

    async def refused_listening(self, call_ids: Sequence[str]) -> frozenset[str]:
        """Those of the calls whose caller does not want it."""
        if not call_ids:
            return frozenset()
        refused = and_(hand_overs.c.call_id.in_(call_ids), hand_overs.c.listening_refused_at.is_not(None))
        async with self._database.reading() as connection:
            rows = await connection.execute(select(hand_overs.c.call_id).where(refused))
            return frozenset(row.call_id for row in rows)


def _has(account: str) -> ColumnElement[bool]:
    return and_(hand_overs.c.taken_by == account, hand_overs.c.ended_at.is_(None))


def _held(account: str) -> ColumnElement[bool]:
    return and_(call_backs.c.taken_by == account, call_backs.c.status == WorkStatus.WAITING)


def _place(account: str) -> str:
    return f"agent_presence.line|{account}"
