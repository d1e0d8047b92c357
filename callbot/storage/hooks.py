"""How far each hook is in each call. Conforms to ``privacy.hooks.KeepsHooks``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from callbot.privacy.hooks import Cursor, HookState
from callbot.storage.database import Database
from callbot.storage.dialects import insert_once
from callbot.storage.hook_tables import hook_cursors, hook_set_aside, hooks
from callbot.storage.tables import calls

LONGEST_CALL = timedelta(days=2)
"""a call begun longer before a clean sweep does not go on"""


class Hooks:
    """Cursors of hooks."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def lease(self, hook: str, owner: str, until: datetime) -> bool:
        """Take the hook for one process; a new one begins with the calls that begin from now on."""
        now = self._now()
        mine = or_(hooks.c.owner.is_(None), hooks.c.owner == owner, hooks.c.leased_until < now)
        async with self._database.writing() as connection:
            await connection.execute(insert_once(connection, hooks).values({"name": hook, "since": now}))
            taking = update(hooks).where(hooks.c.name == hook, mine).values(owner=owner, leased_until=until)
            return (await connection.execute(taking)).rowcount == 1

    async def free(self, hook: str, owner: str) -> None:
        """Let another process have it."""
        mine = and_(hooks.c.name == hook, hooks.c.owner == owner)
        async with self._database.writing() as connection:
            await connection.execute(update(hooks).where(mine).values(owner=None, leased_until=None))

    async def pending(self, hook: str, limit: int) -> list[Cursor]:
        """Calls with events the hook has not, whose next try is due, longest waiting first."""
        due = or_(hook_cursors.c.next_try_at.is_(None), hook_cursors.c.next_try_at <= self._now())
        async with self._database.reading() as connection:
            floor = await _floor(connection, hook)
            if floor is None:
                return []
            query = _behind(hook, floor).where(due).order_by(calls.c.last_event_at, calls.c.id).limit(limit)
            return [_cursor(row) for row in await connection.execute(query)]

    async def delivered(self, hook: str, owner: str, call_id: str, seq: int) -> bool:
        """The hook took event ``seq``; False when the lease is another's by now."""
        now = self._now()
        mine = and_(hooks.c.name == hook, hooks.c.owner == owner)
        async with self._database.writing() as connection:
            noted = await connection.execute(update(hooks).where(mine).values(delivered_at=now))
            if noted.rowcount != 1:
                return False
            await _move(connection, hook, call_id, {"seq": seq, "tries": 0, "failed_at": None, "next_try_at": None})
            return True

    async def failed(self, hook: str, cursor: Cursor, next_try: datetime) -> None:
        """The event after the cursor was not taken."""
        values = {
            "seq": cursor.seq, "tries": cursor.tries + 1, "failed_at": cursor.failed_at or self._now(),
            "next_try_at": next_try,
        }  # fmt: skip
        async with self._database.writing() as connection:
            await _move(connection, hook, cursor.call_id, values)

    async def took_others_since(self, hook: str, moment: datetime) -> bool:
        """True when the hook took something after ``moment``."""
        query = select(hooks.c.name).where(hooks.c.name == hook, hooks.c.delivered_at > moment)
        async with self._database.reading() as connection:
            return (await connection.execute(query)).first() is not None

    async def set_aside(self, hook: str, cursor: Cursor, error: str) -> None:
        """Go past the event after the cursor; both or nothing."""
        row = {
            "hook": hook, "call_id": cursor.call_id, "seq": cursor.seq + 1, "at": self._now(),
            "tries": cursor.tries + 1, "error": error[:64], "wanted": False,
        }  # fmt: skip
        past = {"seq": cursor.seq + 1, "tries": 0, "failed_at": None, "next_try_at": None}
        async with self._database.writing() as connection:
            await connection.execute(insert_once(connection, hook_set_aside).values(row))
            await _move(connection, hook, cursor.call_id, past)

    async def wanted(self, hook: str, limit: int) -> list[Cursor]:
        """Events set aside that a person wants tried again."""
        aside = hook_set_aside.c
        query = select(hook_set_aside).where(aside.hook == hook, aside.wanted.is_(True))
        async with self._database.reading() as connection:
            rows = await connection.execute(query.order_by(aside.at, aside.call_id, aside.seq).limit(limit))
            return [Cursor(row.call_id, row.seq - 1, row.tries) for row in rows]

    async def tried_again(self, hook: str, cursor: Cursor, error: str) -> None:
        """Taken: it is set aside no more. Not taken: it waits for another word."""
        aside = hook_set_aside.c
        this = and_(aside.hook == hook, aside.call_id == cursor.call_id, aside.seq == cursor.seq + 1)
        values = {"wanted": False, "tries": cursor.tries + 1, "error": error[:64]}
        async with self._database.writing() as connection:
            if error:
                await connection.execute(update(hook_set_aside).where(this).values(values))
            else:
                await connection.execute(delete(hook_set_aside).where(this))

    async def clean(self, hook: str) -> None:
        """A sweep found nothing left: older calls are not looked at any more, unless one of them is behind."""
        async with self._database.writing() as connection:
            floor = await _floor(connection, hook)
            if floor is None or (await connection.execute(_behind(hook, floor).limit(1))).first():
                return
            await connection.execute(update(hooks).where(hooks.c.name == hook).values(clean_at=self._now()))

    async def states(self) -> list[HookState]:
        """Every hook that ever ran, by name."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(hooks).order_by(hooks.c.name))).all()
            return [await _state(connection, row) for row in rows]

    async def try_again(self, hook: str) -> int:
        """Want everything tried again that was set aside."""
        wanting = update(hook_set_aside).where(hook_set_aside.c.hook == hook).values(wanted=True)
        async with self._database.writing() as connection:
            return (await connection.execute(wanting)).rowcount


async def _floor(connection: AsyncConnection, hook: str) -> datetime | None:
    """Calls that began earlier are not looked at."""
    row = (await connection.execute(select(hooks).where(hooks.c.name == hook))).first()
    if row is None:
        return None
    since: datetime = row.since
    return since if row.clean_at is None else max(since, row.clean_at - LONGEST_CALL)


def _behind(hook: str, floor: datetime) -> Select[Any]:
    """Calls with events that the hook has not."""
    this = and_(hook_cursors.c.call_id == calls.c.id, hook_cursors.c.hook == hook)
    columns = (calls.c.id, hook_cursors.c.seq, hook_cursors.c.tries, hook_cursors.c.failed_at)
    late: ColumnElement[bool] = calls.c.events > func.coalesce(hook_cursors.c.seq, 0)
    return select(*columns).outerjoin(hook_cursors, this).where(calls.c.started_at >= floor, late)


def _cursor(row: Row[Any]) -> Cursor:
    return Cursor(row.id, row.seq or 0, row.tries or 0, row.failed_at)


async def _move(connection: AsyncConnection, hook: str, call_id: str, values: dict[str, Any]) -> None:
    this = and_(hook_cursors.c.hook == hook, hook_cursors.c.call_id == call_id)
    if (await connection.execute(update(hook_cursors).where(this).values(values))).rowcount == 0:
        await connection.execute(insert(hook_cursors).values(hook=hook, call_id=call_id, **values))


async def _state(connection: AsyncConnection, row: Row[Any]) -> HookState:
    floor = await _floor(connection, row.name)
    behind = _behind(row.name, floor or row.since).subquery()
    failing = func.coalesce(func.sum(case((behind.c.tries > 0, 1), else_=0)), 0)
    waiting = (await connection.execute(select(func.count(), failing).select_from(behind))).one()
    aside = select(func.count()).select_from(hook_set_aside).where(hook_set_aside.c.hook == row.name)
    count = (await connection.execute(aside)).scalar_one()
    return HookState(row.name, row.since, row.delivered_at, waiting[0], waiting[1], count)
