"""Bookings; conforms to ``booking.ports.Bookings``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import Author, Booking, BookingDraft, BookingStatus
from callbot.domain.items import ItemLine
from callbot.domain.personal import PersonName, PhoneNumber
from callbot.privacy import KeyRing
from callbot.storage.tables import booking_items, bookings

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
        await self._connection.execute(insert(bookings).values(self._row(booking, draft)))
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
        reference, phone = booking.reference, booking.phone
        address = _ADDRESS.dump_json(booking.address).decode()
        number = phone.reveal() if phone else None
        name = booking.name.reveal() if booking.name else None
        return {
            "reference": reference,
            "call_id": draft.call_id,
            "status": booking.status,
            "day": booking.day,
            "sector": booking.sector,
            "insee": booking.address.insee,
            "commune": booking.address.commune,
            "postcode": booking.address.postcode,
            "address_sealed": self._keys.seal(address, _place("address", reference)),
            "phone_sealed": self._keys.seal(number, _place("phone", reference)) if number else None,
            "phone_index": self._keys.index(number) if number else None,
            "name_sealed": self._keys.seal(name, _place("name", reference)) if name else None,
            "readback_accepted": draft.readback_accepted,
            "created_by": booking.created_by,
            "created_at": booking.created_at,
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
