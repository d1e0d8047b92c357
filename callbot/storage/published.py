"""The published version of the knowledge base, read without keys: by commands that need nothing else of a database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from callbot.editing.content import Version
from callbot.storage.content import version_of_row
from callbot.storage.database import StorageAwayError, checked_url
from callbot.storage.editing_tables import knowledge_versions


def published_version(url: str) -> Version | None:
    """The version in force; None where nothing was published, or where there is no database yet: none is made.

    Blocking. Raises ``StorageAwayError`` where the database does not answer.
    """
    parsed = checked_url(url)
    if parsed.get_backend_name() == "sqlite":
        if not _is_there(parsed):
            return None
        parsed = parsed.set(drivername="sqlite")
    engine = create_engine(parsed, hide_parameters=True)
    try:
        with engine.connect() as connection:
            return _latest(connection)
    except SQLAlchemyError as error:
        # Without its cause: the text of a driver may hold the URL.
        raise StorageAwayError(f"the database does not answer ({type(error).__name__})") from None
    finally:
        engine.dispose()


def _is_there(parsed: URL) -> bool:
    return bool(parsed.database) and Path(str(parsed.database)).is_file()


def _latest(connection: Connection) -> Version | None:
    if not inspect(connection).has_table(knowledge_versions.name):
        return None
    newest = select(knowledge_versions).order_by(knowledge_versions.c.number.desc()).limit(1)
    row = connection.execute(newest).first()
    return version_of_row(row) if row else None
