"""The storage of ``tests/storage`` for this folder too."""

from tests.storage.conftest import (
    clock,
    database_url,
    key_ring,
    postgres_server,
    postgres_template,
    sqlite_template,
    storage,
)

__all__ = ["clock", "database_url", "key_ring", "postgres_server", "postgres_template", "sqlite_template", "storage"]
