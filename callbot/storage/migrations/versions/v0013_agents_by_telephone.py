"""Agents by telephone: where the desk rings them, who does not want to be listened to, how a call-back's ring ended."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from callbot.storage.types import UtcDateTime

revision = "v0013"
down_revision = "v0012"
branch_labels = None
depends_on = None


def _columns() -> list[tuple[str, sa.Column[Any]]]:
    return [
        ("agent_presence", sa.Column("line_sealed", sa.LargeBinary())),
        ("hand_overs", sa.Column("listening_refused_at", UtcDateTime())),
        ("call_backs", sa.Column("rung_at", UtcDateTime())),
        ("call_backs", sa.Column("ring_result", sa.String(length=64))),
    ]


def upgrade() -> None:
    """Add the columns."""
    for table, column in _columns():
        op.add_column(table, column)


def downgrade() -> None:
    """Take them away."""
    for table, column in _columns():
        with op.batch_alter_table(table) as changed:
            changed.drop_column(column.name)
