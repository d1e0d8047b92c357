"""What the dialogue knows at one moment: a fold over the events of the call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from callbot.dialogue.acts import Act, Say
from callbot.domain.addresses import AddressCandidate, StreetAddress
from callbot.domain.bookings import Booking
from callbot.domain.calendar import PickupDate
from callbot.domain.events import Booked, BookedThere, CallBackKept, Channel, EarlierCallFound, HandOverReason
from callbot.domain.geography import Commune
from callbot.domain.items import Catalogue, Ground, ItemLine
from callbot.domain.meaning import HeardAddress, HeardDate, Topic
from callbot.domain.people import Window
from callbot.domain.personal import PersonName, PhoneNumber
from callbot.domain.territories import HouseholdLimit


@dataclass(frozen=True, slots=True)
class World:
    """Facts that stay the same during a call: how items and communes are called."""

    catalogue: Catalogue
    communes: Mapping[str, Commune]
    """by INSEE code"""
    asks_name: bool = False
    """callers are asked for a name, which they may keep to themselves"""
    answers: Mapping[str, str] = field(default_factory=dict)
    """spoken answers of the knowledge base by the id of their entry"""
    asks_satisfaction: bool = False
    """callers who were served by telephone are asked how it was"""
    rings: bool = True
    """the service has a number to ring from: no call is offered that nobody could make"""


MOST_COMMUNES_NAMED = 3
"""communes in doubt that are asked about by name; who says only Marseille leaves sixteen"""


@dataclass(frozen=True, slots=True)
class Where:
    """The address as far as it is known; ``confirmed`` ends it."""

    number: int | None = None
    repetition: str | None = None
    street_heard: str | None = None
    readings: tuple[str, ...] = ()
    """the street as each hypothesis of the speech engine has it"""
    insee: str | None = None
    doubt: tuple[str, ...] = ()
    """communes the words could mean, best first"""
    communes_refused: frozenset[str] = frozenset()
    """communes the caller has said no to"""
    anywhere: bool = False
    """the caller does not know the arrondissement: all of them are searched"""
    commune_checked: bool = False
    """the caller was asked whether it is the right commune, after its street was not found there"""
    searched: bool = False
    candidates: tuple[AddressCandidate, ...] = ()
    """what the base found and the caller has not said no to, best first"""
    refused: frozenset[tuple[str, str]] = frozenset()
    """communes (INSEE) and lines the caller has said no to"""
    found_before: tuple[AddressCandidate, ...] = ()
    """what the last search for the street found, likely or not: said again, it is more than a new hearing"""
    found_before_for: str | None = None
    """the street as it was heard then"""
    rounds: int = 0
    """how often the street was looked for in vain: the rung of the ladder of questions about it"""
    choosing: bool = False
    """several candidates are offered at once"""
    number_doubted: int | None = None
    """a number the base does not know and that was asked again: said twice, it stands"""
    number_typed: bool = False
    """the number came by keys: nobody doubts it"""
    number_rounds: int = 0
    """how often the number was said to be wrong"""
    expected: StreetAddress | None = None
    """the earlier address whose street the caller agreed to: its number is never said aloud, and heard again it needs
    no read-back"""
    street_sure: str | None = None
    """the street as the base writes it, once the caller agreed to it or found fault with another part only"""
    initials: str | None = None
    """letters the street was spelled with"""
    doubted: StreetAddress | None = None
    """what was read back and refused: which part of it is wrong?"""
    part_asked: bool = False
    """that question was asked before"""
    confirmed: StreetAddress | None = None

    @property
    def heard(self) -> HeardAddress:
        """What to look up."""
        return HeardAddress(
            self.number, self.repetition, self.street_heard, self.insee, self.doubt, self.initials, self.number_typed
        )

    @property
    def read(self) -> StreetAddress | None:
        """The address that was read back last, as long as it stands."""
        best = self.candidates[0].address if self.candidates and not self.choosing else None
        return self.confirmed or self.doubted or best

    @property
    def in_marseille(self) -> bool:
        """Marseille for sure, the arrondissement unknown."""
        return len(self.doubt) > MOST_COMMUNES_NAMED and all(insee.startswith("132") for insee in self.doubt)


@dataclass(frozen=True, slots=True)
class When:
    """The date as far as it is known; ``held`` is kept for this call."""

    wish: HeardDate | None = None
    after: date | None = None
    searched: bool = False
    offered: tuple[PickupDate, ...] = ()
    chosen: date | None = None
    held: date | None = None
    taken: bool = False
    """the chosen date filled up in the meantime"""
    closed: bool = False
    """the hour until which the chosen date could be booked has passed"""
    booked_there: tuple[BookedThere, ...] = ()
    """what is booked at the address already"""
    over_limit: bool = False
    """this household has had all the pickups it may have"""
    limit: HouseholdLimit | None = None
    ground: Ground | None = None
    """the rule behind ``over_limit``"""


@dataclass(frozen=True, slots=True)
class Contact:
    """Where the confirmation goes; ``declined``: nowhere, the reference said aloud is enough."""

    phone: PhoneNumber | None = None
    confirmed: bool = False
    declined: bool = False
    caller_refused: bool = False
    """the number that calls is not the one to write to"""
    no_sms: bool = False
    """a number was given that takes no SMS"""
    misheard: bool = False
    """a number that was said was read back wrong: keys are sure"""
    landline: PhoneNumber | None = None
    """the number given that takes no SMS"""
    calls_wanted: bool = False
    """``phone`` takes no SMS: we ring it with what an SMS would say, as the caller asked"""
    no_calls: bool = False
    """the caller wants no such call"""


@dataclass(frozen=True, slots=True)
class Naming:
    """The name for the booking; ``declined``: there will be none, and the booking does not need one."""

    name: PersonName | None = None
    spelled: bool = False
    """the name was said letter by letter, and is read back so"""
    refusals: int = 0
    """names read back that were wrong"""
    confirmed: bool = False
    declined: bool = False
    told: bool = False
    """the caller knows that the booking goes on without a name"""


class Goal(StrEnum):
    """What a call is for. Whatever else people call for is answered at once or goes to a person."""

    BOOK = "book"
    STATUS = "status"
    MISSED = "missed"
    AMEND = "amend"
    CANCEL = "cancel"
    FLY_TIP = "fly_tip"


class Already(StrEnum):
    """What the caller said of a pickup that is booked at the address already."""

    NOT_ASKED = "not_asked"
    THEIRS = "theirs"
    """are the objects to be added to it?"""
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class BookingAt:
    """The booking of the caller's at ``place`` on ``day``."""

    day: date
    place: StreetAddress


