"""The role that `deploy/postgresql-roles.sql` makes: the service works with it, and cannot rewrite what was noted."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from callbot.domain.events import CallerSpoke
from callbot.privacy import KeyRing
from callbot.privacy.journal import Noted
from callbot.storage import Storage
from tests.storage.conftest import admin_dsn

SCRIPT = Path(__file__).parents[2] / "deploy" / "postgresql-roles.sql"
REFUSED = (
    "UPDATE journal SET kind = 'look'",
    "DELETE FROM journal",
    "TRUNCATE journal",
    "DELETE FROM journal_head",
    "UPDATE call_events SET kind = 'Ended'",
    "DELETE FROM period_keys",
    "UPDATE retention_reports SET report = ''",
    "ALTER TABLE journal DISABLE TRIGGER journal_stays",
    "DROP TRIGGER journal_stays ON journal",
    "DROP TABLE journal",
    "CREATE TABLE mine (id integer)",
    "UPDATE alembic_version SET version_num = 'v0001'",
    "CREATE OR REPLACE FUNCTION journal_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$",
)

pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)]


@pytest.fixture
def role_url(database_url: str) -> str:
    """A database of its own in which the script was run twice, opened as the role."""
    with psycopg.connect(admin_dsn(database_url), autocommit=True) as owner:
        owner.execute(SCRIPT.read_bytes())
        owner.execute(SCRIPT.read_bytes())
    as_role = make_url(database_url).update_query_dict({"options": "-crole=callbot_app"})
    return as_role.render_as_string(hide_password=False)


@pytest.fixture
async def as_role(role_url: str, key_ring: KeyRing) -> Storage:
    return await Storage.open(role_url, key_ring)


async def test_the_service_opens_and_writes_with_the_role(as_role: Storage) -> None:
    async with as_role:
        await as_role.events.append("CA1", CallerSpoke("bonjour"))
        await as_role.journal.note(Noted.LOOK, "agent", "why", "what")
        async with as_role.retention_run("over") as connection:
            await connection.exec_driver_sql("DELETE FROM call_events")
        assert await as_role.events.events("CA1") == []
        assert (await as_role.journal.verify()).entries == 1


@pytest.mark.parametrize("statement", REFUSED)
def test_the_role_rewrites_no_history(role_url: str, statement: str) -> None:
    with psycopg.connect(admin_dsn(role_url)) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("callbot_app",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())
