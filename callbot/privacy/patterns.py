"""What looks personal in a line, whether the call understood it or not. Ranges are of words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from callbot.domain.surnames import SURNAMES
from callbot.privacy.ordinary import (
    CAPITAL_CUES,
    COMMON_SURNAMES,
    NAME_CUES,
    NUMBER_CUES,
    ORDINARY,
    PARTICLES,
    STREET_ENDS,
    STRONG_TYPES,
    WEAK_TYPES,
)
from callbot.privacy.secrets_in_words import Range
from callbot.privacy.spoken_numbers import is_number_word, runs, units
from callbot.privacy.words import Word, fold, words_of

_EMAIL: Final = re.compile(r"[^\s@,;]+\s?@\s?[^\s@,;]+")
_DATE: Final = re.compile(r"(?<!\d)\d{1,2}/\d{1,2}(?:/(?:\d{4}|\d{2}))?(?!\d)")
_LONG_FIGURES, _PHONE_UNITS, _PHONE_DIGITS = 6, 4, 6
_LONGEST_STREET, _LONGEST_NAME, _LONGEST_MAIL = 6, 4, 5
_CUE_REACH: Final = 4
"""words between "code" and its number: "le code, c'est le" """
_NAMES: Final = frozenset(
    name for each in SURNAMES for name in [word.folded for word in words_of(each)] if len(name) > 2
) - COMMON_SURNAMES - ORDINARY  # fmt: skip
_ARTICLES: Final = frozenset(("un", "une"))
_MAIL_ENDS: Final = frozenset(("com", "fr", "net", "org", "eu", "live", "info"))
_BEFORE_STREET: Final = frozenset(("bis", "ter", "quater", "a", "b", "c", "de", "du", "la"))


def emails(text: str, words: Sequence[Word]) -> Iterator[Range]:
    """Addresses with their sign, or with "arobase" said."""
    for found in _EMAIL.finditer(text):
        inside = [place for place, word in enumerate(words) if word.end > found.start() and word.start < found.end()]
        if inside:
            yield inside[0], inside[-1] + 1
    for at, word in enumerate(words):
        if word.folded in ("arobase", "arobas", "arobasse"):
            yield _mail_start(words, at), _mail_end(words, at + 1)


def _mail_start(words: Sequence[Word], at: int) -> int:
    first = at
    ends = ORDINARY - {"point", "tiret"}
    while first > 0 and at - first < _LONGEST_MAIL and not words[first].begins_clause:
        if words[first - 1].folded in ends and len(words[first - 1].folded) > 1:
            break
        first -= 1
    return first


def _mail_end(words: Sequence[Word], at: int) -> int:
    last = at
    while last < len(words) and last - at < _LONGEST_MAIL and not (last > at and words[last].begins_clause):
        last += 1
        if words[last - 1].folded in _MAIL_ENDS:
            break
    return last


def phones(text: str, words: Sequence[Word]) -> Iterator[Range]:
    """Rows of digits too long for anything else, and rows that begin with zero."""
    folded = tuple(word.folded for word in words)
    dates = [found.span() for found in _DATE.finditer(text)]
    dated = [any(first <= word.start < last for first, last in dates) for word in words]
    for first, last in runs(folded, [bool(re.search(r"[^\s\d.,+\-–()'’/]", word.gap)) for word in words]):
        said = units(folded, first, last)
        long = len(said) >= _PHONE_UNITS or sum(map(len, said)) >= _PHONE_DIGITS
        if (long or (said and said[0].startswith("0") and len(said) > 1)) and not all(dated[first:last]):
            yield first, last
    yield from ((at, at + 1) for at, word in enumerate(folded) if word.isdigit() and len(word) >= _LONG_FIGURES)


def all_numbers(words: Sequence[Word]) -> Iterator[Range]:
    """Every number of the line: it answers a question for one. The "un" of "un conseiller" is none."""
    folded = tuple(word.folded for word in words)
    for first, last in runs(folded, [False] * len(words)):
        goes_on = last < len(words) and not words[last].begins_clause and not _street_follows(words, last)
        if not (goes_on and set(folded[first:last]) <= _ARTICLES):
            yield first, last


def numbers_of_a_home(words: Sequence[Word]) -> Iterator[Range]:
    """Numbers before a street, after "code", "appartement"."""
    folded = tuple(word.folded for word in words)
    for first, last in runs(folded, [word.begins_clause for word in words]):
        if set(folded[first:last]) <= _ARTICLES:
            continue
        if _street_follows(words, last) or any(
            word in NUMBER_CUES for word in folded[max(0, first - _CUE_REACH) : first]
        ):
            yield first, last
    for at, word in enumerate(folded[:-1]):
        if word in ("code", "digicode", "interphone") and len(folded[at + 1]) <= 2 and folded[at + 1] not in ORDINARY:
            yield at + 1, at + 2


def _street_follows(words: Sequence[Word], at: int) -> bool:
    for place in range(at, min(at + 3, len(words))):
        word = words[place]
        if word.begins_clause and word.gap.strip() not in (",", ""):
            return False
        if word.folded in STRONG_TYPES or word.folded in WEAK_TYPES:
            return True
        if word.folded not in _BEFORE_STREET:
            return False
    return False


def streets(words: Sequence[Word], *, asked: bool) -> Iterator[Range]:
    """What follows "rue", "avenue"; ``asked``: the line answers a question about the address."""
    for at, word in enumerate(words):
        weak = word.folded in WEAK_TYPES
        if not weak and word.folded not in STRONG_TYPES:
            continue
        first, last = _street_name(words, at + 1)
        sure = asked or not weak or _capital(words, first) or _number_before(words, at)
        if last > first and sure:
            yield first, last


def _capital(words: Sequence[Word], at: int) -> bool:
    return at < len(words) and words[at].capital


def _number_before(words: Sequence[Word], at: int) -> bool:
    before = [word.folded for word in words[max(0, at - 2) : at]]
    return any(is_number_word(word) and word not in _ARTICLES for word in before)


def _street_name(words: Sequence[Word], at: int) -> Range:
    first = at
    while first < len(words) and words[first].folded in PARTICLES - {"a", "au", "aux", "en", "et", "sur", "sous"}:
        first += 1
    last = first
    while last < len(words) and last - first < _LONGEST_STREET and not (last > at and words[last].begins_clause):
        if words[last].folded in STREET_ENDS and not _goes_on(words, first, last):
            break
        last += 1
    while last > first and words[last - 1].folded in PARTICLES:
        last -= 1
    return first, last


def _goes_on(words: Sequence[Word], first: int, at: int) -> bool:
    """A street may begin with a number ("rue des Trois Mages"), and hold ordinary words with a capital."""
    return (at == first and is_number_word(words[at].folded)) or (words[at].capital and len(words[at].folded) > 2)


def names(words: Sequence[Word], plain: frozenset[str], *, by_caller: bool) -> Iterator[Range]:
    """Surnames, what is introduced as a name, and in a caller's words whatever has a capital without a reason."""
    known = ORDINARY | plain
    for at, word in enumerate(words):
        if word.folded in _NAMES and word.folded not in plain:
            yield at, at + 1
        if by_caller and word.capital and not word.begins_sentence and _like_a_name(word, known):
            yield _with_first_name(words, at, known), at + 1
    if by_caller:
        yield from _introduced(words, known)