@dataclass(frozen=True, slots=True)
class Errand:
    """What the call is for, and the booking it is about where it is about one that exists."""

    goal: Goal = Goal.BOOK
    looked_up: bool = False
    """the bookings of the number that calls were looked for"""
    references: tuple[str, ...] = ()
    """given by the caller, still to be looked up"""
    found: tuple[Booking, ...] = ()
    """which of them is meant?"""
    booking: Booking | None = None
    tries: int = 0
    """references that led to nothing, communes that were not the booking's"""
    no_reference: bool = False
    trusted: bool = False
    """the caller may hear of the booking and change it: its own number calls, or its commune was known"""
    topic: Topic | None = None
    """what is to be changed"""
    more_items: tuple[ItemLine, ...] = ()
    """named together with the wish to change a booking: they come on top of what it holds"""
    adds: bool = False
    """more of the same is more: two chairs on top of two are four"""
    only: BookingAt | None = None
    """the booking meant, where it is known before it is looked up"""
    kind_known: bool = False
    """what was left in the street was said, in whatever words"""
    agreed: bool = False
    """yes to what was read back"""
    done: bool = False


@dataclass(frozen=True, slots=True)
class SaidNo:
    """The last "no" or doubt the caller was told, for who asks why: ``rule`` in plain French and its ``source`` as it
    goes on after "d'après" (empty: there is none to name), both without a full stop."""

    rule: str
    source: str
    reason: HandOverReason
    """why a person would take over"""
    entry: str | None = None
    """the rule as the knowledge base names it"""
    told: bool = False
    """the caller asked and was told"""


