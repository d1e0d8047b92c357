"""Alembic migrations, one module a step in ``versions``; a published one never changes."""
