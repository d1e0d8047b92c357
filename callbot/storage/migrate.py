"""Brings a database to the tables of this version; called at every start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, text

from callbot.storage.database import checked_url, prepare_sqlite

MIGRATIONS = Path(__file__).parent / "migrations"
_START_LOCK = 0x656E636F6D62  # any number of our own: processes that start together wait for each other


class UnknownVersionError(Exception):
    """There is no such version of the tables to go back to."""


def known_versions() -> list[str]:
    """The versions this code knows, oldest first."""
    scripts = ScriptDirectory(str(MIGRATIONS))
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


def version_of(url: str) -> str:
    """The version of the tables as they are; empty for a database without any. Blocking."""
    parsed = checked_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and not Path(parsed.database).exists():
            return ""
        parsed = parsed.set(drivername="sqlite")
    engine = create_engine(parsed, hide_parameters=True)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() or ""
    finally:
        engine.dispose()


def upgrade(url: str) -> None:
    """Run the migrations that are missing, all or none; blocking, call it in a thread."""
    _migrate(url, lambda config: command.upgrade(config, "head"))


def turn_back(url: str, version: str) -> None:
    """Take back the migrations after ``version``, all or none, for the code of before; blocking. What only they knew is
    gone. Raises ``UnknownVersionError`` for a version that is not earlier than the tables."""
    known, now = known_versions(), version_of(url)
    if now not in known or version not in known[: known.index(now) + 1]:
        raise UnknownVersionError(f"the tables have version {now or 'none'}: {version} is no earlier one")
    _migrate(url, lambda config: command.downgrade(config, version))


def _migrate(url: str, step: Callable[[Config], None]) -> None:
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
            step(alembic_config(connection))
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
