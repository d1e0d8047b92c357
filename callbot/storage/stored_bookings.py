"""Bookings; conforms to ``booking.ports.Bookings``."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import Amendment, Author, Booking, BookingDraft, BookingStatus
from callbot.domain.items import ItemLine
from callbot.domain.personal import PersonName, PhoneNumber
from callbot.privacy import KeyRing
from callbot.storage.tables import booking_changes, booking_items, bookings

_ADDRESS: TypeAdapter[StreetAddress] = TypeAdapter(StreetAddress)


class StoredBookings:
    """The bookings, inside one transaction. The place of an address, the phone number and the name are sealed."""

    def __init__(self, connection: AsyncConnection, key_ring: KeyRing) -> None:
        self._connection = connection
        self._keys = key_ring

    async def of_call(self, call_id: str) -> Booking | None:
        """The booking a call made."""
        found = await self._load(select(bookings).where(bookings.c.call_id == call_id))
        return found[0] if found else None

    async def by_reference(self, reference: str) -> Booking | None:
        """The booking with this reference."""
        found = await self._load(select(bookings).where(bookings.c.reference == reference))
        return found[0] if found else None

    async def of_phone(self, phone: PhoneNumber) -> list[Booking]:
        """Bookings that left this number, by day, found by the blind index."""
        by_phone = bookings.c.phone_index == self._keys.index(phone.reveal())
        return await self._load(select(bookings).where(by_phone).order_by(bookings.c.day, bookings.c.reference))

    async def of_references(self, references: Collection[str]) -> list[Booking]:
        """Bookings with one of these references, by day."""
        named = bookings.c.reference.in_(references)
        return await self._load(select(bookings).where(named).order_by(bookings.c.day, bookings.c.reference))

    async def lock(self, reference: str) -> Booking | None:
        """The booking, its row locked."""
        row = select(bookings.c.reference).where(bookings.c.reference == reference).with_for_update()
        await self._connection.execute(row)
        return await self.by_reference(reference)

    async def last_address(self, phone: PhoneNumber, since: datetime) -> StreetAddress | None:
        """The address of the last booking made at or after ``since`` that left this number; nothing else is opened."""
        by_phone = bookings.c.phone_index == self._keys.index(phone.reveal())
        query = select(bookings.c.reference, bookings.c.address_sealed).where(by_phone, bookings.c.created_at >= since)
        latest = query.order_by(bookings.c.created_at.desc(), bookings.c.reference).limit(1)
        row = (await self._connection.execute(latest)).first()
        return _opened(self._keys, row) if row else None

    async def from_day(self, first: date | None = None) -> list[Booking]:
        """All bookings from a day on, in order of day, sector and reference."""
        query = select(bookings).order_by(bookings.c.day, bookings.c.sector, bookings.c.reference)
        return await self._load(query if first is None else query.where(bookings.c.day >= first))

    async def is_taken(self, reference: str) -> bool:
        """True when a stored booking has this reference."""
        query = select(bookings.c.reference).where(bookings.c.reference == reference)
        return (await self._connection.execute(query)).first() is not None

    async def add(self, booking: Booking, draft: BookingDraft) -> None:
        """Store a booking with its items."""
        row = self._place_row(booking) | self._phone_row(booking) | self._row(booking, draft)
        await self._connection.execute(insert(bookings).values(row))
        await self._add_items(booking)

    async def set_aside(self, cancelled: Booking) -> None:
        """The booking keeps the name of its call with its own reference behind, so that the call can book again."""
        apart = bookings.c.call_id + f"/{cancelled.reference}"
        await self._connection.execute(
            update(bookings).where(bookings.c.reference == cancelled.reference).values(call_id=apart)
        )

    async def cancel(self, booking: Booking, at: datetime) -> None:
        """Write that a booking is cancelled, and journal it."""
        cancelled = {"status": BookingStatus.CANCELLED}
        await self._connection.execute(
            update(bookings).where(bookings.c.reference == booking.reference).values(cancelled)
        )
        await self._journal(booking.reference, "cancelled", at, booking.day, booking.day)

    async def amend(self, amended: Booking, amendment: Amendment, at: datetime) -> int:
        """Write day, items and phone as they are now, and journal who changed them; the number of the change."""
        reference = amended.reference
        of_it = bookings.c.reference == reference
        before = (await self._connection.execute(select(bookings.c.day).where(of_it))).scalar_one()
        row = self._place_row(amended) | self._phone_row(amended)
        await self._connection.execute(update(bookings).where(of_it).values(row))
        await self._connection.execute(delete(booking_items).where(booking_items.c.reference == reference))
        await self._add_items(amended)
        asked = {"call_id": amendment.call_id, "asked_index": self._asked(amendment)}
        return await self._journal(reference, "amended", at, before, amended.day, **asked)

    async def was_last(self, amendment: Amendment) -> bool:
        """True when the last change of the booking is this amendment; what was asked is kept as a blind index."""
        changes = select(booking_changes.c.asked_index).where(booking_changes.c.reference == amendment.reference)
        last = changes.order_by(booking_changes.c.number.desc()).limit(1)
        row = (await self._connection.execute(last)).first()
        return row is not None and row.asked_index == self._asked(amendment)

    async def _journal(self, reference: str, kind: str, at: datetime, before: date, after: date, **asked: str) -> int:
        """Note a change; its number. Its booking is locked, so nobody else takes the same one."""
        last = select(func.max(booking_changes.c.number)).where(booking_changes.c.reference == reference)
        number = ((await self._connection.execute(last)).scalar_one() or 0) + 1
        row = {
            "reference": reference, "number": number, "kind": kind, "at": at, "day_before": before, "day_after": after,
        } | asked  # fmt: skip
        await self._connection.execute(insert(booking_changes).values(row))
        return number

    def _asked(self, amendment: Amendment) -> str:
        """The same for the same amendment of the same call, and unreadable: a phone number is in it."""
        items = amendment.items
        asked = [
            amendment.call_id,
            amendment.reference,
            None if items is None else [(line.item, line.quantity) for line in items],
            amendment.day.isoformat() if amendment.day else None,
            amendment.phone.reveal() if amendment.phone else None,
        ]
        return self._keys.index(json.dumps(asked))

    async def _add_items(self, booking: Booking) -> None:
        if booking.items:
            await self._connection.execute(insert(booking_items), self._item_rows(booking))

    async def _load(self, query: Select[Any]) -> list[Booking]:
        rows = list(await self._connection.execute(query))
        wanted = booking_items.c.reference.in_([row.reference for row in rows])
        ordered = select(booking_items).where(wanted).order_by(booking_items.c.reference, booking_items.c.position)
        items: dict[str, list[ItemLine]] = {row.reference: [] for row in rows}
        for item in await self._connection.execute(ordered):
            heard = self._keys.open(item.heard_sealed, _item_place(item.reference, item.position))
            items[item.reference].append(ItemLine(item.item, item.quantity, heard))
        return [self._booking(row, items[row.reference]) for row in rows]

    def _row(self, booking: Booking, draft: BookingDraft) -> dict[str, Any]:
        """What of a booking never changes but its status."""
        name = booking.name.reveal() if booking.name else None
        return {
            "reference": booking.reference,
            "call_id": draft.call_id,
            "status": booking.status,
            "name_sealed": self._keys.seal(name, _place("name", booking.reference)) if name else None,
            "readback_accepted": draft.readback_accepted,
            "created_by": booking.created_by,
            "created_at": booking.created_at,
        }

    def _place_row(self, booking: Booking) -> dict[str, Any]:
        address = _ADDRESS.dump_json(booking.address).decode()
        return {
            "day": booking.day,
            "sector": booking.sector,
            "insee": booking.address.insee,
            "commune": booking.address.commune,
            "postcode": booking.address.postcode,
            "address_sealed": self._keys.seal(address, _place("address", booking.reference)),
        }

    def _phone_row(self, booking: Booking) -> dict[str, Any]:
        number = booking.phone.reveal() if booking.phone else None
        return {
            "phone_sealed": self._keys.seal(number, _place("phone", booking.reference)) if number else None,
            "phone_index": self._keys.index(number) if number else None,
        }

    def _item_rows(self, booking: Booking) -> list[dict[str, Any]]:
        return [
            {
                "reference": booking.reference,
                "position": position,
                "item": line.item,
                "quantity": line.quantity,
                "heard_sealed": self._keys.seal(line.heard, _item_place(booking.reference, position)),
            }
            for position, line in enumerate(booking.items)
        ]

    def _booking(self, row: Row[Any], items: Sequence[ItemLine]) -> Booking:
        phone = self._keys.open(row.phone_sealed, _place("phone", row.reference)) if row.phone_sealed else None
        name = self._keys.open(row.name_sealed, _place("name", row.reference)) if row.name_sealed else None
        return Booking(
            reference=row.reference,
            status=BookingStatus(row.status),
            day=row.day,
            sector=row.sector,
            address=_opened(self._keys, row),
            items=tuple(items),
            phone=PhoneNumber(phone) if phone else None,
            created_by=Author(row.created_by),
            created_at=row.created_at,
            name=PersonName(name) if name else None,
        )


def _opened(keys: KeyRing, row: Row[Any]) -> StreetAddress:
    """The address of a row."""
    return _ADDRESS.validate_json(keys.open(row.address_sealed, _place("address", row.reference)))


def _place(column: str, reference: str) -> str:
    return f"bookings.{column}|{reference}"


def _item_place(reference: str, position: int) -> str:
    return f"booking_items.heard|{reference}|{position}"
