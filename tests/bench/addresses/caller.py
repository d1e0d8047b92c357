"""A caller who knows the address, answers honestly what is asked, and says yes to nothing but the whole truth. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from callbot.dialogue.acts import Act, Say
from callbot.dialogue.keys import NONE_OF_THESE
from callbot.dialogue.wording import spoken_address, spoken_commune
from callbot.domain.addresses import StreetAddress
from callbot.domain.geography import Commune
from callbot.domain.keypad import on_keys
from callbot.gazetteer.folding import fold, word_set
from callbot.speech.spoken import number_words, ordinal
from tests.bench.addresses.surnames import spelled

YES: Final = "Oui, c'est ça."
NO: Final = "Non, ce n'est pas ça."
PLAIN_YES: Final = "Oui."
PLAIN_NO: Final = "Non."
_PLACES: Final = ("La première.", "La deuxième.", "La troisième.")
_NONE: Final = {1: NO, 2: "Aucune des deux.", 3: "Aucune des trois."}
_WRONG_NUMBER: Final = "Le numéro."
_WRONG_STREET: Final = "La rue."
_WRONG_COMMUNE: Final = "L'arrondissement."
_LANDMARK: Final = "À côté de la pharmacie."
SHARED: Final = (
    YES, NO, PLAIN_YES, PLAIN_NO, *_PLACES, _NONE[2], _NONE[3], _WRONG_NUMBER, _WRONG_STREET, _LANDMARK,
)  # fmt: skip
"""what callers say whatever their address"""
_LETTERS: Final = 3
_SMALL: Final = word_set("de du des la le les l d a au aux et en sur")


@dataclass(frozen=True, slots=True)
class Speaks:
    """Says a sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Types:
    """Presses keys."""

    keys: str


Reply = Speaks | Types


@dataclass(slots=True)
class HonestCaller:
    """``address`` has a number. ``first``: the sentence the address is given in when it is asked for the first time."""

    address: StreetAddress
    first: str
    communes: Mapping[str, Commune]
    draw: Random
    _begun: bool = False
    _stayed: bool = False
    """refused to be handed over once"""
    _read_back: Say | None = field(default=None)

    def answer(self, question: Say) -> Reply:
        """What the caller does after ``question``."""
        match question.act:
            case Act.ASK_ADDRESS:
                return self._address(question)
            case Act.CONFIRM_ADDRESS:
                self._read_back = question
                return _yes_or_no(question, spoken_address(self.address, self.communes) + "." in question.parts)
            case Act.CHOOSE_ADDRESS:
                return self._choice(question)
            case Act.ASK_NUMBER:
                return self._number(question)
            case Act.ASK_PART:
                return self._part(question)
            case Act.ASK_INITIALS:
                letters = initials(self.address.street)
                spoken = Speaks(_capital(spelled(self.draw, letters)))
                return Types(f"{on_keys(letters.lower())}#") if _by_keys(question) else spoken
            case Act.ASK_COMMUNE | Act.CONFIRM_COMMUNE:
                return self._commune(question)
            case Act.OFFER_HUMAN:
                self._stayed, again = True, self._stayed
                return Speaks(PLAIN_YES if again else PLAIN_NO)
            case Act.ASK_LANDMARK:
                return Speaks(_LANDMARK)
        return Speaks(PLAIN_NO)

    def _address(self, question: Say) -> Reply:
        if not self._begun:
            self._begun = True
            return Speaks(self.first)
        street = lower(self.address.street)
        return Speaks(
            f"{_capital(self._spoken_number)} {street}." if "numéro" in question.text else _capital(street) + "."
        )

    def _number(self, question: Say) -> Reply:
        """Keys where they are offered; "bis" cannot be typed."""
        if _by_keys(question) and not self.address.repetition:
            return Types(f"{self.address.number}#")
        return Speaks(f"Au {self._spoken_number}.")

    @property
    def _spoken_number(self) -> str:
        return " ".join(filter(None, (number_words(self.address.number or 0), self.address.repetition)))

    def _part(self, question: Say) -> Reply:
        """The part of the last read-back that is wrong; the street when several are."""
        read = ", ".join(self._read_back.parts if self._read_back else ())
        if self.address.street not in read:
            return Types("2") if _by_keys(question) else Speaks(_WRONG_STREET)
        if spoken_commune(self.communes[self.address.insee]) not in read:
            return Speaks(_WRONG_COMMUNE)
        return Types("1") if _by_keys(question) else Speaks(_WRONG_NUMBER)

    def _commune(self, question: Say) -> Reply:
        commune = self.communes[self.address.insee]
        if question.act is Act.CONFIRM_COMMUNE:
            return _yes_or_no(question, spoken_commune(commune) in question.text)
        if commune.arrondissement is None:
            return Speaks(f"À {commune.name}.")
        if _by_keys(question):
            return Types(str(commune.arrondissement))
        return Speaks(f"Dans le {ordinal(commune.arrondissement)}.")

    def _choice(self, question: Say) -> Reply:
        """By its place in the list or by what it is called; ``hints`` are the choices, in order, as they are said."""
        place = self._place(question)
        if _by_keys(question):
            return Types(str(place + 1) if place is not None else NONE_OF_THESE)
        if place is None:
            return Speaks(_NONE.get(len(question.hints), NO))
        name = _capital(lower(question.hints[place])) + "."
        return Speaks(self.draw.choice((_PLACES[place], name)))

    def _place(self, question: Say) -> int | None:
        """Which of the choices is the caller's; None when none is."""
        street = self.address.street
        under = f"{street} :" in question.parts
        within = ("le " + " ".join(filter(None, (str(self.address.number), self.address.repetition))), self._district)
        mine = within if under else (street, spoken_address(self.address, self.communes))
        return _where(question.hints, mine)

    @property
    def _district(self) -> str:
        commune = self.communes[self.address.insee]
        at = commune.arrondissement
        return f"dans le {ordinal(at)} arrondissement" if at else f"à {commune.name}"


def initials(street: str) -> str:
    """The first letters, in capitals, of the first word of the name that is not its type or a little word."""
    words = fold(street).split()
    telling = [word for word in words[1:] if word not in _SMALL] or words[-1:]
    return "".join(letter for letter in telling[0] if letter.isalpha())[:_LETTERS].upper()


def lower(name: str) -> str:
    """With a small first letter, so that no voice spells the type out."""
    return name[:1].lower() + name[1:]


def _where(choices: Sequence[str], mine: Sequence[str]) -> int | None:
    return next((place for place, choice in enumerate(choices) if choice in mine), None)


def _by_keys(question: Say) -> bool:
    return "tapez" in question.text.lower()


def _yes_or_no(question: Say, right: bool) -> Reply:
    if _by_keys(question):
        return Types("1" if right else "2")
    return Speaks(YES if right else NO)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
