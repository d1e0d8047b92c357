"""v0004 both ways over a database with rows in every table: nothing that v0003 knew is lost or changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, MetaData, create_engine, func, select, text
from sqlalchemy.exc import DatabaseError

from callbot.domain.events import Booked, Cancelled
from callbot.domain.items import ItemLine
from callbot.privacy import KeyRing
from callbot.storage import Storage
from callbot.storage.database import checked_url
from callbot.storage.migrate import alembic_config, upgrade
from tests.booking.sample import THURSDAY, TUESDAY, PinnedClock, draft, rules_with
from tests.storage.ledger import counted, owned
from tests.storage.turmoil import make_desk

Row = dict[str, Any]
Result = TypeVar("Result")
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
SOON = AT + timedelta(minutes=10)
LAST_WEEK = date(2026, 11, 19)
SEALED = bytes(range(40))


def booking(reference: str, status: str, day: date, **more: object) -> Row:
    phone = {"phone_sealed": SEALED, "phone_index": "p" * 64} if reference < "C" else {}
    return {
        "reference": reference, "call_id": f"CA{reference}", "status": status, "day": day, "sector": "centre",
        "insee": "13206", "commune": "Marseille 6e", "postcode": "13006", "address_sealed": SEALED,
        "name_sealed": None, "readback_accepted": True, "created_by": "bot", "created_at": AT, **phone, **more,
    }  # fmt: skip


def message(key: str, status: str, **more: object) -> Row:
    return {
        "key": key, "kind": "sms", "recipient_sealed": SEALED, "body_sealed": SEALED, "status": status, "attempts": 1,
        "queued_at": AT, "next_attempt_at": AT, **more,
    }  # fmt: skip


def item(reference: str, position: int, quantity: int) -> Row:
    return {
        "reference": reference, "position": position, "item": "matelas", "quantity": quantity, "heard_sealed": SEALED
    }  # fmt: skip


def change(reference: str, number: int, kind: str, **more: object) -> Row:
    days = {"day_before": TUESDAY, "day_after": TUESDAY}
    return {"reference": reference, "number": number, "kind": kind, "at": AT, "asked_index": "a" * 64, **days, **more}


BEFORE: dict[str, list[Row]] = {
    "calls": [{"id": "CA1", "started_at": AT, "last_event_at": AT, "events": 2, "channel": "phone"}],
    "call_events": [
        {"call_id": "CA1", "seq": 1, "at": AT, "kind": "CallStarted", "payload": {"a": [1]}},
        {"call_id": "CA1", "seq": 2, "at": AT, "kind": "CallerSpoke", "payload_sealed": SEALED},
    ],
    "pickup_days": [
        {"sector": "centre", "day": LAST_WEEK, "capacity": 2, "used": 1},
        {"sector": "centre", "day": TUESDAY, "capacity": 4, "used": 3},
        {"sector": "centre", "day": THURSDAY, "capacity": 1, "used": 0},
    ],
    "holds": [{"call_id": "CA9", "sector": "centre", "day": TUESDAY, "expires_at": SOON}],
    "bookings": [
        booking("AAAAA", "booked", TUESDAY),
        booking("BBBBB", "booked", TUESDAY, name_sealed=SEALED),
        booking("CCCCC", "cancelled", TUESDAY),
        booking("DDDDD", "collected", LAST_WEEK),
    ],
    "booking_items": [
        item("AAAAA", 0, 2), item("AAAAA", 1, 1), item("BBBBB", 0, 1), item("CCCCC", 0, 4), item("DDDDD", 0, 1)
    ],
    "booking_changes": [change("AAAAA", 1, "amended", call_id="CA2"), change("CCCCC", 1, "cancelled")],
    "outbox": [
        message("confirmation:AAAAA", "sent", provider_id="SM1", sent_at=AT),
        message("confirmation:BBBBB", "leased", leased_by="worker-1", lease_until=SOON),
        message("amendment:AAAAA:1", "queued"),
        message("cancellation:CCCCC", "dead"),
    ],
    "sms_shown": [{"message_key": "a", "recipient_sealed": SEALED, "body_sealed": SEALED, "shown_at": AT}],
    "hand_overs": [{"call_id": "CA3", "reason": "asked", "status": "left", "created_at": AT}],
    "call_backs": [
        {
            "call_id": "CA3", "phone_sealed": SEALED, "phone_index": "p" * 64, "reason": "asked", "first_at": AT,
            "last_at": SOON, "status": "waiting", "created_at": AT,
        }
    ],
    "reports": [
        {
            "call_id": "CA4", "kind": "fly_tip", "about_index": "r" * 64, "commune": "Marseille 6e", "insee": "13206",
            "postcode": "13006", "address_sealed": SEALED, "items": ["matelas"], "status": "done", "created_at": AT,
        }
    ],
    "reveal_journal": [{"at": AT, "who": "agent", "reason": "réclamation", "what": "bookings"}],
    "retention_runs": [{"started_at": AT, "reason": "purge", "finished_at": SOON}],
}  # fmt: skip
"""rows of v0003: two bookings and a hold on Tuesday, one cancelled, one collected last week"""

LIFE = ("replanned", "not_presented", "inaccessible", "missed", "not_conform")
"""what no booking was before v0004, and what becomes of it behind"""
REFERENCES = dict(zip(LIFE, ("FFFFF", "GGGGG", "HHHHH", "JJJJJ", "KKKKK"), strict=True))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A plain engine on a database of v0003 with rows in every table."""
    parsed = checked_url(database_url)
    driver = "sqlite" if parsed.get_backend_name() == "sqlite" else parsed.drivername
    opened = create_engine(parsed.set(drivername=driver))
    on(opened, lambda connection: command.downgrade(alembic_config(connection), "v0003"))
    on(opened, lambda connection: put(connection, BEFORE))
    yield opened
    opened.dispose()


