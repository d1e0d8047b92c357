"""When the talk with a person ended, as the telephone company tells: the time a call takes is known to its end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callbot.storage.types import UtcDateTime

revision = "v0014"
down_revision = "v0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("hand_overs", sa.Column("talk_ended_at", UtcDateTime()))


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("hand_overs") as changed:
        changed.drop_column("talk_ended_at")
