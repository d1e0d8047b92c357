"""Other words for the same answer, as manners and speech recognition change it. The same draw, the same words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from callbot.rehearsal.scenario import Manners, Style
from callbot.speech.spoken import number_words

_OFTEN: Final = 0.6
"""how often a manner shows in an answer: nobody hesitates in every sentence"""
_LONG: Final = 4
"""words from which an answer is a sentence"""
_FILLERS: Final = ("Euh, ", "Ben, ", "Alors, ", "Euh, attendez voir, ", "Ben euh, ")
_RAMBLINGS: Final = (
    "Alors je vous explique, c'est ma fille qui m'a dit de vous appeler. ",
    "Vous savez, j'habite le quartier depuis trente ans. ",
    "On vient de refaire toute la chambre, quel travail. ",
    "Il fait un temps magnifique aujourd'hui, n'est-ce pas. ",
)
_COURTESIES: Final = (", s'il vous plaît", ", merci bien", ", je vous prie")
_LEAD_INS: Final = re.compile(
    r"^(bonjour,? |alors,? |c'est pour |c'est au |je voudrais faire enlever |j'ai |au numéro )+", re.IGNORECASE
)
_SMALL: Final = frozenset(("de", "la", "le", "les", "un", "une", "des", "à", "au", "du", "dans", "c'est", "et"))
"""words that are said so lightly that they get lost or doubled"""
_SOUND_ALIKE: Final[Mapping[str, str]] = {
    "c'est": "ses", "cent": "sans", "vingt": "vin", "et": "est", "à": "a", "canapé": "canapés", "matelas": "matela",
    "deux": "de", "lit": "lis", "sept": "cette", "mer": "mère", "cours": "court", "faire": "fer", "j'ai": "jai",
}  # fmt: skip
_NUMBERS: Final[Mapping[str, int]] = {number_words(number): number for number in range(2, 100)}
_WORD: Final = re.compile(r"[\w'’-]+")


def worded(text: str, manners: Manners, draw: Random) -> str:
    """``text`` as this caller says it and as it arrives."""
    for style in manners.styles:
        if draw.random() < _OFTEN:
            text = _STYLES[style](text, draw)
    return misheard(text, manners.mishearing, draw) if manners.mishearing else text


def misheard(text: str, likely: float, draw: Random) -> str:
    """Each word may, as ``likely`` (0..1), get lost, doubled, or arrive as another that sounds alike; figures may
    arrive as words and the other way round."""
    return re.sub(r"\s+", " ", _WORD.sub(lambda found: _misheard(found[0], likely, draw), text)).strip()


def _misheard(word: str, likely: float, draw: Random) -> str:
    if draw.random() >= likely:
        return word
    known = word.lower()
    if known in _NUMBERS and draw.random() < _OFTEN:
        return str(_NUMBERS[known])
    if known.isdecimal() and not known.startswith("0") and int(known) < 1000:
        return number_words(int(known))
    if known in _SOUND_ALIKE and draw.random() < _OFTEN:
        return _SOUND_ALIKE[known]
    if known in _SMALL:
        return draw.choice(("", f"{word} {word}"))
    return word


def _hesitant(text: str, draw: Random) -> str:
    """A filler, and in a sentence its first words once more."""
    words = text.split(" ")
    again = f"{' '.join(words[:2])}... " if len(words) >= _LONG and draw.random() < _OFTEN else ""
    return draw.choice(_FILLERS) + again + text


def _hasty(text: str, _draw: Random) -> str:
    """The bare facts."""
    bare = _LEAD_INS.sub("", text)
    return bare[:1].upper() + bare[1:] if bare.strip(" .") else text


def _polite(text: str, draw: Random) -> str:
    stem, end = (text[:-1], text[-1]) if text[-1:] in (".", "?", "!") else (text, "")
    return stem + draw.choice(_COURTESIES) + end


def _rambling(text: str, draw: Random) -> str:
    """A story before the answer, in answers that are a sentence."""
    return draw.choice(_RAMBLINGS) + text if len(text.split()) >= _LONG else text


_STYLES: Final[Mapping[Style, Callable[[str, Random], str]]] = {
    Style.HESITANT: _hesitant, Style.HASTY: _hasty, Style.POLITE: _polite, Style.RAMBLING: _rambling,
}  # fmt: skip
