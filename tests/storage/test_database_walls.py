"""What the database itself refuses, migrations, hand-overs, the journal of reveals."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from callbot.booking import ConflictError
from callbot.domain.events import CallerSpoke, HandOverReason, NothingHeard
from callbot.privacy import KeyRing
from callbot.storage import Storage
from callbot.storage.database import UnsupportedDatabaseError, checked_url, make_engine
from callbot.storage.migrate import alembic_config, upgrade
from callbot.storage.tables import hand_overs, metadata, pickup_days
from tests.booking.sample import MOBILE, PinnedClock

BOOKING = (
    "INSERT INTO bookings (reference, call_id, status, day, sector, insee, commune, postcode, address_sealed,"
    " readback_accepted, created_by, created_at) VALUES ('AAAAA', 'CA1', '{status}', '2026-11-24', 'centre', '13206',"
    " 'Marseille 6e', '13006', '', {readback}, '{author}', '2026-11-23')"
)
WAITING = {"call_id": "CA1", "reason": "asked", "status": "waiting"}
DAWN = datetime(2026, 11, 23, 5, tzinfo=UTC)
DAY = "INSERT INTO pickup_days (sector, day, capacity, used) VALUES ('centre', '2026-11-24', {capacity}, {used})"


async def execute(storage: Storage, *statements: str) -> None:
    async with storage._database.writing() as connection:
        for statement in statements:
            await connection.execute(text(statement))


@pytest.mark.parametrize(("capacity", "used"), [(2, 3), (2, -1), (-1, 0)])
async def test_a_day_can_not_be_overbooked(storage: Storage, capacity: int, used: int) -> None:
    with pytest.raises(IntegrityError):
        await execute(storage, DAY.format(capacity=capacity, used=used))


@pytest.mark.parametrize(
    ("status", "readback", "author"),
    [("refused", "true", "bot"), ("booked", "false", "bot"), ("booked", "true", "crew")],
)
async def test_a_booking_can_not_be_refused_nor_stored_unread(
    storage: Storage, status: str, readback: str, author: str
) -> None:
    await execute(storage, DAY.format(capacity=2, used=1))
    with pytest.raises(IntegrityError):
        await execute(storage, BOOKING.format(status=status, readback=readback, author=author))
    await execute(storage, BOOKING.format(status="booked", readback="true", author="bot"))
    assert await storage.booking("BBBBB") is None


async def test_a_second_booking_of_a_call_is_a_conflict(storage: Storage) -> None:
    await execute(storage, DAY.format(capacity=2, used=2))
    booking = BOOKING.format(status="booked", readback="true", author="bot")
    await execute(storage, booking)
    with pytest.raises(ConflictError):
        await execute(storage, booking.replace("AAAAA", "BBBBB"))


async def test_a_hold_needs_its_day(storage: Storage) -> None:
    with pytest.raises(IntegrityError):
        await execute(
            storage,
            "INSERT INTO holds (call_id, sector, day, expires_at) VALUES ('CA1', 'centre', '2026-11-24', '2026-11-23')",
        )


async def test_a_moment_without_zone_is_refused(storage: Storage) -> None:
    naive = datetime(2026, 11, 23)  # noqa: DTZ001
    with pytest.raises(StatementError, match="without time zone"):
        async with storage._database.writing() as connection:
            await connection.execute(hand_overs.insert().values(**WAITING, created_at=naive))


async def test_moments_come_back_in_utc(storage: Storage) -> None:
    moment = datetime(2026, 11, 23, 12, 0, tzinfo=timezone(timedelta(hours=1)))
    async with storage._database.writing() as connection:
        await connection.execute(hand_overs.insert().values(**WAITING, created_at=moment))
        stored = (await connection.execute(hand_overs.select())).one().created_at
    assert stored == moment
    assert stored.tzinfo is UTC


async def test_a_reader_waits_for_no_writer(storage: Storage) -> None:
    async with storage._database.writing() as writer:
        await writer.execute(pickup_days.insert().values(sector="s", day=date(2026, 1, 1), capacity=1, used=0))
        assert await storage.bookings() == []


async def test_a_unit_of_work_inside_another_is_a_mistake_told_at_once(storage: Storage) -> None:
    async with storage.unit_of_work():
        with pytest.raises(RuntimeError, match="already"):
            await storage.hand_overs.hand_over("CA1", HandOverReason.ASKED)
    await storage.hand_overs.hand_over("CA1", HandOverReason.ASKED)


@pytest.mark.parametrize("turns", range(0, 60, 3))
async def test_a_call_cut_at_any_moment_leaves_the_storage_whole(storage: Storage, turns: int) -> None:
    """A task is cancelled after so many turns of the loop: its event is there whole or not at all, others go on."""
    await storage.events.append("CA1", NothingHeard())
    cut = asyncio.create_task(storage.events.append("CA1", CallerSpoke("bonjour")))
    for _ in range(turns):
        await asyncio.sleep(0)
    cut.cancel()
    outcome = (await asyncio.gather(cut, return_exceptions=True))[0]
    await storage.events.append("CA1", NothingHeard())
    kept = await storage.events.events("CA1")
    assert kept in ([NothingHeard()] * 2, [NothingHeard(), CallerSpoke("bonjour"), NothingHeard()])
    assert outcome is not None or len(kept) == 3


def test_models_and_migrations_agree(database_url: str) -> None:
    def difference(connection: Connection) -> object:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    assert on_connection(database_url, difference) == []


def test_the_migrations_can_be_taken_back_and_run_again(database_url: str) -> None:
    def down(connection: Connection) -> object:
        command.downgrade(alembic_config(connection), "base")
        return set(inspect(connection).get_table_names())

    assert on_connection(database_url, down) == {"alembic_version"}
    upgrade(database_url)
    upgrade(database_url)
    tables = on_connection(database_url, lambda connection: set(inspect(connection).get_table_names()))
    assert tables == {*metadata.tables, "alembic_version"}


def test_hand_overs_outlive_the_migrations_both_ways(database_url: str) -> None:
    def insert(connection: Connection) -> object:
        for call_id, status in (("CA1", "waiting"), ("CA2", "left"), ("CA3", "called_back"), ("CA4", "unanswered")):
            connection.execute(
                hand_overs.insert().values(**{**WAITING, "call_id": call_id, "status": status}, created_at=DAWN)
            )
        command.downgrade(alembic_config(connection), "v0002")
        return None

    def statuses(connection: Connection) -> object:
        return list(connection.execute(select(hand_overs.c.status).order_by(hand_overs.c.call_id)).scalars())

    def leave(connection: Connection) -> object:
        return connection.execute(hand_overs.update().values(status="left"))

    on_connection(database_url, insert)
    assert on_connection(database_url, statuses) == ["waiting", "closed", "closed", "waiting"]
    with pytest.raises(IntegrityError):
        on_connection(database_url, leave)
    upgrade(database_url)
    assert on_connection(database_url, statuses) == ["waiting", "closed", "closed", "waiting"]
    on_connection(database_url, leave)
    with pytest.raises(IntegrityError):
        on_connection(database_url, lambda connection: connection.execute(hand_overs.update().values(status="gone")))


async def test_services_that_start_together_migrate_once(tmp_path: Path, key_ring: KeyRing) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'new folder' / 'callbot.db'}"
    opened = await asyncio.gather(*(Storage.open(url, key_ring) for _ in range(3)))
    assert [await storage.bookings() for storage in opened] == [[], [], []]
    for storage in opened:
        await storage.close()


def test_only_sqlite_and_postgresql_are_supported() -> None:
    assert checked_url("postgresql://h/d").drivername == "postgresql+psycopg"
    assert checked_url("sqlite:///x").drivername == "sqlite+aiosqlite"
    with pytest.raises(UnsupportedDatabaseError, match="mysql"):
        checked_url("mysql://h/d")


async def test_errors_never_show_values(database_url: str) -> None:
    engine = await asyncio.to_thread(make_engine, database_url)
    with pytest.raises(StatementError) as caught:
        async with engine.begin() as connection:
            await connection.execute(text("SELECT * FROM nowhere WHERE phone = :phone"), {"phone": MOBILE.reveal()})
    await engine.dispose()
    assert "612345678" not in str(caught.value)


async def test_a_call_waits_for_a_person_once(storage: Storage, clock: PinnedClock) -> None:
    await storage.hand_overs.hand_over("CA1", HandOverReason.ASKED)
    clock.advance(seconds=1)
    await storage.hand_overs.hand_over("CA2", HandOverReason.TECHNICAL)
    await storage.hand_overs.hand_over("CA1", HandOverReason.TOO_LONG)
    waiting = await storage.hand_overs.waiting()
    assert [(call.call_id, call.reason) for call in waiting] == [
        ("CA1", HandOverReason.ASKED),
        ("CA2", HandOverReason.TECHNICAL),
    ]


async def test_every_look_at_personal_data_has_a_reason(storage: Storage, clock: PinnedClock) -> None:
    await storage.reveals.record("agent", " réclamation ", "bookings")
    with pytest.raises(ValueError, match="reason"):
        await storage.reveals.record("agent", "  ", "bookings")
    [entry] = await storage.reveals.entries()
    assert (entry.at, entry.who, entry.reason, entry.what) == (clock.now(), "agent", "réclamation", "bookings")


async def test_a_sealed_value_moved_to_another_row_does_not_open(storage: Storage) -> None:
    async with storage.unit_of_work() as work:
        await work.outgoing.queue_sms("a", MOBILE, "Bonjour")
        await work.outgoing.queue_sms("b", MOBILE, "Bonsoir")
    await execute(storage, "UPDATE outbox SET body_sealed = (SELECT body_sealed FROM outbox WHERE key = 'a')")
    [opened] = await storage.outbox.lease("me", datetime(2027, 1, 1, tzinfo=UTC), timedelta(minutes=1), 10)
    assert (opened.key, opened.body.reveal()) == ("a", "Bonjour")


def on_connection(url: str, use: object) -> object:
    """Run something on a plain connection and commit."""
    parsed = checked_url(url)
    name = "sqlite" if parsed.get_backend_name() == "sqlite" else parsed.drivername
    engine = create_engine(parsed.set(drivername=name))
    try:
        with engine.begin() as connection:
            assert callable(use)
            result: object = use(connection)
            return result
    finally:
        engine.dispose()
