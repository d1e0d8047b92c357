"""Answers that can be given with one button: keys of the phone with their meaning in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from callbot.dialogue.acts import Act, Say
from callbot.dialogue.keys import HUMAN, NONE_OF_THESE, REPEAT, meaning_of_keys
from callbot.dialogue.state import State
from callbot.domain.meaning import Expectation

_KEYS = re.compile(r"[0-9*#]{1,14}", re.ASCII)
_BETWEEN_DIGITS = str.maketrans("", "", " .-")


@dataclass(frozen=True, slots=True)
class QuickAnswer:
    """A button: what it says and the keys it stands for."""

    keys: str
    label: str


PERSON = QuickAnswer(HUMAN, "Parler à une personne")
_REPEATED = QuickAnswer(REPEAT, "Répéter la question")
_YES_NO = (QuickAnswer("1", "Oui"), QuickAnswer("2", "Non"))
_NONE: Mapping[Act, str] = {
    Act.OFFER_DATES: "Une autre date",
    Act.CHOOSE_ADDRESS: "Aucune de ces adresses",
    Act.CHOOSE_BOOKING: "Aucun de ces rendez-vous",
}
"""questions that offer a list (``Say.hints``), and how none of it is called"""
_FIXED: Mapping[Act, tuple[QuickAnswer, ...]] = {
    Act.ASK_NEED: (QuickAnswer("1", "Prendre un rendez-vous"), QuickAnswer("2", "Savoir où en est un rendez-vous")),
    Act.ASK_PART: (QuickAnswer("1", "Le numéro"), QuickAnswer("2", "La rue")),
    Act.ASK_CORRECTION: (
        QuickAnswer("1", "Les objets"),
        QuickAnswer("2", "L'adresse"),
        QuickAnswer("3", "La date"),
        QuickAnswer("4", "Le téléphone"),
    ),
    Act.ASK_CHANGE: (
        QuickAnswer("1", "Les objets"),
        QuickAnswer("3", "La date"),
        QuickAnswer("4", "Le téléphone"),
    ),
    Act.ASK_PHONE: (QuickAnswer("#", "Pas de portable"),),
    Act.ASK_NAME: (QuickAnswer("#", "Continuer sans nom"),),
    Act.ASK_NAME_SPELLED: (QuickAnswer("#", "Continuer sans nom"),),
    Act.ASK_REFERENCE: (QuickAnswer("#", "Je n'ai pas la référence"),),
    Act.ASK_CALL_BACK_NUMBER: (QuickAnswer("#", "Ne pas être rappelé"),),
}
_WITH_LETTERS = frozenset({Act.ASK_REFERENCE, Act.ASK_INITIALS})


def quick_answers(state: State) -> tuple[QuickAnswer, ...]:
    """The buttons of the pending question: those the dialogue understands, so that none is offered in vain."""
    if state.asked is None:
        return ()
    return tuple(answer for answer in _buttons(state.asked) if not meaning_of_keys(state, answer.keys).is_empty)


def label_of(state: State, keys: str) -> str:
    """What a caller chose with ``keys`` in ``state``, in words where there are any."""
    known = (*quick_answers(state), PERSON, _REPEATED)
    return next((answer.label for answer in known if answer.keys == keys), keys)


def typed_keys(state: State, text: str) -> str | None:
    """The keys in a message that is nothing but keys ("1", "06 12 34 56 78"), where they answer the question."""
    keys = without_breaks(text)
    if not _KEYS.fullmatch(keys) or meaning_of_keys(state, keys).is_empty:
        return None
    # On a telephone a key of a reference stands for its letters too; what is written here is meant as it stands.
    letters = state.asked is not None and state.asked.act in _WITH_LETTERS
    return None if letters and len(keys) > 1 else keys


def without_breaks(text: str) -> str:
    """Without what people put between the digits of a number."""
    return text.translate(_BETWEEN_DIGITS)


def _buttons(asked: Say) -> tuple[QuickAnswer, ...]:
    if asked.act in _NONE:
        offered = enumerate((_capital(hint.removeprefix("le ")) for hint in asked.hints), start=1)
        choices = tuple(QuickAnswer(str(key), label) for key, label in offered if key < int(NONE_OF_THESE))
        return (*choices, QuickAnswer(NONE_OF_THESE, _NONE[asked.act])) if choices else ()
    return _FIXED.get(asked.act, _YES_NO if asked.expect is Expectation.YES_NO else ())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
