"""What several hosts agree on: which ticket of a stream is used up, and which process does a chore."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callbot.storage.types import UtcDateTime

revision = "v0017"
down_revision = "v0016"
branch_labels = None
depends_on = None

_NAME = sa.String(length=64)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "used_tickets",
        sa.Column("mark", _NAME, nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_used_tickets")),
    )
    op.create_index(op.f("ix_used_tickets_expires_at"), "used_tickets", ["expires_at"])
    op.create_table(
        "chore_leases",
        sa.Column("name", _NAME, nullable=False),
        sa.Column("owner", _NAME, nullable=False),
        sa.Column("leased_until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chore_leases")),
    )


def downgrade() -> None:
    """Take them away."""
    for name in ("chore_leases", "used_tickets"):
        op.drop_table(name)
