"""Sealing again under the active key, in small batches beside a running service; begun again, it goes on.

There is no state to keep: what is not sealed under the active key is what is left. Events of calls are never changed:
their keys are those of days, sealed here once more themselves; events from before there were such keys go with their
retention, and until then their key stays on the ring.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Row, Table, and_, func, or_, select, update

from callbot.privacy import KeyRing
from callbot.privacy.keys import key_header, key_id_of
from callbot.storage.database import Database
from callbot.storage.period_keys import is_period, period_place
from callbot.storage.privacy_tables import period_keys
from callbot.storage.regression_cases import SealedCases
from callbot.storage.review_tables import review_annotations
from callbot.storage.rights_tables import data_codes, data_requests
from callbot.storage.tables import (
    accounts,
    agent_presence,
    booking_items,
    booking_photos,
    bookings,
    call_backs,
    call_events,
    hand_overs,
    metadata,
    outbox,
    reports,
    sms_shown,
)

BATCH = 200
"""rows read at a time; each is written by itself, so nobody waits"""
_HEADER = 80
"""bytes in which the id of a key stands"""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed column, and what its values are bound to."""

    table: Table
    column: str
    place: Callable[[Row[Any]], str]


def _by_reference(column: str) -> Sealed:
    return Sealed(bookings, f"{column}_sealed", lambda row: f"bookings.{column}|{row.reference}")


def _of_request(column: str) -> Sealed:
    return Sealed(data_requests, f"{column}_sealed", lambda row: f"data_requests.{column}|{row.id}")


SEALED: tuple[Sealed, ...] = (
    *(_by_reference(column) for column in ("address", "phone", "name", "email", "note", "link")),
    Sealed(booking_items, "heard_sealed", lambda row: f"booking_items.heard|{row.reference}|{row.position}"),
    Sealed(booking_photos, "jpeg_sealed", lambda row: f"booking_photos.jpeg|{row.reference}|{row.number}"),
    Sealed(outbox, "recipient_sealed", lambda row: f"outbox.recipient|{row.key}"),
    Sealed(outbox, "body_sealed", lambda row: f"outbox.body|{row.key}"),
    Sealed(sms_shown, "recipient_sealed", lambda row: f"sms_shown.recipient|{row.message_key}"),
    Sealed(sms_shown, "body_sealed", lambda row: f"sms_shown.body|{row.message_key}"),
    Sealed(hand_overs, "note_sealed", lambda row: f"hand_overs.note|{row.call_id}"),
    Sealed(call_backs, "note_sealed", lambda row: f"call_backs.note|{row.call_id}"),
    Sealed(call_backs, "phone_sealed", lambda row: f"call_backs.phone|{row.call_id}"),
    Sealed(reports, "address_sealed", lambda row: f"reports.address|{row.call_id}|{row.kind}|{row.about_index}"),
    Sealed(accounts, "login_sealed", lambda row: f"accounts.login|{row.id}"),
    Sealed(accounts, "name_sealed", lambda row: f"accounts.name|{row.id}"),
    Sealed(accounts, "key_sealed", lambda row: f"accounts.key|{row.id}"),
    Sealed(accounts, "pending_key_sealed", lambda row: f"accounts.pending|{row.id}"),
    Sealed(agent_presence, "line_sealed", lambda row: f"agent_presence.line|{row.account_id}"),
    Sealed(review_annotations, "note_sealed", lambda row: f"annotations.note|{row.call_id}|{row.seq}"),
    Sealed(review_annotations, "expected_sealed", lambda row: f"annotations.expected|{row.call_id}|{row.seq}"),
    *(_of_request(column) for column in ("phone", "details", "extension", "answer")),
    Sealed(data_codes, "phone_sealed", lambda row: f"data_codes.phone|{row.id}"),
    Sealed(data_codes, "details_sealed", lambda row: f"data_codes.details|{row.id}"),
    Sealed(period_keys, "key_sealed", lambda row: period_place(row.id)),
)
UNCHANGED = frozenset({("call_events", "payload_sealed"), ("journal", "content_sealed")})
"""sealed with keys of periods: append-only tables"""


