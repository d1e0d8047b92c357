"""What people said of the service by SMS: who agreed to be asked, who was, what they answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ScalarSelect, and_, or_, select, update

from callbot.domain.bookings import BookingStatus
from callbot.domain.personal import PhoneNumber
from callbot.privacy import KeyRing
from callbot.storage.database import Database
from callbot.storage.dialects import NamedLocks, put_once
from callbot.storage.figure_tables import satisfaction
from callbot.storage.queued_messages import QueuedMessages
from callbot.storage.rights_tables import may_use
from callbot.storage.stored_bookings import StoredBookings
from callbot.storage.tables import bookings

ASKED_WITHIN = timedelta(days=7)
"""after the pickup; later nobody remembers how it was"""
ANSWERED_WITHIN = timedelta(days=7)
SAID_AGAIN_WITHIN = timedelta(minutes=10)
"""the phone company may bring an answer twice"""


@dataclass(frozen=True, slots=True)
class DueQuestion:
    """Somebody to be asked: the call that booked, its booking, the day of the pickup."""

    call_id: str
    reference: str
    day: date


class Satisfaction:
    """One question a booking, by SMS, to who agreed on the booking's page."""

    def __init__(self, database: Database, key_ring: KeyRing, now: Callable[[], datetime]) -> None:
        self._database = database
        self._keys = key_ring
        self._now = now

    async def agreed(self, reference: str) -> bool:
        """Whether the resident of this booking wants to be asked, or was."""
        of_booking = satisfaction.c.call_id == _call_of(reference)
        query = select(satisfaction.c.call_id).where(of_booking, satisfaction.c.way != "call")
        async with self._database.reading() as connection:
            return (await connection.execute(query)).first() is not None

    async def agree(self, reference: str, phone: PhoneNumber) -> None:
        """Ask this number once the pickup took place. Nothing where the question was answered in the call."""
        async with self._database.writing() as connection:
            call_id = (await connection.execute(select(_call_of(reference)))).scalar_one_or_none()
            if call_id is None:
                return
            row = {
                "call_id": call_id, "way": "agreed", "asked_at": self._now(),
                "phone_index": self._keys.index(phone.reveal()),
            }  # fmt: skip
            if not await put_once(connection, satisfaction, row, "call_id"):
                # Asked at the end of the call and not answered then: now they want to.
                of_call = and_(satisfaction.c.call_id == call_id, satisfaction.c.way == "call")
                unanswered = and_(of_call, satisfaction.c.rating.is_(None))
                await connection.execute(update(satisfaction).where(unanswered).values(row))

    async def decline(self, reference: str) -> None:
        """Taken back before it was asked."""
        not_asked = and_(satisfaction.c.call_id == _call_of(reference), satisfaction.c.way == "agreed")
        async with self._database.writing() as connection:
            await connection.execute(satisfaction.delete().where(not_asked))

    async def due(self) -> list[DueQuestion]:
        """Who agreed, whose objects were taken away, and who was not asked yet."""
        first = (self._now() - ASKED_WITHIN).date()
        joined = satisfaction.join(bookings, bookings.c.call_id == satisfaction.c.call_id)
        query = select(bookings.c.call_id, bookings.c.reference, bookings.c.day).select_from(joined).where(
            satisfaction.c.way == "agreed", bookings.c.status == BookingStatus.COLLECTED, bookings.c.day >= first,
            may_use(satisfaction.c.phone_index),
        )  # fmt: skip
        async with self._database.reading() as connection:
            return [DueQuestion(*row) for row in await connection.execute(query.order_by(bookings.c.day))]

    async def ask(self, question: DueQuestion, text: str) -> bool:
        """Queue the SMS, once; False where it was queued before, taken back, or there is no number any more."""
        not_asked = and_(satisfaction.c.call_id == question.call_id, satisfaction.c.way == "agreed")
        async with self._database.writing() as connection:
            now = self._now()
            asked = await connection.execute(update(satisfaction).where(not_asked).values(way="sms", asked_at=now))
            stored = StoredBookings(connection, self._keys, NamedLocks(connection))
            booking = await stored.by_reference(question.reference)
            if asked.rowcount != 1 or booking is None or booking.phone is None:
                return False
            outgoing = QueuedMessages(connection, self._keys, self._now)
            await outgoing.queue_sms(f"satisfaction:{question.reference}:{question.day}", booking.phone, text)
        return True

    async def rate(self, phone: PhoneNumber, rating: int) -> bool:
        """An answer by SMS; False where this number was not asked lately, or answered already."""
        now = self._now()
        said_again = and_(satisfaction.c.rating == rating, satisfaction.c.answered_at >= now - SAID_AGAIN_WITHIN)
        waits = and_(
            satisfaction.c.phone_index == self._keys.index(phone.reveal()),
            satisfaction.c.way == "sms",
            satisfaction.c.asked_at >= now - ANSWERED_WITHIN,
            or_(satisfaction.c.rating.is_(None), said_again),
        )
        latest = select(satisfaction.c.call_id).where(waits).order_by(satisfaction.c.asked_at.desc()).limit(1)
        async with self._database.writing() as connection:
            call_id = (await connection.execute(latest)).scalar_one_or_none()
            if call_id is None:
                return False
            of_call = satisfaction.c.call_id == call_id
            await connection.execute(
                update(satisfaction).where(of_call).values(rating=rating, answered_at=now)
            )  # fmt: skip
        return True


def _call_of(reference: str) -> ScalarSelect[Any]:
    return select(bookings.c.call_id).where(bookings.c.reference == reference).scalar_subquery()
