"""Figures: arrivals of calls, facts of calls, sums of days, what people said of the service, months made public."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callbot.storage.types import UtcDateTime

revision = "v0007"
down_revision = "v0006"
branch_labels = None
depends_on = None

_NAME, _INDEX, _CALL = sa.String(length=64), sa.String(length=64), sa.String(length=64)


def upgrade() -> None:
    op.add_column("hand_overs", sa.Column("answered_at", UtcDateTime()))
    _make_arrivals()
    _make_facts()
    _make_days()
    _make_satisfaction()
    op.create_table(
        "signed_months",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("signed_by", _NAME, nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_signed_months")),
    )


def downgrade() -> None:
    for table in ("signed_months", "satisfaction", "call_days", "call_facts", "arrivals"):
        op.drop_table(table)
    with op.batch_alter_table("hand_overs") as changed:
        changed.drop_column("answered_at")


def _make_arrivals() -> None:
    op.create_table(
        "arrivals",
        sa.Column("call_id", _CALL, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_arrivals")),
    )
    op.create_index(op.f("ix_arrivals_at"), "arrivals", ["at"], unique=False)


def _make_facts() -> None:
    op.create_table(
        "call_facts",
        sa.Column("call_id", _CALL, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("channel", _NAME, nullable=False),
        sa.Column("territory", _NAME, nullable=False),
        sa.Column("motive", _NAME, nullable=False),
        sa.Column("outcome", _NAME, nullable=False),
        sa.Column("reason", _NAME, nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("abandoned_at", _NAME, nullable=False),
        sa.Column("corrected_later", sa.Boolean(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("caller_index", _INDEX),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("hand_over", _NAME, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_call_facts")),
    )
    op.create_index("ix_call_facts_day_territory", "call_facts", ["day", "territory"], unique=False)
    op.create_index(
        "ix_call_facts_caller_index_received_at", "call_facts", ["caller_index", "received_at"], unique=False
    )
    op.create_index("ix_call_facts_received_at", "call_facts", ["received_at"], unique=False)


def _make_days() -> None:
    op.create_table(
        "call_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("territory", _NAME, nullable=False),
        sa.Column("stamp", sa.String(length=128), nullable=False),
        sa.Column("tally", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", "territory", name=op.f("pk_call_days")),
    )


def _make_satisfaction() -> None:
    op.create_table(
        "satisfaction",
        sa.Column("call_id", _CALL, nullable=False),
        sa.Column("way", _NAME, nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("rating", sa.Integer()),
        sa.Column("answered_at", UtcDateTime()),
        sa.Column("phone_index", _INDEX),
        sa.CheckConstraint("way IN ('call', 'agreed', 'sms')", name=op.f("ck_satisfaction_way")),
        sa.CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 3", name=op.f("ck_satisfaction_rating")),
        sa.CheckConstraint("(rating IS NULL) = (answered_at IS NULL)", name=op.f("ck_satisfaction_answered_whole")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_satisfaction")),
    )
    op.create_index(op.f("ix_satisfaction_phone_index"), "satisfaction", ["phone_index"], unique=False)
