"""Changes of bookings, call-backs, reports, and three more ends of a hand-over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callbot.storage.types import UtcDateTime

revision = "v0003"
down_revision = "v0002"
branch_labels = None
depends_on = None

_FEW = "status IN ('waiting', 'taken', 'closed')"
_MORE = "status IN ('waiting', 'taken', 'closed', 'left', 'called_back', 'unanswered')"


def upgrade() -> None:
    """Make the tables; nothing that is stored changes."""
    _make_booking_changes()
    _make_call_backs()
    _make_reports()
    _allow(_MORE, instead_of=_FEW)


def downgrade() -> None:
    """Take the tables away; a hand-over that ended in a new way is closed, one nobody answered waits."""
    op.execute("UPDATE hand_overs SET status = 'waiting' WHERE status = 'unanswered'")
    op.execute("UPDATE hand_overs SET status = 'closed' WHERE status IN ('left', 'called_back')")
    _allow(_FEW, instead_of=_MORE)
    for table in ("reports", "call_backs", "booking_changes"):
        op.drop_table(table)


def _make_booking_changes() -> None:
    op.create_table(
        "booking_changes",
        sa.Column("reference", sa.String(length=5), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("call_id", sa.String(length=64)),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("day_before", sa.Date(), nullable=False),
        sa.Column("day_after", sa.Date(), nullable=False),
        sa.Column("asked_index", sa.String(length=64)),
        sa.CheckConstraint("kind IN ('amended', 'cancelled')", name=op.f("ck_booking_changes_kind")),
        sa.ForeignKeyConstraint(
            ["reference"], ["bookings.reference"], name=op.f("fk_booking_changes_bookings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("reference", "number", name=op.f("pk_booking_changes")),
    )


def _make_call_backs() -> None:
    op.create_table(
        "call_backs",
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_index", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("status IN ('waiting', 'done')", name=op.f("ck_call_backs_status")),
        sa.CheckConstraint("first_at < last_at", name=op.f("ck_call_backs_some_time")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_call_backs")),
    )
    op.create_index(op.f("ix_call_backs_first_at"), "call_backs", ["first_at"], unique=False)
    op.create_index(op.f("ix_call_backs_phone_index"), "call_backs", ["phone_index"], unique=False)


def _make_reports() -> None:
    op.create_table(
        "reports",
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("about_index", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=5)),
        sa.Column("insee", sa.String(length=5)),
        sa.Column("commune", sa.String(length=128)),
        sa.Column("postcode", sa.String(length=5)),
        sa.Column("address_sealed", sa.LargeBinary()),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("status IN ('waiting', 'done')", name=op.f("ck_reports_status")),
        sa.CheckConstraint("(address_sealed IS NULL) = (commune IS NULL)", name=op.f("ck_reports_address_whole")),
        sa.PrimaryKeyConstraint("call_id", "kind", "about_index", name=op.f("pk_reports")),
    )
    op.create_index(op.f("ix_reports_created_at"), "reports", ["created_at"], unique=False)


def _allow(condition: str, instead_of: str) -> None:
    """Another check of the status; SQLite changes a check only by making the table anew, from what it is now."""
    name = op.f("ck_hand_overs_status")
    now = sa.Table(
        "hand_overs",
        sa.MetaData(),
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(instead_of, name=name),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_hand_overs")),
    )
    with op.batch_alter_table("hand_overs", copy_from=now) as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, sa.text(condition))
