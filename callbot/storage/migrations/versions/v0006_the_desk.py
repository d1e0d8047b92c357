"""The work of agents: who took which call, how it ended; call-backs tried; who is there."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from callbot.storage.types import UtcDateTime

revision = "v0006"
down_revision = "v0005"
branch_labels = None
depends_on = None

_NAME = sa.String(length=64)


def _work_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("taken_by", _NAME),
        sa.Column("taken_at", UtcDateTime()),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("wrap_up", _NAME),
        sa.Column("note_sealed", sa.LargeBinary()),
    ]


def upgrade() -> None:
    for column in _work_columns():
        op.add_column("hand_overs", column)
    op.create_index(op.f("ix_hand_overs_status"), "hand_overs", ["status"], unique=False)
    op.create_index(op.f("ix_hand_overs_taken_by"), "hand_overs", ["taken_by"], unique=False)
    tries = sa.Column("tries", sa.Integer(), nullable=False, server_default=sa.text("0"))
    for column in (*_work_columns(), tries):
        op.add_column("call_backs", column)
    op.create_index(op.f("ix_call_backs_status"), "call_backs", ["status"], unique=False)
    op.create_index(op.f("ix_calls_end_reason"), "calls", ["end_reason"], unique=False)
    op.create_table(
        "agent_presence",
        sa.Column("account_id", _NAME, nullable=False),
        sa.Column("presence", _NAME, nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.CheckConstraint("presence IN ('present', 'pause')", name=op.f("ck_agent_presence_presence")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_agent_presence")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], ondelete="CASCADE", name=op.f("fk_agent_presence_accounts")
        ),
    )


def downgrade() -> None:
    op.drop_table("agent_presence")
    op.drop_index(op.f("ix_calls_end_reason"), table_name="calls")
    op.drop_index(op.f("ix_call_backs_status"), table_name="call_backs")
    op.drop_index(op.f("ix_hand_overs_taken_by"), table_name="hand_overs")
    op.drop_index(op.f("ix_hand_overs_status"), table_name="hand_overs")
    for table, more in (("hand_overs", ()), ("call_backs", ("tries",))):
        with op.batch_alter_table(table) as changed:
            for column in (*_work_columns(), *more):
                changed.drop_column(column if isinstance(column, str) else column.name)