def on(engine: Engine, work: Callable[[Connection], Result]) -> Result:
    with engine.begin() as connection:
        return work(connection)


def tables(connection: Connection) -> MetaData:
    """The tables as they are there."""
    found = MetaData()
    found.reflect(connection)
    return found


def put(connection: Connection, rows: dict[str, list[Row]]) -> None:
    """Insert rows, those first that others point at."""
    for table in tables(connection).sorted_tables:
        for row in rows.get(table.name, []):
            connection.execute(table.insert().values(row))


def to(engine: Engine, version: str) -> None:
    move = command.downgrade if version == "v0003" else command.upgrade
    on(engine, lambda connection: move(alembic_config(connection), version))


def kept(engine: Engine, known: MetaData) -> dict[str, list[Row]]:
    """All rows of the tables of ``known``, as far as it knows their columns."""

    def read(connection: Connection) -> dict[str, list[Row]]:
        return {
            table.name: [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]
            for table in known.sorted_tables
            if table.name != "alembic_version"
        }

    return on(engine, read)


def assert_no_row_points_nowhere(engine: Engine) -> None:
    """PostgreSQL refuses it; SQLite is asked."""
    if engine.dialect.name == "sqlite":
        assert on(engine, lambda connection: connection.execute(text("PRAGMA foreign_key_check")).all()) == []


def test_there_are_rows_in_every_table_before(engine: Engine) -> None:
    known = on(engine, tables)
    assert set(BEFORE) == set(known.tables) - {"alembic_version"}
    assert {name: len(rows) for name, rows in kept(engine, known).items()} == {
        name: len(rows) for name, rows in BEFORE.items()
    }


def test_upward_nothing_changes_and_loads_are_counted(engine: Engine) -> None:
    known = on(engine, tables)
    before = kept(engine, known)
    to(engine, "v0004")
    assert kept(engine, known) == before
    assert_no_row_points_nowhere(engine)
    now = kept(engine, on(engine, tables))
    loads = {row["reference"]: (row["load_items"], row["load_litres"]) for row in now["bookings"]}
    assert loads == {"AAAAA": (3, 0), "BBBBB": (1, 0), "CCCCC": (4, 0), "DDDDD": (1, 0)}
    days = {row["day"]: (row["used"], row["used_items"], row["used_litres"]) for row in now["pickup_days"]}
    assert days == {LAST_WEEK: (1, 1, 0), TUESDAY: (3, 4, 0), THURSDAY: (0, 0, 0)}
    assert now["booking_photos"] == now["opt_outs"] == []


def test_there_and_back_gives_the_same_rows(engine: Engine) -> None:
    known = on(engine, tables)
    before = kept(engine, known)
    for _ in range(2):
        to(engine, "v0004")
        to(engine, "v0003")
    assert kept(engine, known) == before
    assert set(on(engine, tables).tables) == set(known.tables)
    assert_no_row_points_nowhere(engine)


