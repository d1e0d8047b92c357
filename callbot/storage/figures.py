"""Figures as they are read: sums of days, calls that go on now, the calls behind a figure, months made public."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select

from callbot.domain.events import EndReason
from callbot.insight.figures import ALL, CallFacts, CallFilter, DayTally, Tally
from callbot.insight.figures.months import Months, Stamped
from callbot.insight.figures.tally import Hours
from callbot.storage.call_facts import read_facts
from callbot.storage.database import Database
from callbot.storage.dialects import put, put_once
from callbot.storage.figure_tables import arrivals, call_days, call_facts, signed_months
from callbot.storage.hand_overs import HandOverStatus
from callbot.storage.tables import calls, hand_overs

GOES_ON_FOR = timedelta(minutes=30)
"""a call without an event for so long is not one that goes on"""
_FAILURES = (EndReason.FAILURE, EndReason.BROKEN_STREAM, EndReason.TOO_LONG)
FAILURES_WITHIN = timedelta(hours=1)
MOST_KEPT = 3_000
"""days read and kept in memory, some 20 kB each; above, all are read again"""


@dataclass(frozen=True, slots=True)
class Live:
    """This moment. ``longest_wait_s``: of those who wait for a person, None where nobody does."""

    at: datetime
    calls: int
    queue: int
    longest_wait_s: float | None
    failures: int
    """calls that broke within the last hour"""
    started: int
    """calls that began within the last hour"""


@dataclass(frozen=True, slots=True)
class SignedMonth:
    """A month made public; ``figures``: the document as it was signed. ``month``: "2026-11"."""

    month: str
    signed_by: str
    signed_at: datetime
    figures: dict[str, Any]
    remark: str = ""


class Figures:
    """Reads what ``CallFactsProjection`` keeps up, and keeps what was made public."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._read: dict[tuple[date, str, bool, str], DayTally] = {}
        self._months = Months()

    async def days(self, first: date, last: date, territory: str = ALL) -> list[DayTally]:
        """The days from ``first`` to ``last`` included, of one territory or of all together."""
        found = await self._days(first, last, call_days.c.territory == territory, hours=False)
        return [each.tally for each in found]

    async def sums(
        self, first: date, last: date, territory: str | None = ALL, *, hours: bool = False
    ) -> list[DayTally]:
        """The same days with those of a month as one where they cannot change; ``territory`` None: each by itself."""
        of = call_days.c.territory != ALL if territory is None else call_days.c.territory == territory
        found = await self._days(first, last, of, hours=hours)
        return await asyncio.to_thread(self._months.condensed, found, self._now().date())

    async def _days(self, first: date, last: date, of: ColumnElement[bool], *, hours: bool) -> list[Stamped]:
        """A day that has passed does not change: what was read of it once is not read again while its stamp stands."""
        days = call_days.c
        within = (days.day.between(first, last), of)
        stamps = select(days.day, days.territory, days.stamp).where(*within).order_by(days.day, days.territory)
        async with self._database.reading_behind() as connection:
            known = [(row.day, row.territory, hours, row.stamp) for row in await connection.execute(stamps)]
            missing = {key[0] for key in known if key not in self._read}
            if missing:
                text = days.hours if hours else days.tally
                rest = days.day.between(min(missing), max(missing))
                query = select(days.day, days.territory, days.stamp, text).where(of, rest)
                rows = (await connection.execute(query)).all()
        read = self._read
        if missing:
            found = await asyncio.to_thread(
                lambda: {(row.day, row.territory, hours, row.stamp): _day(row) for row in rows}
            )
            read = {**read, **found}
            self._read = read if len(read) <= MOST_KEPT else found
        return [Stamped(key[3], read[key]) for key in known if key in read]

    async def first_day(self) -> date | None:
        """The first day there are figures of."""
        async with self._database.reading() as connection:
            first: date | None = (await connection.execute(select(func.min(call_days.c.day)))).scalar_one()
        return first

    async def live(self) -> Live:
        """This moment, from the calls themselves."""
        now = self._now()
        recent = calls.c.started_at >= now - FAILURES_WITHIN
        going_on = select(func.count()).where(calls.c.end_reason.is_(None), calls.c.last_event_at >= now - GOES_ON_FOR)
        waiting = select(func.count(), func.min(hand_overs.c.created_at)).where(
            hand_overs.c.status == HandOverStatus.WAITING
        )
        async with self._database.reading() as connection:
            running = (await connection.execute(going_on)).scalar_one()
            queue, oldest = (await connection.execute(waiting)).one()
            broken = select(func.count()).where(recent, calls.c.end_reason.in_(_FAILURES))
            failures = (await connection.execute(broken)).scalar_one()
            started = (await connection.execute(select(func.count()).where(recent))).scalar_one()
        longest = (now - oldest).total_seconds() if oldest else None
        return Live(now, running, queue, longest, failures, started)

    async def calls(self, where: CallFilter, limit: int = 50, offset: int = 0) -> list[CallFacts]:
        """The calls behind a figure, newest first."""
        newest_first = _filtered(select(call_facts), where).order_by(
            call_facts.c.received_at.desc(), call_facts.c.call_id
        )
        async with self._database.reading_behind() as connection:
            rows = (await connection.execute(newest_first.limit(limit).offset(offset))).all()
        return [read_facts(row.facts) for row in rows]

    async def count(self, where: CallFilter) -> int:
        """How many calls are behind a figure."""
        async with self._database.reading_behind() as connection:
            return int(
                (await connection.execute(_filtered(select(func.count(call_facts.c.call_id)), where))).scalar_one()
            )

    async def note_arrival(self, call_id: str) -> None:
        """The telephone company told us of a call; told twice, the first time stays."""
        async with self._database.writing() as connection:
            await put_once(connection, arrivals, {"call_id": call_id, "at": self._now()}, "call_id")

    async def sign(self, month: str, signed_by: str, figures: dict[str, Any], remark: str = "") -> None:
        """Make a month public, as its figures stand now. Signed again, the later one counts."""
        row = {
            "month": month, "signed_by": signed_by, "signed_at": self._now(),
            "figures": json.dumps(figures, ensure_ascii=False), "remark": remark,
        }  # fmt: skip
        async with self._database.writing() as connection:
            await put(connection, signed_months, row, "month")

    async def withdraw(self, month: str) -> bool:
        """A month is public no longer; False where it was not."""
        async with self._database.writing() as connection:
            gone = await connection.execute(signed_months.delete().where(signed_months.c.month == month))
        return gone.rowcount == 1

    async def signed(self) -> list[SignedMonth]:
        """Months that are public, latest first."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(signed_months).order_by(signed_months.c.month.desc()))).all()
        return [_signed(row) for row in rows]


def _day(row: Row[Any]) -> DayTally:
    if "hours" in row._fields:
        return DayTally(row.day, row.territory, Tally(), Hours.from_json(row.hours))
    return DayTally(row.day, row.territory, Tally.from_json(row.tally))


def _signed(row: Row[Any]) -> SignedMonth:
    return SignedMonth(row.month, row.signed_by, row.signed_at, json.loads(row.figures), row.remark)


def _filtered(query: Select[Any], where: CallFilter) -> Select[Any]:
    facts = call_facts.c
    conditions: Sequence[tuple[Any, Any]] = (
        (where.since, facts.day >= where.since),
        (where.until, facts.day <= where.until),
        (where.territory, facts.territory == where.territory),
        (where.motive, facts.motive == where.motive),
        (where.outcome, facts.outcome == where.outcome),
        (where.asked, facts.asked.is_(True)),
        (where.abandoned_at, facts.abandoned_at == where.abandoned_at),
        (where.reason, facts.reason == where.reason),
    )
    return query.where(*(condition for given, condition in conditions if given))
