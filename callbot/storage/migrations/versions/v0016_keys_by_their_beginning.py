"""An index for the beginning of a message's key: what was told of a booking is taken back without reading them all."""

from __future__ import annotations

from alembic import op

revision = "v0016"
down_revision = "v0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_outbox_key_begins", "outbox", ["key"], postgresql_ops={"key": "text_pattern_ops"})


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_outbox_key_begins", "outbox")
