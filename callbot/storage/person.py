"""Everything stored of one person: found by blind index, copied, erased. Conforms to ``privacy.rights.KnowsPeople``.

Messages have no index: their recipients are opened one after the other and compared, which takes seconds in a year's
outbox and spares an index that would tell who was written to.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Table, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from callbot.domain.bookings import Booking, BookingStatus
from callbot.privacy import CannotOpenError, KeyRing
from callbot.privacy.journal import Noted
from callbot.privacy.rights import Export, Found, Subject
from callbot.storage.database import Database
from callbot.storage.dialects import NamedLocks, put_once
from callbot.storage.event_log import EventLog
from callbot.storage.figure_tables import call_facts, satisfaction
from callbot.storage.journals import ChainedJournal, retention_run
from callbot.storage.photos import StoredPhotos
from callbot.storage.privacy_tables import pending_erasures
from callbot.storage.provider_copies import note_copies
from callbot.storage.queued_messages import sealed_place
from callbot.storage.retention import forget_calls
from callbot.storage.review_tables import review_annotations
from callbot.storage.rights_desk import forget_requests
from callbot.storage.rights_tables import data_requests
from callbot.storage.serialisation import kind_of, to_json
from callbot.storage.stored_bookings import StoredBookings
from callbot.storage.stored_reports import StoredReport, StoredReports
from callbot.storage.tables import (
    booking_changes,
    booking_items,
    booking_photos,
    bookings,
    call_backs,
    calls,
    hand_overs,
    holds,
    opt_outs,
    outbox,
    reports,
    sms_shown,
)

_TO_COME = [status.value for status in BookingStatus if status.to_come]


class PersonStore:
    """What is stored of people."""

    def __init__(self, database: Database, ring: KeyRing, events: EventLog, journal: ChainedJournal) -> None:
        self._database = database
        self._ring = ring
        self._events = events
        self._journal = journal

    async def find(self, subject: Subject, today: date) -> Found:
        """Where something of them is. A conversation from another phone in which their booking was told is not found:
        it goes with its retention."""
        number = subject.phone.reveal() if subject.phone else ""
        index = self._ring.index(number) if number else ""
        whose = bookings.c.phone_index == index if index else bookings.c.reference == subject.reference
        async with self._database.reading() as connection:
            booked = (await connection.execute(select(bookings).where(whose).order_by(bookings.c.reference))).all()
            references = [row.reference for row in booked]
            made_in = {row.call_id.partition("/")[0] for row in booked}
            call_ids = await self._calls(connection, index, made_in)
            about = {*references, *call_ids}
            backs = await _ids(connection, call_backs, call_backs.c.call_id.in_(call_ids), call_backs, index)
            told = or_(reports.c.call_id.in_(call_ids), reports.c.reference.in_(references))
            annotated = review_annotations.c.call_id.in_(call_ids) & (review_annotations.c.case_name != "")
            return Found(
                phone_index=index,
                bookings=tuple(references),
                to_come=tuple(row.reference for row in booked if row.day >= today and row.status in _TO_COME),
                calls=tuple(call_ids),
                messages=await self._messages(connection, outbox, number, about),
                shown=await self._messages(connection, sms_shown, number, about),
                call_backs=tuple(backs),
                reports=tuple(await _column(connection, reports.c.call_id, told)),
                requests=tuple(await _column(connection, data_requests.c.id, data_requests.c.phone_index == index))
                if index
                else (),
                cases=tuple(await _column(connection, review_annotations.c.case_name, annotated)),
            )

    async def export(self, found: Found, at: datetime) -> Export:
        """A copy of it, opened."""
        async with self._database.reading() as connection:
            stored = StoredBookings(connection, self._ring, NamedLocks(connection))
            booked = [booking for one in found.bookings if (booking := await stored.by_reference(one))]
            photos = StoredPhotos(connection, self._ring)
            pictures = {
                f"{reference}-{number}.jpg": jpeg
                for reference in found.bookings
                for number, jpeg in (await photos.photos(reference)).items()
            }
            messages = await self._opened_messages(connection, found)
            backs = (
                await connection.execute(select(call_backs).where(call_backs.c.call_id.in_(found.call_backs)))
            ).all()
            told = StoredReports(connection, self._ring)
            reported = [report for call_id in found.reports for report in await told.of_call(call_id)]
            asked = await self._requests(connection, found)
            rang = (await connection.execute(select(calls).where(calls.c.id.in_(found.calls)))).all()
        sections = {
            "bookings": [_booking(booking) for booking in booked],
            "calls": [await self._call(row) for row in rang],
            "messages": messages,
            "call_backs": [{"from": row.first_at.isoformat(), "to": row.last_at.isoformat()} for row in backs],
            "reports": [_report(report) for report in reported],
            "requests": asked,
            "looks": await self._looks(found),
        }
        return Export(at, sections, pictures)

    async def erase(self, found: Found, keep: frozenset[str], at: datetime) -> Mapping[str, int]:
        """Remove it, all or nothing, but the address and items of the bookings ``keep``."""
        goes = [reference for reference in found.bookings if reference not in keep]
        async with retention_run(self._database, lambda: at, "erasure") as connection:
            await note_copies(connection, at, at, call_ids=found.calls, keys=found.messages)
            photos = await _deleted(connection, booking_photos, booking_photos.c.reference.in_(found.bookings))
            removed = {
                "bookings": await _deleted(connection, bookings, bookings.c.reference.in_(goes)),
                "calls": await _count(connection, calls, calls.c.id.in_(found.calls)),
                "messages": await _deleted(connection, outbox, outbox.c.key.in_(found.messages)),
                "shown": await _deleted(connection, sms_shown, sms_shown.c.message_key.in_(found.shown)),
                "call_backs": await _deleted(connection, call_backs, call_backs.c.call_id.in_(found.call_backs)),
                "reports": await _deleted(connection, reports, reports.c.call_id.in_(found.reports)),
                "photos": photos,
                "opt_outs": await _deleted(connection, opt_outs, opt_outs.c.phone_index == found.phone_index),
            }
            for reference in sorted(keep):
                await self._strip(connection, reference, at)
            await _forget_everywhere(connection, found)
            if found.phone_index:
                await forget_requests(connection, found.phone_index)
        return removed

    async def compact(self) -> bool:
        """Write the database anew without what was removed; False when somebody's open work held up a part of it."""
        return await self._database.compact()

    async def _calls(self, connection: AsyncConnection, index: str, made_in: Collection[str]) -> list[str]:
        """Conversations from this number, and those in which these bookings were made."""
        made = calls.c.id.in_(made_in)
        found = list(await _column(connection, calls.c.id, or_(made, calls.c.caller_index == index) if index else made))
        if index:
            found += await _column(connection, call_facts.c.call_id, call_facts.c.caller_index == index)
            found += await _column(connection, satisfaction.c.call_id, satisfaction.c.phone_index == index)
        return sorted({*found, *made_in})

    async def _messages(
        self, connection: AsyncConnection, table: Table, number: str, about: AbstractSet[str]
    ) -> tuple[str, ...]:
        """Keys of messages to this number, and of those about these bookings and calls."""
        key = table.c.key if table is outbox else table.c.message_key
        rows = (await connection.execute(select(key.label("key"), table.c.recipient_sealed).order_by(key))).all()
        return tuple(row.key for row in rows if about & set(row.key.split(":")) or self._to(table, row) == number)

    def _to(self, table: Table, row: Row[Any]) -> str | None:
        place = sealed_place("recipient", row.key) if table is outbox else f"sms_shown.recipient|{row.key}"
        try:
            return self._ring.open(row.recipient_sealed, place)
        except CannotOpenError:
            return None

    async def _opened_messages(self, connection: AsyncConnection, found: Found) -> list[dict[str, Any]]:
        query = select(outbox).where(outbox.c.key.in_(found.messages)).order_by(outbox.c.queued_at)
        return [
            {
                "at": (row.sent_at or row.queued_at).isoformat(),
                "channel": row.kind,
                "to": self._ring.open(row.recipient_sealed, sealed_place("recipient", row.key)),
                "text": self._ring.open(row.body_sealed, sealed_place("body", row.key)),
            }
            for row in await connection.execute(query)
        ]

    async def _requests(self, connection: AsyncConnection, found: Found) -> list[dict[str, Any]]:
        """What they asked about their data before; the exporting request itself too."""
        theirs = select(data_requests).where(data_requests.c.id.in_(found.requests))
        return [
            {
                "number": row.id,
                "right": row.data_right,
                "received_at": row.received_at.isoformat(),
                "state": row.state,
                "due_on": row.due_on.isoformat(),
                "ended_at": row.ended_at.isoformat() if row.ended_at else None,
            }
            for row in await connection.execute(theirs.order_by(data_requests.c.received_at))
        ]

    async def _call(self, row: Row[Any]) -> dict[str, Any]:
        said = [{"event": kind_of(event), **json.loads(to_json(event))} for event in await self._events.events(row.id)]
        return {"at": row.started_at.isoformat(), "channel": row.channel, "end": row.end_reason, "events": said}

    async def _looks(self, found: Found) -> list[dict[str, Any]]:
        """When somebody looked at their bookings or calls, and why; not who: agents are people too."""
        about = {*found.bookings, *found.calls}
        looks = await self._journal.entries(Noted.LOOK)
        return [
            {"at": look.at.isoformat(), "reason": look.reason}
            for look in looks
            if look.what and about & set(look.what.replace(",", " ").split())
        ]

    async def _strip(self, connection: AsyncConnection, reference: str, at: datetime) -> None:
        """Leave of a booking what its pickup needs."""
        empty = dict.fromkeys(
            ("phone_sealed", "phone_index", "name_sealed", "email_sealed", "note_sealed", "link_sealed", "link_index")
        )
        kept = update(bookings).where(bookings.c.reference == reference)
        await connection.execute(kept.values(**empty, calls_wanted=False, call_id=f"erased/{reference}"))
        changed = update(booking_changes).where(booking_changes.c.reference == reference)
        await connection.execute(changed.values(asked_index=None, call_id=None))
        items = select(booking_items).where(booking_items.c.reference == reference)
        for item in (await connection.execute(items)).all():
            place = f"booking_items.heard|{reference}|{item.position}"
            said = update(booking_items).where(
                booking_items.c.reference == reference, booking_items.c.position == item.position
            )
            await connection.execute(said.values(heard_sealed=self._ring.seal(item.item, place)))
        await put_once(connection, pending_erasures, {"reference": reference, "asked_at": at}, "reference")


