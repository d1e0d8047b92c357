"""The history of the switch. Conforms to ``editing.switch.KeepsSwitch``."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, insert, select

from callbot.editing.switch import Switched
from callbot.storage.database import Database
from callbot.storage.dialects import NamedLocks
from callbot.storage.editing_tables import service_switches

_NEWEST = select(service_switches).order_by(service_switches.c.id.desc())


class Switches:
    """Lines are added, none is changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def current(self) -> Switched | None:
        """The last line."""
        found = await self.history(1)
        return found[0] if found else None

    async def history(self, limit: int) -> list[Switched]:
        """The last lines, newest first."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(_NEWEST.limit(limit))).all()
        return [_switched(row) for row in rows]

    async def add(self, entry: Switched) -> bool:
        """A new line, unless it stands so already: of two processes that trip at once one writes."""
        row = {"to_people": entry.to_people, "made_by": entry.by, "reason": entry.reason, "at": entry.at}
        async with self._database.writing() as connection:
            await NamedLocks(connection).take("service_switches")
            last = (await connection.execute(_NEWEST.limit(1))).first()
            if (last is not None and last.to_people) == entry.to_people:
                return False
            await connection.execute(insert(service_switches).values(row))
        return True


def _switched(row: Row[Any]) -> Switched:
    return Switched(row.to_people, row.made_by, row.reason, row.at)
