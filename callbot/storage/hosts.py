"""What several hosts on one database agree on: tickets used up, and who does which chore."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, update

from callbot.storage.database import Database
from callbot.storage.dialects import put_once
from callbot.storage.host_tables import chore_leases, used_tickets

LEASE = timedelta(seconds=40)
"""A holder that did not take its chore again for so long is dead. With ``bootstrap.chores.LOOK_EVERY_S`` another one
has it within a minute; clocks of hosts may differ by a few seconds."""


class UsedTickets:
    """Conforms to ``telephony.tickets.UsesUp``."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def use_up(self, mark: str, expires_at: datetime) -> bool:
        """True the first time on any host. Marks of tickets that nobody would take any more are thrown away."""
        async with self._database.writing() as connection:
            await connection.execute(delete(used_tickets).where(used_tickets.c.expires_at < self._now()))
            return await put_once(connection, used_tickets, {"mark": mark, "expires_at": expires_at}, "mark")


class ChoreLeases:
    """One of many processes has a chore. On SQLite there is one process, and it has them all."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    @property
    def shared(self) -> bool:
        """False where nobody else can be on the database."""
        return self._database.dialect == "postgresql"

    async def take(self, name: str, owner: str) -> bool:
        """True when the chore is ``owner``'s for ``LEASE`` from now on: it was, or it was nobody's, or its holder is
        dead."""
        now = self._now()
        mine = or_(chore_leases.c.owner == owner, chore_leases.c.leased_until < now)
        lease = {"owner": owner, "leased_until": now + LEASE}
        async with self._database.writing() as connection:
            taking = update(chore_leases).where(chore_leases.c.name == name, mine).values(lease)
            if (await connection.execute(taking)).rowcount == 1:
                return True
            return await put_once(connection, chore_leases, {"name": name, **lease}, "name")

    async def release(self, owner: str, name: str) -> None:
        """Another process may have it at once."""
        mine = and_(chore_leases.c.owner == owner, chore_leases.c.name == name)
        async with self._database.writing() as connection:
            await connection.execute(delete(chore_leases).where(mine))
