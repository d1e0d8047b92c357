"""Spoken numbers: cardinals by text2num over the longest run of words, ordinals by a table of our own.

Nothing is rewritten in the text: a number is a unit beside its words, so "rue du Quatre-Septembre" keeps its spelling.
"""

from __future__ import annotations

from functools import lru_cache

from text_to_num import text2num

from callbot.understanding.lexicon import vocabulary
from callbot.understanding.sentence import Unit, Word

_LONGEST_RUN = 9
_LARGEST = 99_999

_CARDINAL_WORDS = vocabulary(
    "zero un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt vingts"
    " trente quarante cinquante soixante septante huitante octante nonante cent cents mille et"
)
_ARTICLES = frozenset({"un", "une"})

_ORDINALS = {
    "premier": 1, "premiere": 1, "premiers": 1, "premieres": 1, "second": 2, "seconde": 2, "deuxieme": 2,
    "troisieme": 3, "quatrieme": 4, "cinquieme": 5, "sixieme": 6, "septieme": 7, "huitieme": 8, "neuvieme": 9,
    "dixieme": 10, "onzieme": 11, "douzieme": 12, "treizieme": 13, "quatorzieme": 14, "quinzieme": 15,
    "seizieme": 16, "vingtieme": 20,
}  # fmt: skip
_GLUED_ENDINGS = frozenset({"e", "me", "er", "ere", "eme", "ieme", "nd", "nde"})
_LOOSE_ENDINGS = frozenset({"er", "ere", "eme", "ieme"})


@lru_cache(maxsize=5_000)
def cardinal(words: tuple[str, ...]) -> int | None:
    """The number these folded words say together ("quatre", "vingt", "dix" is 90); None when they are not one."""
    if not words or words[0] == "et" or words[-1] == "et" or not _CARDINAL_WORDS.issuperset(words):
        return None
    spoken = " ".join(words).replace("zero", "zéro").replace("vingt un", "vingt et un").replace("octante", "huitante")
    try:
        value = int(text2num(spoken.replace("quatre vingt et un", "quatre vingt un"), "fr"))
    except ValueError:
        return None
    # "zéro six" is two digits said one after the other, not the number six.
    return value if value <= _LARGEST and (words[0] != "zero" or len(words) == 1) else None


def units_of(words: tuple[Word, ...]) -> tuple[Unit, ...]:
    """Words with their numbers put together: "quatre-vingt dix huit" is one unit ``#98``, "6e" one ``#o6``."""
    units: list[Unit] = []
    index = 0
    while index < len(words):
        tag, length = _read(words, index)
        units.append(Unit(tag, words[index : index + length]))
        index += length
    return tuple(units)


def _read(words: tuple[Word, ...], index: int) -> tuple[str, int]:
    word = words[index]
    if word.is_digits:
        return _digits(words, index)
    if word.folded in _ORDINALS:
        return f"#o{_ORDINALS[word.folded]}", 1
    for length in range(min(_LONGEST_RUN, len(words) - index), 0, -1):
        run = words[index : index + length]
        if any(part.after_pause for part in run[1:]):
            continue
        value = cardinal(tuple(part.folded for part in run))
        if value is not None and not (length == 1 and word.folded in _ARTICLES):
            return f"#{value}", length
    return word.folded, 1


def _digits(words: tuple[Word, ...], index: int) -> tuple[str, int]:
    digits = words[index].text[:12]
    if index + 1 < len(words) and int(digits) <= 31:
        ending = words[index + 1]
        glued = not ending.gap and ending.folded in _GLUED_ENDINGS
        if glued or (ending.gap == " " and ending.folded in _LOOSE_ENDINGS):
            return f"#o{int(digits)}", 2
    return f"#{digits}", 1
