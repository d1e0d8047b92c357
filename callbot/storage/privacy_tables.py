"""Tables of the protection of data: the journal, keys of periods, proofs of deletion, erasures that wait for a pickup.

Made by the migration beside them: triggers that refuse any change of ``journal`` and any removal from it.
"""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Integer, LargeBinary, String, Table, Text

from callbot.storage.tables import INDEX, NAME, metadata
from callbot.storage.types import UtcDateTime

# Chained (``privacy.chain``). What it says is sealed with the key of its month; the chain holds without it.
journal = Table(
    "journal",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("kind", NAME, nullable=False, index=True),
    Column("content_sealed", LargeBinary, nullable=False),
    Column("previous", INDEX, nullable=False),
    Column("hash", INDEX, nullable=False, unique=True),
)

# One row: where the chain ends. Writers lock it, so entries get their numbers one after the other.
journal_head = Table(
    "journal_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("hash", INDEX, nullable=False),
    Column("mark", INDEX, nullable=False),
    CheckConstraint("id = 1", name="one"),
)

# A key for what is written in one period. Destroyed: its row stays without it, so that nobody makes it again.
period_keys = Table(
    "period_keys",
    metadata,
    Column("id", NAME, primary_key=True),
    Column("purpose", NAME, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("key_sealed", LargeBinary),
    Column("destroyed_at", UtcDateTime),
    CheckConstraint("(key_sealed IS NULL) = (destroyed_at IS NOT NULL)", name="there_or_destroyed"),
)

# Signed proofs of what was deleted. Counts only.
retention_reports = Table(
    "retention_reports",
    metadata,
    Column("at", UtcDateTime, primary_key=True),
    Column("report", Text, nullable=False),
    Column("signature", String(128), nullable=False),
)

# What the phone company keeps of a message or a call, and what it answered when it was told to delete it.
provider_copies = Table(
    "provider_copies",
    metadata,
    Column("sid", String(128), primary_key=True),
    Column("kind", NAME, nullable=False),
    Column("asked_for_at", UtcDateTime, nullable=False),
    Column("tries", Integer, nullable=False),
    # HTTP status of its last answer; none: it was not asked yet or did not answer
    Column("answer", Integer),
    Column("answered_at", UtcDateTime),
    Column("gone", Boolean(create_constraint=False), nullable=False, index=True),
    CheckConstraint("kind IN ('message', 'call')", name="kind"),
)

# Bookings of people who were erased, kept for the pickup alone and removed after it.
pending_erasures = Table(
    "pending_erasures",
    metadata,
    Column("reference", String(5), primary_key=True),
    Column("asked_at", UtcDateTime, nullable=False),
)
