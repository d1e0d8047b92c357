"""What was taken from a caller's words. Made by ``understanding``, read by ``dialogue``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

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


class Intent(StrEnum):
    """Why the caller speaks, as far as these words tell."""

    BOOK = "book"
    STATUS = "status"
    MISSED = "missed"
    AMEND = "amend"
    CANCEL = "cancel"
    QUESTION = "question"
    EMERGENCY = "emergency"
    REPEAT = "repeat"
    WAIT = "wait"
    BACK = "back"
    GOODBYE = "goodbye"
    UNKNOWN = "unknown"


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

    @property
    def is_empty(self) -> bool:
        """True when nothing at all was understood: a no-match."""
        return self == Meaning()
