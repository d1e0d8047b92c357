"""A booking reference out of spoken words: letters and digits, "A comme Anatole, 4, K", "AC4KR", "ah c'est 4 cas r".

A character that no reference has is taken for one it sounds like; the check character decides. Characters that may
stand in a reference are never changed: one near reference in nineteen would pass the check and be somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from callbot.domain.meaning import Expectation
from callbot.domain.references import ALPHABET, LENGTH, parse_reference
from callbot.understanding.letters import LETTER_NAMES, PAIRS
from callbot.understanding.lexicon import HESITATIONS, vocabulary
from callbot.understanding.numbers import cardinal
from callbot.understanding.sentence import Word
from callbot.understanding.sound import fold
from callbot.understanding.spelling import letter_with_word, unglued

_DIGITS: Final = {
    "deux": "2", "trois": "3", "quatre": "4", "cinq": "5", "sept": "7", "huit": "8", "neuf": "9", "cet": "7",
    "cette": "7", "set": "7", "neuve": "9", "quat": "4", "katre": "4", "cinque": "5", "uit": "8", "witt": "8",
}  # fmt: skip
"""digits as they are said, and as Whisper writes some; 0, 1 and 6 are in no reference"""
_SOUNDS_LIKE: Final = {"B": "CV", "D": "CV", "G": "CV", "P": "CV", "T": "CV", "N": "M", "S": "FX", "Q": "U"}
"""characters in no reference, and those of references that ears take them for"""
_HOMOPHONES: Final = {
    "car": "K R", "quart": "K R", "cacher": "K H R", "celle": "C L", "selle": "C L", "haché": "H C", "effet": "F",
    "rue": "R U", "vue": "V U", "cala": "K L A", "vécu": "V K U", "aimer": "M R", "achat": "H A", "hache": "H",
}  # fmt: skip
"""words that Whisper writes for letters said in a row"""
_BETWEEN: Final = HESITATIONS | vocabulary(
    "et puis ensuite apres alors donc la lettre le chiffre les avec majuscule minuscule voila point tiret c est ca un"
    " une oui attendez reference ma mon code numero dossier est bien merci s il vous plait svp"
)
_SURE, _PASSED, _NAMED, _LIKELY = 0.0, 0.05, 0.25, 0.5
"""cost of a letter or digit itself, of a word passed over, of a letter's name, of a word that is only like one"""
_LETTERS_AND_WORDS: Final = vocabulary("a y c d j l m n s t")
"""single letters that are words, or what is left of one"""
_MOST_PATHS: Final = 20_000
ANNOUNCED: Final = vocabulary("reference references ref code")
"""words before a reference"""
_ANNOUNCED: Final = ANNOUNCED | vocabulary("dossier reservation annuler annulez annulation")
_LOST: Final = re.compile(
    r"\b(?:je )?(?:l ai|l a|la|les ai|les) (?:pas|plus|perdue?|egaree?|jetee?|effacee?|oubliee?)\b"
    r"|\b(?:ai|sais|retrouve|trouve|connais|souviens|rappelle|note|recu) (?:plus|pas)"
    r"|\b(?:perdue?|egaree?|oubliee?|aucune idee|pas (?:de|la|ma|notee?|sur moi)|sans|jamais (?:eue?|recue?))\b"
)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Characters that may have been said from words ``first`` to ``last`` (not included), and how unlikely."""

    signs: str
    first: int
    last: int
    cost: float


def find_reference(words: Sequence[Word], expect: Expectation) -> tuple[str, tuple[int, int]] | None:
    """The reference and its characters in the text; None when none is said, or several could have been.

    Where none was asked for, it must be announced ("ma référence c'est...") or written as one word ("AC4KR").
    """
    words = unglued(words)
    if solid := _solid(words, expect):
        return solid
    asked = expect is Expectation.REFERENCE
    after = next((at + 1 for at, word in enumerate(words) if word.folded in _ANNOUNCED), None)
    if not asked and after is None:
        return None
    best: dict[str, _Reading] = {}
    for start in range(after or 0, len(words)):
        for reading in _readings(words, start):
            cheapest = best.get(reading.signs)
            if cheapest is None or reading.cost < cheapest.cost:
                best[reading.signs] = reading
    if not best:
        return None
    least = min(reading.cost for reading in best.values())
    likely = [reading for reading in best.values() if reading.cost == least]
    return (likely[0].signs, _characters(words, likely[0].first, likely[0].last)) if len(likely) == 1 else None


def has_none(line: str) -> bool:
    """True when the folded words ``line`` say that the caller has no reference at hand."""
    return bool(_LOST.search(line))


def _solid(words: Sequence[Word], expect: Expectation) -> tuple[str, tuple[int, int]] | None:
    """A reference written as one word; letters alone or digits alone only where a reference is spoken of."""
    spoken_of = expect is Expectation.REFERENCE or any(word.folded in _ANNOUNCED for word in words)
    for first in range(len(words)):
        text = ""
        for last in range(first, min(first + LENGTH, len(words))):
            text += words[last].text if last == first or not words[last].gap.strip("-. ") else "?"
            joined = last == first or not words[last].gap or spoken_of
            if len(text) > LENGTH or not joined:
                break
            mixed = any(char.isdigit() for char in text) and any(char.isalpha() for char in text)
            around = (*range(first), *range(last + 1, len(words))) if last > first and spoken_of else ()
            if any(_is_sign(words, at) for at in around):
                continue
            if (reference := parse_reference(text)) and (mixed or spoken_of):
                return reference, _characters(words, first, last + 1)
    return None


def _characters(words: Sequence[Word], first: int, last: int) -> tuple[int, int]:
    return words[first].start, words[last - 1].end


def _readings(words: Sequence[Word], start: int) -> Iterator[_Reading]:
    """All references that the words from ``start`` on may be, one character or more from the first of them."""
    paths = [("", start, _SURE)]
    for _ in range(_MOST_PATHS):
        if not paths:
            return
        signs, at, cost = paths.pop()
        if len(signs) == LENGTH:
            # Signs left over are those of another reference, which would be misread.
            left = any(_is_sign(words, other) for other in (*range(start), *range(at, len(words))))
            if parse_reference(signs) == signs and not left:
                yield _Reading(signs, start, at, cost)
            continue
        if at < len(words):
            paths += [
                (signs + more, last, cost + extra)
                for more, last, extra in _options(words, at)
                if len(signs) + len(more) <= LENGTH and (more or signs)
            ]


def _is_sign(words: Sequence[Word], at: int) -> bool:
    """True for a letter or a digit said as such."""
    word = words[at]
    if letter_with_word(words, at):
        return True
    digit = word.is_digits or (word.folded in _DIGITS and cardinal((word.folded,)) is not None)
    return digit or (len(word.folded) == 1 and word.folded not in _LETTERS_AND_WORDS)


def _options(words: Sequence[Word], at: int) -> Iterator[tuple[str, int, float]]:
    """What the word at ``at`` may be: characters, the word after it, what it costs."""
    word = words[at]
    if word.folded in _BETWEEN:
        yield "", at + 1, _PASSED
    if named := letter_with_word(words, at):
        for sign in _signs(named[0]):
            yield sign, named[1], _SURE
        return
    if pair := _pair(words, at):
        for sign in _signs(pair):
            yield sign, at + 2, _LIKELY
    for length in range(min(4, len(words) - at), 0, -1):
        value = cardinal(tuple(part.folded for part in words[at : at + length]))
        if value is not None and length > 1 and set(str(value)) <= set(ALPHABET):
            yield str(value), at + length, _SURE
    elided = at + 1 < len(words) and words[at + 1].gap == "'"
    yield from ((signs, at + 1, cost) for signs, cost in ([] if elided else _of_word(word)))


def _of_word(word: Word) -> Iterator[tuple[str, float]]:
    text, folded = word.text.lower(), word.folded
    if word.is_digits:
        if set(word.text) <= set(ALPHABET):
            yield word.text, _SURE
        return
    if folded in _DIGITS:
        yield _DIGITS[folded], _SURE if cardinal((folded,)) is not None else _LIKELY
    elif (value := cardinal((folded,))) is not None and set(str(value)) <= set(ALPHABET):
        yield str(value), _SURE
    letter = LETTER_NAMES.get(text) or (folded.upper() if len(folded) == 1 and folded.isalpha() else None)
    if letter:
        for sign in _signs(letter):
            yield sign, _SURE if len(folded) == 1 and sign == letter else _NAMED
    if text in _HOMOPHONES:
        yield _HOMOPHONES[text].replace(" ", ""), _LIKELY
    glued = fold(word.text).upper()
    if folded not in _BETWEEN and 1 < len(glued) <= LENGTH and all(sign in ALPHABET for sign in glued):
        yield glued, _SURE if word.text.isupper() else _LIKELY


def _pair(words: Sequence[Word], at: int) -> str | None:
    if at + 1 >= len(words):
        return None
    return PAIRS.get((words[at].folded, words[at + 1].folded))


def _signs(letter: str) -> str:
    """The characters of references that a letter heard may be."""
    sign = fold(letter).upper()
    return sign if sign in ALPHABET else _SOUNDS_LIKE.get(sign, "")
