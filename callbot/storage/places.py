"""Places on pickup days and holds; conforms to ``booking.ports.Places``. Exact on both databases.

Locks are taken in one order by everybody: a booking that changes, the call, the address of a limited household, holds
by call, then days by sector and date.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Update, and_, bindparam, case, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from callbot.booking.ports import DayKey, Used
from callbot.domain.bookings import Hold, Load
from callbot.domain.territories import SectorRules
from callbot.storage.dialects import NamedLocks, insert_once, put
from callbot.storage.tables import holds, pickup_days


class StoredPlaces:
    """The places, inside one transaction."""

    def __init__(self, connection: AsyncConnection, locks: NamedLocks) -> None:
        self._connection = connection
        self._locks = locks

    async def settle(self, now: datetime, call_id: str | None = None, *days: DayKey) -> Hold | None:
        """Sweep expired holds, lock what may change, return the live hold of ``call_id``."""
        if call_id is not None:
            # Before the call has a row of its own there is nothing else to lock.
            await self._locks.take(call_id)
        rows = await self._lock_holds(now, call_id)
        expired = [row for row in rows if row.expires_at <= now]
        live = next((row for row in rows if row.expires_at > now), None)
        keys = {*days, *(_day_key(row) for row in rows)}
        if len(keys) > 1:
            await self._lock_days(keys)
        await self._sweep(expired)
        return Hold(live.call_id, live.sector, live.day, live.expires_at, _load(live)) if live else None

    async def open(self, sector: SectorRules, day: date) -> None:
        """Make the row of a day, or have it follow the rules."""
        await self._follow_rules(sector, day)

    async def used(self, sector: str, days: Collection[date], now: datetime) -> dict[date, Used]:
        """What is taken of the days that have a row, but for holds that expired and were not swept yet."""
        opened = select(pickup_days).where(pickup_days.c.sector == sector, pickup_days.c.day.in_(days))
        rows = (await self._connection.execute(opened)).all()
        # after the counters: a hold that is swept between the two is counted as taken, never as free twice
        lapsed = await self._lapsed(sector, days, now)
        return {row.day: _used(row, *lapsed.get(row.day, (0, Load()))) for row in rows}

    async def _lapsed(self, sector: str, days: Collection[date], now: datetime) -> dict[date, tuple[int, Load]]:
        """How many holds of each day expired at or before ``now``, and their load together."""
        of_days = holds.c.sector == sector, holds.c.day.in_(days), holds.c.expires_at <= now
        sums = (func.sum(holds.c[name]).label(name) for name in ("items", "litres"))
        summed = select(holds.c.day, func.count().label("places"), *sums).where(*of_days).group_by(holds.c.day)
        rows = await self._connection.execute(summed)
        return {row.day: (row.places, _load(row)) for row in rows}

    async def take(self, sector: SectorRules, day: date, load: Load) -> bool:
        """Count one more place where there is room: the condition and the count are one statement.

        A day that nobody asked for yet has no row, and rules may have changed since its row was written: what finds no
        room under today's rules looks whether its row follows them, and is counted again when it did not.
        """
        key = (sector.id, day)
        if await self._count(_COUNT_UNDER_RULES, key, 1, load, **_capacities(sector, "under_")):
            return True
        return await self._follow_rules(sector, day) and await self._count(_COUNT, key, 1, load)

    async def adjust(self, sector: str, day: date, more: Load) -> bool:
        """Count so much more load for a place that is taken, where there is room."""
        return more == Load() or await self._count(_COUNT, (sector, day), 0, more)

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
        return list(await self._connection.execute(_LOCK_HOLDS, {"now": now, "of_call": call_id}))

    async def _lock_days(self, keys: Collection[DayKey]) -> None:
        """Lock several days in order. One alone is locked by whoever counts in it, so that nobody waits for a booking
        that is still being written. SQLite locked everything when the transaction began."""
        concerned = or_(*(_is_day(key) for key in sorted(keys)))
        in_order = select(pickup_days.c.day).where(concerned).order_by(pickup_days.c.sector, pickup_days.c.day)
        # Not the key itself: a booking being inserted may still point at the day.
        await self._connection.execute(in_order.with_for_update(key_share=True))

    async def _sweep(self, expired: Collection[Row[Any]]) -> None:
        if not expired:
            return
        gone = delete(holds).where(holds.c.call_id.in_([row.call_id for row in expired]))
        await self._connection.execute(gone)
        for key, rows in groupby(sorted(expired, key=_day_key), key=_day_key):
            theirs = list(rows)
            load = Load(sum(row.items for row in theirs), sum(row.litres for row in theirs))
            await self._free(key, len(theirs), load)

    async def _follow_rules(self, sector: SectorRules, day: date) -> bool:
        """Make the row of a day with the capacity of its sector, or give it the capacity the rules have by now; False
        where it had it.

        A day that has more than they allow by now keeps what it has and takes no more.
        """
        is_it = _is_day((sector.id, day))
        row = (await self._connection.execute(select(pickup_days).where(is_it))).first()
        if row is None:
            fresh = {"sector": sector.id, "day": day, "used": 0, **_capacities(sector)}
            await self._connection.execute(insert_once(self._connection, pickup_days).values(fresh))
            return True
        if all(getattr(row, name) == value for name, value in _capacities(sector).items()):
            return False
        await self._connection.execute(update(pickup_days).where(is_it).values(_at_least_used(sector)))
        return True

    async def _count(self, counting: Update, key: DayKey, places: int, load: Load, **under: int | None) -> bool:
        more = {"more": places, "more_items": load.items, "more_litres": load.litres}
        counted = await self._connection.execute(counting, {**_named(key), **more, **under})
        return counted.rowcount == 1

    async def _remove(self, call_id: str) -> bool:
        return (await self._connection.execute(_REMOVE, {"of_call": call_id})).rowcount == 1

    async def _free(self, key: DayKey, count: int, load: Load) -> None:
        less = {"less": count, "less_items": load.items, "less_litres": load.litres}
        await self._connection.execute(_FREE, {**_named(key), **less})


def _capacities(sector: SectorRules, prefix: str = "") -> dict[str, int | None]:
    litres = None if sector.capacity_m3 is None else round(sector.capacity_m3 * 1000)
    limits = {"capacity": sector.capacity, "capacity_items": sector.capacity_items, "capacity_litres": litres}
    return {f"{prefix}{name}": value for name, value in limits.items()}


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


def _has_room(counter: str) -> ColumnElement[bool]:
    """True where so much more fits; where nothing more is asked for there is always room."""
    more, capacity = bindparam(f"more_{counter}", type_=Integer), pickup_days.c[f"capacity_{counter}"]
    return or_(more <= 0, capacity.is_(None), pickup_days.c[f"used_{counter}"] + more <= capacity)


def _follows(counter: str) -> ColumnElement[bool]:
    column = pickup_days.c[counter]
    return column.is_not_distinct_from(bindparam(f"under_{counter}", type_=Integer))


def _used(row: Row[Any], given_back: int, their_load: Load) -> Used:
    taken = Load(row.used_items, row.used_litres) - their_load
    return Used(row.capacity, row.used - given_back, row.capacity_items, row.capacity_litres, taken)


def _load(row: Row[Any]) -> Load:
    return Load(row.items, row.litres)


def _day_key(row: Row[Any]) -> DayKey:
    return row.sector, row.day


def _is_day(key: DayKey) -> ColumnElement[bool]:
    return and_(pickup_days.c.sector == key[0], pickup_days.c.day == key[1])


def _named(key: DayKey) -> dict[str, object]:
    return {"of_sector": key[0], "of_day": key[1]}


# Written once: SQLAlchemy spends as long on building a statement anew as on sending it (``make bench-booking``).
_THE_DAY = and_(pickup_days.c.sector == bindparam("of_sector"), pickup_days.c.day == bindparam("of_day"))
_COUNT = (
    update(pickup_days)
    .where(
        _THE_DAY,
        pickup_days.c.used + bindparam("more", type_=Integer) <= pickup_days.c.capacity,
        _has_room("items"),
        _has_room("litres"),
    )
    .values(
        used=pickup_days.c.used + bindparam("more", type_=Integer),
        used_items=pickup_days.c.used_items + bindparam("more_items", type_=Integer),
        used_litres=pickup_days.c.used_litres + bindparam("more_litres", type_=Integer),
    )
)
_COUNT_UNDER_RULES = _COUNT.where(_follows("capacity"), _follows("capacity_items"), _follows("capacity_litres"))
_FREE = (
    update(pickup_days)
    .where(_THE_DAY)
    .values(
        used=pickup_days.c.used - bindparam("less", type_=Integer),
        used_items=pickup_days.c.used_items - bindparam("less_items", type_=Integer),
        used_litres=pickup_days.c.used_litres - bindparam("less_litres", type_=Integer),
    )
)
_LOCK_HOLDS = (
    select(holds)
    .where(or_(holds.c.expires_at <= bindparam("now"), holds.c.call_id == bindparam("of_call")))
    .order_by(holds.c.call_id)
    .with_for_update()
)
_REMOVE = delete(holds).where(holds.c.call_id == bindparam("of_call"))
