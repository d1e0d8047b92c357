"""The stream of a call: an append-only list of typed events. The state of the dialogue is a fold over it.

Every event is a fact that has happened. ``PERSONAL`` names the kinds whose payload is encrypted at rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from callbot.domain.addresses import AddressCandidate, StreetAddress
from callbot.domain.bookings import Booking, NotBooked, NotChanged
from callbot.domain.calendar import PickupDate
from callbot.domain.data_rights import DataRight
from callbot.domain.items import Ground, ItemLine, Ruling
from callbot.domain.meaning import Meaning
from callbot.domain.people import ReportKind, Window
from callbot.domain.personal import PhoneNumber
from callbot.domain.territories import HouseholdLimit


class Channel(StrEnum):
    """How the conversation reaches us."""

    PHONE = "phone"
    TEXT = "text"
    """the text page"""
    SMS = "sms"
    TURNS = "turns"
    """a telephone call turn by turn over webhooks: the stream or the speech engine failed"""


class HandOverReason(StrEnum):
    """Why a person takes over; every one is a named reason, shown to agents and counted."""

    ASKED = "asked"
    NOT_UNDERSTOOD = "not_understood"
    NO_ANSWER = "no_answer"
    RULE_UNKNOWN = "rule_unknown"
    ITEM_DOUBT = "item_doubt"
    ADDRESS_DOUBT = "address_doubt"
    NO_DATE = "no_date"
    OTHER_REQUEST = "other_request"
    TECHNICAL = "technical"
    TOO_LONG = "too_long"
    EMERGENCY = "emergency"
    STATUS = "status"
    MISSED = "missed"
    AMEND = "amend"
    CANCEL = "cancel"
    ASSISTED = "assisted"
    PROFESSIONAL = "professional"
    COMPLAINT = "complaint"
    LANGUAGE = "language"
    NOT_KNOWN = "not_known"
    """a question the knowledge base has no answer to"""
    HOUSEHOLD_LIMIT = "household_limit"
    """the household has had all the pickups that the rules give it"""
    UPSET = "upset"
    """insulted twice: a person may do better"""
    DIVERTED = "diverted"
    """the bot is switched off or about to stop: people answer in its stead"""


class EndReason(StrEnum):
    """Why a call ended."""

    DONE = "done"
    CALLER_HUNG_UP = "caller_hung_up"
    HANDED_OVER = "handed_over"
    CALL_BACK = "call_back"
    """a person calls back in the window promised"""
    SILENCE = "silence"
    BROKEN_STREAM = "broken_stream"
    TOO_LONG = "too_long"
    FAILURE = "failure"
    DIVERTED = "diverted"
    """never answered by the bot: put to people"""


@dataclass(frozen=True, slots=True)
class CallAnswered:
    """The line is open. ``caller`` is None when withheld; ``resumed``: the call comes back after a broken stream."""

    caller: PhoneNumber | None
    channel: Channel = Channel.PHONE
    resumed: bool = False
    today: date | None = None
    """the day it is in the métropole"""


@dataclass(frozen=True, slots=True)
class Prompted:
    """The bot began to say prompt ``number`` of the call, act ``act`` (``Act`` of the dialogue)."""

    act: str
    number: int
    text: str
    entry: str | None = None
    """id of the knowledge entry the words come from"""
    knowledge: str | None = None
    """SHA-256 of the knowledge base they come from; with an entry only"""


@dataclass(frozen=True, slots=True)
class PromptHeard:
    """The phone company played prompt ``number`` to its end (its mark came back and no ``clear`` came between)."""

    act: str
    number: int


@dataclass(frozen=True, slots=True)
class PromptInterrupted:
    """The caller spoke over prompt ``number``; what followed of it was thrown away. ``heard_ms``: what was played."""

    act: str
    number: int
    heard_ms: int = 0


@dataclass(frozen=True, slots=True)
class CallerSpoke:
    """Words of one utterance: ``hypotheses`` best first, ``text`` the first; ``confidence`` 0..1; times in ms."""

    text: str
    hypotheses: tuple[str, ...] = ()
    confidence: float = 1.0
    speech_ms: int = 0
    decode_ms: int = 0
    message: str = ""
    """id of the text message they came in, "" elsewhere: a message that comes twice is answered once"""
    language: str = ""
    """ISO 639-1, where the voice surely speaks another language than French"""


@dataclass(frozen=True, slots=True)
class Understood:
    """What the last words mean; ``street_readings``: the street as each hypothesis has it, best first."""

    meaning: Meaning
    street_readings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeysPressed:
    """Keys of the phone, one or several ("0", "1", "0612345678")."""

    keys: str


@dataclass(frozen=True, slots=True)
class NothingHeard:
    """The caller stayed silent for the patience of the question."""


@dataclass(frozen=True, slots=True)
class NoWords:
    """There was a voice or a noise, and no words that can be trusted."""


@dataclass(frozen=True, slots=True)
class NoProgress:
    """For too long by the clock nothing was understood, whatever was heard meanwhile."""


@dataclass(frozen=True, slots=True)
class ItemsJudged:
    """The rules' answer on the items, in the order asked; ``volume_m3`` of all accepted ones.

    ``ground``: the limit that is passed where they are ``too_many``.
    """

    rulings: tuple[Ruling, ...]
    volume_m3: float
    too_many: bool = False
    ground: Ground | None = None


@dataclass(frozen=True, slots=True)
class AddressesFound:
    """Candidates for the address heard, best first; empty when the base has nothing like it."""

    candidates: tuple[AddressCandidate, ...]


@dataclass(frozen=True, slots=True)
class EarlierAddressFound:
    """Where the number that calls last booked a pickup; None when it did not, or not lately enough."""

    address: StreetAddress | None


@dataclass(frozen=True, slots=True)
class BookedThere:
    """A pickup to come at the same address; ``own``: it left the number that calls."""

    day: date
    own: bool


@dataclass(frozen=True, slots=True)
class ClosedThen:
    """No collection from ``first`` to ``last`` included, for ``reason`` (spoken French: "grève"), by ``ground``."""

    first: date
    last: date
    reason: str
    ground: Ground


@dataclass(frozen=True, slots=True)
class DatesFound:
    """Dates with room, earliest first; ``served`` False when the territory takes no appointments that we know of.

    ``booked_there``: what is booked at this address already, by day; ``over_limit``: this household has had all the
    pickups it may have (``limit`` by ``ground``, None where the territory sets none), so that a person decides;
    ``closed``: why not a single day that was wished is served, where the crews would come otherwise.
    """

    dates: tuple[PickupDate, ...]
    served: bool = True
    booked_there: tuple[BookedThere, ...] = ()
    over_limit: bool = False
    limit: HouseholdLimit | None = None
    ground: Ground | None = None
    closed: ClosedThen | None = None


@dataclass(frozen=True, slots=True)
class DateHeld:
    """A place on ``day`` is kept for this call until ``expires_at``."""

    day: date
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class HoldRefused:
    """The day filled up in the meantime."""

    day: date


@dataclass(frozen=True, slots=True)
class Booked:
    """The booking is stored. ``put_out`` is the spoken put-out rule of the territory; ``sms`` whether one goes out."""

    reference: str
    day: date
    put_out: str
    sms: bool


@dataclass(frozen=True, slots=True)
class BookingFailed:
    """The booking could not be made. ``ground``: the rule behind it, if one is."""

    reason: NotBooked
    ground: Ground | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class EarlierCallFound:
    """What the same number told in a call cut off less than half an hour ago; empty when there was none."""

    items: tuple[ItemLine, ...] = ()
    address: StreetAddress | None = None
    """confirmed in that call"""


@dataclass(frozen=True, slots=True)
class BookingsFound:
    """Bookings of the number that calls, or with one of the references given; those to come first, by day."""

    bookings: tuple[Booking, ...]


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The booking is cancelled and its place is free again; ``sms`` whether one goes out."""

    reference: str
    sms: bool


