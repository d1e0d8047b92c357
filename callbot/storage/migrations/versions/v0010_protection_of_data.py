"""The chained journal and the triggers that keep it, keys of periods, proofs of deletion, erasures that wait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callbot.storage.types import UtcDateTime

revision = "v0010"
down_revision = "v0009"
branch_labels = None
depends_on = None

_NAME, _INDEX = sa.String(length=64), sa.String(length=64)

_REFUSED = "BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END"
_SQLITE_TRIGGERS = (
    f"CREATE TRIGGER journal_never_changes BEFORE UPDATE ON journal {_REFUSED}",
    f"CREATE TRIGGER journal_never_loses BEFORE DELETE ON journal {_REFUSED}",
    # INSERT OR REPLACE removes a row without asking the trigger of DELETE.
    """
    CREATE TRIGGER journal_never_replaces BEFORE INSERT ON journal
    WHEN EXISTS (SELECT 1 FROM journal WHERE number = NEW.number OR hash = NEW.hash)
    BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END
    """,
)

_POSTGRESQL_TRIGGERS = (
    """
    CREATE FUNCTION journal_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'journal is append-only'; END $$
    """,
    """
    CREATE TRIGGER journal_stays BEFORE UPDATE OR DELETE ON journal
    FOR EACH ROW EXECUTE FUNCTION journal_append_only()
    """,
    """
    CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_append_only()
    """,
)


def upgrade() -> None:
    """Make everything."""
    _make_journal()
    _make_keys_and_reports()
    _make_copies_and_erasures()
    for trigger in _SQLITE_TRIGGERS if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL_TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    """Take everything away, triggers with their table."""
    for table in (
        "pending_erasures", "provider_copies", "retention_reports", "period_keys", "journal_head", "journal",
    ):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION journal_append_only()")


def _make_journal() -> None:
    op.create_table(
        "journal",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", _NAME, nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("previous", _INDEX, nullable=False),
        sa.Column("hash", _INDEX, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_journal")),
        sa.UniqueConstraint("hash", name=op.f("uq_journal_hash")),
    )
    op.create_index(op.f("ix_journal_at"), "journal", ["at"])
    op.create_index(op.f("ix_journal_kind"), "journal", ["kind"])
    op.create_table(
        "journal_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", _INDEX, nullable=False),
        sa.Column("mark", _INDEX, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_journal_head_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_head")),
    )


def _make_keys_and_reports() -> None:
    op.create_table(
        "period_keys",
        sa.Column("id", _NAME, nullable=False),
        sa.Column("purpose", _NAME, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("key_sealed", sa.LargeBinary()),
        sa.Column("destroyed_at", UtcDateTime()),
        sa.CheckConstraint(
            "(key_sealed IS NULL) = (destroyed_at IS NOT NULL)", name=op.f("ck_period_keys_there_or_destroyed")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_keys")),
    )
    op.create_table(
        "retention_reports",
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("at", name=op.f("pk_retention_reports")),
    )


def _make_copies_and_erasures() -> None:
    op.create_table(
        "provider_copies",
        sa.Column("sid", sa.String(length=128), nullable=False),
        sa.Column("kind", _NAME, nullable=False),
        sa.Column("asked_for_at", UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Integer()),
        sa.Column("answered_at", UtcDateTime()),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('message', 'call')", name=op.f("ck_provider_copies_kind")),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_provider_copies")),
    )
    op.create_index(op.f("ix_provider_copies_gone"), "provider_copies", ["gone"])
    op.create_table(
        "pending_erasures",
        sa.Column("reference", sa.String(length=5), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_pending_erasures")),
    )
