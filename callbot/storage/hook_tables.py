"""Tables of the hooks: who reads the stream of events beside the service, how far, and what they could not take.

No word of a caller is in them. What belongs to a call goes with it.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, Table

from callbot.storage.tables import CALL_ID, NAME, metadata
from callbot.storage.types import UtcDateTime

# One row a hook. ``owner``: the process that delivers, until ``leased_until``.
hooks = Table(
    "hooks",
    metadata,
    Column("name", NAME, primary_key=True),
    # calls that began earlier are not told
    Column("since", UtcDateTime, nullable=False),
    # a sweep that ended then found nothing left
    Column("clean_at", UtcDateTime),
    Column("delivered_at", UtcDateTime),
    Column("owner", NAME),
    Column("leased_until", UtcDateTime),
)

# How far a hook is in a call. ``tries`` of the event after ``seq``, the first one at ``failed_at``.
hook_cursors = Table(
    "hook_cursors",
    metadata,
    Column("hook", NAME, ForeignKey("hooks.name", ondelete="CASCADE"), primary_key=True),
    Column("call_id", CALL_ID, ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("seq", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("failed_at", UtcDateTime),
    Column("next_try_at", UtcDateTime),
)

# Events that a hook did not take while it took others. ``wanted``: a person asked for another try.
hook_set_aside = Table(
    "hook_set_aside",
    metadata,
    Column("hook", NAME, ForeignKey("hooks.name", ondelete="CASCADE"), primary_key=True),
    Column("call_id", CALL_ID, ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("tries", Integer, nullable=False),
    # the kind of the error, never its text
    Column("error", NAME, nullable=False),
    Column("wanted", Boolean(create_constraint=False), nullable=False),
)
