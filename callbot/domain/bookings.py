"""A booking, its hold, and what they are made of; ``booking_life`` says what leads where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from callbot.domain.addresses import StreetAddress
from callbot.domain.items import Catalogue, ItemLine
from callbot.domain.personal import EmailAddress, Personal, PersonName, PhoneNumber


class BookingStatus(StrEnum):
    """Where a booking stands, see ``booking_life`` for what leads where.

    There is no "refused": the machine never refuses for good (charter, commitment 4).
    """

    HELD = "held"
    """a place kept for a call that has not booked yet: stored as a hold, never as a booking"""
    BOOKED = "booked"
    REPLANNED = "replanned"
    """a missed or inaccessible pickup that got another day: as good as booked"""
    COLLECTED = "collected"
    NOT_PRESENTED = "not_presented"
    """the crew was there and found nothing"""
    NOT_CONFORM = "not_conform"
    """left there, for the reason stored beside it"""
    INACCESSIBLE = "inaccessible"
    """the crew could not reach the objects"""
    MISSED = "missed"
    """the crew did not come"""
    CANCELLED = "cancelled"

    @property
    def to_come(self) -> bool:
        """True while the booking has a place on its day and waits for its crew."""
        return self in (BookingStatus.BOOKED, BookingStatus.REPLANNED)


class NotConform(StrEnum):
    """Why a crew left something there; each has a sentence for the resident."""

    OTHER_ITEMS = "other_items"
    """things that were not announced"""
    TOO_MUCH = "too_much"
    """more than was announced"""
    NOT_TAKEN = "not_taken"
    """things that no crew takes (rubble, plants...)"""
    BLOCKS_THE_WAY = "blocks_the_way"
    """put where it blocks the way"""
    NO_REFERENCE = "no_reference"
    """no reference on the objects, so they could not be told from rubbish"""


@dataclass(frozen=True, slots=True)
class Load:
    """What a booking weighs on a day: number of objects and litres (a lamp is not a sofa)."""

    items: int = 0
    litres: int = 0

    def __sub__(self, other: Load) -> Load:
        return Load(self.items - other.items, self.litres - other.litres)


def load_of(catalogue: Catalogue, lines: tuple[ItemLine, ...]) -> Load:
    """The load of items that are all in the catalogue; volumes are rounded to whole litres."""
    return Load(sum(line.quantity for line in lines), round(catalogue.volume(lines) * 1000))


class Author(StrEnum):
    """Who made a booking."""

    BOT = "bot"
    AGENT = "agent"
    RESIDENT = "resident"


class Changer(StrEnum):
    """Who changed a booking after it was made."""

    BOT = "bot"
    AGENT = "agent"
    RESIDENT = "resident"
    CREW = "crew"
    RULES = "rules"
    """the service itself, after its rules: a closure, a missed pickup that gets another day"""


class NotBooked(StrEnum):
    """Why a booking could not be made; each has a sentence for the caller."""

    NO_ROOM = "no_room"
    CUT_OFF_PASSED = "cut_off_passed"
    NOT_READ_BACK = "not_read_back"
    NOT_SERVED = "not_served"
    HOUSEHOLD_LIMIT = "household_limit"
    """the household has had all the pickups it may have: a person decides"""


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
    HOUSEHOLD_LIMIT = "household_limit"
    """the household at the other address has had all the pickups it may have: a person decides"""
    CONFLICT = "conflict"
    """its state does not lead there (a pickup that took place cannot be missed)"""


@dataclass(frozen=True, slots=True)
class Amendment:
    """What changes of a booking; None: stays. ``readback_accepted``: the caller said yes to the change read back.

    ``call_id``: what asks for it, a call or another errand with an id of its own.
    """

    call_id: str
    reference: str
    items: tuple[ItemLine, ...] | None = None
    day: date | None = None
    phone: PhoneNumber | None = None
    address: StreetAddress | None = None
    readback_accepted: bool = False
    by: Changer = Changer.BOT


@dataclass(frozen=True, slots=True)
class Hold:
    """A place kept on a day for a call until ``expires_at`` (UTC)."""

    call_id: str
    sector: str
    day: date
    expires_at: datetime
    load: Load = Load()


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
    calls_wanted: bool = False
    """a landline the caller asked us to ring with what an SMS would say"""
    email: EmailAddress | None = None


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
    calls_wanted: bool = False
    """a landline the caller asked us to ring with what an SMS would say"""
    email: EmailAddress | None = None
    """given on the resident's page or to an agent; nobody spells one to the machine"""
    note: Personal | None = None
    """what the resident wrote for the crew (access, place)"""
    load: Load = Load()
    not_conform: NotConform | None = None
