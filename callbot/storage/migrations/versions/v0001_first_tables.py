"""The first tables, and the triggers that keep the events of calls append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callbot.storage.types import UtcDateTime

revision = "v0001"
down_revision = None
branch_labels = None
depends_on = None

# No row of a retention run that is still open is ever committed: only the run itself sees it.
_OPEN_RUN = "EXISTS (SELECT 1 FROM retention_runs WHERE finished_at IS NULL)"

_SQLITE_TRIGGERS = (
    """
    CREATE TRIGGER call_events_never_change BEFORE UPDATE ON call_events
    BEGIN SELECT RAISE(ABORT, 'call_events is append-only'); END
    """,
    f"""
    CREATE TRIGGER call_events_stay BEFORE DELETE ON call_events WHEN NOT {_OPEN_RUN}
    BEGIN SELECT RAISE(ABORT, 'call_events is append-only outside a retention run'); END
    """,
)

_POSTGRESQL_TRIGGERS = (
    f"""
    CREATE FUNCTION call_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND {_OPEN_RUN} THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'call_events is append-only outside a retention run';
    END $$
    """,
    """
    CREATE TRIGGER call_events_stay BEFORE UPDATE OR DELETE ON call_events
    FOR EACH ROW EXECUTE FUNCTION call_events_append_only()
    """,
    """
    CREATE TRIGGER call_events_no_truncate BEFORE TRUNCATE ON call_events
    FOR EACH STATEMENT EXECUTE FUNCTION call_events_append_only()
    """,
)


def upgrade() -> None:
    """Make everything."""
    _make_calls()
    _make_bookings()
    _make_booking_items()
    _make_messages()
    _make_journals()
    triggers = _SQLITE_TRIGGERS if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL_TRIGGERS
    for trigger in triggers:
        op.execute(trigger)


def downgrade() -> None:
    """Take everything away, triggers with their tables."""
    for table in (
        "booking_items", "bookings", "holds", "pickup_days", "call_events", "calls", "hand_overs",
        "outbox", "sms_shown", "reveal_journal", "retention_runs",
    ):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION call_events_append_only")


def _make_calls() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("last_event_at", UtcDateTime(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=64)),
        sa.Column("caller_index", sa.String(length=64)),
        sa.Column("hand_over_reason", sa.String(length=64)),
        sa.Column("end_reason", sa.String(length=64)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
    )
    op.create_index(op.f("ix_calls_caller_index"), "calls", ["caller_index"], unique=False)
    op.create_index(op.f("ix_calls_started_at"), "calls", ["started_at"], unique=False)
    op.create_table(
        "call_events",
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.JSON()),
        sa.Column("payload_sealed", sa.LargeBinary()),
        sa.CheckConstraint("(payload IS NULL) <> (payload_sealed IS NULL)", name=op.f("ck_call_events_one_payload")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_events_calls")),
        sa.PrimaryKeyConstraint("call_id", "seq", name=op.f("pk_call_events")),
    )
    op.create_table(
        "hand_overs",
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("status IN ('waiting', 'taken', 'closed')", name=op.f("ck_hand_overs_status")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_hand_overs")),
    )


def _make_bookings() -> None:
    op.create_table(
        "pickup_days",
        sa.Column("sector", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.CheckConstraint("used >= 0 AND used <= capacity", name=op.f("ck_pickup_days_never_overbooked")),
        sa.PrimaryKeyConstraint("sector", "day", name=op.f("pk_pickup_days")),
    )
    op.create_table(
        "holds",
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("sector", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sector", "day"], ["pickup_days.sector", "pickup_days.day"], name=op.f("fk_holds_pickup_days")
        ),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_holds")),
    )
    op.create_index(op.f("ix_holds_expires_at"), "holds", ["expires_at"], unique=False)
    op.create_table(
        "bookings",
        sa.Column("reference", sa.String(length=5), nullable=False),
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sector", sa.String(length=64), nullable=False),
        sa.Column("insee", sa.String(length=5), nullable=False),
        sa.Column("commune", sa.String(length=128), nullable=False),
        sa.Column("postcode", sa.String(length=5), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary()),
        sa.Column("phone_index", sa.String(length=64)),
        sa.Column("readback_accepted", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("created_by IN ('bot', 'agent', 'resident')", name=op.f("ck_bookings_created_by")),
        sa.CheckConstraint("status IN ('booked', 'cancelled', 'collected')", name=op.f("ck_bookings_status")),
        sa.CheckConstraint("(phone_sealed IS NULL) = (phone_index IS NULL)", name=op.f("ck_bookings_phone_whole")),
        sa.CheckConstraint("readback_accepted = true", name=op.f("ck_bookings_read_back")),
        sa.ForeignKeyConstraint(
            ["sector", "day"], ["pickup_days.sector", "pickup_days.day"], name=op.f("fk_bookings_pickup_days")
        ),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_bookings")),
        sa.UniqueConstraint("call_id", name=op.f("uq_bookings_call_id")),
    )
    op.create_index(op.f("ix_bookings_phone_index"), "bookings", ["phone_index"], unique=False)
    op.create_index("ix_bookings_sector_day", "bookings", ["sector", "day"], unique=False)


def _make_booking_items() -> None:
    op.create_table(
        "booking_items",
        sa.Column("reference", sa.String(length=5), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("heard_sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_booking_items_some")),
        sa.ForeignKeyConstraint(
            ["reference"], ["bookings.reference"], name=op.f("fk_booking_items_bookings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("reference", "position", name=op.f("pk_booking_items")),
    )


def _make_messages() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("recipient_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("queued_at", UtcDateTime(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(), nullable=False),
        sa.Column("leased_by", sa.String(length=64)),
        sa.Column("lease_until", UtcDateTime()),
        sa.Column("provider_id", sa.String(length=128)),
        sa.Column("sent_at", UtcDateTime()),
        sa.CheckConstraint("(status = 'leased') = (leased_by IS NOT NULL)", name=op.f("ck_outbox_leased_by_one")),
        sa.CheckConstraint("(status = 'sent') = (provider_id IS NOT NULL)", name=op.f("ck_outbox_sent_has_id")),
        sa.CheckConstraint("status IN ('queued', 'leased', 'sent', 'dead')", name=op.f("ck_outbox_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index("ix_outbox_status_next_attempt_at", "outbox", ["status", "next_attempt_at"], unique=False)
    op.create_table(
        "sms_shown",
        sa.Column("message_key", sa.String(length=128), nullable=False),
        sa.Column("recipient_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("shown_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("message_key", name=op.f("pk_sms_shown")),
    )


def _make_journals() -> None:
    op.create_table(
        "reveal_journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("who", sa.String(length=128), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_reveal_journal_reasoned")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveal_journal")),
    )
    op.create_table(
        "retention_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("finished_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_runs")),
    )
