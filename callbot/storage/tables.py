"""The tables. Sealed columns (``*_sealed``) hold personal data, see ``privacy``; the migrations make these same tables.

Not seen here, made by the migrations: triggers that refuse any change of ``call_events``, and any removal outside an
open retention run (see ``retention``).
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from callbot.storage.types import BlindIndex, UtcDateTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

CALL_ID = String(64)
INDEX = String(64)
NAME = String(64)

calls = Table(
    "calls",
    metadata,
    Column("id", CALL_ID, primary_key=True),
    Column("started_at", UtcDateTime, nullable=False, index=True),
    Column("last_event_at", UtcDateTime, nullable=False),
    # how many events there are: the number of the last one
    Column("events", Integer, nullable=False),
    Column("channel", NAME),
    Column("caller_index", BlindIndex(), index=True),
    Column("hand_over_reason", NAME),
    Column("end_reason", NAME, index=True),
)

call_events = Table(
    "call_events",
    metadata,
    Column("call_id", CALL_ID, ForeignKey("calls.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", NAME, nullable=False),
    Column("payload", JSON(none_as_null=True)),
    Column("payload_sealed", LargeBinary),
    CheckConstraint("(payload IS NULL) <> (payload_sealed IS NULL)", name="one_payload"),
)

pickup_days = Table(
    "pickup_days",
    metadata,
    Column("sector", NAME, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("capacity", Integer, nullable=False),
    Column("used", Integer, nullable=False),
    # objects and litres; no capacity: not limited
    Column("capacity_items", Integer),
    Column("used_items", Integer, nullable=False, server_default=text("0")),
    Column("capacity_litres", Integer),
    Column("used_litres", Integer, nullable=False, server_default=text("0")),
    CheckConstraint("used >= 0 AND used <= capacity", name="never_overbooked"),
    CheckConstraint(
        "used_items >= 0 AND (capacity_items IS NULL OR used_items <= capacity_items)", name="never_too_many_items"
    ),
    CheckConstraint(
        "used_litres >= 0 AND (capacity_litres IS NULL OR used_litres <= capacity_litres)", name="never_too_much_volume"
    ),
)

holds = Table(
    "holds",
    metadata,
    Column("call_id", CALL_ID, primary_key=True),
    Column("sector", NAME, nullable=False),
    Column("day", Date, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("items", Integer, nullable=False, server_default=text("0")),
    Column("litres", Integer, nullable=False, server_default=text("0")),
    ForeignKeyConstraint(["sector", "day"], ["pickup_days.sector", "pickup_days.day"]),
)

bookings = Table(
    "bookings",
    metadata,
    Column("reference", String(5), primary_key=True),
    Column("call_id", CALL_ID, nullable=False, unique=True),
    Column("status", NAME, nullable=False),
    Column("day", Date, nullable=False),
    Column("sector", NAME, nullable=False),
    Column("insee", String(5), nullable=False),
    Column("commune", String(128), nullable=False),
    Column("postcode", String(5), nullable=False),
    Column("address_sealed", LargeBinary, nullable=False),
    Column("phone_sealed", LargeBinary),
    Column("phone_index", BlindIndex(), index=True),
    # No index: nobody is found by name.
    Column("name_sealed", LargeBinary),
    Column("email_sealed", LargeBinary),
    Column("note_sealed", LargeBinary),
    Column("calls_wanted", Boolean(create_constraint=False), nullable=False, server_default=text("false")),
    # blind index of number, street and commune: other bookings of the same address
    Column("address_index", BlindIndex(), index=True),
    # what it takes of its day; given back exactly, whatever the catalogue says by then
    Column("load_items", Integer, nullable=False, server_default=text("0")),
    Column("load_litres", Integer, nullable=False, server_default=text("0")),
    # the resident's link: sealed to write it again, as a blind index to find the booking by it
    Column("link_sealed", LargeBinary),
    Column("link_index", BlindIndex(), unique=True, index=True),
    Column("not_conform", NAME),
    Column("readback_accepted", Boolean(create_constraint=False), nullable=False),
    Column("created_by", NAME, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(["sector", "day"], ["pickup_days.sector", "pickup_days.day"]),
    # No "refused": the machine never refuses for good (charter, commitment 4).
    CheckConstraint(
        "status IN ('booked', 'replanned', 'collected', 'not_presented', 'not_conform', 'inaccessible', 'missed',"
        " 'cancelled')",
        name="status",
    ),
    CheckConstraint("(status = 'not_conform') = (not_conform IS NOT NULL)", name="not_conform_why"),
    CheckConstraint("(link_sealed IS NULL) = (link_index IS NULL)", name="link_whole"),
    CheckConstraint("created_by IN ('bot', 'agent', 'resident')", name="created_by"),
    # Nothing is booked that was not read back and accepted (charter, commitment 5).
    CheckConstraint("readback_accepted = true", name="read_back"),
    CheckConstraint("(phone_sealed IS NULL) = (phone_index IS NULL)", name="phone_whole"),
    Index("ix_bookings_sector_day", "sector", "day"),
)

booking_items = Table(
    "booking_items",
    metadata,
    Column("reference", String(5), ForeignKey("bookings.reference", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("item", NAME, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("heard_sealed", LargeBinary, nullable=False),
    CheckConstraint("quantity > 0", name="some"),
)

# Who changed a booking after it was made; its last row tells a change that is asked twice.
booking_changes = Table(
    "booking_changes",
    metadata,
    Column("reference", String(5), ForeignKey("bookings.reference", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", NAME, nullable=False),
    # None: cancelled by reference, without a call
    Column("call_id", CALL_ID),
    Column("at", UtcDateTime, nullable=False),
    Column("day_before", Date, nullable=False),
    Column("day_after", Date, nullable=False),
    # blind index of what was asked
    Column("asked_index", INDEX),
    # None: changed before this was kept
    Column("changed_by", NAME),
    Column("status_after", NAME),
    CheckConstraint("kind IN ('amended', 'cancelled', 'outcome', 'replanned', 'completed')", name="kind"),
)

# Shown to the crew; scaled down and without what the telephone wrote into it (place, time, owner).
booking_photos = Table(
    "booking_photos",
    metadata,
    Column("reference", String(5), ForeignKey("bookings.reference", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("jpeg_sealed", LargeBinary, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(128), nullable=False, unique=True),
    Column("kind", NAME, nullable=False),
    Column("recipient_sealed", LargeBinary, nullable=False),
    Column("body_sealed", LargeBinary, nullable=False),
    Column("status", NAME, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("next_attempt_at", UtcDateTime, nullable=False),
    Column("leased_by", NAME),
    Column("lease_until", UtcDateTime),
    Column("provider_id", String(128)),
    Column("sent_at", UtcDateTime),
    # a reminder of tomorrow says nothing true the day after
    Column("not_after", UtcDateTime),
    # what the provider told of a sent message (``messages.ports.Delivery``)
    Column("delivery", NAME),
    Column("delivery_at", UtcDateTime),
    # the kind of the last failure, never its text
    Column("failure", NAME),
    CheckConstraint("status IN ('queued', 'leased', 'sent', 'dead', 'withdrawn')", name="status"),
    CheckConstraint("(status = 'leased') = (leased_by IS NOT NULL)", name="leased_by_one"),
    CheckConstraint("(status = 'sent') = (provider_id IS NOT NULL)", name="sent_has_id"),
    Index("ix_outbox_status_next_attempt_at", "status", "next_attempt_at"),
    Index("ix_outbox_provider_id", "provider_id"),
    # By the beginning of a key: in no collation but C does PostgreSQL use an ordinary index for LIKE.
    Index("ix_outbox_key_begins", "key", postgresql_ops={"key": "text_pattern_ops"}),
)

# Numbers that answered STOP: no SMS goes there any more.
opt_outs = Table(
    "opt_outs",
    metadata,
    Column("phone_index", BlindIndex(), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

sms_shown = Table(
    "sms_shown",
    metadata,
    Column("message_key", String(128), primary_key=True),
    Column("recipient_sealed", LargeBinary, nullable=False),
    Column("body_sealed", LargeBinary, nullable=False),
    Column("shown_at", UtcDateTime, nullable=False),
)

hand_overs = Table(
    "hand_overs",
    metadata,
    Column("call_id", CALL_ID, primary_key=True),
    Column("reason", NAME, nullable=False),
    Column("status", NAME, nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    # no foreign key: what was done with a call outlives the account of who did it
    Column("taken_by", NAME, index=True),
    # a person's voice: the end of the wait, whoever opened the page first
    Column("answered_at", UtcDateTime),
    Column("taken_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("wrap_up", NAME),
    Column("note_sealed", LargeBinary),
    # the caller and the person have hung up, or the call was given back
    Column("talk_ended_at", UtcDateTime),
    # the caller does not want a supervisor to listen
    Column("listening_refused_at", UtcDateTime),
    # see ``hand_overs.HandOverStatus``
    CheckConstraint("status IN ('waiting', 'taken', 'closed', 'left', 'called_back', 'unanswered')", name="status"),
)

call_backs = Table(
    "call_backs",
    metadata,
    Column("call_id", CALL_ID, primary_key=True),
    Column("phone_sealed", LargeBinary, nullable=False),
    Column("phone_index", BlindIndex(), nullable=False, index=True),
    Column("reason", NAME, nullable=False),
    Column("first_at", UtcDateTime, nullable=False, index=True),
    Column("last_at", UtcDateTime, nullable=False),
    Column("status", NAME, nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("taken_by", NAME),
    Column("taken_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("wrap_up", NAME),
    Column("note_sealed", LargeBinary),
    # how often it was rung in vain
    Column("tries", Integer, nullable=False, server_default=text("0")),
    # the last time the service rang for it, and how that ended (``desk.RingResult``); NULL while it rings
    Column("rung_at", UtcDateTime),
    Column("ring_result", NAME),
    CheckConstraint("status IN ('waiting', 'done')", name="status"),
    CheckConstraint("first_at < last_at", name="some_time"),
)

reports = Table(
    "reports",
    metadata,
    Column("call_id", CALL_ID, primary_key=True),
    Column("kind", NAME, primary_key=True),
    # blind index of what it is about: a second pile of rubbish is a second report, the same one said twice is not
    Column("about_index", INDEX, primary_key=True),
    Column("reference", String(5)),
    Column("insee", String(5)),
    Column("commune", String(128)),
    Column("postcode", String(5)),
    Column("address_sealed", LargeBinary),
    Column("items", JSON, nullable=False),
    Column("status", NAME, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    CheckConstraint("status IN ('waiting', 'done')", name="status"),
    CheckConstraint("(address_sealed IS NULL) = (commune IS NULL)", name="address_whole"),
)

reveal_journal = Table(
    "reveal_journal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("who", String(128), nullable=False),
    Column("reason", Text, nullable=False),
    Column("what", Text, nullable=False),
    CheckConstraint("reason <> ''", name="reasoned"),
)

retention_runs = Table(
    "retention_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    Column("finished_at", UtcDateTime),
)

# Staff. Who enters by the authority's own provider has a subject and no login.
accounts = Table(
    "accounts",
    metadata,
    Column("id", NAME, primary_key=True),
    Column("login_sealed", LargeBinary),
    Column("login_index", BlindIndex(), unique=True, index=True),
    # blind index of issuer and subject
    Column("subject_index", BlindIndex(), unique=True, index=True),
    Column("name_sealed", LargeBinary, nullable=False),
    Column("role", NAME, nullable=False),
    Column("password_hash", String(255)),
    Column("must_change_password", Boolean(create_constraint=False), nullable=False),
    # keys of the one-time codes: in force, and shown but not confirmed yet
    Column("key_sealed", LargeBinary),
    Column("pending_key_sealed", LargeBinary),
    # the last time step whose code was taken: no code opens twice
    Column("last_step", Integer),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
    CheckConstraint(
        "role IN ('agent', 'supervisor', 'administrator', 'data_protection_officer', 'read_only')", name="role"
    ),
    CheckConstraint("(login_index IS NULL) <> (subject_index IS NULL)", name="one_way_in"),
    CheckConstraint("(login_sealed IS NULL) = (login_index IS NULL)", name="login_whole"),
    CheckConstraint("(password_hash IS NULL) = (login_index IS NULL)", name="password_with_login"),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    # a digest: the database holds no usable cookie
    Column("token_digest", INDEX, primary_key=True),
    Column("account_id", NAME, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("opened_at", UtcDateTime, nullable=False, index=True),
    Column("seen_at", UtcDateTime, nullable=False),
)

# Codes for who lost the telephone; a code that was used is gone.
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("account_id", NAME, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    # a keyed hash over account and code: the database alone cannot be tried against
    Column("code_digest", INDEX, primary_key=True),
)

# Attempts to sign in that opened nothing (yet); kept for a day. Blind indexes, neither login nor address.
sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login_index", BlindIndex(), nullable=False),
    Column("address_index", BlindIndex(), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Index("ix_sign_in_attempts_login_index_at", "login_index", "at"),
    Index("ix_sign_in_attempts_address_index_at", "address_index", "at"),
)

agent_presence = Table(
    "agent_presence",
    metadata,
    Column("account_id", NAME, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("presence", NAME, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    # the telephone on which the desk rings this agent
    Column("line_sealed", LargeBinary),
    CheckConstraint("presence IN ('present', 'pause')", name="presence"),
)
