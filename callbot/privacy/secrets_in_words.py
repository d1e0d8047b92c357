"""Where what is known of a call stands in a line: written, in other capitals or accents, in pieces, spelled, as a
number in words. Ranges are of words, the last one excluded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from callbot.privacy.ordinary import PARTICLES, STRONG_TYPES, WEAK_TYPES
from callbot.privacy.spelling import Sign, says, signs_at
from callbot.privacy.spoken_numbers import is_number_word, longest_of, numbers_at, spells
from callbot.privacy.words import Word, words_of

Range = tuple[int, int]

_MONTHS: Final = frozenset(
    ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre",
     "decembre")
)  # fmt: skip
_NOT_A_PART: Final = PARTICLES | STRONG_TYPES | WEAK_TYPES | _MONTHS
_INFIX, _PREFIX, _MORE = 5, 4, 2
"""letters from which a secret is found inside a word, at its beginning; letters such a word may have more"""
_TELLING_DIGITS: Final = 4
"""digits in a row of a phone number that would tell it to who knows it"""
_ORDINAL_ENDINGS: Final = frozenset(("e", "eme", "ieme", "er", "ere"))


@dataclass(frozen=True, slots=True)
class Said:
    """A line and every way to read it from each of its words on: as it is, as a number, as letters; read once, looked
    through for every secret."""

    words: Sequence[Word]
    folded: tuple[str, ...]
    readings: tuple[tuple[tuple[str, int], ...], ...]
    """letters and digits said from a word on, and the index after them"""
    signs: tuple[tuple[Sign, ...], ...]


def said_in(words: Sequence[Word]) -> Said:
    """All readings of a line."""
    folded = tuple(word.folded for word in words)
    signs = tuple(tuple(signs_at(words, at)) for at in range(len(words)))
    readings = []
    for at, word in enumerate(folded):
        spelled = ((sign.sign, sign.last) for sign in signs[at])
        readings.append(tuple(dict.fromkeys(((word, at + 1), *numbers_at(folded, at), *spelled))))
    return Said(words, folded, tuple(readings), signs)


def in_words(said: Said, secret: str) -> Iterator[Range]:
    """Every place where ``secret`` (text of any form) is said."""
    for form in _forms(secret):
        for at, word in enumerate(said.folded):
            if (end := _said(said.readings, at, form)) is not None:
                yield at, end
            if (end := says(said.signs, said.folded, at, form)) is not None:
                yield at, end
            if _holds(word, form):
                yield at, at + 1


def parts_in_words(said: Said, secrets: Sequence[str], shortest: int) -> Iterator[Range]:
    """Every place where one of ``secrets`` or one of their own words is said; ``shortest``: letters of such a word."""
    for secret in dict.fromkeys(form for each in secrets for form in (each, *_parts(each, shortest))):
        yield from in_words(said, secret)


def numbers_in_words(said: Said, numbers: frozenset[int], *, bare: bool) -> Iterator[Range]:
    """House numbers. ``bare``: the line answers a question about the address, so that "un" is a number too."""
    words, folded = said.words, said.folded
    for number in numbers:
        for at, word in enumerate(words):
            if not is_number_word(word.folded):
                continue
            if number == 1 and not bare and not word.is_digits and not _before_street(folded, at + 1):
                continue
            for end in spells(folded, at, str(number)):
                if not _is_ordinal(words, end):
                    yield at, end


def digits_in_words(said: Said, digits: str) -> Iterator[Range]:
    """Four digits or more in a row of a phone number, wherever they begin in it."""
    folded = said.folded
    for at in range(len(folded)):
        if not is_number_word(folded[at]):
            continue
        for offset in range(len(digits) - _TELLING_DIGITS + 1):
            count, end = longest_of(folded, at, digits[offset:])
            if count >= _TELLING_DIGITS:
                yield at, end


def _before_street(folded: tuple[str, ...], at: int) -> bool:
    after = folded[at : at + 2]
    return any(word in STRONG_TYPES or word in ("bis", "ter", "quater") for word in after)


def _is_ordinal(words: Sequence[Word], end: int) -> bool:
    """True for the figures of "6e": a district, not a house."""
    return end < len(words) and not words[end].gap and words[end].folded in _ORDINAL_ENDINGS


def _holds(word: str, form: str) -> bool:
    if len(form) >= _INFIX and form in word:
        return True
    return len(form) >= _PREFIX and word.startswith(form) and len(word) <= len(form) + _MORE


def _said(readings: tuple[tuple[tuple[str, int], ...], ...], at: int, rest: str) -> int | None:
    """The index after the whole words from ``at`` on that make ``rest`` together; None when they do not."""
    if not rest:
        return at
    if at >= len(readings):
        return None
    for said, end in readings[at]:
        if said and rest.startswith(said):
            last = _said(readings, end, rest[len(said) :])
            if last is not None:
                return last
    return None


@lru_cache(maxsize=10_000)
def _forms(secret: str) -> tuple[str, ...]:
    """The letters and digits of a secret in a row, numbers in words as they are and in figures."""
    words = tuple(word.folded for word in words_of(secret))
    figures: list[str] = []
    at = 0
    while at < len(words):
        found = numbers_at(words, at)
        figures.append(found[0][0] if found else words[at])
        at = found[0][1] if found else at + 1
    return tuple(form for form in dict.fromkeys(("".join(words), "".join(figures))) if form)


@lru_cache(maxsize=10_000)
def _parts(secret: str, shortest: int) -> tuple[str, ...]:
    """The words of a secret that tell something by themselves."""
    words = [word.folded for word in words_of(secret)]
    telling = (word for word in words if len(word) >= shortest and word not in _NOT_A_PART and not is_number_word(word))
    return tuple(dict.fromkeys(telling)) if len(words) > 1 else ()
