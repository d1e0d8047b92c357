"""Run by Alembic; the connection comes from ``storage.migrate``."""

from __future__ import annotations

from alembic import context

from callbot.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
