"""The name a caller may leave: sealed, shown for a reason only, and no hindrance to older bookings."""

from __future__ import annotations

from dataclasses import replace

from alembic import command
from sqlalchemy import Connection, create_engine, text

from callbot.booking import BookingDesk
from callbot.commands.bookings import booking_row
from callbot.domain.events import Booked
from callbot.domain.personal import PersonName
from callbot.messages import BookingTexts
from callbot.storage import Storage
from callbot.storage.database import checked_url
from callbot.storage.migrate import alembic_config, upgrade
from tests.booking.sample import CATALOGUE, TEMPLATES, PinnedClock, SampleRules, draft

NAME = PersonName("Martinez")


async def booked(storage: Storage, name: PersonName | None) -> Booked:
    desk = BookingDesk(storage.unit_of_work, SampleRules(), PinnedClock(), BookingTexts(TEMPLATES, CATALOGUE))
    done = await desk.book(replace(draft(), name=name))
    assert isinstance(done, Booked)
    return done


async def test_a_name_comes_back_and_is_stored_sealed(storage: Storage) -> None:
    reference = (await booked(storage, NAME)).reference
    booking = await storage.booking(reference)
    assert booking is not None
    assert booking.name == NAME
    async with storage._database.reading() as connection:
        row = (await connection.execute(text("SELECT * FROM bookings"))).one()
    assert row.name_sealed is not None
    assert not any(b"martinez" in str(value).lower().encode() or value == b"Martinez" for value in row)
    assert b"Martinez" not in bytes(row.name_sealed)


async def test_a_booking_without_a_name_stays_without(storage: Storage) -> None:
    booking = await storage.booking((await booked(storage, None)).reference)
    assert booking is not None
    assert booking.name is None


async def test_the_name_is_shown_where_personal_data_is_and_nowhere_else(storage: Storage) -> None:
    booking = await storage.booking((await booked(storage, NAME)).reference)
    assert booking is not None
    assert "Martinez" not in str(booking_row(booking, reveal=False))
    assert booking_row(booking, reveal=True)["name"] == "Martinez"
    assert "Martinez" not in repr(booking)


def test_bookings_made_before_there_were_names_stay(database_url: str) -> None:
    engine = create_engine(checked_url(database_url).set(drivername=_blocking(database_url)))
    day = "INSERT INTO pickup_days (sector, day, capacity, used) VALUES ('centre', '2026-11-24', 2, 1)"
    booking = (
        "INSERT INTO bookings (reference, call_id, status, day, sector, insee, commune, postcode, address_sealed,"
        " readback_accepted, created_by, created_at) VALUES ('AAAAA', 'CA1', 'booked', '2026-11-24', 'centre', '13206',"
        " 'Marseille 6e', '13006', '', true, 'bot', '2026-11-23')"
    )
    try:
        with engine.begin() as connection:
            _to_the_first_version(connection)
            connection.execute(text(day))
            connection.execute(text(booking))
        upgrade(database_url)
        with engine.begin() as connection:
            row = connection.execute(text("SELECT reference, name_sealed FROM bookings")).one()
            assert (row.reference, row.name_sealed) == ("AAAAA", None)
    finally:
        engine.dispose()


def _to_the_first_version(connection: Connection) -> None:
    command.downgrade(alembic_config(connection), "v0001")


def _blocking(url: str) -> str:
    return "sqlite" if checked_url(url).get_backend_name() == "sqlite" else "postgresql+psycopg"
