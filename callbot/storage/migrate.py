"""Brings a database to the tables of this version; called at every start."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, text

from callbot.storage.database import checked_url, prepare_sqlite

MIGRATIONS = Path(__file__).parent / "migrations"
_START_LOCK = 0x656E636F6D62  # any number of our own: processes that start together wait for each other


def upgrade(url: str) -> None:
    """Run the migrations that are missing, all or none; blocking, call it in a thread."""
    parsed = checked_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        parsed = parsed.set(drivername="sqlite")
    engine = create_engine(parsed, hide_parameters=True)
    if parsed.get_backend_name() == "sqlite":
        # A table made anew is dropped first, and with foreign keys all that points at it would go too.
        prepare_sqlite(engine, foreign_keys=False)
    try:
        with engine.begin() as connection:
            if parsed.get_backend_name() == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _START_LOCK})
            command.upgrade(alembic_config(connection), "head")
            if parsed.get_backend_name() == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first():
                raise CommandError("rows point at rows that are gone")
    finally:
        engine.dispose()


def alembic_config(connection: Connection) -> Config:
    """Alembic on our migrations over an open connection."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
