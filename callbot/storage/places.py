"""Places on pickup days and holds; conforms to ``booking.ports.Places``. Exact on both databases.

Locks are taken in one order by everybody: a booking that changes, the call, holds by call, then days by sector and
date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, delete, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from callbot.domain.bookings import Hold
from callbot.domain.territories import SectorRules
from callbot.storage.dialects import insert_once, lock_name, upsert
from callbot.storage.tables import holds, pickup_days

DayKey = tuple[str, date]


class StoredPlaces:
    """The places, inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def settle(
        self,
        now: datetime,
        call_id: str | None = None,
        wanted: tuple[SectorRules, date] | None = None,
        booked: DayKey | None = None,
    ) -> Hold | None:
        """Sweep expired holds, lock what may change, return the live hold of ``call_id``."""
        if call_id is not None:
            # Units of work of one call queue up, even before the call has a row of its own.
            await lock_name(self._connection, call_id)
        rows = await self._lock_holds(now, call_id)
        expired = [row for row in rows if row.expires_at <= now]
        live = next((row for row in rows if row.expires_at > now), None)
        keys = {(row.sector, row.day) for row in rows}
        if wanted is not None:
            await self._open_day(*wanted)
            keys.add((wanted[0].id, wanted[1]))
        if booked is not None:
            keys.add(booked)
        await self._lock_days(keys)
        await self._sweep(expired)
        return Hold(live.call_id, live.sector, live.day, live.expires_at) if live else None

    async def used(self, sector: str, days: Collection[date]) -> dict[date, tuple[int, int]]:
        """``(capacity, used)`` of the days that have a row."""
        opened = select(pickup_days).where(pickup_days.c.sector == sector, pickup_days.c.day.in_(days))
        return {row.day: (row.capacity, row.used) for row in await self._connection.execute(opened)}

    async def take(self, sector: SectorRules, day: date) -> bool:
        """Count one more place where there is room: the condition and the count are one statement."""
        await self._open_day(sector, day)
        room = and_(_is_day((sector.id, day)), pickup_days.c.used < pickup_days.c.capacity)
        counted = await self._connection.execute(update(pickup_days).where(room).values(used=pickup_days.c.used + 1))
        return counted.rowcount == 1

    async def give_back(self, hold: Hold) -> None:
        """Remove a hold; its place is freed only when it was still there."""
        if await self._remove(hold.call_id):
            await self._free((hold.sector, hold.day), 1)

    async def keep(self, hold: Hold) -> None:
        """Write the hold, or its new day and expiry."""
        row: dict[str, object] = {
            "call_id": hold.call_id, "sector": hold.sector, "day": hold.day, "expires_at": hold.expires_at,
        }  # fmt: skip
        await self._connection.execute(upsert(self._connection, holds, row, "call_id"))

    async def consume(self, hold: Hold) -> None:
        """Remove a hold and leave its place taken."""
        await self._remove(hold.call_id)

    async def free(self, sector: str, day: date) -> None:
        """Free the place of a booking."""
        await self._free((sector, day), 1)

    async def _lock_holds(self, now: datetime, call_id: str | None) -> list[Row[Any]]:
        concerned = or_(holds.c.expires_at <= now, holds.c.call_id == call_id)
        locked = select(holds).where(concerned).order_by(holds.c.call_id).with_for_update()
        return list(await self._connection.execute(locked))

    async def _lock_days(self, keys: Collection[DayKey]) -> None:
        # SQLite locked everything when the transaction began.
        if not keys or self._connection.dialect.name == "sqlite":
            return
        concerned = tuple_(pickup_days.c.sector, pickup_days.c.day).in_(list(keys))
        in_order = select(pickup_days.c.day).where(concerned).order_by(pickup_days.c.sector, pickup_days.c.day)
        await self._connection.execute(in_order.with_for_update())

    async def _sweep(self, expired: Collection[Row[Any]]) -> None:
        if not expired:
            return
        gone = delete(holds).where(holds.c.call_id.in_([row.call_id for row in expired]))
        await self._connection.execute(gone)
        for key, count in sorted(Counter((row.sector, row.day) for row in expired).items()):
            await self._free(key, count)

    async def _open_day(self, sector: SectorRules, day: date) -> None:
        """Make the row of a day with the capacity of its sector; one that is there keeps the capacity it has."""
        fresh = {"sector": sector.id, "day": day, "capacity": sector.capacity, "used": 0}
        await self._connection.execute(insert_once(self._connection, pickup_days).values(fresh))

    async def _remove(self, call_id: str) -> bool:
        return (await self._connection.execute(delete(holds).where(holds.c.call_id == call_id))).rowcount == 1

    async def _free(self, key: DayKey, count: int) -> None:
        freed = update(pickup_days).where(_is_day(key)).values(used=pickup_days.c.used - count)
        await self._connection.execute(freed)


def _is_day(key: DayKey) -> Any:
    return and_(pickup_days.c.sector == key[0], pickup_days.c.day == key[1])
