"""A small world and a talker for dialogue tests: services answer from a script, no sound, no database."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial

from callbot.dialogue.acts import (
    Act,
    AmendBooking,
    Book,
    CancelBooking,
    CheckPeople,
    DialogueAct,
    FindAddress,
    FindBookings,
    FindDates,
    HandOver,
    HangUp,
    HoldDate,
    JudgeItems,
    KeepCallBack,
    KeepRating,
    MakeReport,
    NoteGap,
    RecallAddress,
    RecallCall,
    Say,
)
from callbot.dialogue.state import State, World
from callbot.dialogue.step import step
from callbot.domain.addresses import AddressCandidate, NumberCheck, StreetAddress
from callbot.domain.bookings import Author, Booking, BookingStatus, NotBooked, NotChanged
from callbot.domain.calendar import PickupDate
from callbot.domain.events import (
    AddressesFound,
    Amended,
    Booked,
    BookingFailed,
    BookingsFound,
    CallAnswered,
    CallBackKept,
    Cancelled,
    ChangeFailed,
    Channel,
    DateHeld,
    DatesFound,
    EarlierAddressFound,
    EarlierCallFound,
    Event,
    GapNoted,
    HoldRefused,
    ItemsJudged,
    KeysPressed,
    PeopleChecked,
    Prompted,
    Rated,
    Reported,
    Understood,
)
from callbot.domain.geography import Commune
from callbot.domain.items import Catalogue, Certainty, Ground, ItemKind, ItemLine, Ruling, Verdict
from callbot.domain.meaning import HeardAddress, Meaning, YesNo
from callbot.domain.people import Window
from callbot.domain.personal import PhoneNumber

MOBILE = PhoneNumber("+33612345678")
LANDLINE = PhoneNumber("+33491123456")
TODAY = date(2026, 11, 23)
WINDOW = Window(datetime(2026, 11, 24, 8, tzinfo=UTC), datetime(2026, 11, 24, 10, tzinfo=UTC))
FIRST, SECOND, THIRD = date(2026, 12, 1), date(2026, 12, 3), date(2026, 12, 7)

SOFA, MATTRESS, RUBBLE, PIANO, SAFE = "canape", "matelas", "gravats", "piano", "coffre_fort"
TWO_ITEMS = (ItemLine(SOFA, 1, "un canapé"), ItemLine(MATTRESS, 2, "deux matelas"))


ALIKE = "des règles de plusieurs villes"


def _kind(item: str, label: str, plural: str, ruling: Ruling | None = None) -> ItemKind:
    return ItemKind(item, label, plural, False, (), 1.0, ruling or Ruling(item, Verdict.ACCEPTED))


def ground(rule: str, spoken: str = "", most: float | None = None) -> Ground:
    return Ground(rule, "Document interne (2026) ; à confirmer", Certainty.TYPICAL, None, spoken, most)


MIRROR = "miroir"
BREAKS = "Un miroir casse : un conseiller vérifie avec vous."
TOO_HEAVY = "C'est peut-être trop lourd pour l'équipe. Un conseiller vérifie avec vous."
_REFUSED = Ruling(RUBBLE, Verdict.REFUSED, "Portez-les en déchèterie.", ground=ground("items/gravats", ALIKE))
_DOUBTFUL = Ruling(PIANO, Verdict.ASK_HUMAN, ground=ground("items/piano"))
_HEAVY = Ruling(SAFE, Verdict.ASK_HUMAN, TOO_HEAVY, ground=ground("nord/limits.max_weight_kg", ALIKE, 80))
CATALOGUE = Catalogue(
    {
        kind.id: kind
        for kind in (
            _kind(SOFA, "canapé", "canapés"),
            _kind(MATTRESS, "matelas", "matelas"),
            _kind(RUBBLE, "sac de gravats", "sacs de gravats", _REFUSED),
            _kind(PIANO, "piano", "pianos", _DOUBTFUL),
            _kind(MIRROR, "miroir", "miroirs", Ruling(MIRROR, Verdict.ASK_HUMAN, BREAKS)),
            _kind(SAFE, "coffre-fort", "coffres-forts", _HEAVY),
        )
    }
)
_MARSEILLE = [Commune(f"132{n:02}", f"Marseille {n}e", (f"130{n:02}",)) for n in range(1, 17)]
COMMUNES = {commune.insee: commune for commune in (*_MARSEILLE, Commune("13005", "Aubagne", ("13400",)))}
WORLD = World(CATALOGUE, COMMUNES, answers={"prix": "C'est gratuit.", "autre_service": "Voyez avec votre mairie."})


def booking(day: date = FIRST, reference: str = "AC47K", **changes: object) -> Booking:
    """A booking made before by the caller's number."""
    made = Booking(
        reference,
        BookingStatus.BOOKED,
        day,
        "marseille_centre",
        StreetAddress("Rue de Rome", "13206", "Marseille", "13006", 12),
        TWO_ITEMS,
        MOBILE,
        Author.BOT,
        datetime(2026, 11, 20, 9, tzinfo=UTC),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def candidate(
    street: str = "Rue de Rome",
    number: int | None = 12,
    probability: float = 0.9,
    insee: str = "13206",
    check: NumberCheck = NumberCheck.KNOWN,
) -> AddressCandidate:
    place = StreetAddress(street, insee, COMMUNES[insee].name, COMMUNES[insee].postcodes[0], number, sector="centre")
    return AddressCandidate(place, probability, probability, check)


def dates(*days: date) -> DatesFound:
    return DatesFound(tuple(PickupDate("centre", day, 3) for day in days))


@dataclass
class Talk:
    """One conversation. ``finds``: what the address base answers each time; ``dates``: the calendar's answers."""

    caller: PhoneNumber | None = MOBILE
    earlier: StreetAddress | None = None
    finds: list[tuple[AddressCandidate, ...]] = field(default_factory=list)
    calendar: list[DatesFound] = field(default_factory=list)
    too_many: Ground | None = None
    """the limit that whatever is asked for passes"""
    holds: list[bool] = field(default_factory=list)
    bookings: list[Booked | BookingFailed] = field(default_factory=list)
    of_caller: tuple[Booking, ...] = ()
    of_reference: tuple[Booking, ...] = ()
    refuses: NotChanged | None = None
    """why no booking can be changed"""
    refused_by: Ground | None = None
    """the rule behind it"""
    people_open: bool = True
    window: Window | None = WINDOW
    cut_off: EarlierCallFound = field(default_factory=EarlierCallFound)
    channel: Channel = Channel.PHONE
    said: list[Say] = field(default_factory=list)
    asked_for: list[DialogueAct] = field(default_factory=list)
    ended: HandOver | HangUp | None = None
    state: State = field(default_factory=partial(State, "CA1", WORLD))

    def start(self) -> Talk:
        self.feed(CallAnswered(self.caller, self.channel, today=TODAY))
        return self

    def feed(self, event: Event) -> Talk:
        self.state, acts = step(self.state, event)
        for act in acts:
            match act:
                case Say():
                    self.said.append(act)
                    self.state, _ = step(self.state, Prompted(act.act.value, len(self.said), act.text))
                case HandOver() | HangUp():
                    self.ended = act
                case _:
                    self.asked_for.append(act)
                    self.feed(self._answer(act))
        return self

    def hear(self, meaning: Meaning | None = None, **slots: object) -> Talk:
        return self.feed(Understood(meaning or replace(Meaning(), **slots)))  # type: ignore[arg-type]

    def yes(self) -> Talk:
        return self.hear(Meaning(yes_no=YesNo.YES))

    def no(self) -> Talk:
        return self.hear(Meaning(yes_no=YesNo.NO))

    def keys(self, keys: str) -> Talk:
        return self.feed(KeysPressed(keys))

    @property
    def last(self) -> Say:
        return self.said[-1]

    def asks(self) -> Act:
        """The act of the last prompt (a call, so that type checkers do not carry one answer over to the next)."""
        return self.last.act

    @property
    def acts(self) -> list[Act]:
        return [say.act for say in self.said]

    def to_address(self) -> Talk:
        """Items and commune said; the street is asked."""
        return self.start().hear(items=TWO_ITEMS).hear(address=HeardAddress(insee="13206"))

    def to_dates(self) -> Talk:
        """Address confirmed; dates are offered."""
        return self.to_address().hear(address=HeardAddress(12, None, "rue de rome")).yes()

    def to_recap(self) -> Talk:
        """Date held and phone confirmed; the recap waits for yes."""
        return self.to_dates().hear(choice=2).yes()

    def _answer(self, act: DialogueAct) -> Event:
        match act:
            case JudgeItems(items, _):
                rulings = tuple(CATALOGUE[line.item].ruling for line in items)
                return ItemsJudged(rulings, CATALOGUE.volume(items), self.too_many is not None, self.too_many)
            case FindAddress(heard, _):
                if self.finds:
                    return AddressesFound(self.finds.pop(0))
                return AddressesFound((candidate(number=heard.number),))
            case RecallAddress():
                return EarlierAddressFound(self.earlier)
            case CheckPeople():
                return PeopleChecked(self.people_open, self.window)
            case KeepCallBack(_, _, window):
                return CallBackKept(window, sms=True)
            case RecallCall():
                return self.cut_off
            case NoteGap(nearest):
                return GapNoted(nearest)
            case FindDates() | HoldDate() | Book():
                return self._booking(act)
            case _:
                return self._changing(act)

    def _changing(self, act: DialogueAct) -> Event:
        match act:
            case FindBookings(caller, references):
                return BookingsFound(self.of_reference if references else self.of_caller if caller else ())
            case CancelBooking(reference):
                return self._refusal() or Cancelled(reference, sms=True)
            case AmendBooking(amendment):
                day = amendment.day or FIRST
                return (
                    ChangeFailed(self.refuses, self.refused_by)
                    if self.refuses
                    else Amended(amendment.reference, day, sms=True)
                )
            case MakeReport(report):
                return Reported(report.kind, report.wish.right if report.wish else None)
            case KeepRating(rating):
                return Rated(rating)
        raise AssertionError(act)

    def _refusal(self) -> ChangeFailed | None:
        return ChangeFailed(self.refuses, self.refused_by) if self.refuses else None

    def _booking(self, act: DialogueAct) -> Event:
        match act:
            case FindDates():
                return self.calendar.pop(0) if self.calendar else dates(FIRST, SECOND, THIRD)
            case HoldDate(_, _, day):
                granted = self.holds.pop(0) if self.holds else True
                return DateHeld(day, datetime(2026, 11, 21, 12, tzinfo=UTC)) if granted else HoldRefused(day)
            case Book(draft):
                if self.bookings:
                    return self.bookings.pop(0)
                if not draft.readback_accepted:
                    return BookingFailed(NotBooked.NOT_READ_BACK)
                return Booked("AC47K", draft.day, "Sortez-les la veille au soir.", sms=draft.phone is not None)
        raise AssertionError(act)
