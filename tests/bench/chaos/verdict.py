"""What became of calls, bookings and SMS: the database and the phone company against what callers were told."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from callbot.domain.bookings import Booking
from callbot.messages import MessageStatus
from callbot.storage import Storage
from tests.bench.chaos.callers import Call, End
from tests.bench.chaos.twilio import Twilio

SMS_WITHIN_S = 180
"""a lease of a worker that died lasts a minute, and pauses between tries double"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Counts over one fault. ``unheard``: booked, but the caller was put through before they heard of it."""

    ends: Counter[End]
    bookings: int
    unheard: int
    bookings_lost: int
    bookings_doubled: int
    sms_lost: int
    sms_doubled: int
    why: tuple[str, ...] = ()

    @property
    def losses(self) -> int:
        """Everything that must not be."""
        return self.ends[End.LOST] + self.bookings_lost + self.bookings_doubled + self.sms_lost + self.sms_doubled


async def all_sent(storage: Storage, calls: Sequence[Call]) -> bool:
    """Waits until every confirmation went out; False when one did not in time."""
    for _ in range(SMS_WITHIN_S * 2):
        waiting = False
        for booking in [each for found in (await bookings_of(storage, calls)).values() for each in found]:
            status = await storage.outbox.status_of(f"confirmation:{booking.reference}")
            waiting = waiting or status in (None, MessageStatus.QUEUED, MessageStatus.LEASED)
        if not waiting:
            return True
        await asyncio.sleep(0.5)
    return False


async def bookings_of(storage: Storage, calls: Sequence[Call]) -> dict[str, list[Booking]]:
    """The bookings of each call."""
    return {call.call_id: await storage.bookings_of_call(call.call_id) for call in calls}


async def judged(storage: Storage, twilio: Twilio, calls: Sequence[Call]) -> Verdict:
    """The verdict on ``calls``, all over."""
    found = await bookings_of(storage, calls)
    lost = doubled = unheard = sms_lost = sms_doubled = 0
    for call in calls:
        stored = {booking.reference for booking in found[call.call_id]}
        lost += len(call.told - stored)
        doubled += max(len(stored) - 1, 0)
        unheard += len(stored - call.told)
        for reference in stored:
            sent = twilio.sms_of(call.phone, reference)
            sms_lost += sent == 0
            sms_doubled += max(sent - 1, 0)
    return Verdict(
        Counter(call.end for call in calls if call.end is not None),
        sum(len(each) for each in found.values()),
        unheard, lost, doubled, sms_lost, sms_doubled,
        tuple(sorted({call.why for call in calls if call.end is End.LOST})),
    )  # fmt: skip
