"""Tables of the rights desk: requests with their deadlines, codes that identify, people whose data is not used."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ColumnElement, Date, Integer, LargeBinary, String, Table, or_, select

from callbot.domain.data_rights import DataRight, Identity, RequestState
from callbot.storage.tables import CALL_ID, INDEX, NAME, metadata
from callbot.storage.types import BlindIndex, UtcDateTime


def _one_of(column: str, values: type[DataRight] | type[Identity] | type[RequestState]) -> str:
    return f"{column} IN ({', '.join(repr(value.value) for value in values)})"


# A request about data. ``version`` counts its changes: of two officers who change the same one, the second is refused.
data_requests = Table(
    "data_requests",
    metadata,
    Column("id", NAME, primary_key=True),
    # what it came from: a request that comes twice is one
    Column("source", INDEX, nullable=False, unique=True),
    Column("data_right", NAME, nullable=False),
    Column("channel", NAME, nullable=False),
    Column("state", NAME, nullable=False, index=True),
    Column("received_at", UtcDateTime, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("extended_at", UtcDateTime),
    Column("extension_sealed", LargeBinary),
    Column("phone_sealed", LargeBinary),
    Column("phone_index", BlindIndex(), index=True),
    Column("call_id", CALL_ID),
    Column("details_sealed", LargeBinary),
    Column("known_by", NAME),
    Column("identified_at", UtcDateTime),
    Column("taken_by", NAME),
    Column("ended_at", UtcDateTime, index=True),
    Column("answer_sealed", LargeBinary),
    Column("certificate", String(64)),
    Column("version", Integer, nullable=False),
    CheckConstraint(_one_of("data_right", DataRight), name="data_right"),
    CheckConstraint(_one_of("state", RequestState), name="state"),
    CheckConstraint(f"known_by IS NULL OR {_one_of('known_by', Identity)}", name="known_by"),
    CheckConstraint("(known_by IS NULL) = (identified_at IS NULL)", name="identified"),
    CheckConstraint("state NOT IN ('identified', 'taken', 'answered') OR known_by IS NOT NULL", name="answers_known"),
)

# A code sent to a number, and what was asked with it. ``id`` is the hash of what the page holds, never in clear.
data_codes = Table(
    "data_codes",
    metadata,
    Column("id", INDEX, primary_key=True),
    Column("code_hash", INDEX, nullable=False),
    Column("phone_index", BlindIndex(), nullable=False, index=True),
    Column("phone_sealed", LargeBinary, nullable=False),
    Column("data_right", NAME),
    Column("details_sealed", LargeBinary),
    # the request an officer identifies with it; none: it was asked for on the page
    Column("request_id", NAME, index=True),
    Column("sent_at", UtcDateTime, nullable=False, index=True),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("used_at", UtcDateTime),
    # what opens the copy for some minutes once the code was right
    Column("access_hash", INDEX, unique=True),
    Column("access_until", UtcDateTime),
    CheckConstraint("tries >= 0", name="tries"),
)

# Numbers whose data is kept and not used (art. 18), or not used any more for what is not their own request (art. 21).
data_limits = Table(
    "data_limits",
    metadata,
    Column("phone_index", BlindIndex(), primary_key=True),
    Column("data_right", NAME, nullable=False),
    Column("request_id", NAME, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    CheckConstraint("data_right IN ('limitation', 'objection')", name="data_right"),
)


def may_use(index: Column[str]) -> ColumnElement[bool]:
    """True for rows whose number (blind index) is not limited, and for those without a number."""
    return or_(index.is_(None), index.not_in(select(data_limits.c.phone_index)))
