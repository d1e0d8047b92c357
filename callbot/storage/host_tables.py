"""Tables of what several hosts agree on. Nobody is in them."""

from __future__ import annotations

from sqlalchemy import Column, Table

from callbot.storage.tables import NAME, metadata
from callbot.storage.types import UtcDateTime

# Tickets of streams that were used: none is good twice, on whatever host. ``mark``: the hash of its token.
used_tickets = Table(
    "used_tickets",
    metadata,
    Column("mark", NAME, primary_key=True),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

# Which process does a chore, until when if it does not renew.
chore_leases = Table(
    "chore_leases",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("owner", NAME, nullable=False),
    Column("leased_until", UtcDateTime, nullable=False),
)
