"""Connections that their server closed while they lay idle."""

from __future__ import annotations

from datetime import UTC, date, datetime

import psycopg
import pytest
from sqlalchemy import Connection, event, select
from sqlalchemy.exc import OperationalError

from callbot.booking import ConnectionLostError
from callbot.booking.ports import UnitOfWork, Used
from callbot.booking.units import with_retries
from callbot.domain.events import HandOverReason, NothingHeard, NoWords
from callbot.storage import Storage, database
from tests.storage.conftest import admin_dsn

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
DAY = date(2026, 12, 3)


def close_all(url: str) -> None:
    """What a restart of the server does to its clients."""
    with psycopg.connect(admin_dsn(url), autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_an_idle_connection_that_was_closed_is_replaced(
    storage: Storage, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await storage.bookings() == []
    close_all(database_url)
    monkeypatch.setattr(database, "IDLE_S", 0.0)
    assert await storage.bookings() == []


@pytest.fixture
def unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """No connection is asked whether its server is there before it is used."""
    monkeypatch.setattr(database, "IDLE_S", 1e9)


@pytest.mark.postgres
@pytest.mark.usefixtures("unasked")
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_busy_connection_that_was_closed_costs_one_unit_of_work(storage: Storage, database_url: str) -> None:
    assert await storage.bookings() == []
    close_all(database_url)
    with pytest.raises(ConnectionLostError):
        await storage.bookings()
    assert await storage.bookings() == []


@pytest.mark.postgres
@pytest.mark.usefixtures("unasked")
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_call_does_not_notice_that_a_busy_connection_was_closed(storage: Storage, database_url: str) -> None:
    """Each step of a turn: note what the caller did, look for dates, read the call again, hand it over."""
    await storage.events.append("CA1", NothingHeard())

    async def room(work: UnitOfWork) -> dict[date, Used]:
        return await work.places.used("centre", [DAY], NOW)

    close_all(database_url)
    assert await storage.events.follow("CA1", NoWords(), 1)
    close_all(database_url)
    assert await storage.events.events("CA1") == [NothingHeard(), NoWords()]
    close_all(database_url)
    assert await with_retries(storage.unit_of_work, room, reading=True) == {}
    close_all(database_url)
    assert await with_retries(storage.unit_of_work, room) == {}
    close_all(database_url)
    await storage.hand_overs.hand_over("CA1", HandOverReason.ASKED)
    assert [call.call_id for call in await storage.hand_overs.waiting()] == ["CA1"]


@pytest.mark.postgres
@pytest.mark.usefixtures("unasked")
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_what_became_of_a_commit_that_was_cut_is_left_open(storage: Storage, database_url: str) -> None:
    """It may have been kept: trying it again is up to who knows what it was."""
    event.listen(storage._database._engine.sync_engine, "commit", lambda _connection: close_all(database_url))
    with pytest.raises(OperationalError):
        async with storage._database.writing() as connection:
            await connection.execute(select(1))


@pytest.mark.postgres
@pytest.mark.usefixtures("unasked")
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("kept", [True, False], ids=["kept", "not kept"])
async def test_an_event_whose_commit_was_cut_is_stored_once(storage: Storage, database_url: str, kept: bool) -> None:
    """Kept: the process learns of its own event as of another's, and asks what waits again."""
    await storage.events.append("CA1", NothingHeard())
    cuts = iter([True])

    def cut(connection: Connection) -> None:
        if next(cuts, False):
            if kept:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("SELECT 1")  # the driver has something to commit once more
            close_all(database_url)

    event.listen(storage._database._engine.sync_engine, "commit", cut)
    assert await storage.events.follow("CA1", NoWords(), 1) is not kept
    assert await storage.events.events("CA1") == [NothingHeard(), NoWords()]