def _like_a_name(word: Word, known: frozenset[str]) -> bool:
    return len(word.folded) > 1 and not word.is_digits and word.folded not in known


def _with_first_name(words: Sequence[Word], at: int, known: frozenset[str]) -> int:
    before = words[at - 1]
    together = at > 0 and not words[at].gap.strip(" -‑") and before.capital and _like_a_name(before, known)
    return at - 1 if together else at


def _introduced(words: Sequence[Word], known: frozenset[str]) -> Iterator[Range]:
    folded = tuple(word.folded for word in words)
    for cue in NAME_CUES:
        for at in range(len(words) - len(cue)):
            first = at + len(cue)
            if folded[at:first] != cue or (cue in CAPITAL_CUES and not words[first].capital):
                continue
            last = first
            while last < len(words) and last - first < _LONGEST_NAME and not words[last].begins_clause:
                if folded[last] in known and folded[last] not in PARTICLES:
                    break
                last += 1
            while last > first and folded[last - 1] in PARTICLES:
                last -= 1
            if last > first:
                yield first, last


def strangers(words: Sequence[Word], plain: frozenset[str]) -> Iterator[Range]:
    """All words that are not ordinary: the line answers a question for a name, a street, a reference."""
    known = ORDINARY | plain
    yield from ((at, at + 1) for at, word in enumerate(words) if word.folded not in known and not word.is_digits)


def plain_words(names_of_places: Sequence[str]) -> frozenset[str]:
    """The folded words of the names of communes."""
    return frozenset(word.folded for name in names_of_places for word in words_of(fold(name)))
