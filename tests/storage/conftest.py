"""Every test of this folder that asks for a database runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from callbot.privacy import KeyRing
from callbot.storage import Storage
from callbot.storage.migrate import upgrade
from tests.booking.sample import PinnedClock

DEFAULT_SERVER = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
KEYS = KeyRing({"test": bytes(range(32))}, "test", bytes(32))


def admin_dsn(url: str) -> str:
    """The address for psycopg."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """A server to make databases on; its absence fails the run where PostgreSQL is required, and skips elsewhere."""
    url = os.environ.get("CALLBOT_TEST_POSTGRES", DEFAULT_SERVER)
    try:
        psycopg.connect(admin_dsn(url), connect_timeout=3).close()
    except psycopg.OperationalError as error:
        if os.environ.get("CALLBOT_REQUIRE_POSTGRES") == "1":
            pytest.fail(f"PostgreSQL is required (CALLBOT_REQUIRE_POSTGRES=1) and does not answer: {error}")
        pytest.skip("no PostgreSQL answers: start one and set CALLBOT_TEST_POSTGRES")
    return url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of a migrated database that tests copy."""
    name = f"callbot_test_{secrets.token_hex(6)}"
    with psycopg.connect(admin_dsn(postgres_server), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
        upgrade(make_url(postgres_server).set(database=name).render_as_string(hide_password=False))
        yield name
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file that tests copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    upgrade(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of its own for each test."""
    if request.param == "sqlite":
        path = tmp_path / "callbot.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite+aiosqlite:///{path}"
        return
    server: str = request.getfixturevalue("postgres_server")
    template: str = request.getfixturevalue("postgres_template")
    name = f"{template}_{secrets.token_hex(4)}"
    with psycopg.connect(admin_dsn(server), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@pytest.fixture
def clock() -> PinnedClock:
    """Monday 23 November 2026, 10 o'clock in Marseille."""
    return PinnedClock()


@pytest.fixture
def key_ring() -> KeyRing:
    return KEYS


@pytest.fixture
async def storage(database_url: str, clock: PinnedClock, key_ring: KeyRing) -> AsyncIterator[Storage]:
    """An open storage on each database."""
    async with await Storage.open(database_url, key_ring, clock.now) as opened:
        yield opened
    # aiosqlite ends its threads a moment after the close; the loop has to turn once more for them.
    await asyncio.sleep(0)
