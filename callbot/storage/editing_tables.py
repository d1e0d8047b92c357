"""Tables of the switch and of versions of the knowledge base. Nothing of a caller is in them.

Not seen here, made by the migrations: triggers that refuse any change of ``service_switches`` and
``knowledge_versions``.
"""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Integer, String, Table, Text

from callbot.storage.tables import NAME, metadata
from callbot.storage.types import UtcDateTime

service_switches = Table(
    "service_switches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("to_people", Boolean(create_constraint=False), nullable=False),
    # an account, "automatic", or who stood at the command line
    Column("made_by", NAME, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

knowledge_versions = Table(
    "knowledge_versions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("published_by", NAME, nullable=False),
    Column("reason", Text, nullable=False),
    # JSON: text by the name of the file; laid over the files of the knowledge base
    Column("files", Text, nullable=False),
    # of the whole base with these files over it, as it was published
    Column("hash", String(64), nullable=False),
    # the proposal it comes from, or the version it goes back to
    Column("proposal", Integer),
    Column("restores", Integer),
    CheckConstraint("number > 0", name="number"),
)

knowledge_proposals = Table(
    "knowledge_proposals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", NAME, nullable=False),
    Column("file", String(128), nullable=False),
    Column("text", Text, nullable=False),
    # SHA-256 of the text it was written over, empty for a new file
    Column("base", String(64), nullable=False),
    Column("owner", String(128), nullable=False),
    Column("note", Text, nullable=False),
    Column("made_by", NAME, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("status", NAME, nullable=False, index=True),
    Column("decided_by", NAME, nullable=False),
    Column("decided_at", UtcDateTime),
    # why a rehearsal that failed did not count
    Column("override", Text, nullable=False),
    Column("rehearsal", NAME, nullable=False),
    Column("rehearsed_at", UtcDateTime),
    Column("report", Text, nullable=False),
    CheckConstraint("kind IN ('entry', 'file')", name="kind"),
    CheckConstraint("status IN ('waiting', 'published', 'refused', 'withdrawn')", name="status"),
    CheckConstraint("rehearsal IN ('none', 'running', 'passed', 'failed', 'broken')", name="rehearsal"),
)
