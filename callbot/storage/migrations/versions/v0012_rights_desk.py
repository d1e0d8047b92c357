"""The rights desk: requests about data with their deadlines, codes that identify, people whose data is not used."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callbot.storage.types import UtcDateTime

revision = "v0012"
down_revision = "v0011"
branch_labels = None
depends_on = None

_NAME, _INDEX = sa.String(length=64), sa.String(length=64)
_RIGHTS = "data_right IN ('access', 'rectification', 'erasure', 'limitation', 'objection')"
_STATES = "state IN ('received', 'identified', 'taken', 'answered', 'refused', 'withdrawn', 'not_identified')"


def upgrade() -> None:
    """Make the tables."""
    _make_requests()
    _make_codes()
    op.create_table(
        "data_limits",
        sa.Column("phone_index", _INDEX, nullable=False),
        sa.Column("data_right", _NAME, nullable=False),
        sa.Column("request_id", _NAME, nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.CheckConstraint("data_right IN ('limitation', 'objection')", name=op.f("ck_data_limits_data_right")),
        sa.PrimaryKeyConstraint("phone_index", name=op.f("pk_data_limits")),
    )


def downgrade() -> None:
    """Take everything away."""
    for table in ("data_limits", "data_codes", "data_requests"):
        op.drop_table(table)


def _make_requests() -> None:
    op.create_table(
        "data_requests",
        sa.Column("id", _NAME, nullable=False),
        sa.Column("source", _INDEX, nullable=False),
        sa.Column("data_right", _NAME, nullable=False),
        sa.Column("channel", _NAME, nullable=False),
        sa.Column("state", _NAME, nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("extended_at", UtcDateTime()),
        sa.Column("extension_sealed", sa.LargeBinary()),
        sa.Column("phone_sealed", sa.LargeBinary()),
        sa.Column("phone_index", _INDEX),
        sa.Column("call_id", _NAME),
        sa.Column("details_sealed", sa.LargeBinary()),
        sa.Column("known_by", _NAME),
        sa.Column("identified_at", UtcDateTime()),
        sa.Column("taken_by", _NAME),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("answer_sealed", sa.LargeBinary()),
        sa.Column("certificate", sa.String(length=64)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(_RIGHTS, name=op.f("ck_data_requests_data_right")),
        sa.CheckConstraint(_STATES, name=op.f("ck_data_requests_state")),
        sa.CheckConstraint(
            "known_by IS NULL OR known_by IN ('code', 'call_back')", name=op.f("ck_data_requests_known_by")
        ),
        sa.CheckConstraint("(known_by IS NULL) = (identified_at IS NULL)", name=op.f("ck_data_requests_identified")),
        sa.CheckConstraint(
            "state NOT IN ('identified', 'taken', 'answered') OR known_by IS NOT NULL",
            name=op.f("ck_data_requests_answers_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_requests")),
        sa.UniqueConstraint("source", name=op.f("uq_data_requests_source")),
    )
    for column in ("state", "phone_index", "ended_at"):
        op.create_index(op.f(f"ix_data_requests_{column}"), "data_requests", [column])


def _make_codes() -> None:
    op.create_table(
        "data_codes",
        sa.Column("id", _INDEX, nullable=False),
        sa.Column("code_hash", _INDEX, nullable=False),
        sa.Column("phone_index", _INDEX, nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("data_right", _NAME),
        sa.Column("details_sealed", sa.LargeBinary()),
        sa.Column("request_id", _NAME),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", UtcDateTime()),
        sa.Column("access_hash", _INDEX),
        sa.Column("access_until", UtcDateTime()),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_data_codes_tries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_codes")),
        sa.UniqueConstraint("access_hash", name=op.f("uq_data_codes_access_hash")),
    )
    for column in ("phone_index", "request_id", "sent_at"):
        op.create_index(op.f(f"ix_data_codes_{column}"), "data_codes", [column])
