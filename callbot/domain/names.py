"""Names of people letter by letter: what a spelling gave and how it is read back over the telephone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

TELEPHONE: Final[dict[str, str]] = {
    "A": "Anatole", "B": "Berthe", "C": "Célestin", "D": "Désiré", "E": "Eugène", "F": "François", "G": "Gaston",
    "H": "Henri", "I": "Irma", "J": "Joseph", "K": "Kléber", "L": "Louis", "M": "Marcel", "N": "Nicolas", "O": "Oscar",
    "P": "Pierre", "Q": "Quintal", "R": "Raoul", "S": "Suzanne", "T": "Thérèse", "U": "Ursule", "V": "Victor",
    "W": "William", "X": "Xavier", "Y": "Yvonne", "Z": "Zoé",
}  # fmt: skip
"""the telephone alphabet of the French post office (PTT)"""
CLEAR: Final = 0.9
"""certainty from which a letter is not questioned"""

_ACCENTS: Final = {"\u0301": "accent aigu", "\u0300": "accent grave", "\u0302": "accent circonflexe",
                   "\u0308": "tréma", "\u0327": "cédille", "\u0303": "tilde"}  # fmt: skip
_SIGNS: Final = {"-": "trait d'union", "'": "apostrophe", " ": "espace"}
_LIGATURES: Final = {"Œ": "O, E dans l'O", "Æ": "A, E"}


@dataclass(frozen=True, slots=True)
class Letter:
    """One sign of a name: a capital with its accent, ``-``, ``'`` or a space; ``certainty`` 0 to 1."""

    sign: str
    certainty: float

    @property
    def is_clear(self) -> bool:
        """True when there is no need to ask for it again."""
        return self.certainty >= CLEAR


@dataclass(frozen=True, slots=True)
class SpelledName:
    """A name that was spelled. Personal: never to be logged."""

    name: str
    letters: tuple[Letter, ...]
    heard: str = ""
    """the letters as they were heard, before those in doubt were weighed; for what is no surname"""
    known: bool = False
    """a frequent surname, or one that sounds like the name said with it"""

    @property
    def doubtful(self) -> tuple[int, ...]:
        """Places of the letters that may be others, the most doubtful first."""
        unsure = [place for place, letter in enumerate(self.letters) if not letter.is_clear]
        return tuple(sorted(unsure, key=lambda place: self.letters[place].certainty))


def written(signs: Iterable[str]) -> str:
    """``LE GOFF`` as ``Le Goff``, ``D'ANGELO`` as ``D'Angelo``: each part with one capital."""
    return re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), "".join(signs))


def spoken_letters(name: str) -> str:
    """The name read out letter by letter: ``B comme Berthe, deux L comme Louis, E accent aigu, trait d'union``.

    Two equal letters in a row are said as ``deux``; a sign that cannot be said is left out.
    """
    runs = [(sign, len(list(run))) for sign, run in groupby(unicodedata.normalize("NFC", name).upper())]
    return ", ".join(said for sign, count in runs if (said := _said(sign, count)))


def _said(sign: str, count: int) -> str:
    letter = _letter(sign)
    if not letter:
        return ""
    many = {1: "", 2: "deux "}.get(count)
    return ", ".join([letter] * count) if many is None else f"{many}{letter}"


def _letter(sign: str) -> str:
    if sign in _SIGNS or sign in _LIGATURES:
        return _SIGNS.get(sign) or _LIGATURES[sign]
    base, *marks = tuple(unicodedata.normalize("NFD", sign))
    if base not in TELEPHONE:
        return ""
    accents = [_ACCENTS[mark] for mark in marks if mark in _ACCENTS]
    return " ".join([base, *accents]) if accents else f"{base} comme {TELEPHONE[base]}"
