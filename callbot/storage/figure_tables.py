"""Tables of the figures. All but ``arrivals``, ``satisfaction`` and ``signed_months`` can be made anew from the events.

No name, number or word of a caller is in them. ``caller_index`` is dropped once the seven days of recalls are over.
"""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Index, Integer, String, Table, Text, text

from callbot.storage.tables import CALL_ID, NAME, metadata
from callbot.storage.types import BlindIndex, UtcDateTime

# What the telephone company told us of, answered or not: the denominator of the figures.
arrivals = Table(
    "arrivals",
    metadata,
    Column("call_id", CALL_ID, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
)

call_facts = Table(
    "call_facts",
    metadata,
    Column("call_id", CALL_ID, primary_key=True),
    # local day on which it was received
    Column("day", Date, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("channel", NAME, nullable=False),
    Column("territory", NAME, nullable=False),
    Column("motive", NAME, nullable=False),
    Column("outcome", NAME, nullable=False),
    Column("reason", NAME, nullable=False),
    Column("asked", Boolean(create_constraint=False), nullable=False),
    Column("abandoned_at", NAME, nullable=False),
    Column("corrected_later", Boolean(create_constraint=False), nullable=False),
    # 0 without one, -1 asked by SMS and not answered
    Column("rating", Integer, nullable=False),
    Column("caller_index", BlindIndex()),
    Column("facts", Text, nullable=False),
    # what it was made from: another number of events or state of the hand-over, and it is made again
    Column("events", Integer, nullable=False),
    Column("hand_over", NAME, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Index("ix_call_facts_day_territory", "day", "territory"),
    Index("ix_call_facts_caller_index_received_at", "caller_index", "received_at"),
    Index("ix_call_facts_received_at", "received_at"),
)

# Sums of a day: a year of figures is read from 365 rows a territory ("*": all together).
call_days = Table(
    "call_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("territory", NAME, primary_key=True),
    # of the facts it was summed from
    Column("stamp", String(128), nullable=False),
    Column("tally", Text, nullable=False),
    Column("hours", Text, nullable=False),
)

# What people said of the service themselves. ``rating`` None: asked, and no answer.
satisfaction = Table(
    "satisfaction",
    metadata,
    Column("call_id", CALL_ID, primary_key=True),
    Column("way", NAME, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("rating", Integer),
    Column("answered_at", UtcDateTime),
    # by which an answer by SMS finds its question
    Column("phone_index", BlindIndex(), index=True),
    # agreed: to be asked by SMS once the pickup took place; asked_at is when they agreed
    CheckConstraint("way IN ('call', 'agreed', 'sms')", name="way"),
    CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 3", name="rating"),
    CheckConstraint("(rating IS NULL) = (answered_at IS NULL)", name="answered_whole"),
)

# Months whose figures are public, as they stood when an administrator signed them.
signed_months = Table(
    "signed_months",
    metadata,
    Column("month", String(7), primary_key=True),
    Column("signed_by", NAME, nullable=False),
    Column("signed_at", UtcDateTime, nullable=False),
    Column("figures", Text, nullable=False),
    Column("remark", Text, nullable=False, server_default=text("''")),
)
