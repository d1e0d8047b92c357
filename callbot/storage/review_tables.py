"""Tables of the review. Lines and words are masked before they come here; what people write about a line is sealed."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from callbot.storage.tables import CALL_ID, NAME, metadata
from callbot.storage.types import UtcDateTime

review_calls = Table(
    "review_calls",
    metadata,
    Column("call_id", CALL_ID, ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True),
    Column("started_at", UtcDateTime, nullable=False),
    # how many events it had when it was read
    Column("events", Integer, nullable=False),
    # False: it could not be read, and is not shown
    Column("readable", Boolean(create_constraint=False), nullable=False),
    Column("channel", NAME, nullable=False),
    Column("insee", NAME, nullable=False),
    Column("territory", NAME, nullable=False),
    Column("motive", NAME, nullable=False),
    Column("outcome", NAME, nullable=False),
    Column("reason", NAME, nullable=False),
    Column("asked", Boolean(create_constraint=False), nullable=False),
    Column("unsure", Boolean(create_constraint=False), nullable=False),
    Column("abandoned_at", NAME, nullable=False),
    Column("lowest_confidence", Float),
    Column("first_words", Text, nullable=False),
    Column("lines", Integer, nullable=False),
    Index("ix_review_calls_readable_started_at", "readable", "started_at", "call_id"),
)

review_lines = Table(
    "review_lines",
    metadata,
    Column("call_id", CALL_ID, ForeignKey("review_calls.call_id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("speaker", NAME, nullable=False),
    Column("act", NAME, nullable=False),
    Column("masked", Text, nullable=False),
    Column("confidence", Float),
    Column("entry", NAME, nullable=False),
)

# An inverted index: both databases read it in the order of its key, the newest call with a word first. Filters are
# words too ("outcome:booked").
review_words = Table(
    "review_words",
    metadata,
    Column("word", NAME, primary_key=True),
    Column("started_at", UtcDateTime, primary_key=True),
    Column("call_id", CALL_ID, ForeignKey("review_calls.call_id", ondelete="CASCADE"), primary_key=True),
    Index("ix_review_words_call_id", "call_id"),
)

review_annotations = Table(
    "review_annotations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("call_id", String(64), ForeignKey("calls.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("seq", Integer, nullable=False),
    Column("kind", NAME, nullable=False),
    Column("note_sealed", LargeBinary, nullable=False),
    Column("expected_sealed", LargeBinary, nullable=False),
    # the account; it may be gone by now
    Column("made_by", NAME, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("case_name", NAME, nullable=False),
    CheckConstraint(
        "kind IN ('hearing', 'address', 'item', 'intent', 'knowledge_missing', 'knowledge_wrong', 'rule', 'latency',"
        " 'tone')",
        name="kind",
    ),
)
