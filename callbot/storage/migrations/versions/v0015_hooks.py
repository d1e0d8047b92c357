"""Hooks: readers of the stream of events beside the service, how far each is, and what it could not take."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from callbot.storage.types import UtcDateTime

revision = "v0015"
down_revision = "v0014"
branch_labels = None
depends_on = None

_NAME = sa.String(length=64)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "hooks",
        sa.Column("name", _NAME, nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("clean_at", UtcDateTime()),
        sa.Column("delivered_at", UtcDateTime()),
        sa.Column("owner", _NAME),
        sa.Column("leased_until", UtcDateTime()),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_hooks")),
    )
    _of_calls(
        "hook_cursors",
        (
            sa.Column("seq", sa.Integer(), nullable=False),
            sa.Column("tries", sa.Integer(), nullable=False),
            sa.Column("failed_at", UtcDateTime()),
            sa.Column("next_try_at", UtcDateTime()),
        ),
        ("hook", "call_id"),
    )
    _of_calls(
        "hook_set_aside",
        (
            sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
            sa.Column("at", UtcDateTime(), nullable=False),
            sa.Column("tries", sa.Integer(), nullable=False),
            sa.Column("error", _NAME, nullable=False),
            sa.Column("wanted", sa.Boolean(create_constraint=False), nullable=False),
        ),
        ("hook", "call_id", "seq"),
    )


def _of_calls(name: str, columns: tuple[sa.Column[Any], ...], key: tuple[str, ...]) -> None:
    op.create_table(
        name,
        sa.Column("hook", _NAME, nullable=False),
        sa.Column("call_id", _NAME, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["hook"], ["hooks.name"], ondelete="CASCADE", name=op.f(f"fk_{name}_hooks")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], ondelete="CASCADE", name=op.f(f"fk_{name}_calls")),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_call_id"), name, ["call_id"])


def downgrade() -> None:
    """Take them away."""
    for name in ("hook_set_aside", "hook_cursors", "hooks"):
        op.drop_table(name)