class Resealing:
    """What is sealed with which key, and sealing it again."""

    def __init__(self, database: Database, ring: KeyRing) -> None:
        self._database = database
        self._ring = ring

    async def in_use(self) -> Counter[str]:
        """How many values are sealed with each key of the ring, events of calls included."""
        columns = [(one.table, one.column) for one in SEALED] + [(call_events, "payload_sealed")]
        counted = [await self._key_ids(table, column) for table, column in columns]
        return sum(counted, Counter())

    async def left(self) -> int:
        """How many values are to be sealed again."""
        async with self._database.reading() as connection:
            counted = [
                (
                    await connection.execute(select(func.count()).select_from(one.table).where(self._due(one)))
                ).scalar_one()
                for one in SEALED
            ]
        return sum(counted)

    async def _key_ids(self, table: Table, column: str) -> Counter[str]:
        headers = select(func.substr(table.c[column], 1, _HEADER)).where(table.c[column].is_not(None))
        async with self._database.reading() as connection:
            values = (await connection.execute(headers)).scalars()
            found = Counter(key_id_of(bytes(value)) for value in values)
        return Counter({key_id: count for key_id, count in found.items() if not is_period(key_id)})

    async def run(self) -> int:
        """Seal everything again that is not sealed under the active key; how many values."""
        done = 0
        for table in {one.table.name: one.table for one in SEALED}.values():
            done += await self._table(table, [one for one in SEALED if one.table is table])
        return done

    async def _table(self, table: Table, columns: Sequence[Sealed]) -> int:
        """Only rows with something to do are read: photos weigh, and this runs at every start."""
        done = 0
        due = select(table).where(or_(*(self._due(one) for one in columns))).order_by(*table.primary_key)
        while True:
            async with self._database.reading() as connection:
                rows = (await connection.execute(due.limit(BATCH))).all()
            if not rows:
                return done
            for row in rows:
                done += await self._row(table, row, columns)

    def _due(self, one: Sealed) -> ColumnElement[bool]:
        """True for a value that is sealed with another key than the active one; not for NULL."""
        header = key_header(self._ring.active)
        return func.substr(one.table.c[one.column], 1, len(header), type_=LargeBinary) != header

    async def _row(self, table: Table, row: Row[Any], columns: Sequence[Sealed]) -> int:
        """Only what is still as it was read is written: a value that somebody changed meanwhile has the active key."""
        old = [(one, bytes(value)) for one in columns if (value := row._mapping[one.column]) is not None]
        due = [(one, value) for one, value in old if key_id_of(value) != self._ring.active]
        if not due:
            return 0
        same = [column == row._mapping[column.name] for column in table.primary_key]
        async with self._database.writing() as connection:
            for one, value in due:
                place = one.place(row)
                sealed = self._ring.seal(self._ring.open(value, place), place)
                changed = update(table).where(and_(*same, table.c[one.column] == value))
                await connection.execute(changed.values({one.column: sealed}))
        return len(due)


def cases_in_use(cases: SealedCases) -> Counter[str]:
    """How many regression cases are sealed with each key. Blocking."""
    return Counter(cases.key_of(name) for name in cases.names())


def reseal_cases(cases: SealedCases, active: str) -> int:
    """Seal regression cases again that are not sealed under the active key; how many. Blocking."""
    due = [name for name in cases.names() if cases.key_of(name) != active]
    for name in due:
        cases.seal_again(name)
    return len(due)


def sealed_columns() -> Iterator[tuple[str, str]]:
    """Every sealed column of the tables."""
    for table in metadata.tables.values():
        yield from ((table.name, column.name) for column in table.columns if column.name.endswith("_sealed"))
