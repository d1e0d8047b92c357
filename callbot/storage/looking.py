"""A look into the database without keys: by commands that need nothing else of it. None is made, none is migrated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Connection, create_engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from callbot.storage.database import StorageAwayError, checked_url

Found = TypeVar("Found")


def look(url: str, table: str, read: Callable[[Connection], Found]) -> Found | None:
    """What ``read`` finds; None where there is no database yet, or none with this ``table``. Blocking.

    Raises ``StorageAwayError`` where the database does not answer, or is not of this version.
    """
    parsed = checked_url(url)
    if parsed.get_backend_name() == "sqlite":
        if not _is_there(parsed):
            return None
        parsed = parsed.set(drivername="sqlite")
    engine = create_engine(parsed, hide_parameters=True)
    try:
        with engine.connect() as connection:
            return read(connection) if inspect(connection).has_table(table) else None
    except SQLAlchemyError as error:
        # Without its cause: the text of a driver may hold the URL.
        raise StorageAwayError(f"the database does not answer ({type(error).__name__})") from None
    finally:
        engine.dispose()


def _is_there(parsed: URL) -> bool:
    return bool(parsed.database) and Path(str(parsed.database)).is_file()
