"""The databases of the storage tests, for tests of whole processes."""

from __future__ import annotations

from tests.storage.conftest import database_url, postgres_server, postgres_template, sqlite_template

__all__ = ["database_url", "postgres_server", "postgres_template", "sqlite_template"]