async def _forget_everywhere(connection: AsyncConnection, found: Found) -> None:
    """What is left by the ids of calls: words, hand-overs, places held, indexes in the figures."""
    ids = list(found.calls)
    await _deleted(connection, hand_overs, hand_overs.c.call_id.in_(ids))
    await _deleted(connection, holds, holds.c.call_id.in_(ids))
    if found.phone_index:
        theirs = update(satisfaction).where(satisfaction.c.phone_index == found.phone_index)
        await connection.execute(theirs.values(phone_index=None))
        facts = update(call_facts).where(call_facts.c.caller_index == found.phone_index)
        await connection.execute(facts.values(caller_index=None))
    await forget_calls(connection, ids)


async def _ids(connection: AsyncConnection, table: Table, condition: Any, indexed: Table, index: str) -> Sequence[str]:
    wanted = or_(condition, indexed.c.phone_index == index) if index else condition
    return await _column(connection, table.c.call_id, wanted)


async def _column(connection: AsyncConnection, column: Any, condition: Any) -> Sequence[str]:
    return (await connection.execute(select(column).where(condition).distinct().order_by(column))).scalars().all()


async def _count(connection: AsyncConnection, table: Table, condition: Any) -> int:
    return int((await connection.execute(select(func.count()).select_from(table).where(condition))).scalar_one())


