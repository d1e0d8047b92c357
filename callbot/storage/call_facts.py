"""Facts of calls and sums of days, kept up behind the calls: a projection that can be made anew from the events.

Nothing here runs inside a call. Work is done in small batches, folded in a thread, written in short transactions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select, update

from callbot.domain.events import Event
from callbot.insight.figures import (
    ALL,
    Beside,
    CallFacts,
    CallKey,
    Motive,
    Outcome,
    TerritoryOf,
    Timed,
    by_hour,
    facts_of,
    later,
    recalled_at,
    total,
)
from callbot.insight.figures.tally import RIPE_AFTER, hours_of
from callbot.storage.database import Database
from callbot.storage.dialects import put
from callbot.storage.event_log import EventLog
from callbot.storage.figure_tables import arrivals, call_days, call_facts, satisfaction
from callbot.storage.hand_overs import HandOverStatus
from callbot.storage.rights_tables import may_use
from callbot.storage.tables import booking_changes, bookings, calls, hand_overs

BATCH = 50
"""calls folded at once: some milliseconds of work, so that nothing waits behind it"""
LOOKED_AT_FOR = timedelta(days=2)
"""a call changes while it goes on and until its hand-over ends; what changes later (corrections, recalls) is sought"""
CORRECTED_WITHIN = timedelta(days=120)
SUMMED_FOR = timedelta(days=9)
"""days whose sums are compared with their facts at every run"""
NEVER_ANSWERED_AFTER = timedelta(minutes=10)
_TALKED = " talked"
"""behind the state of a hand-over from which facts were made: the end of the talk was known"""
_ASKED_BY_SMS = -1
"""in the column of ratings: asked, and no answer yet"""
_FACTS: TypeAdapter[CallFacts] = TypeAdapter(CallFacts)


def read_facts(text: str, caller_index: str | None = None) -> CallFacts:
    """Facts as they are stored; the index of the caller is in a column of its own."""
    return replace(_FACTS.validate_json(text), caller_index=caller_index)


@dataclass(frozen=True, slots=True)
class _Source:
    """A call to be folded, and what its row will say that it was made from."""

    beside: Beside
    events: int
    hand_over: str
    way: str = ""
    """how the caller was asked how it was"""


class CallFactsProjection:
    """Keeps ``call_facts`` and ``call_days`` up to the events. Two processes may run it at once."""

    def __init__(
        self, database: Database, log: EventLog, now: Callable[[], datetime], zone: ZoneInfo, territory_of: TerritoryOf
    ) -> None:
        self._database = database
        self._log = log
        self._now = now
        self._zone = zone
        self._territory_of = territory_of
        self._caught_up = False

    async def sweep(self) -> int:
        """Everything that changed since the last time, all calls the first time; how many were folded."""
        since = self._now() - LOOKED_AT_FOR if self._caught_up else None
        stale = await self._stale(since)
        touched: set[date] = set()
        for first in range(0, len(stale), BATCH):
            touched |= await self._fold(stale[first : first + BATCH])
        await self._sum(touched, everything=since is None)
        await self._forget_callers()
        self._caught_up = True
        return len(stale)

    async def _stale(self, since: datetime | None) -> list[str]:
        """Calls whose facts are missing or made from less than there is now."""
        made = calls.outerjoin(call_facts, call_facts.c.call_id == calls.c.id)
        with_people = made.outerjoin(hand_overs, hand_overs.c.call_id == calls.c.id)
        talked = case((hand_overs.c.talk_ended_at.is_not(None), _TALKED), else_="")
        known = func.coalesce(hand_overs.c.status + talked, "")
        query = select(calls.c.id).select_from(with_people).where(
            or_(call_facts.c.call_id.is_(None), call_facts.c.events != calls.c.events, call_facts.c.hand_over != known),
            calls.c.events > 0,
        )  # fmt: skip
        recent = query if since is None else query.where(calls.c.started_at >= since)
        sought = (recent.order_by(calls.c.started_at), *self._changed_later(), self._never_answered(since))
        async with self._database.reading() as connection:
            found = [call_id for each in sought for call_id in (await connection.execute(each)).scalars()]
        return list(dict.fromkeys(found))

    def _changed_later(self) -> tuple[Select[Any], ...]:
        """Bookings that were changed after their call, and what people said by SMS days later."""
        # By whoever: another call, an agent, the resident; not by the rules or the crew.
        changed = booking_changes.join(bookings, bookings.c.reference == booking_changes.c.reference).join(
            call_facts, call_facts.c.call_id == bookings.c.call_id
        )
        corrected = select(call_facts.c.call_id).select_from(changed).where(
            *_corrections(), call_facts.c.corrected_later.is_(False),
            booking_changes.c.at >= self._now() - CORRECTED_WITHIN,
        )  # fmt: skip
        said = call_facts.join(satisfaction, satisfaction.c.call_id == call_facts.c.call_id)
        rated = select(call_facts.c.call_id).select_from(said)
        asked = case((satisfaction.c.way == "sms", _ASKED_BY_SMS), else_=0)
        return corrected, rated.where(func.coalesce(satisfaction.c.rating, asked) != call_facts.c.rating)

    def _never_answered(self, since: datetime | None) -> Select[Any]:
        """Calls the telephone company told us of, and that never had an event."""
        known = arrivals.outerjoin(calls, calls.c.id == arrivals.c.call_id).outerjoin(
            call_facts, call_facts.c.call_id == arrivals.c.call_id
        )
        lost = select(arrivals.c.call_id).select_from(known).where(
            calls.c.id.is_(None), call_facts.c.call_id.is_(None), arrivals.c.at < self._now() - NEVER_ANSWERED_AFTER
        )  # fmt: skip
        return lost if since is None else lost.where(arrivals.c.at >= since)

    async def _fold(self, call_ids: list[str]) -> set[date]:
        """Make and store the facts of these calls; the days whose sums change by it."""
        sources = await self._sources(call_ids)
        events = await self._log.timed(call_ids)
        async with self._database.reading() as connection:
            before = (await connection.execute(select(call_facts).where(call_facts.c.call_id.in_(call_ids)))).all()
        known = {row.call_id: read_facts(row.facts, row.caller_index) for row in before}
        found = await asyncio.to_thread(self._made, sources, events, known)
        rows = [self._row(facts, source) for facts, source in found]
        async with self._database.writing() as connection:
            for row in rows:
                await put(connection, call_facts, row, "call_id")
            for rating in (_rating(facts) for facts, source in found if source.way in ("", "call")):
                if rating:
                    await put(connection, satisfaction, rating, "call_id")
        indexes = {facts.caller_index for facts, _ in found if facts.caller_index}
        return {row.day for row in before} | {row["day"] for row in rows} | await self._note_recalls(indexes)

    async def _sources(self, call_ids: list[str]) -> list[_Source]:
        # A call of somebody who limited their data or objected is counted, and not compared with their other calls.
        index = case((may_use(calls.c.caller_index), calls.c.caller_index)).label("caller_index")
        columns = (calls.c.id, index, calls.c.events, arrivals.c.at, hand_overs.c.status)
        worked = (hand_overs.c.answered_at, hand_overs.c.taken_at, hand_overs.c.talk_ended_at, hand_overs.c.ended_at)
        more = (*worked, satisfaction.c.way, satisfaction.c.rating)
        joined = (
            calls.outerjoin(arrivals, arrivals.c.call_id == calls.c.id)
            .outerjoin(hand_overs, hand_overs.c.call_id == calls.c.id)
            .outerjoin(satisfaction, satisfaction.c.call_id == calls.c.id)
        )
        query = select(*columns, *more).select_from(joined).where(calls.c.id.in_(call_ids))
        changed = select(bookings.c.call_id).join(
            booking_changes, booking_changes.c.reference == bookings.c.reference
        )  # fmt: skip
        corrected = changed.where(bookings.c.call_id.in_(call_ids), *_corrections())
        lost = select(arrivals).where(arrivals.c.call_id.in_(call_ids))
        async with self._database.reading() as connection:
            corrections = set((await connection.execute(corrected)).scalars())
            found = [_source(row, corrections) for row in await connection.execute(query)]
            known = {source.beside.call_id for source in found}
            never = [row for row in await connection.execute(lost) if row.call_id not in known]
        return found + [_Source(Beside(row.call_id, received=row.at), 0, "") for row in never]

    def _made(
        self,
        sources: Iterable[_Source],
        events: Mapping[str, Sequence[tuple[datetime, Event]]],
        known: Mapping[str, CallFacts],
    ) -> list[tuple[CallFacts, _Source]]:
        """A recall that is known stays known: the number it was found by may be forgotten. So does all that is known of
        a call whose events are purged; only what became of its booking later is added.
        """
        found = []
        for source in sources:
            stored = [Timed(at, event) for at, event in events.get(source.beside.call_id, ())]
            before = known.get(source.beside.call_id)
            purged = source.events > 0 and not stored
            if purged and before:
                found.append((later(before, source.beside), source))
            elif not purged and (stored or source.beside.received):
                facts = facts_of(source.beside, stored, self._territory_of)
                found.append((replace(facts, recalled=before.recalled if before else None), source))
        return found

    def _row(self, facts: CallFacts, source: _Source) -> dict[str, Any]:
        return {
            "call_id": facts.call_id,
            "day": facts.received.astimezone(self._zone).date(),
            "received_at": facts.received,
            "channel": facts.channel,
            "territory": facts.territory,
            "motive": facts.motive,
            "outcome": facts.outcome,
            "reason": facts.hand_over_reason or "",
            "asked": facts.asked_person,
            "abandoned_at": facts.abandoned_at,
            "corrected_later": source.beside.corrected_later,
            "rating": facts.rating or (_ASKED_BY_SMS if source.way == "sms" else 0),
            "caller_index": facts.caller_index,
            "facts": _FACTS.dump_json(replace(facts, caller_index=None)).decode(),
            "events": source.events,
            "hand_over": source.hand_over,
            "made_at": self._now(),
        }

    async def _note_recalls(self, indexes: Collection[str]) -> set[date]:
        """Who rang again: noted at the earlier call. The days whose sums change by it."""
        if not indexes:
            return set()
        of_these = select(call_facts).where(call_facts.c.caller_index.in_(indexes))
        async with self._database.reading() as connection:
            rows = (await connection.execute(of_these)).all()
        changed = await asyncio.to_thread(_recalls, rows)
        async with self._database.writing() as connection:
            for facts in changed:
                values = {"facts": _FACTS.dump_json(replace(facts, caller_index=None)).decode(), "made_at": self._now()}
                of_call = call_facts.c.call_id == facts.call_id
                await connection.execute(update(call_facts).where(of_call).values(values))
        return {facts.received.astimezone(self._zone).date() for facts in changed}

    async def _forget_callers(self) -> None:
        """Nobody is followed longer than the seven days take."""
        ripe = self._now().astimezone(self._zone).date() - RIPE_AFTER
        old = and_(call_facts.c.day <= ripe, call_facts.c.caller_index.is_not(None))
        async with self._database.writing() as connection:
            await connection.execute(update(call_facts).where(old).values(caller_index=None))

    async def _sum(self, touched: Collection[date], *, everything: bool) -> None:
        """Sum the days whose facts are others than those they were summed from."""
        for day, stamp in (await self._other_stamps(touched, everything=everything)).items():
            of_day = select(call_facts.c.facts).where(call_facts.c.day == day)
            async with self._database.reading() as connection:
                texts = list((await connection.execute(of_day)).scalars())
            rows = await asyncio.to_thread(_day_rows, texts, self._zone)
            async with self._database.writing() as connection:
                await connection.execute(call_days.delete().where(call_days.c.day == day))
                if rows:
                    await connection.execute(call_days.insert(), [{**row, "day": day, "stamp": stamp} for row in rows])

    async def _other_stamps(self, touched: Collection[date], *, everything: bool) -> dict[date, str]:
        counted = select(
            call_facts.c.day, func.count(), func.sum(call_facts.c.events), func.max(call_facts.c.made_at)
        ).group_by(call_facts.c.day)
        summed = select(call_days.c.day, call_days.c.stamp).where(call_days.c.territory == ALL)
        if not everything:
            first = (self._now() - SUMMED_FOR).astimezone(self._zone).date()
            counted = counted.where(or_(call_facts.c.day >= first, call_facts.c.day.in_(touched)))
            summed = summed.where(or_(call_days.c.day >= first, call_days.c.day.in_(touched)))
        async with self._database.reading() as connection:
            known = {row.day: row.stamp for row in await connection.execute(summed)}
            stamps = {day: f"{n}:{events}:{at}" for day, n, events, at in await connection.execute(counted)}
        gone = {day: "" for day in known if day not in stamps}
        return gone | {day: stamp for day, stamp in stamps.items() if known.get(day) != stamp}


def _corrections() -> tuple[ColumnElement[bool], ...]:
    return (
        booking_changes.c.kind == "amended",
        or_(booking_changes.c.call_id.is_(None), booking_changes.c.call_id != bookings.c.call_id),
    )


def _source(row: Row[Any], corrections: Collection[str]) -> _Source:
    answered = [at for at in (row.answered_at, row.taken_at) if at is not None]
    beside = Beside(
        row.id, row.caller_index, row.at, min(answered, default=None), row.talk_ended_at, row.ended_at,
        row.status == HandOverStatus.LEFT, row.status == HandOverStatus.CALLED_BACK,
        row.id in corrections, sms_asked=row.way == "sms", sms_rating=row.rating if row.way == "sms" else None,
    )  # fmt: skip
    made_from = (row.status or "") + (_TALKED if row.talk_ended_at else "")
    return _Source(beside, row.events, made_from, row.way or "")


def _recalls(rows: Sequence[Row[Any]]) -> list[CallFacts]:
    """The facts whose recall was not known. A call that goes on is none yet: what it is about may still be said."""
    by_caller: dict[str, list[CallKey]] = {}
    for row in rows:
        if row.outcome != Outcome.GOING_ON:
            by_caller.setdefault(row.caller_index, []).append(CallKey(row.received_at, Motive(row.motive)))
    changed = []
    for row in rows:
        facts = read_facts(row.facts, row.caller_index)
        again = recalled_at(CallKey(facts.received, facts.motive), by_caller.get(row.caller_index, ()))
        if again and again != facts.recalled:
            changed.append(replace(facts, recalled=again))
    return changed


def _rating(facts: CallFacts) -> dict[str, Any] | None:
    """What was said at the end of the call, asked then."""
    if not facts.rating_asked:
        return None
    at = facts.ended or facts.received
    answered = at if facts.rating else None
    return {
        "call_id": facts.call_id, "way": "call", "asked_at": at, "rating": facts.rating, "answered_at": answered,
    }  # fmt: skip


def _day_rows(texts: Sequence[str], zone: ZoneInfo) -> list[dict[str, str]]:
    """The rows of a day: each territory, and all together."""
    by_territory: dict[str, list[CallFacts]] = {}
    for text in texts:
        facts = _FACTS.validate_json(text)
        by_territory.setdefault(facts.territory, []).append(facts)
    hours = {territory: by_hour(found, zone) for territory, found in by_territory.items()}
    if hours:
        hours[ALL] = [total(each) for each in zip(*hours.values(), strict=True)]
    return [
        {
            "territory": territory,
            "tally": total(tallies).to_json(),
            "hours": hours_of(tallies).to_json(),
        }
        for territory, tallies in hours.items()
    ]
