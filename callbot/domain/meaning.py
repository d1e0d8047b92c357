"""What was taken from a caller's words. Made by ``understanding``, read by ``dialogue``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from callbot.domain.data_rights import DataRight
from callbot.domain.items import ItemLine
from callbot.domain.names import SpelledName


class Expectation(StrEnum):
    """The kind of answer a question waits for: it sets the speech hints, the patience and which slot wins."""

    ANY = "any"
    ITEMS = "items"
    COMMUNE = "commune"
    ADDRESS = "address"
    NUMBER = "number"
    """a house number alone"""
    PART = "part"
    """which part of an address read back is wrong, or its right value"""
    YES_NO = "yes_no"
    DATE = "date"
    PHONE = "phone"
    NAME = "name"
    REFERENCE = "reference"
    """the reference of a booking"""


class Intent(StrEnum):
    """Why the caller speaks, as far as these words tell."""

    BOOK = "book"
    STATUS = "status"
    MISSED = "missed"
    AMEND = "amend"
    CANCEL = "cancel"
    QUESTION = "question"
    FLY_TIP = "fly_tip"
    """rubbish that somebody left in the street, to be reported"""
    ASSISTED = "assisted"
    """help to carry the objects down: old age, illness, disability"""
    PROFESSIONAL = "professional"
    """a company, a shop, a building manager"""
    COMPLAINT = "complaint"
    OTHER_SERVICE = "other_service"
    """another authority's business: identity card, water, school meals"""
    LANGUAGE = "language"
    """the caller speaks or asks for another language: ``Meaning.language``"""
    DATA_RIGHTS = "data_rights"
    """to see, correct or erase what is kept about the caller"""
    EMERGENCY = "emergency"
    INSULT = "insult"
    JOKE = "joke"
    """a game with the machine: "quel temps fait-il", "tu es amoureuse ?\""""
    REPEAT = "repeat"
    SLOWER = "slower"
    NOT_HEARING = "not_hearing"
    """the caller does not hear us well"""
    WAIT = "wait"
    BACK = "back"
    GOODBYE = "goodbye"
    UNKNOWN = "unknown"


class Language(StrEnum):
    """Languages we can say a sentence in, and those we only recognise (``OTHER``)."""

    FRENCH = "fr"
    ENGLISH = "en"
    SPANISH = "es"
    ITALIAN = "it"
    GERMAN = "de"
    OTHER = "other"


class YesNo(StrEnum):
    YES = "yes"
    NO = "no"


class PartOfDay(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


@dataclass(frozen=True, slots=True)
class HeardAddress:
    """Pieces of an address in the caller's words; ``street_heard`` raw, ``insee`` only when the commune is certain."""

    number: int | None = None
    repetition: str | None = None
    street_heard: str | None = None
    insee: str | None = None
    commune_doubt: tuple[str, ...] = ()
    """INSEE codes the words could mean when ``insee`` is not certain, best first"""
    initials: str | None = None
    """first letters of the street's name, folded ("rom") or as typed ("766"), when its words were not enough"""
    number_typed: bool = False
    """the number came by keys: nobody doubts it"""


@dataclass(frozen=True, slots=True)
class HeardDate:
    """A wish for dates: from ``first`` to ``last`` included."""

    first: date
    last: date
    part_of_day: PartOfDay | None = None


class Topic(StrEnum):
    """What a caller wants to change when they name it without its new value ("la date")."""

    ITEMS = "items"
    ADDRESS = "address"
    DATE = "date"
    PHONE = "phone"


class AddressPart(StrEnum):
    """What is wrong in an address read back, named without its right value ("le numéro")."""

    NUMBER = "number"
    STREET = "street"
    COMMUNE = "commune"
    ALL = "all"


class NoStreet(StrEnum):
    """What callers give where a street was asked."""

    OTHER_TOWN = "other_town"
    """a town outside the métropole"""
    LANDMARK = "landmark"
    """a place nearby: a shop, a station"""
    NOT_KNOWN = "not_known"
    """the caller does not know"""


@dataclass(frozen=True, slots=True)
class Meaning:
    """All slots found in one utterance, in any order. Personal: it may hold an address, a name, a phone number."""

    intent: Intent = Intent.UNKNOWN
    yes_no: YesNo | None = None
    items: tuple[ItemLine, ...] = ()
    address: HeardAddress | None = None
    date: HeardDate | None = None
    choice: int | None = None
    """1 for "le premier", "la première date"... when choices were offered"""
    name: str | None = None
    phone: str | None = None
    """E.164"""
    wants_human: bool = False
    topic: Topic | None = None
    spelled: SpelledName | None = None
    """how ``name`` was spelled, None when it was only said"""
    part: AddressPart | None = None
    no_street: NoStreet | None = None
    question: str | None = None
    """id of the knowledge entry that answers what was asked; None when nothing was asked or no entry is sure"""
    nearest: tuple[str, ...] = ()
    """ids of the entries nearest to a question that none of them surely answers, best first"""
    references: tuple[str, ...] = ()
    """booking references that were said (one), or that the keys typed could stand for (several)"""
    language: Language | None = None
    correcting: bool = False
    """the words take back something said before ("en fait", "finalement", "pas le 12, le 22")"""
    data_right: DataRight | None = None
    """which right over one's data is asked for, with ``Intent.DATA_RIGHTS`` alone"""
    why: bool = False
    """the words ask for the reason of what was just said ("pourquoi ?", "d'où vient cette règle ?")"""

    @property
    def is_empty(self) -> bool:
        """True when nothing at all was understood: a no-match."""
        return self == Meaning()
