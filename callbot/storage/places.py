"""Places on pickup days and holds; conforms to ``booking.ports.Places``. Exact on both databases.

Locks are taken in one order by everybody: a booking that changes, the call, the address of a limited household, holds
by call, then days by sector and date.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, and_, case, delete, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from callbot.booking.ports import Used
from callbot.domain.bookings import Hold, Load
from callbot.domain.territories import SectorRules
from callbot.storage.dialects import insert_once, lock_name, put
from callbot.storage.tables import holds, pickup_days

DayKey = tuple[str, date]


class StoredPlaces:
    """The places, inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        # days whose row was seen to follow the rules in this transaction
        self._followed: set[DayKey] = set()
        self._locked: set[str] = set()

    async def lock_call(self, call_id: str) -> None:
        """Units of work of one call queue up, even before the call has a row of its own."""
        if call_id not in self._locked:
            self._locked.add(call_id)
            await lock_name(self._connection, call_id)

    async def settle(
        self,
        now: datetime,
        call_id: str | None = None,
        wanted: tuple[SectorRules, date] | None = None,
        booked: DayKey | None = None,
    ) -> Hold | None:
        """Sweep expired holds, lock what may change, return the live hold of ``call_id``."""
        if call_id is not None:
            await self.lock_call(call_id)
        rows = await self._lock_holds(now, call_id)
        expired = [row for row in rows if row.expires_at <= now]
        live = next((row for row in rows if row.expires_at > now), None)
        keys = {(row.sector, row.day) for row in rows}
        if wanted is not None:
            keys.add((wanted[0].id, wanted[1]))
        if booked is not None:
            keys.add(booked)
        opened = await self._lock_days(keys)
        if wanted is not None:
            await self._follow_rules(*wanted, opened)
        await self._sweep(expired)
        return Hold(live.call_id, live.sector, live.day, live.expires_at, _load(live)) if live else None

    async def used(self, sector: str, days: Collection[date]) -> dict[date, Used]:
        """What is taken of the days that have a row."""
        opened = select(pickup_days).where(pickup_days.c.sector == sector, pickup_days.c.day.in_(days))
        return {
            row.day: Used(
                row.capacity, row.used, row.capacity_items, row.capacity_litres, Load(row.used_items, row.used_litres)
            )
            for row in await self._connection.execute(opened)
        }

    async def take(self, sector: SectorRules, day: date, load: Load) -> bool:
        """Count one more place where there is room: the condition and the count are one statement.

        A day that ``settle`` was not told of may have no row yet, or another capacity by now.
        """
        if await self._count((sector.id, day), 1, load):
            return True
        if (sector.id, day) in self._followed:
            return False
        await self._follow_rules(sector, day, await self._lock_days({(sector.id, day)}))
        return await self._count((sector.id, day), 1, load)

    async def adjust(self, sector: str, day: date, more: Load) -> bool:
        """Count so much more load for a place that is taken, where there is room."""
        return more == Load() or await self._count((sector, day), 0, more)

    async def give_back(self, hold: Hold) -> None:
        """Remove a hold; its place is freed only when it was still there."""
        if await self._remove(hold.call_id):
            await self._free((hold.sector, hold.day), 1, hold.load)

    async def keep(self, hold: Hold) -> None:
        """Write the hold, or its new day and expiry."""
        row: dict[str, object] = {
            "call_id": hold.call_id, "sector": hold.sector, "day": hold.day, "expires_at": hold.expires_at,
            "items": hold.load.items, "litres": hold.load.litres,
        }  # fmt: skip
        await put(self._connection, holds, row, "call_id")

    async def consume(self, hold: Hold) -> None:
        """Remove a hold and leave its place taken."""
        await self._remove(hold.call_id)

    async def free(self, sector: str, day: date, load: Load) -> None:
        """Free the place of a booking."""
        await self._free((sector, day), 1, load)

    async def _lock_holds(self, now: datetime, call_id: str | None) -> list[Row[Any]]:
        concerned = or_(holds.c.expires_at <= now, holds.c.call_id == call_id)
        locked = select(holds).where(concerned).order_by(holds.c.call_id).with_for_update()
        return list(await self._connection.execute(locked))

    async def _lock_days(self, keys: Collection[DayKey]) -> dict[DayKey, Row[Any]]:
        """The rows of these days. Several are locked, in order; one alone is locked by whoever counts in it, so that
        nobody waits for a booking that is still being written. SQLite locked everything when the transaction began."""
        if not keys:
            return {}
        concerned = or_(*(_is_day(key) for key in sorted(keys)))
        in_order = select(pickup_days).where(concerned).order_by(pickup_days.c.sector, pickup_days.c.day)
        if len(keys) > 1:
            # Not the key itself: a booking being inserted may still point at the day.
            in_order = in_order.with_for_update(key_share=True)
        return {_day_key(row): row for row in await self._connection.execute(in_order)}

    async def _sweep(self, expired: Collection[Row[Any]]) -> None:
        if not expired:
            return
        gone = delete(holds).where(holds.c.call_id.in_([row.call_id for row in expired]))
        await self._connection.execute(gone)
        for key, rows in groupby(sorted(expired, key=_day_key), key=_day_key):
            theirs = list(rows)
            load = Load(sum(row.items for row in theirs), sum(row.litres for row in theirs))
            await self._free(key, len(theirs), load)

    async def _follow_rules(self, sector: SectorRules, day: date, opened: Mapping[DayKey, Row[Any]]) -> None:
        """Make the row of a day with the capacity of its sector, or give it the capacity the rules have by now.

        A day that has more than they allow by now keeps what it has and takes no more.
        """
        key = (sector.id, day)
        self._followed.add(key)
        row = opened.get(key)
        if row is None:
            fresh = {"sector": sector.id, "day": day, "used": 0, **_capacities(sector)}
            await self._connection.execute(insert_once(self._connection, pickup_days).values(fresh))
        elif _capacities(sector) != {name: getattr(row, name) for name in _capacities(sector)}:
            await self._connection.execute(update(pickup_days).where(_is_day(key)).values(_at_least_used(sector)))

    async def _count(self, key: DayKey, places: int, load: Load) -> bool:
        room = and_(
            pickup_days.c.used + places <= pickup_days.c.capacity,
            _has_room(pickup_days.c.capacity_items, pickup_days.c.used_items, load.items),
            _has_room(pickup_days.c.capacity_litres, pickup_days.c.used_litres, load.litres),
        )
        counted = update(pickup_days).where(_is_day(key), room).values(
            used=pickup_days.c.used + places,
            used_items=pickup_days.c.used_items + load.items,
            used_litres=pickup_days.c.used_litres + load.litres,
        )  # fmt: skip
        return (await self._connection.execute(counted)).rowcount == 1

    async def _remove(self, call_id: str) -> bool:
        return (await self._connection.execute(delete(holds).where(holds.c.call_id == call_id))).rowcount == 1

    async def _free(self, key: DayKey, count: int, load: Load) -> None:
        freed = update(pickup_days).where(_is_day(key)).values(
            used=pickup_days.c.used - count,
            used_items=pickup_days.c.used_items - load.items,
            used_litres=pickup_days.c.used_litres - load.litres,
        )  # fmt: skip
        await self._connection.execute(freed)


def _capacities(sector: SectorRules) -> dict[str, int | None]:
    litres = None if sector.capacity_m3 is None else round(sector.capacity_m3 * 1000)
    return {"capacity": sector.capacity, "capacity_items": sector.capacity_items, "capacity_litres": litres}


def _at_least_used(sector: SectorRules) -> dict[str, Any]:
    """The capacities of a sector, none below what is taken already."""
    counters = {
        "capacity": pickup_days.c.used, "capacity_items": pickup_days.c.used_items,
        "capacity_litres": pickup_days.c.used_litres,
    }  # fmt: skip
    return {
        name: value if value is None else case((counters[name] > value, counters[name]), else_=value)
        for name, value in _capacities(sector).items()
    }


def _has_room(capacity: Column[int], used: Column[int], more: int) -> ColumnElement[bool]:
    """True where so much more fits; where nothing more is asked for there is always room."""
    return true() if more <= 0 else or_(capacity.is_(None), used + more <= capacity)


def _load(row: Row[Any]) -> Load:
    return Load(row.items, row.litres)


def _day_key(row: Row[Any]) -> DayKey:
    return row.sector, row.day


def _is_day(key: DayKey) -> Any:
    return and_(pickup_days.c.sector == key[0], pickup_days.c.day == key[1])
