"""The review: masked transcripts, the words they are found by, annotations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callbot.storage.types import UtcDateTime

revision = "v0008"
down_revision = "v0007"
branch_labels = None
depends_on = None

_NAME = sa.String(length=64)
_KINDS = (
    "kind IN ('hearing', 'address', 'item', 'intent', 'knowledge_missing', 'knowledge_wrong', 'rule', 'latency',"
    " 'tone')"
)


def upgrade() -> None:
    _make_calls()
    _make_lines()
    _make_words()
    _make_annotations()


def downgrade() -> None:
    for table in ("review_annotations", "review_words", "review_lines", "review_calls"):
        op.drop_table(table)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, _NAME, nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _make_calls() -> None:
    op.create_table(
        "review_calls",
        _text("call_id"),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        _flag("readable"),
        *(_text(name) for name in ("channel", "insee", "territory", "motive", "outcome", "reason")),
        _flag("asked"),
        _flag("unsure"),
        _text("abandoned_at"),
        sa.Column("lowest_confidence", sa.Float()),
        sa.Column("first_words", sa.Text(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_review_calls")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], ondelete="CASCADE", name=op.f("fk_review_calls_calls")),
    )
    columns = ["readable", "started_at", "call_id"]
    op.create_index("ix_review_calls_readable_started_at", "review_calls", columns)


def _make_lines() -> None:
    op.create_table(
        "review_lines",
        _text("call_id"),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        _text("speaker"),
        _text("act"),
        sa.Column("masked", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float()),
        _text("entry"),
        sa.PrimaryKeyConstraint("call_id", "seq", name=op.f("pk_review_lines")),
        sa.ForeignKeyConstraint(
            ["call_id"], ["review_calls.call_id"], ondelete="CASCADE", name=op.f("fk_review_lines_review_calls")
        ),
    )


def _make_words() -> None:
    op.create_table(
        "review_words",
        _text("word"),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        _text("call_id"),
        sa.PrimaryKeyConstraint("word", "started_at", "call_id", name=op.f("pk_review_words")),
        sa.ForeignKeyConstraint(
            ["call_id"], ["review_calls.call_id"], ondelete="CASCADE", name=op.f("fk_review_words_review_calls")
        ),
    )
    op.create_index("ix_review_words_call_id", "review_words", ["call_id"])


def _make_annotations() -> None:
    op.create_table(
        "review_annotations",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("call_id"),
        sa.Column("seq", sa.Integer(), nullable=False),
        _text("kind"),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expected_sealed", sa.LargeBinary(), nullable=False),
        _text("made_by"),
        sa.Column("at", UtcDateTime(), nullable=False),
        _text("case_name"),
        sa.CheckConstraint(_KINDS, name=op.f("ck_review_annotations_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_annotations")),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], ondelete="CASCADE", name=op.f("fk_review_annotations_calls")
        ),
    )
    op.create_index(op.f("ix_review_annotations_call_id"), "review_annotations", ["call_id"])
