"""The published version of the knowledge base, read without keys."""

from __future__ import annotations

from sqlalchemy import Connection, select

from callbot.editing.content import Version
from callbot.storage.content import version_of_row
from callbot.storage.editing_tables import knowledge_versions
from callbot.storage.looking import look


def published_version(url: str) -> Version | None:
    """The version in force; None where nothing was published, or where there is no database yet: none is made.

    Blocking. Raises ``StorageAwayError`` where the database does not answer.
    """
    return look(url, knowledge_versions.name, _latest)


def _latest(connection: Connection) -> Version | None:
    newest = select(knowledge_versions).order_by(knowledge_versions.c.number.desc()).limit(1)
    row = connection.execute(newest).first()
    return version_of_row(row) if row else None
