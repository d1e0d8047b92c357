"""Codes that open an account once when the telephone with its one-time codes is lost."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0011"
down_revision = "v0010"
branch_labels = None
depends_on = None

_NAME, _INDEX = sa.String(length=64), sa.String(length=64)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "recovery_codes",
        sa.Column("account_id", _NAME, nullable=False),
        sa.Column("code_digest", _INDEX, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], ondelete="CASCADE", name=op.f("fk_recovery_codes_accounts")
        ),
        sa.PrimaryKeyConstraint("account_id", "code_digest", name=op.f("pk_recovery_codes")),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("recovery_codes")
