"""Connections that their server closed while they lay idle."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from callbot.storage import Storage, database
from tests.storage.conftest import admin_dsn


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


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_busy_connection_that_was_closed_costs_one_unit_of_work(
    storage: Storage, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "IDLE_S", 1e9)
    assert await storage.bookings() == []
    close_all(database_url)
    with pytest.raises(OperationalError):
        await storage.bookings()
    assert await storage.bookings() == []
