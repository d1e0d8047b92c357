"""The name a caller may leave: sealed, and without an index, since nobody is found by it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0002"
down_revision = "v0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; bookings made before have no name."""
    op.add_column("bookings", sa.Column("name_sealed", sa.LargeBinary()))


def downgrade() -> None:
    """Take the column and the names in it away."""
    op.drop_column("bookings", "name_sealed")
