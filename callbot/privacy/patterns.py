"""What looks personal in a line, whether the call understood it or not. Ranges are of words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from callbot.privacy.homes import ARTICLES, street_follows
from callbot.privacy.ordinary import ORDINARY, PARTICLES, STREET_ENDS, STRONG_TYPES, WEAK_TYPES
from callbot.privacy.secrets_in_words import Range
from callbot.privacy.spoken_numbers import is_number_word, runs, units
from callbot.privacy.words import Word, fold, words_of

_EMAIL: Final = re.compile(r"[^\s@,;]+\s?@\s?[^\s@,;]+")
_DATE: Final = re.compile(r"(?<!\d)\d{1,2}/\d{1,2}(?:/(?:\d{4}|\d{2}))?(?!\d)")
_LONG_FIGURES, _PHONE_UNITS, _PHONE_DIGITS = 6, 4, 6
_LONGEST_STREET, _LONGEST_MAIL = 6, 9
_IN_MAIL: Final = frozenset(("point", "tiret", "trait", "union"))
_MAIL_ENDS: Final = frozenset(("com", "fr", "net", "org", "eu", "live", "info"))


def emails(text: str, words: Sequence[Word]) -> Iterator[Range]:
    """Addresses with their sign, or with "arobase" said."""
    for found in _EMAIL.finditer(text):
        inside = [place for place, word in enumerate(words) if word.end > found.start() and word.start < found.end()]
        if inside:
            yield inside[0], inside[-1] + 1
    for at, word in enumerate(words):
        if word.folded in ("arobase", "arobas", "arobasse") or _is_at(words, at):
            yield _mail_start(words, at), _mail_end(words, at + 1)


def _is_at(words: Sequence[Word], at: int) -> bool:
    """ "at", as some say the sign; what follows ends like an address."""
    after = [word.folded for word in words[at + 1 : at + 4]]
    return words[at].folded == "at" and after[1:2] == ["point"] and after[2:] != [] and after[2] in _MAIL_ENDS


def _mail_start(words: Sequence[Word], at: int) -> int:
    first = at
    while first > 0 and at - first < _LONGEST_MAIL and not words[first].begins_clause:
        before = words[first - 1].folded
        if before in ORDINARY and len(before) > 1 and before not in _IN_MAIL and not is_number_word(before):
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
            yield _with_plus(folded, first), last
    yield from ((at, at + 1) for at, word in enumerate(folded) if word.isdigit() and len(word) >= _LONG_FIGURES)


def _with_plus(folded: tuple[str, ...], first: int) -> int:
    """ "plus trente-trois six ..." """
    return first - 1 if folded[max(0, first - 1) : first] == ("plus",) else first


def all_numbers(words: Sequence[Word]) -> Iterator[Range]:
    """Every number of the line: it answers a question for one. The "un" of "un conseiller" is none."""
    folded = tuple(word.folded for word in words)
    for first, last in runs(folded, [False] * len(words)):
        goes_on = last < len(words) and not words[last].begins_clause and not street_follows(words, last)
        if not (goes_on and set(folded[first:last]) <= ARTICLES):
            yield first, last


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
    return any(is_number_word(word) and word not in ARTICLES for word in before)


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


def plain_words(names_of_places: Sequence[str]) -> frozenset[str]:
    """The folded words of the names of communes."""
    return frozenset(word.folded for name in names_of_places for word in words_of(fold(name)))