def test_downward_what_v0003_does_not_know_becomes_what_is_nearest(engine: Engine) -> None:
    known = on(engine, tables)
    before = kept(engine, known)
    to(engine, "v0004")
    on(engine, lambda connection: put(connection, _lived()))
    to(engine, "v0003")
    now = kept(engine, known)
    statuses = {row["reference"]: row["status"] for row in now["bookings"]}
    assert {life: statuses.pop(REFERENCES[life]) for life in LIFE} == {
        life: "booked" if life == "replanned" else "collected" for life in LIFE
    }
    assert statuses == {row["reference"]: row["status"] for row in before["bookings"]}
    assert [(row["reference"], row["kind"]) for row in now["booking_changes"]] == [
        ("AAAAA", "amended"), ("CCCCC", "cancelled"), ("FFFFF", "amended")
    ]  # fmt: skip
    assert {row["key"]: row["status"] for row in now["outbox"]}.items() >= {"outcome:GGGGG:1": "dead"}.items()
    added_to = {"bookings", "booking_items", "booking_changes", "outbox"}
    untouched = set(before) - added_to
    assert {name: now[name] for name in untouched} == {name: before[name] for name in untouched}
    for name in added_to:
        assert all(row in now[name] for row in before[name])
    assert_no_row_points_nowhere(engine)


def test_events_of_calls_stay_append_only_on_both_sides(engine: Engine) -> None:
    for version in ("v0004", "v0003"):
        to(engine, version)
        for statement in ("UPDATE call_events SET kind = 'Other'", "DELETE FROM call_events"):
            with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
                connection.execute(text(statement))


def test_no_number_of_a_message_is_given_twice(engine: Engine) -> None:
    """The table is made anew on SQLite; its numbers go on."""

    def last(connection: Connection) -> int:
        return int(connection.execute(select(func.max(tables(connection).tables["outbox"].c.id))).scalar_one())

    before = on(engine, last)
    to(engine, "v0004")
    on(engine, lambda connection: put(connection, {"outbox": [message("outcome:AAAAA:2", "withdrawn")]}))
    assert on(engine, last) == before + 1


def _lived() -> dict[str, list[Row]]:
    """One booking of each state that v0004 brought, and what goes with them."""
    made = [booking(REFERENCES[life], life, TUESDAY, load_items=1) for life in LIFE]
    made[-1] |= {"not_conform": "too_much", "email_sealed": SEALED, "link_sealed": SEALED, "link_index": "l" * 64}
    outcomes = [change(one["reference"], 1, "outcome", status_after=one["status"]) for one in made[1:]]
    moved = [change("FFFFF", 1, "outcome"), change("FFFFF", 2, "replanned"), change("FFFFF", 3, "amended")]
    noted = change("AAAAA", 2, "completed", changed_by="resident")
    return {
        "bookings": made,
        "booking_items": [item(one["reference"], 0, 1) for one in made],
        "booking_changes": [*outcomes, *moved, noted],
        "booking_photos": [{"reference": "AAAAA", "number": 1, "jpeg_sealed": SEALED, "added_at": AT}],
        "outbox": [message("outcome:GGGGG:1", "withdrawn", not_after=SOON, failure="Away")],
        "opt_outs": [{"phone_index": "p" * 64, "at": AT}],
    }


async def test_a_desk_goes_on_with_what_came_back_up(database_url: str, key_ring: KeyRing, clock: PinnedClock) -> None:
    """Booked today, taken down to v0003 and up again: everything opens, is found, and gives back its place exactly."""
    async with await Storage.open(database_url, key_ring, clock.now) as storage:
        desk = make_desk(storage, clock, rules_with(capacity=9))
        things = ((ItemLine("armoire", 1, "une armoire"),), (ItemLine("matelas", 3, "trois matelas"),))
        made = [await desk.book(replace(draft(f"CA{n}"), items=things[n % 2])) for n in range(4)]
        before = await storage.bookings()
    await asyncio.to_thread(_down_and_up, database_url)
    async with await Storage.open(database_url, key_ring, clock.now) as storage:
        desk = make_desk(storage, clock, rules_with(capacity=9))
        after = await storage.bookings()
        assert [(one.reference, one.day, one.items, one.phone, one.address) for one in after] == [
            (one.reference, one.day, one.items, one.phone, one.address) for one in before
        ]
        assert await counted(storage) == await owned(storage)
        for one in made:
            assert isinstance(one, Booked)
            assert isinstance(await desk.cancel(one.reference), Cancelled)
        assert await counted(storage) == {}


def _down_and_up(url: str) -> None:
    parsed = checked_url(url)
    driver = "sqlite" if parsed.get_backend_name() == "sqlite" else parsed.drivername
    engine = create_engine(parsed.set(drivername=driver))
    to(engine, "v0003")
    engine.dispose()
    upgrade(url)