async def _deleted(connection: AsyncConnection, table: Table, condition: Any) -> int:
    """Remove rows; how many, rows that go with them not counted."""
    counted = await _count(connection, table, condition)
    await connection.execute(delete(table).where(condition))
    return counted


def _booking(booking: Booking) -> dict[str, Any]:
    return {
        "reference": booking.reference,
        "status": booking.status.value,
        "day": booking.day.isoformat(),
        "address": f"{booking.address.line}, {booking.address.postcode} {booking.address.commune}",
        "items": [{"item": line.item, "quantity": line.quantity, "heard": line.heard} for line in booking.items],
        "phone": booking.phone.reveal() if booking.phone else None,
        "name": booking.name.reveal() if booking.name else None,
        "email": booking.email.reveal() if booking.email else None,
        "note": booking.note.reveal() if booking.note else None,
        "made_at": booking.created_at.isoformat(),
        "made_by": booking.created_by.value,
    }


def _report(stored: StoredReport) -> dict[str, Any]:
    report = stored.report
    place = report.address
    return {
        "at": stored.created_at.isoformat(),
        "kind": report.kind.value,
        "reference": report.reference,
        "address": f"{place.line}, {place.postcode} {place.commune}" if place else None,
        "items": [{"item": line.item, "quantity": line.quantity} for line in report.items],
    }
