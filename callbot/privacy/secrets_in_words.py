"""Where what is known of a call stands in a line: written, in other capitals or accents, in pieces, spelled, as a
number in words. Ranges are of words, the last one excluded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from callbot.privacy.ordinary import PARTICLES, STRONG_TYPES, WEAK_TYPES
from callbot.privacy.spelling import says, signs_at
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


def in_words(words: Sequence[Word], secret: str) -> Iterator[Range]:
    """Every place where ``secret`` (text of any form) is said."""
    for form in _forms(secret):
        for at in range(len(words)):
            if (end := _said(words, at, form)) is not None:
                yield at, end
            if (end := says(words, at, form)) is not None:
                yield at, end
            if _holds(words[at].folded, form):
                yield at, at + 1


def parts_in_words(words: Sequence[Word], secrets: Sequence[str], shortest: int) -> Iterator[Range]:
    """Every place where one of ``secrets`` or one of their own words is said; ``shortest``: letters of such a word."""
    for secret in secrets:
        yield from in_words(words, secret)
        for part in _parts(secret, shortest):
            yield from in_words(words, part)


def numbers_in_words(words: Sequence[Word], numbers: frozenset[int], *, bare: bool) -> Iterator[Range]:
    """House numbers. ``bare``: the line answers a question about the address, so that "un" is a number too."""
    folded = tuple(word.folded for word in words)
    for number in numbers:
        for at, word in enumerate(words):
            if number == 1 and not bare and not word.is_digits and not _before_street(folded, at + 1):
                continue
            for end in spells(folded, at, str(number)):
                if not _is_ordinal(words, end):
                    yield at, end


def digits_in_words(words: Sequence[Word], digits: str) -> Iterator[Range]:
    """Four digits or more in a row of a phone number, wherever they begin in it."""
    folded = tuple(word.folded for word in words)
    for at in range(len(words)):
        if not is_number_word(folded[at]):
            continue
        for offset in range(len(digits) - _TELLING_DIGITS + 1):
            said, end = longest_of(folded, at, digits[offset:])
            if said >= _TELLING_DIGITS:
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


def _said(words: Sequence[Word], at: int, rest: str) -> int | None:
    """The index after the whole words from ``at`` on that make ``rest`` together; letters and numbers as they come."""
    if not rest:
        return at
    if at >= len(words):
        return None
    for said, end in _readings(words, at):
        if said and rest.startswith(said):
            last = _said(words, end, rest[len(said) :])
            if last is not None:
                return last
    return None


def _readings(words: Sequence[Word], at: int) -> Iterator[tuple[str, int]]:
    yield words[at].folded, at + 1
    yield from numbers_at(tuple(word.folded for word in words), at)
    yield from ((sign.sign, sign.last) for sign in signs_at(words, at))


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
