"""The append-only log of calls, and what can be read from it at a glance. Conforms to ``KeepsCalls``."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, insert, or_, select, update

from callbot.desk import EarlierCall, NumberedEvent, RunningCall
from callbot.domain.events import (
    Booked,
    CallAnswered,
    Channel,
    Ended,
    EndReason,
    Event,
    GapNoted,
    HandedBack,
    HandedOver,
    HandOverReason,
)
from callbot.domain.personal import PhoneNumber
from callbot.privacy import KeyRing
from callbot.storage.database import Database, tried_again
from callbot.storage.dialects import insert_once
from callbot.storage.period_keys import PeriodKeys, Purpose
from callbot.storage.rights_tables import may_use
from callbot.storage.serialisation import UnknownEventError, from_json, is_personal, kind_of, to_json
from callbot.storage.tables import call_events, calls

_CUT = (EndReason.CALLER_HUNG_UP, EndReason.BROKEN_STREAM)


@dataclass(frozen=True, slots=True)
class CallSummary:
    """The last state of a call; ``end_reason`` None while it runs, ``hand_over_reason`` None when nobody took over."""

    call_id: str
    started_at: datetime
    last_event_at: datetime
    events: int
    channel: Channel | None
    hand_over_reason: HandOverReason | None
    end_reason: EndReason | None


@dataclass(frozen=True, slots=True)
class NotedGap:
    """A question without an answer: when it was asked, and the entries that came nearest."""

    at: datetime
    nearest: tuple[str, ...]


class EventLog:
    """Stores events, one transaction each: an event that was appended survives the death of the process."""

    def __init__(self, database: Database, key_ring: KeyRing, now: Callable[[], datetime], periods: PeriodKeys) -> None:
        self._database = database
        self._keys = key_ring
        self._now = now
        self._periods = periods

    async def append(self, call_id: str, event: Event) -> None:
        """Store one event at the end of the call's list; the first one opens the call."""
        await self._database.to_its_end(tried_again(lambda: self._append(call_id, event, None)))

    async def follow(self, call_id: str, event: Event, after: int) -> bool:
        """The same behind the ``after`` events of the call; False, and nothing stored, when there are others by now.

        So of two processes that have the same call, one goes on and the other one learns that it is not its any more.
        A process whose connection is cut in the commit may so be told of its own event.
        """
        once = tried_again(lambda: self._append(call_id, event, after), harmless=True)
        return await self._database.to_its_end(once)

    async def _append(self, call_id: str, event: Event, after: int | None) -> bool:
        now = self._now()
        # The transcript of a day has a key of its own: destroyed with it, in every backup too.
        # Asked for by every event, so that none overtakes the one that makes it.
        key_id = await self._periods.ready(Purpose.TRANSCRIPTS, now)
        async with self._database.writing() as connection:
            # Counting up locks the row of the call: two writers of one call get two numbers.
            last_state = {**self._last_state(event), "last_event_at": now, "events": calls.c.events + 1}
            this = calls.c.id == call_id if after is None else and_(calls.c.id == call_id, calls.c.events == after)
            counted = update(calls).where(this).values(last_state).returning(calls.c.events)
            seq = (await connection.execute(counted)).scalar_one_or_none()
            if seq is None and not after:
                first = {"id": call_id, "started_at": now, "last_event_at": now, "events": 0}
                await connection.execute(insert_once(connection, calls).values(first))
                seq = (await connection.execute(counted)).scalar_one_or_none()
            if seq is None:
                return False
            await connection.execute(insert(call_events).values(self._row(call_id, seq, now, event, key_id)))
        return True

    async def events(self, call_id: str) -> list[Event]:
        """All events of a call in order, [] for an unknown one."""
        query = select(call_events).where(call_events.c.call_id == call_id).order_by(call_events.c.seq)
        return [self._event(row) for row in await tried_again(lambda: self._rows(query))]

    async def running(self, since: datetime) -> list[RunningCall]:
        """Calls that have not ended and of which something was heard at or after ``since``, oldest first."""
        going_on = select(calls).where(calls.c.end_reason.is_(None), calls.c.last_event_at >= since)
        async with self._database.reading() as connection:
            rows = (await connection.execute(going_on.order_by(calls.c.started_at, calls.c.id))).all()
        return [
            RunningCall(
                row.id, row.started_at, row.last_event_at, Channel(row.channel) if row.channel else None, row.events
            )
            for row in rows
        ]

    async def numbered(self, after: Mapping[str, int]) -> dict[str, list[NumberedEvent]]:
        """The events of calls behind the number given for each, in order."""
        new = or_(*(and_(call_events.c.call_id == call, call_events.c.seq > seq) for call, seq in after.items()))
        query = select(call_events).where(new).order_by(call_events.c.call_id, call_events.c.seq)
        found: dict[str, list[NumberedEvent]] = {call: [] for call in after}
        for row in await self._rows(query):
            found[row.call_id].append(NumberedEvent(row.seq, row.at, self._event(row)))
        return found

    async def earlier_calls(self, caller: PhoneNumber, since: datetime, but: str) -> list[EarlierCall]:
        """Calls of a number that began at or after ``since``, newest first, without ``but``."""
        return [
            EarlierCall(call.call_id, call.started_at, call.hand_over_reason, call.end_reason)
            for call in await self._usable(caller, since)
            if call.call_id != but
        ]

    async def timed(self, call_ids: Collection[str]) -> dict[str, list[tuple[datetime, Event]]]:
        """The events of several calls with when each was stored, in order; unknown calls are left out.

        A kind that this version does not know is left out too: old calls stay readable for those who count.
        """
        of_these = select(call_events).where(call_events.c.call_id.in_(call_ids))
        rows = await self._rows(of_these.order_by(call_events.c.call_id, call_events.c.seq))
        return await asyncio.to_thread(self._by_call, rows)

    def _by_call(self, rows: Sequence[Row[Any]]) -> dict[str, list[tuple[datetime, Event]]]:
        found: dict[str, list[tuple[datetime, Event]]] = {}
        for row in rows:
            with contextlib.suppress(UnknownEventError):
                found.setdefault(row.call_id, []).append((row.at, self._event(row)))
        return found

    async def summary(self, call_id: str) -> CallSummary | None:
        """The last state of a call, None for an unknown one."""
        this = select(calls).where(calls.c.id == call_id)
        found = await tried_again(lambda: self._summaries(this))
        return found[0] if found else None

    async def latest(self, limit: int = 20) -> list[CallSummary]:
        """The calls that began last, newest first."""
        return await self._summaries(select(calls).order_by(calls.c.started_at.desc(), calls.c.id).limit(limit))

    async def calls_of(self, caller: PhoneNumber, since: datetime) -> list[CallSummary]:
        """Calls from a number that began at or after ``since``, newest first, found by the blind index."""
        return await self._summaries(self._of_number(caller, since))

    async def _usable(self, caller: PhoneNumber, since: datetime) -> list[CallSummary]:
        """The same, none of a number whose data is not to be used."""
        return await self._summaries(self._of_number(caller, since).where(may_use(calls.c.caller_index)))

    def _of_number(self, caller: PhoneNumber, since: datetime) -> Select[Any]:
        by_caller = calls.c.caller_index == self._keys.index(caller.reveal())
        recent = select(calls).where(by_caller, calls.c.started_at >= since)
        return recent.order_by(calls.c.started_at.desc(), calls.c.id)

    async def cut_off(self, caller: PhoneNumber, since: datetime, but: str) -> str | None:
        """The latest call of a number that began at or after ``since``, other than ``but``, when it was cut off.

        Cut off: the caller hung up or the line broke, and nothing was booked in it. An earlier call does not count
        where the latest one came to its end.
        """
        others = [call for call in await self._usable(caller, since) if call.call_id != but]
        if not others or others[0].end_reason not in _CUT:
            return None
        latest = others[0].call_id
        booked = select(call_events.c.seq).where(call_events.c.call_id == latest, call_events.c.kind == Booked.__name__)
        async with self._database.reading() as connection:
            return None if (await connection.execute(booked.limit(1))).first() else latest

    async def gaps(self, since: datetime | None = None) -> list[NotedGap]:
        """Questions the knowledge base had no answer to, oldest first; no word of a caller is in them."""
        noted = select(call_events.c.at, call_events.c.kind, call_events.c.payload).where(
            call_events.c.kind == GapNoted.__name__
        )
        wanted = noted if since is None else noted.where(call_events.c.at >= since)
        in_order = wanted.order_by(call_events.c.at, call_events.c.call_id, call_events.c.seq)
        async with self._database.reading() as connection:
            rows = (await connection.execute(in_order)).all()
        gaps = [(row.at, from_json(row.kind, json.dumps(row.payload))) for row in rows]
        return [NotedGap(at, gap.nearest) for at, gap in gaps if isinstance(gap, GapNoted)]

    async def unfinished(self, before: datetime) -> list[str]:
        """Calls that never ended and whose last event is older than ``before``, oldest first: their process died."""
        query = select(calls.c.id).where(calls.c.end_reason.is_(None), calls.c.last_event_at < before)
        async with self._database.reading() as connection:
            return list((await connection.execute(query.order_by(calls.c.last_event_at, calls.c.id))).scalars())

    async def _rows(self, query: Any) -> Sequence[Row[Any]]:
        """Rows of events, with the keys at hand that open them."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        await self._periods.bring_for(row.payload_sealed for row in rows)
        return rows

    async def _summaries(self, query: Any) -> list[CallSummary]:
        async with self._database.reading() as connection:
            return [_summary(row) for row in await connection.execute(query)]

    def _last_state(self, event: Event) -> dict[str, str | None]:
        """The columns of the call that an event sets."""
        match event:
            case CallAnswered(caller=caller, channel=channel):
                return {"channel": channel, "caller_index": self._keys.index(caller.reveal()) if caller else None}
            case HandedOver(reason=reason):
                return {"hand_over_reason": reason}
            case HandedBack():
                return {"end_reason": None}
            case Ended(reason=reason):
                return {"end_reason": reason}
            case _:
                return {}

    def _row(self, call_id: str, seq: int, now: datetime, event: Event, key_id: str) -> dict[str, Any]:
        kind, text = kind_of(event), to_json(event)
        sealed = self._periods.seal(key_id, text, _place(call_id, seq)) if is_personal(kind) else None
        payload = None if sealed is not None else json.loads(text)
        return {
            "call_id": call_id, "seq": seq, "at": now, "kind": kind, "payload": payload, "payload_sealed": sealed,
        }  # fmt: skip

    def _event(self, row: Row[Any]) -> Event:
        if row.payload_sealed is not None:
            return from_json(row.kind, self._periods.open(row.payload_sealed, _place(row.call_id, row.seq)))
        return from_json(row.kind, json.dumps(row.payload))


def _place(call_id: str, seq: int) -> str:
    return f"call_events.payload|{call_id}|{seq}"


def _summary(row: Row[Any]) -> CallSummary:
    return CallSummary(
        call_id=row.id,
        started_at=row.started_at,
        last_event_at=row.last_event_at,
        events=row.events,
        channel=Channel(row.channel) if row.channel else None,
        hand_over_reason=HandOverReason(row.hand_over_reason) if row.hand_over_reason else None,
        end_reason=EndReason(row.end_reason) if row.end_reason else None,
    )
