"""The databases of ``tests/storage`` for this folder too."""

from tests.storage.conftest import database_url, postgres_server, postgres_template, sqlite_template

__all__ = ["database_url", "postgres_server", "postgres_template", "sqlite_template"]