@dataclass(frozen=True, slots=True)
class Leaving:
    """On the way to a person: why, what is said on the way, and the call-back when nobody is there now."""

    reason: HandOverReason
    farewell: Say
    why: tuple[Say, ...] = ()
    """the reason alone, where it is said and nobody is there"""
    window: Window | None = None
    phone: PhoneNumber | None = None
    phone_said: bool = False
    """the number was given by the caller: it is read back in full"""


@dataclass(frozen=True, slots=True)
class State:
    """The whole state of one conversation."""

    call_id: str
    world: World = field(repr=False, compare=False)
    caller: PhoneNumber | None = None
    """the number the network shows"""
    channel: Channel = Channel.PHONE
    today: date | None = None
    greeted: bool = False
    call_recalled: bool = False
    """a call of this number that was cut off lately was looked for"""
    unfinished: EarlierCallFound | None = None
    """what was told in that call, until the caller was asked about it"""
    errand: Errand = Errand()
    wished: Goal | None = None
    """a goal heard in the middle of another one: is it meant?"""
    asked_about: tuple[ItemLine, ...] = ()
    """objects named in a question ("prenez-vous les pianos ?"), not to have them taken away"""
    no: SaidNo | None = None
    """until something else is understood"""
    leaving: Leaving | None = None
    promised: CallBackKept | None = None
    """a call-back was kept: said again when the line breaks before it was heard"""
    offered_for: HandOverReason = HandOverReason.NOT_UNDERSTOOD
    """why a person was offered"""
    offers: int = 0
    """times a person was offered since the last answer that led on"""
    need_known: bool = False
    items: tuple[ItemLine, ...] = ()
    refused_all: bool = False
    """nothing of what was asked can be taken: is there anything else?"""
    judged: bool = False
    """the rules have spoken on ``items`` for the commune known now"""
    noted: bool = False
    """the caller has been told which items were noted"""
    where: Where = Where()
    recalled: bool = False
    """an earlier address of this number was looked for"""
    earlier: StreetAddress | None = None
    """where this number booked before, until the caller was asked about it"""
    when: When = When()
    already: Already = Already.NOT_ASKED
    contact: Contact = Contact()
    naming: Naming = Naming()
    recap_accepted: bool = False
    recaps_refused: int = 0
    """times the whole read-back was answered with a no alone"""
    booked: Booked | None = None
    rating_asked: bool = False
    """the caller was asked how the call was: once is enough"""
    asked: Say | None = None
    """the question that waits for an answer"""
    misses: int = 0
    """consecutive misunderstandings or silences on this question"""
    setbacks: int = 0
    """read-backs answered no and searches that found nothing, since the last thing that was confirmed"""
    addresses_refused: int = 0
    """addresses read back and answered no, since one was right"""
    ever_understood: bool = False
    repeats: int = 0
    """times the caller asked to hear something again"""
    slow: bool = False
    """spoken slower, waited for longer, for the rest of the call"""
    insults: int = 0
    prompts: int = 0
    over: bool = False
    """handed over or taken leave: nothing more is asked"""
    handed: bool = False
    """a person has the call"""
    given_back: bool = False
    """a person had the call and gave it back"""
    ended: bool = False

    @property
    def asked_act(self) -> Act | None:
        """The act of the pending question."""
        return self.asked.act if self.asked else None

    @property
    def offered_days(self) -> tuple[date, ...]:
        """Days the caller can choose between now, in the order they were said."""
        if self.asked_act is Act.CHOOSE_BOOKING:
            return tuple(booking.day for booking in self.errand.found)
        return tuple(offer.day for offer in self.when.offered)

    @property
    def insee(self) -> str | None:
        """The commune, when certain."""
        return self.where.insee
