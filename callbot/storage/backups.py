"""Backups that follow retention: the database without the keys of periods, and those keys apart.

A copy of the whole database carries the keys of its periods with it and stays readable for as long as it is kept. So
the copy made here has none, and the keys are saved in one small file that each backup replaces: what was destroyed
since is not in it, and with it every older copy of the database has lost the words of those days.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

from callbot.storage.database import UnsupportedDatabaseError, checked_url
from callbot.storage.period_keys import SavedKey

_OWNER = 0o600


def copy_without_keys(url: str, to: Path) -> None:
    """Write a whole, consistent copy of a SQLite database beside a running service; blocking.

    Raises ``UnsupportedDatabaseError`` for PostgreSQL, whose own tools do it
    (``pg_dump --exclude-table-data=period_keys``), and ``OSError`` where there is a file already.
    """
    parsed = checked_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise UnsupportedDatabaseError(
            "PostgreSQL is copied by its own tools: pg_dump --exclude-table-data=period_keys; without --to this command"
            " saves the keys"
        )
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER))
    draft = to.with_name(f".{to.name}.{secrets.token_hex(4)}")
    try:
        with closing(sqlite3.connect(parsed.database, isolation_level=None)) as source:
            source.execute("VACUUM INTO ?", (str(draft),))
        draft.chmod(_OWNER)
        with closing(sqlite3.connect(draft, isolation_level=None)) as copy:
            copy.execute("PRAGMA journal_mode=DELETE")
            copy.execute("DELETE FROM period_keys")
            copy.execute("VACUUM")
        draft.replace(to)
    finally:
        draft.unlink(missing_ok=True)


def write_keys(to: Path, keys: list[SavedKey]) -> None:
    """Put the saved keys into the place of those saved before, whole or not at all; blocking."""
    rows = [[key.id, key.purpose, key.first_day.isoformat(), key.sealed.hex()] for key in keys]
    draft = to.with_name(f".{to.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER), "w", encoding="utf-8") as file:
        json.dump(rows, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(to)


def read_keys(path: Path) -> list[SavedKey]:
    """The keys of such a file; raises ``OSError``, or ``ValueError`` for another file. Blocking."""
    try:
        return [SavedKey.read(*row) for row in json.loads(path.read_text(encoding="utf-8"))]
    except (TypeError, ValueError, json.JSONDecodeError):
        raise ValueError(f"{path} holds no saved keys of periods") from None