@dataclass(frozen=True, slots=True)
class Amended:
    """The booking was changed; ``sms`` whether one goes out."""

    reference: str
    day: date
    sms: bool


@dataclass(frozen=True, slots=True)
class ChangeFailed:
    """A booking could not be changed or cancelled; it stays as it was. ``ground``: the rule behind it, if one is."""

    reason: NotChanged
    ground: Ground | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Reported:
    """A report is stored for the people concerned; ``right``: what was asked about one's data."""

    kind: ReportKind
    right: DataRight | None = None


@dataclass(frozen=True, slots=True)
class PeopleChecked:
    """Whether agents answer now; ``window``: the first window in which one can call back, None when that is unknown."""

    open: bool
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class CallBackKept:
    """A call-back in ``window`` is stored; ``sms`` whether one confirms it."""

    window: Window
    sms: bool


@dataclass(frozen=True, slots=True)
class GapNoted:
    """A question the knowledge base could not answer; ``nearest``: its entries that came nearest."""

    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rated:
    """The caller said how the call was: ``rating`` 1 got what they wanted, 2 partly, 3 not."""

    rating: int


@dataclass(frozen=True, slots=True)
class PartFailed:
    """A part of the machine failed (``speech``, ``booking``...): the call goes to a person."""

    part: str


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The call was given to a person."""

    reason: HandOverReason


@dataclass(frozen=True, slots=True)
class HandedBack:
    """The person who had the call gives it back to the machine; its caller stays on the line."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The call is over."""

    reason: EndReason


Event = (
    CallAnswered | Prompted | PromptHeard | PromptInterrupted | CallerSpoke | Understood | KeysPressed | NothingHeard
    | NoWords | NoProgress | ItemsJudged | AddressesFound | EarlierAddressFound | EarlierCallFound | BookingsFound
    | DatesFound | DateHeld | HoldRefused | Booked | BookingFailed | Cancelled | Amended | ChangeFailed | Reported
    | PeopleChecked | CallBackKept | GapNoted | Rated | PartFailed | HandedOver | HandedBack | Ended
)  # fmt: skip

PERSONAL: frozenset[type] = frozenset(
    {CallAnswered, Prompted, CallerSpoke, Understood, KeysPressed, AddressesFound, EarlierAddressFound,
     EarlierCallFound, BookingsFound}
)  # fmt: skip
