"""What the dialogue asks the world to do: say something, look something up, book, hand over, hang up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import Amendment, BookingDraft
from callbot.domain.events import EndReason, HandOverReason
from callbot.domain.items import ItemLine
from callbot.domain.meaning import Expectation, HeardAddress, HeardDate, Language
from callbot.domain.people import Report, Window
from callbot.domain.personal import PhoneNumber


class Act(StrEnum):
    """Dialogue acts; the mark after each prompt is named ``ACT:N``. ``GET /voice/acts`` lists them."""

    NOTICE = "notice"
    TELL_HUMAN = "tell_human"
    ASK_NEED = "ask_need"
    ASK_ITEMS = "ask_items"
    TELL_RULING = "tell_ruling"
    ASK_COMMUNE = "ask_commune"
    CONFIRM_COMMUNE = "confirm_commune"
    ASK_ADDRESS = "ask_address"
    CHOOSE_ADDRESS = "choose_address"
    CONFIRM_ADDRESS = "confirm_address"
    ASK_NUMBER = "ask_number"
    ASK_PART = "ask_part"
    ASK_INITIALS = "ask_initials"
    ASK_LANDMARK = "ask_landmark"
    RECALL_ADDRESS = "recall_address"
    ASK_WHOSE = "ask_whose"
    OFFER_ADD = "offer_add"
    OFFER_DATES = "offer_dates"
    ASK_PHONE = "ask_phone"
    CONFIRM_PHONE = "confirm_phone"
    OFFER_REMINDER = "offer_reminder"
    ASK_NAME = "ask_name"
    ASK_NAME_SPELLED = "ask_name_spelled"
    CONFIRM_NAME = "confirm_name"
    RECAP = "recap"
    ASK_CORRECTION = "ask_correction"
    GIVE_REFERENCE = "give_reference"
    PUT_OUT = "put_out"
    ASK_SATISFACTION = "ask_satisfaction"
    CONFIRM_GOAL = "confirm_goal"
    ASK_KIND = "ask_kind"
    ASK_MORE = "ask_more"
    ANSWER = "answer"
    NOT_KNOWN = "not_known"
    OFFER_BOOKING = "offer_booking"
    OFFER_CONTINUE = "offer_continue"
    ASK_REFERENCE = "ask_reference"
    CHOOSE_BOOKING = "choose_booking"
    CHECK_COMMUNE = "check_commune"
    TELL_STATUS = "tell_status"
    CONFIRM_CANCEL = "confirm_cancel"
    ASK_CHANGE = "ask_change"
    CONFIRM_CHANGE = "confirm_change"
    TELL_CHANGE = "tell_change"
    TELL_REPORT = "tell_report"
    CALM = "calm"
    OTHER_LANGUAGE = "other_language"
    OFFER_HUMAN = "offer_human"
    OFFER_CALL_BACK = "offer_call_back"
    ASK_CALL_BACK_NUMBER = "ask_call_back_number"
    CALL_BACK = "call_back"
    HAND_OVER = "hand_over"
    EMERGENCY = "emergency"
    GOODBYE = "goodbye"
    RESUME = "resume"
    HOLD_ON = "hold_on"


@dataclass(frozen=True, slots=True)
class Say:
    """A prompt. Its ``parts`` are spoken one after the other: fixed ones were rendered ahead, others while these play.

    ``expect`` is the kind of answer awaited after it (None: the bot goes on by itself once it was heard).
    ``interruptible``: the caller may speak over it (barge-in). ``hints``: words likely in the answer (dates offered,
    names of the commune's streets...), for the speech engine.
    """

    act: Act
    parts: tuple[str, ...]
    expect: Expectation | None = None
    interruptible: bool = True
    hints: tuple[str, ...] = ()
    corrects: Expectation | None = None
    """what a "no" to a read-back may go on with ("non, le 22")"""
    entry: str | None = None
    """id of the knowledge entry the words come from"""
    language: Language = Language.FRENCH
    slow: bool = False
    """the caller asked for it, or had to have things repeated: spoken slower, waited for longer"""
    waiting: bool = False
    """the caller asked for time ("attendez"): silence is no answer for a good while"""

    @property
    def text(self) -> str:
        """All parts as one text, the way a transcript shows it."""
        return " ".join(self.parts)


@dataclass(frozen=True, slots=True)
class JudgeItems:
    """Ask the rules about the items (event ``ItemsJudged``); ``insee`` None while the commune is unknown."""

    items: tuple[ItemLine, ...]
    insee: str | None


@dataclass(frozen=True, slots=True)
class FindAddress:
    """Look an address up (event ``AddressesFound``). ``hypotheses``: street as heard in each reading, best first."""

    heard: HeardAddress
    hypotheses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecallAddress:
    """Look up where this number booked before (event ``EarlierAddressFound``). Only a number the network shows."""

    caller: PhoneNumber


@dataclass(frozen=True, slots=True)
class FindDates:
    """Ask for dates with room (event ``DatesFound``), within ``wish`` when the caller has one, else the earliest.

    ``caller``: whose other bookings count, a number that the network shows; None where no new booking is made.
    """

    address: StreetAddress
    items: tuple[ItemLine, ...]
    wish: HeardDate | None = None
    after: date | None = None
    caller: PhoneNumber | None = None


@dataclass(frozen=True, slots=True)
class HoldDate:
    """Keep a place on ``day`` for this call (event ``DateHeld`` or ``HoldRefused``)."""

    address: StreetAddress
    items: tuple[ItemLine, ...]
    day: date


@dataclass(frozen=True, slots=True)
class Book:
    """Book (event ``Booked`` or ``BookingFailed``)."""

    draft: BookingDraft


@dataclass(frozen=True, slots=True)
class RecallCall:
    """Look up what this number told in a call cut off lately (event ``EarlierCallFound``)."""

    caller: PhoneNumber


@dataclass(frozen=True, slots=True)
class FindBookings:
    """Bookings of ``caller`` or with one of ``references`` (event ``BookingsFound``)."""

    caller: PhoneNumber | None = None
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CancelBooking:
    """Cancel (event ``Cancelled`` or ``ChangeFailed``); only after an explicit yes."""

    reference: str


@dataclass(frozen=True, slots=True)
class AmendBooking:
    """Change a booking (event ``Amended`` or ``ChangeFailed``)."""

    amendment: Amendment


@dataclass(frozen=True, slots=True)
class MakeReport:
    """Store a report for people (event ``Reported``)."""

    report: Report


@dataclass(frozen=True, slots=True)
class CheckPeople:
    """Do agents answer now? (event ``PeopleChecked``)."""


@dataclass(frozen=True, slots=True)
class KeepCallBack:
    """Store a call-back (event ``CallBackKept``)."""

    phone: PhoneNumber
    reason: HandOverReason
    window: Window


@dataclass(frozen=True, slots=True)
class NoteGap:
    """Note that the knowledge base has no answer (event ``GapNoted``)."""

    nearest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeepRating:
    """Keep what the caller said of the call (event ``Rated``)."""

    rating: int


@dataclass(frozen=True, slots=True)
class HandOver:
    """Give the call to a person with all that was understood (event ``HandedOver``)."""

    reason: HandOverReason


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call once the last prompt was heard (event ``Ended``)."""

    reason: EndReason


ChannelAct = Say | HandOver | HangUp
"""Acts that the caller's channel carries out"""

DeskRequest = JudgeItems | FindDates | HoldDate | Book | FindBookings | CancelBooking | AmendBooking
"""What the booking desk answers"""

Request = (
    DeskRequest | FindAddress | RecallAddress | RecallCall | MakeReport | CheckPeople | KeepCallBack | NoteGap
    | KeepRating
)  # fmt: skip
"""Acts that are answered by an event at once"""

DialogueAct = ChannelAct | Request
