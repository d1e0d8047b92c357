"""Bookings; conforms to ``booking.ports.Bookings``."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, and_, bindparam, delete, exists, func, insert, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from callbot.booking.ports import Change
from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import Amendment, Author, Booking, BookingDraft, BookingStatus, Load, NotConform
from callbot.domain.items import ItemLine
from callbot.domain.personal import EmailAddress, Personal, PersonName, PhoneNumber
from callbot.messages.ports import MessageStatus
from callbot.privacy import KeyRing
from callbot.privacy.index_keys import Indexed
from callbot.storage.booking_names import address_name, item_place, place
from callbot.storage.dialects import NamedLocks, put_once
from callbot.storage.rights_tables import may_use
from callbot.storage.streams import BATCH, streamed
from callbot.storage.tables import booking_changes, booking_items, bookings, outbox

_ADDRESS: TypeAdapter[StreetAddress] = TypeAdapter(StreetAddress)
# What every booking asks is written once, see ``places``.
_IS_OF_CALL = bookings.c.call_id == bindparam("of_call")
_IS_THERE = and_(
    bookings.c.address_index.in_([bindparam("there"), bindparam("there_before")]), bookings.c.day >= bindparam("since")
)
_OF_CALL = select(bookings).where(_IS_OF_CALL)
_AT_ADDRESS = select(bookings).where(_IS_THERE).order_by(bookings.c.day, bookings.c.reference)
_OF_CALL_OR_THERE = select(bookings).where(or_(_IS_OF_CALL, _IS_THERE)).order_by(bookings.c.day, bookings.c.reference)
_ADD_ITEMS = insert(booking_items)


class StoredBookings:
    """The bookings, inside one transaction. The place of an address, the phone number and the name are sealed."""

    def __init__(self, connection: AsyncConnection, key_ring: KeyRing, locks: NamedLocks | None = None) -> None:
        self._connection = connection
        self._keys = key_ring
        self._locks = locks or NamedLocks(connection)
        # tokens of bookings made in this very transaction
        self._links: dict[str, str] = {}

    async def of_call(self, call_id: str) -> Booking | None:
        """The booking a call made."""
        found = await self._load(_OF_CALL, {"of_call": call_id})
        return found[0] if found else None

    async def before(
        self, call_id: str, address: StreetAddress, since: date | None
    ) -> tuple[Booking | None, list[Booking]]:
        """What the call booked, and what is booked at the address; both locked, both asked in one statement."""
        if since is None:
            await self._locks.take(call_id)
            return await self.of_call(call_id), []
        there = self._address_index(address)
        await self._locks.take(call_id, self._keys.inner(address_name(address)))
        values = {"of_call": call_id, "there": str(there), "there_before": there.before, "since": since}
        rows = list(await self._connection.execute(_OF_CALL_OR_THERE, values))
        found = dict(zip(rows, await self._with_items(rows), strict=True))
        of_call = next((booking for row, booking in found.items() if row.call_id == call_id), None)
        indexes = {str(there), there.before}
        return of_call, [
            booking for row, booking in found.items() if row.address_index in indexes and booking.day >= since
        ]

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
        """The address of the last booking made at or after ``since`` that left this number; nothing else is opened, and
        nothing of a number whose data is not to be used."""
        by_phone = bookings.c.phone_index == self._keys.index(phone.reveal())
        query = select(bookings.c.reference, bookings.c.address_sealed).where(
            by_phone, bookings.c.created_at >= since, may_use(bookings.c.phone_index)
        )
        latest = query.order_by(bookings.c.created_at.desc(), bookings.c.reference).limit(1)
        row = (await self._connection.execute(latest)).first()
        return _opened(self._keys, row) if row else None

    async def from_day(self, first: date | None = None) -> list[Booking]:
        """All bookings from a day on, in order of day, sector and reference."""
        query = select(bookings).order_by(bookings.c.day, bookings.c.sector, bookings.c.reference)
        return await self._load(query if first is None else query.where(bookings.c.day >= first))

    @asynccontextmanager
    async def each(self, first: date | None = None, end: date | None = None) -> AsyncIterator[AsyncIterator[Booking]]:
        """Bookings from the day ``first`` on and before the day ``end``, by day, sector and reference, one by one.

        Read by one statement, so that they are all as they were at the same moment, and never more than a batch of
        them is held. What callers called their items is not opened.
        """
        lines = (booking_items.c.item, booking_items.c.quantity)
        query = select(bookings, *lines).outerjoin(booking_items, booking_items.c.reference == bookings.c.reference)
        query = query if first is None else query.where(bookings.c.day >= first)
        query = query if end is None else query.where(bookings.c.day < end)
        order = (bookings.c.day, bookings.c.sector, bookings.c.reference, booking_items.c.position)
        async with streamed(self._connection, query.order_by(*order)) as rows:
            yield self._each_joined(rows)

    async def latest_made(
        self, first: datetime, end: datetime, statuses: Collection[BookingStatus], most: int
    ) -> list[Booking]:
        """The last ``most`` bookings made at or after ``first`` and before ``end``, latest first; no other is read."""
        made = and_(bookings.c.created_at >= first, bookings.c.created_at < end)
        query = select(bookings).where(made, bookings.c.status.in_(statuses)).limit(most)
        return await self._load(query.order_by(bookings.c.created_at.desc(), bookings.c.reference.desc()))

    async def missed_before(self, at: datetime) -> list[str]:
        """References of missed bookings, by the moment of their last change, where that is not after ``at``."""
        last = func.max(booking_changes.c.at)
        query = (
            select(bookings.c.reference)
            .join(booking_changes, booking_changes.c.reference == bookings.c.reference)
            .where(bookings.c.status == BookingStatus.MISSED, booking_changes.c.status_after == BookingStatus.MISSED)
            .group_by(bookings.c.reference)
            .having(last <= at)
            .order_by(last, bookings.c.reference)
        )
        return list((await self._connection.execute(query)).scalars())

    async def unreminded(self, day: date) -> list[str]:
        """References of bookings to come on ``day`` that left a phone number or an e-mail address, without a reminder
        in the outbox; one taken back counts for nothing. Nobody
        whose data is limited, or who objected, is reminded."""
        key = literal("reminder:") + bookings.c.reference + literal(f":{day.isoformat()}")
        query = select(bookings.c.reference).where(
            bookings.c.day == day,
            bookings.c.status.in_([status for status in BookingStatus if status.to_come]),
            or_(bookings.c.phone_index.is_not(None), bookings.c.email_sealed.is_not(None)),
            may_use(bookings.c.phone_index),
            ~exists().where(
                outbox.c.key.in_([key, key + literal(":email"), key + literal(":voice")]),
                outbox.c.status != MessageStatus.WITHDRAWN,
            ),
        )
        return list((await self._connection.execute(query.order_by(bookings.c.reference))).scalars())

    async def of_link(self, token: str) -> Booking | None:
        """The booking whose page has this token."""
        found = await self._load(select(bookings).where(bookings.c.link_index == self._keys.index(f"link:{token}")))
        return found[0] if found else None

    async def link_of(self, reference: str) -> str:
        """The token of a booking's page; a booking made before there were any gets one."""
        if reference in self._links:
            return self._links[reference]
        of_it = bookings.c.reference == reference
        row = (await self._connection.execute(select(bookings.c.link_sealed).where(of_it))).one()
        if row.link_sealed is not None:
            return self._keys.open(row.link_sealed, place("link", reference))
        token = new_link()
        await self._connection.execute(update(bookings).where(of_it).values(self._link_row(reference, token)))
        return token

    async def add(self, booking: Booking, draft: BookingDraft) -> bool:
        """Store a booking with its items; False, and nothing stored, when its reference is taken."""
        token = new_link()
        row = self._place_row(booking) | self._phone_row(booking) | self._extra_row(booking)
        row |= self._row(booking, draft) | self._link_row(booking.reference, token)
        if not await put_once(self._connection, bookings, row, "reference"):
            return False
        self._links[booking.reference] = token
        await self._add_items(booking)
        return True

    async def set_aside(self, cancelled: Booking) -> None:
        """The booking keeps the name of its call with its own reference behind, so that the call can book again."""
        apart = bookings.c.call_id + f"/{cancelled.reference}"
        await self._connection.execute(
            update(bookings).where(bookings.c.reference == cancelled.reference).values(call_id=apart)
        )

    async def change(self, before: Booking, after: Booking, change: Change) -> int:
        """Write what a booking is now, and journal the change; the number of the change."""
        reference = after.reference
        row = self._place_row(after) | self._phone_row(after) | self._extra_row(after) | {"status": after.status}
        await self._connection.execute(update(bookings).where(bookings.c.reference == reference).values(row))
        if before.items != after.items:
            await self._connection.execute(delete(booking_items).where(booking_items.c.reference == reference))
            await self._add_items(after)
        return await self._journal(before, after, change)

    async def lock_address(self, address: StreetAddress) -> None:
        """Who counts the bookings of an address and adds one waits for the others that do."""
        await self._locks.take(self._keys.inner(address_name(address)))

    async def at_address(self, address: StreetAddress, since: date) -> list[Booking]:
        """Bookings of this number, street and commune from a day on, found by the blind index."""
        there = self._address_index(address)
        values = {"there": str(there), "there_before": there.before, "since": since}
        return await self._load(_AT_ADDRESS, values)

    async def on_day(self, sector: str, day: date) -> list[Booking]:
        """Bookings of a sector's day by reference."""
        of_day = and_(bookings.c.sector == sector, bookings.c.day == day)
        return await self._load(select(bookings).where(of_day).order_by(bookings.c.reference))

    async def was_last(self, amendment: Amendment) -> bool:
        """True when the last change of the booking is this amendment; what was asked is kept as a blind index."""
        changes = select(booking_changes.c.asked_index).where(booking_changes.c.reference == amendment.reference)
        last = changes.order_by(booking_changes.c.number.desc()).limit(1)
        row = (await self._connection.execute(last)).first()
        return row is not None and row.asked_index == self._asked(amendment)

    async def _journal(self, before: Booking, after: Booking, change: Change) -> int:
        """Note a change; its number. Its booking is locked, so nobody else takes the same one."""
        of_it = booking_changes.c.reference == after.reference
        last = select(func.max(booking_changes.c.number)).where(of_it)
        number = ((await self._connection.execute(last)).scalar_one() or 0) + 1
        row = {
            "reference": after.reference, "number": number, "kind": change.kind, "at": change.at,
            "day_before": before.day, "day_after": after.day, "changed_by": change.by, "status_after": after.status,
        }  # fmt: skip
        if change.asked is not None:
            row |= {"call_id": change.asked.call_id, "asked_index": self._asked(change.asked)}
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
        if amendment.address is not None:
            asked.append(address_name(amendment.address))
        return self._keys.inner(json.dumps(asked))

    async def _add_items(self, booking: Booking) -> None:
        if booking.items:
            await self._connection.execute(_ADD_ITEMS, self._item_rows(booking))

    async def _load(self, query: Select[Any], values: Mapping[str, object] | None = None) -> list[Booking]:
        rows = list(await self._connection.execute(query, values))
        # In batches: SQLite takes 32,766 values in one statement, PostgreSQL 65,535, and a year has more bookings.
        batches = [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]
        return [booking for batch in batches for booking in await self._with_items(batch)]

    async def _with_items(self, rows: Sequence[Row[Any]]) -> list[Booking]:
        if not rows:
            return []
        wanted = booking_items.c.reference.in_([row.reference for row in rows])
        ordered = select(booking_items).where(wanted).order_by(booking_items.c.reference, booking_items.c.position)
        items: dict[str, list[ItemLine]] = {row.reference: [] for row in rows}
        for item in await self._connection.execute(ordered):
            heard = self._keys.open(item.heard_sealed, item_place(item.reference, item.position))
            items[item.reference].append(ItemLine(item.item, item.quantity, heard))
        return [self._booking(row, items[row.reference]) for row in rows]

    async def _each_joined(self, found: AsyncIterator[Row[Any]]) -> AsyncIterator[Booking]:
        rows: list[Row[Any]] = []
        async for row in found:
            if rows and rows[0].reference != row.reference:
                yield self._joined(rows)
                rows = []
            rows.append(row)
        if rows:
            yield self._joined(rows)

    def _joined(self, rows: Sequence[Row[Any]]) -> Booking:
        """The booking of rows that each carry one of its items; a booking without items has one row with none."""
        lines = [ItemLine(row.item, row.quantity) for row in rows if row.item is not None]
        return self._booking(rows[0], lines)

    def _row(self, booking: Booking, draft: BookingDraft) -> dict[str, Any]:
        """What of a booking never changes but its status."""
        name = booking.name.reveal() if booking.name else None
        return {
            "reference": booking.reference,
            "call_id": draft.call_id,
            "status": booking.status,
            "name_sealed": self._keys.seal(name, place("name", booking.reference)) if name else None,
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
            "address_sealed": self._keys.seal(address, place("address", booking.reference)),
            "address_index": self._address_index(booking.address),
            "load_items": booking.load.items,
            "load_litres": booking.load.litres,
        }

    def _extra_row(self, booking: Booking) -> dict[str, Any]:
        """What a booking may have beside what every booking has."""
        email = booking.email.reveal() if booking.email else None
        note = booking.note.reveal() if booking.note else None
        return {
            "calls_wanted": booking.calls_wanted,
            "email_sealed": self._keys.seal(email, place("email", booking.reference)) if email else None,
            "note_sealed": self._keys.seal(note, place("note", booking.reference)) if note else None,
            "not_conform": booking.not_conform,
        }

    def _link_row(self, reference: str, token: str) -> dict[str, Any]:
        return {
            "link_sealed": self._keys.seal(token, place("link", reference)),
            "link_index": self._keys.index(f"link:{token}"),
        }

    def _address_index(self, address: StreetAddress) -> Indexed:
        return self._keys.index(address_name(address))

    def _phone_row(self, booking: Booking) -> dict[str, Any]:
        number = booking.phone.reveal() if booking.phone else None
        return {
            "phone_sealed": self._keys.seal(number, place("phone", booking.reference)) if number else None,
            "phone_index": self._keys.index(number) if number else None,
        }

    def _item_rows(self, booking: Booking) -> list[dict[str, Any]]:
        return [
            {
                "reference": booking.reference,
                "position": position,
                "item": line.item,
                "quantity": line.quantity,
                "heard_sealed": self._keys.seal(line.heard, item_place(booking.reference, position)),
            }
            for position, line in enumerate(booking.items)
        ]

    def _booking(self, row: Row[Any], items: Sequence[ItemLine]) -> Booking:
        phone, name, email, note = (self._opened(row, column) for column in ("phone", "name", "email", "note"))
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
            calls_wanted=row.calls_wanted,
            email=EmailAddress(email) if email else None,
            note=Personal(note) if note else None,
            load=Load(row.load_items, row.load_litres),
            not_conform=NotConform(row.not_conform) if row.not_conform else None,
        )

    def _opened(self, row: Row[Any], column: str) -> str | None:
        sealed = getattr(row, f"{column}_sealed")
        return self._keys.open(sealed, place(column, row.reference)) if sealed else None


def _opened(keys: KeyRing, row: Row[Any]) -> StreetAddress:
    """The address of a row."""
    return _ADDRESS.validate_json(keys.open(row.address_sealed, place("address", row.reference)))


def new_link() -> str:
    """A token of 120 bits that nobody can guess, in letters of an ordinary SMS that survive being a link."""
    return secrets.token_urlsafe(15)
