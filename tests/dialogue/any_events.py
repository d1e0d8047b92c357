"""Every kind of event with anything in it, reachable or not: what ``step`` has to live with.

A log of an earlier version, rules or a catalogue that changed since, a service that answers twice or late: none of it
may stop the fold.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from hypothesis import strategies as st

from callbot.dialogue.acts import Act
from callbot.domain.addresses import AddressCandidate, NumberCheck, StreetAddress
from callbot.domain.bookings import Author, BookingStatus, NotBooked, NotChanged
from callbot.domain.calendar import PickupDate
from callbot.domain.data_rights import DataRight
from callbot.domain.events import (
    AddressesFound,
    Amended,
    Booked,
    BookedThere,
    BookingFailed,
    BookingsFound,
    CallAnswered,
    CallBackKept,
    CallerSpoke,
    Cancelled,
    ChangeFailed,
    Channel,
    ClosedThen,
    DateHeld,
    DatesFound,
    EarlierAddressFound,
    EarlierCallFound,
    Ended,
    EndReason,
    Event,
    GapNoted,
    HandedBack,
    HandedOver,
    HandOverReason,
    HoldRefused,
    ItemsJudged,
    KeysPressed,
    NoProgress,
    NothingHeard,
    NoWords,
    PartFailed,
    PeopleChecked,
    Prompted,
    PromptHeard,
    PromptInterrupted,
    Rated,
    Reported,
    Understood,
)
from callbot.domain.items import ItemLine, Ruling, Verdict
from callbot.domain.meaning import (
    AddressPart,
    HeardAddress,
    HeardDate,
    Intent,
    Language,
    Meaning,
    NoStreet,
    Topic,
    YesNo,
)
from callbot.domain.names import Letter, SpelledName
from callbot.domain.people import ReportKind, Window
from callbot.domain.personal import PhoneNumber
from callbot.domain.territories import HouseholdLimit
from tests.dialogue.world import FIRST, LANDLINE, MOBILE, PIANO, RUBBLE, SAFE, SECOND, SOFA, TODAY, booking, ground

_GONE_ITEM, _GONE_COMMUNE = "objet_retire", "13999"
"""an item and a commune that were known once"""
_days = st.sampled_from([TODAY, FIRST, SECOND, date(2026, 1, 1), date(2027, 12, 25)])
_moments = st.builds(datetime, st.just(2026), st.just(12), st.integers(1, 28), st.integers(0, 23), tzinfo=st.just(UTC))
_windows = st.builds(Window, _moments, _moments)
_numbers: st.SearchStrategy[PhoneNumber | None] = st.sampled_from([None, MOBILE, LANDLINE])
_items = st.sampled_from([SOFA, RUBBLE, PIANO, SAFE, _GONE_ITEM])
_lines = st.lists(st.builds(ItemLine, _items, st.integers(0, 40), st.just("")), max_size=3).map(tuple)
_communes = st.sampled_from(["13206", "13005", "13201", _GONE_COMMUNE])
_grounds = st.sampled_from([None, ground("nord/limits.max_items", most=6), ground("items/piano"), ground("")])
_references = st.sampled_from(["AC47K", "CC47A", "nothing", ""])
_words = st.sampled_from(["", "rue de rome", "12 bis", "  ", "é"])
_addresses = st.builds(
    StreetAddress,
    st.sampled_from(["Rue de Rome", "Cours Lieutaud", ""]), _communes, st.just("Marseille"), st.just("13006"),
    st.sampled_from([None, 0, 12]), st.sampled_from([None, "bis"]), st.none(), st.sampled_from([None, "centre"]),
)  # fmt: skip
_candidates = st.lists(
    st.builds(AddressCandidate, _addresses, st.floats(0, 1), st.floats(0, 1), st.sampled_from(NumberCheck)), max_size=4
).map(tuple)
_heard_addresses = st.builds(
    HeardAddress,
    number=st.sampled_from([None, 0, 12]),
    repetition=st.sampled_from([None, "bis"]),
    street_heard=st.sampled_from([None, "", "rue de rome"]),
    insee=st.none() | _communes,
    commune_doubt=st.lists(_communes, max_size=4).map(tuple),
    initials=st.sampled_from([None, "", "rom", "766"]),
    number_typed=st.booleans(),
)
_letters = st.lists(st.builds(Letter, st.sampled_from("DU-' "), st.floats(0, 1)), max_size=4).map(tuple)
_meanings = st.builds(
    Meaning,
    intent=st.sampled_from([Intent.UNKNOWN] * 8 + list(Intent)),
    yes_no=st.sampled_from([None, *YesNo]),
    items=st.just(()) | _lines,
    address=st.none() | _heard_addresses,
    date=st.none() | st.builds(HeardDate, _days, _days),
    choice=st.none() | st.integers(-1, 9),
    name=st.sampled_from([None, None, "", "Durand"]),
    phone=st.sampled_from([None, None, "+33698765432", "+33491000000"]),
    wants_human=st.sampled_from([False] * 9 + [True]),
    topic=st.sampled_from([None, None, *Topic]),
    spelled=st.none() | st.builds(SpelledName, st.sampled_from(["", "Durand"]), _letters),
    part=st.sampled_from([None, *AddressPart]),
    no_street=st.sampled_from([None, *NoStreet]),
    question=st.sampled_from([None, None, "prix", "inconnue", ""]),
    nearest=st.sampled_from([(), ("prix",), ("gone",)]),
    references=st.lists(_references, max_size=3).map(tuple),
    language=st.sampled_from([None, *Language]),
    correcting=st.booleans(),
    data_right=st.sampled_from([None, *DataRight]),
    why=st.sampled_from([False, False, True]),
)
_bookings = st.builds(
    booking,
    _days, _references, status=st.sampled_from(BookingStatus), address=_addresses, items=_lines, phone=_numbers,
    created_by=st.sampled_from(Author),
)  # fmt: skip
_rulings = st.builds(
    Ruling, _items, st.sampled_from(Verdict), st.sampled_from(["", "Portez-les en déchèterie."]), ground=_grounds
)
_booked = st.builds(Booked, _references, _days, st.sampled_from(["", "La veille au soir."]), st.booleans())
_acts = st.sampled_from([*(act.value for act in Act), "act_of_old"])
_closed = st.builds(ClosedThen, _days, _days, st.just("grève"), st.just(ground("nord/closures")))
EVENTS: Mapping[type, st.SearchStrategy[Event]] = {
    CallAnswered: st.builds(
        CallAnswered, _numbers, st.sampled_from(Channel), st.booleans(), st.sampled_from([None, TODAY])
    ),
    Prompted: st.builds(Prompted, _acts, st.integers(0, 9), _words),
    PromptHeard: st.builds(PromptHeard, _acts, st.integers(0, 9)),
    PromptInterrupted: st.builds(PromptInterrupted, _acts, st.integers(0, 9)),
    CallerSpoke: st.builds(CallerSpoke, _words),
    Understood: st.builds(Understood, _meanings, st.lists(_words, max_size=2).map(tuple)),
    KeysPressed: st.builds(KeysPressed, st.text("0123456789*#A", max_size=12)),
    NothingHeard: st.just(NothingHeard()),
    NoWords: st.just(NoWords()),
    NoProgress: st.just(NoProgress()),
    ItemsJudged: st.builds(
        ItemsJudged, st.lists(_rulings, max_size=3).map(tuple), st.floats(0, 40), st.booleans(), _grounds
    ),
    AddressesFound: st.builds(AddressesFound, _candidates),
    EarlierAddressFound: st.builds(EarlierAddressFound, st.none() | _addresses),
    EarlierCallFound: st.builds(EarlierCallFound, _lines, st.none() | _addresses),
    BookingsFound: st.builds(BookingsFound, st.lists(_bookings, max_size=4).map(tuple)),
    DatesFound: st.builds(
        DatesFound,
        st.lists(st.builds(PickupDate, st.just("centre"), _days, st.integers(0, 3)), max_size=5).map(tuple),
        st.booleans(),
        st.lists(st.builds(BookedThere, _days, st.booleans()), max_size=2).map(tuple),
        st.booleans(),
        st.sampled_from([None, HouseholdLimit(3, 365), HouseholdLimit(1, 30)]),
        _grounds,
        st.none() | _closed,
    ),
    DateHeld: st.builds(DateHeld, _days, _moments),
    HoldRefused: st.builds(HoldRefused, _days),
    Booked: _booked,
    BookingFailed: st.builds(BookingFailed, st.sampled_from(NotBooked), _grounds),
    Cancelled: st.builds(Cancelled, _references, st.booleans()),
    Amended: st.builds(Amended, _references, _days, st.booleans()),
    ChangeFailed: st.builds(ChangeFailed, st.sampled_from(NotChanged), _grounds),
    Reported: st.builds(Reported, st.sampled_from(ReportKind), st.sampled_from([None, *DataRight])),
    PeopleChecked: st.builds(PeopleChecked, st.booleans(), st.none() | _windows),
    CallBackKept: st.builds(CallBackKept, _windows, st.booleans()),
    GapNoted: st.builds(GapNoted, st.sampled_from([(), ("prix",), ("gone",)])),
    Rated: st.builds(Rated, st.integers(0, 4)),
    PartFailed: st.builds(PartFailed, st.sampled_from(["speech", "booking", "part of old"])),
    HandedOver: st.builds(HandedOver, st.sampled_from(HandOverReason)),
    HandedBack: st.just(HandedBack()),
    Ended: st.builds(Ended, st.sampled_from(EndReason)),
}
"""for each kind of event, any of them"""
anything: st.SearchStrategy[Event] = st.one_of(*EVENTS.values())
leading_on: st.SearchStrategy[Event] = st.one_of(
    *(strategy for kind, strategy in EVENTS.items() if kind not in (Ended, HandedOver))
)
"""without the two after which little counts"""
