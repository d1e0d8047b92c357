"""How French words are written and how they sound: folding of letters, and a key under which homophones meet."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae", "ß": "ss"})
_VOWEL = "aeiouyE"

_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"(?:er|ez|ee|E|et|ets|ers|ees|Ee|Es|Ees)$", "E"),
        (r"e?aux?", "o"),
        (r"ph", "f"),
        (r"[cs]h", "1"),
        (r"gn", "n"),
        (r"c(?=[eiyE])|sc(?=[eiyE])", "s"),
        (r"cqu?|qu|q|ck|c", "k"),
        (r"ge(?=[aou])|g(?=[eiyE])", "j"),
        (r"gu(?=[eiyE])", "g"),
        (r"th", "t"),
        (rf"(?<=[{_VOWEL}])s(?=[{_VOWEL}])", "z"),
        (r"x$", ""),
        (r"x", "ks"),
        (r"h", ""),
        (r"ill|(?<=[aeou])il$", "y"),
        (r"oin", "w5"),
        (r"ien$", "i5"),
        (rf"(?:ain|ein|aim|eim|in|im|yn|ym|un|um)(?![{_VOWEL}nm])", "5"),
        (rf"(?:an|am|en|em)(?![{_VOWEL}nm])", "4"),
        (rf"(?:on|om)(?![{_VOWEL}nm])", "6"),
        (r"(?<=.)(?:e?s|[tdpz])$", ""),
        (r"(?<=[a-zA-Z0-9]{2})e$", ""),
        (r"(?<=r)[tds]$", ""),
        (r"ai|ei|ay|ey|e(?!u)", "E"),
        (r"oi", "wa"),
        (r"ou", "U"),
        (r"eu|oe", "2"),
        (r"y", "i"),
        (r"(.)\1+", r"\1"),
    )
]


def fold(text: str) -> str:
    """Lower case without accents or ligatures; punctuation stays."""
    plain = unicodedata.normalize("NFD", text.translate(_LIGATURES).lower())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """Key of how one word sounds: é/er/ez/ai, an/en, final mute letters and double letters are all one."""
    key = fold(re.sub("[éèêë]", "\0", unicodedata.normalize("NFC", word.lower()))).replace("\0", "E")
    for pattern, replacement in _SOUNDS:
        key = pattern.sub(replacement, key)
    return key


_BROAD = str.maketrans({"1": "s", "z": "s", "j": "s", "v": "b", "u": "U", "2": "E"})
"""sounds that a foreign accent, few teeth or a bad line make one of: ch, s, z and j; v and b; u and ou; eu and e"""


@lru_cache(maxsize=20_000)
def broad_sound(word: str) -> str:
    """A coarser key than ``sound``: "saises" meets "chaises", "bélo" meets "vélo"."""
    return re.sub(r"(.)\1+", r"\1", sound(word).translate(_BROAD))


def singular(folded: str) -> str:
    """Singular of a folded French noun or adjective by its ending; short words and ``-ss`` stay as they are.

    Wrong for some words (``matelas`` gives ``matela``), which is harmless: both sides of a comparison go through it.
    """
    if len(folded) <= 3 or folded.endswith("ss"):
        return folded
    if folded.endswith("eaux"):
        return folded[:-1]
    if folded.endswith("aux"):
        return folded[:-3] + "al"
    return folded[:-1] if folded[-1] in "sx" else folded
