"""SQLAlchemy tables, unit of work, migrations. SQLAlchemy and Alembic are imported here only.

Belongs here: how facts are kept on SQLite and PostgreSQL. Does not belong here: any rule.
"""

from callbot.storage.database import StorageAwayError
from callbot.storage.event_log import CallSummary
from callbot.storage.facade import Storage, StoredUnitOfWork

__all__ = ["CallSummary", "Storage", "StorageAwayError", "StoredUnitOfWork"]
