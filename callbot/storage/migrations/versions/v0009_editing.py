"""The switch, versions of the knowledge base, and what is proposed for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callbot.storage.types import UtcDateTime

revision = "v0009"
down_revision = "v0008"
branch_labels = None
depends_on = None

_NAME = sa.String(length=64)
_KEPT = ("service_switches", "knowledge_versions")
"""histories: no line of them changes or goes"""


def upgrade() -> None:
    _make_switches()
    _make_versions()
    _make_proposals()
    for table in _KEPT:
        _guard(table)


def downgrade() -> None:
    for table in ("knowledge_proposals", *_KEPT):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION history_stays()")


def _guard(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION history_stays() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION 'append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_stay BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION history_stays()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION history_stays()"
    )


def _text(name: str, length: int = 64) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _long(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _make_switches() -> None:
    op.create_table(
        "service_switches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("to_people", sa.Boolean(), nullable=False),
        _text("made_by"),
        _long("reason"),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_switches")),
    )


def _make_versions() -> None:
    op.create_table(
        "knowledge_versions",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        _text("published_by"),
        _long("reason"),
        _long("files"),
        _text("hash"),
        sa.Column("proposal", sa.Integer()),
        sa.Column("restores", sa.Integer()),
        sa.CheckConstraint("number > 0", name=op.f("ck_knowledge_versions_number")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_knowledge_versions")),
    )


def _make_proposals() -> None:
    op.create_table(
        "knowledge_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("kind"),
        _text("file", 128),
        _long("text"),
        _text("base"),
        _text("owner", 128),
        _long("note"),
        _text("made_by"),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        _text("status"),
        _text("decided_by"),
        sa.Column("decided_at", UtcDateTime()),
        _long("override"),
        _text("rehearsal"),
        sa.Column("rehearsed_at", UtcDateTime()),
        _long("report"),
        sa.CheckConstraint("kind IN ('entry', 'file')", name=op.f("ck_knowledge_proposals_kind")),
        sa.CheckConstraint(
            "status IN ('waiting', 'published', 'refused', 'withdrawn')", name=op.f("ck_knowledge_proposals_status")
        ),
        sa.CheckConstraint(
            "rehearsal IN ('none', 'running', 'passed', 'failed', 'broken')",
            name=op.f("ck_knowledge_proposals_rehearsal"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_proposals")),
    )
    op.create_index(op.f("ix_knowledge_proposals_status"), "knowledge_proposals", ["status"])
