"""The way to a person: hand-overs, call-backs in a promised window, reports; conforms to ``CallsPeople``."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime
from itertools import chain

from callbot.booking.offers import PUBLIC_HOLIDAYS
from callbot.booking.ports import (
    AgentHours,
    HandOverQueue,
    TakesDataWishes,
    UnitOfWork,
    UnitOfWorkFactory,
    WritesCallBackSms,
)
from callbot.booking.units import with_retries
from callbot.domain.clock import Clock
from callbot.domain.events import CallBackKept, HandOverReason, PeopleChecked, Reported
from callbot.domain.opening import windows
from callbot.domain.people import Report, Window
from callbot.domain.personal import PhoneNumber

CAPACITY = 40
"""call-backs a window takes; a sample value, the call centre knows its own"""


class PeopleDesk:
    """Conforms to ``CallsPeople`` of the running call."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        queue: HandOverQueue,
        hours: AgentHours,
        clock: Clock,
        writer: WritesCallBackSms,
        *,
        holidays: Collection[date] = PUBLIC_HOLIDAYS,
        capacity: int = CAPACITY,
        wishes: TakesDataWishes | None = None,
    ) -> None:
        """``capacity``: call-backs a window takes; ``holidays`` default to those of France."""
        self._unit_of_work = unit_of_work
        self._queue = queue
        self._hours = hours
        self._clock = clock
        self._writer = writer
        self._holidays = holidays
        self._capacity = capacity
        self._wishes = wishes

    async def hand_over(self, call_id: str, reason: HandOverReason) -> None:
        """Queue the call, with its events, for the agents."""
        await self._queue.hand_over(call_id, reason)

    async def check(self) -> PeopleChecked:
        """Whether agents answer now, and the first window with room in which one can call back."""
        now = self._clock.now()
        window = await with_retries(
            self._unit_of_work, lambda work: self._with_room(work, self._windows(now), now), reading=True
        )
        return PeopleChecked(self._hours.is_open(now, self._holidays), window)

    async def call_back(self, call_id: str, phone: PhoneNumber, reason: HandOverReason, window: Window) -> CallBackKept:
        """Store a call-back, once a call: asked again it has the same window.

        The next window with room is kept where this one filled up. Where none has any the promise is kept as it was
        made: a list that is too long is better than a caller nobody calls.
        """

        async def work_once(work: UnitOfWork) -> Window:
            await work.call_backs.lock()
            promised = await work.call_backs.of_call(call_id)
            return promised or await self._keep(work, call_id, phone, reason, window)

        kept = self._local(await with_retries(self._unit_of_work, work_once))
        return CallBackKept(kept, phone.is_french_mobile)

    async def report(self, report: Report) -> Reported:
        """Store a report for the people concerned, the same one of a call once."""
        await with_retries(self._unit_of_work, lambda work: work.reports.add(report, self._clock.now()))
        if report.wish and self._wishes:
            await self._wishes.take(report.call_id, report.wish)
        return Reported(report.kind, report.wish.right if report.wish else None)

    async def _keep(
        self, work: UnitOfWork, call_id: str, phone: PhoneNumber, reason: HandOverReason, asked: Window
    ) -> Window:
        now = self._clock.now()
        later = (window for window in self._windows(now) if window.first > asked.first)
        possible = chain([asked] if asked.last > now else [], later)
        kept = self._local(await self._with_room(work, possible, now) or asked)
        await work.call_backs.add(call_id, phone, reason, kept, now)
        if phone.is_french_mobile:
            await work.outgoing.queue_sms(_key(call_id), phone, self._writer.call_back(kept))
        return kept

    async def _with_room(self, work: UnitOfWork, possible: Iterator[Window], now: datetime) -> Window | None:
        """The first of the windows that still takes a call-back."""
        counts = await work.call_backs.counts(datetime.combine(now.date(), datetime.min.time(), now.tzinfo))
        return next(
            (window for window in possible if counts.get(window.first.astimezone(UTC), 0) < self._capacity), None
        )

    def _windows(self, now: datetime) -> Iterator[Window]:
        return windows(lambda day: self._hours.spans_on(day, self._holidays), now)

    def _local(self, window: Window) -> Window:
        zone = self._clock.now().tzinfo
        return Window(window.first.astimezone(zone), window.last.astimezone(zone))


def _key(call_id: str) -> str:
    """The key of the SMS: the same for the same call, and without the call's name in it."""
    return f"call_back:{hashlib.sha256(call_id.encode()).hexdigest()[:32]}"
