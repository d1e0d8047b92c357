"""Reads the database from beside the line: the bot's words for the caller, the outcome for the judge."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from callbot.domain.events import CallBackKept, Event, GapNoted, Prompted, Reported
from callbot.rehearsal.judge import Outcome
from callbot.rehearsal.truth import HeardPrompt
from callbot.storage import Storage

_SMS_WITHIN_S: Final = 5.0
_LOOK_EVERY_S: Final = 0.1


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class DatabaseWitness:
    """Conforms to ``Observer`` and ``OutcomeReader``; ``now`` gives the aware moment the service lives in."""

    storage: Storage
    now: Callable[[], datetime] = utc_now
    sms_within_s: float = _SMS_WITHIN_S
    """a confirmation still on its way is waited for so long"""

    async def prompt(self, call_id: str, number: int) -> HeardPrompt | None:
        """See ``Observer``."""
        for event in reversed(await self.storage.events.events(call_id)):
            if isinstance(event, Prompted) and event.number == number:
                return HeardPrompt(event.act, event.number, event.text)
        return None

    async def outcome(self, call_id: str, given: Sequence[str] = ()) -> Outcome:
        """See ``OutcomeReader``."""
        summary = await self.storage.call_summary(call_id)
        bookings = await self.storage.bookings_of_call(call_id)
        sent_to = [await self._sms_of(f"confirmation:{booking.reference}") for booking in bookings]
        events = await self.storage.events.events(call_id)
        async with self.storage.rights.reading() as reads:
            asked = await reads.of_call(call_id)
        async with self.storage.unit_of_work() as work:
            hold = await work.places.settle(self.now(), call_id)
        return Outcome(
            bookings=tuple(bookings),
            held=hold is not None,
            sms_to=tuple(number for number in sent_to if number),
            hand_over=summary.hand_over_reason.value if summary and summary.hand_over_reason else None,
            ended=summary.end_reason.value if summary and summary.end_reason else None,
            given=tuple([await self.storage.booking(reference) for reference in given]),
            call_backs=_count(events, CallBackKept),
            reports=tuple(event.kind for event in events if isinstance(event, Reported)),
            data_rights=tuple(request.right for request in asked),
            entries=tuple(event.entry for event in events if isinstance(event, Prompted) and event.entry),
            gaps=_count(events, GapNoted),
        )

    async def _sms_of(self, key: str) -> str | None:
        """The number an SMS went to, None when none was queued or it did not go out in time."""
        if await self.storage.outbox.status_of(key) is None:
            return None
        for _ in range(1 + round(self.sms_within_s / _LOOK_EVERY_S)):
            if shown := await self.storage.shown_sms.text_of(key):
                return shown[0].reveal()
            if self.sms_within_s:
                await asyncio.sleep(_LOOK_EVERY_S)
        return None


def _count(events: Sequence[Event], kind: type[Event]) -> int:
    return sum(isinstance(event, kind) for event in events)
