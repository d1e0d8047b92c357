"""A booking, its hold, and the states it may pass through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from callbot.domain.addresses import StreetAddress
from callbot.domain.items import ItemLine
from callbot.domain.personal import PersonName, PhoneNumber


class BookingStatus(StrEnum):
    """Life of a booking. There is no "refused": the machine never refuses for good (charter, commitment 4)."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    COLLECTED = "collected"


class Author(StrEnum):
    """Who made a booking."""

    BOT = "bot"
    AGENT = "agent"
    RESIDENT = "resident"


class NotBooked(StrEnum):
    """Why a booking could not be made; each has a sentence for the caller."""

    NO_ROOM = "no_room"
    CUT_OFF_PASSED = "cut_off_passed"
    NOT_READ_BACK = "not_read_back"
    NOT_SERVED = "not_served"


class NotChanged(StrEnum):
    """Why a booking could not be changed or cancelled; each has a sentence for the caller."""

    UNKNOWN = "unknown"
    """no such booking"""
    OVER = "over"
    """cancelled or collected already, or its day has passed"""
    TOO_LATE = "too_late"
    """its cut-off has passed"""
    NO_ROOM = "no_room"
    """the other day has no room any more"""
    NOT_SERVED = "not_served"
    """the rules of the address are not known, or not any more: a person decides"""
    NOT_ACCEPTED = "not_accepted"
    """something that is not taken, more than is taken at once, or nothing at all"""
    NOT_READ_BACK = "not_read_back"


@dataclass(frozen=True, slots=True)
class Amendment:
    """What changes of a booking; None: stays. ``readback_accepted``: the caller said yes to the change read back."""

    call_id: str
    reference: str
    items: tuple[ItemLine, ...] | None = None
    day: date | None = None
    phone: PhoneNumber | None = None
    readback_accepted: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """A place kept on a day for a call until ``expires_at`` (UTC)."""

    call_id: str
    sector: str
    day: date
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class BookingDraft:
    """All that a booking needs. ``call_id`` makes booking idempotent: the same call books once."""

    call_id: str
    address: StreetAddress
    items: tuple[ItemLine, ...]
    day: date
    phone: PhoneNumber | None
    readback_accepted: bool
    created_by: Author = Author.BOT
    name: PersonName | None = None


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking as stored."""

    reference: str
    status: BookingStatus
    day: date
    sector: str
    address: StreetAddress
    items: tuple[ItemLine, ...]
    phone: PhoneNumber | None
    created_by: Author
    created_at: datetime
    name: PersonName | None = None
    """only where the service asks for one and the caller gave it; shown as the phone is, never searched"""
