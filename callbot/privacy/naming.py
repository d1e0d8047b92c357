"""Names of people in a line: known ones, introduced ones, and in a caller's words what has a capital without a reason.
Ranges are of words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from callbot.domain.surnames import SURNAMES
from callbot.privacy.everyday import BRANDS, FESTIVE, STYLES
from callbot.privacy.first_names import FIRST_NAMES
from callbot.privacy.ordinary import CAPITAL_CUES, COMMON_SURNAMES, NAME_CUES, ORDINARY, PARTICLES
from callbot.privacy.secrets_in_words import Range
from callbot.privacy.words import Word, vocabulary, words_of

_ALL_SURNAMES: Final = frozenset(word.folded for each in SURNAMES for word in words_of(each) if len(word.folded) > 2)
_SURNAMES: Final = _ALL_SURNAMES - COMMON_SURNAMES - ORDINARY
_FIRST: Final = FIRST_NAMES - ORDINARY
_WORDS_TOO: Final = (COMMON_SURNAMES | _ALL_SURNAMES | BRANDS | FIRST_NAMES) - vocabulary("jean no le la da ba but")
"""words that are names where a name is asked"""
_OF_NAMES: Final = vocabulary(
    "de du des d la le l da do dos del el al ben ould van von mac mc o bou abou ait san santa"
)
_LONGEST: Final = 4


def names(words: Sequence[Word], plain: frozenset[str], *, by_caller: bool) -> Iterator[Range]:
    """Surnames, first names, what is introduced as a name, and words with a capital."""
    known = ORDINARY | plain
    styled = _styled(words)
    for at, word in enumerate(words):
        if at in styled or word.folded in plain:
            continue
        if word.folded in _SURNAMES and not _is_brand(words, at):
            yield at, at + 1
        if by_caller and word.folded in _FIRST and not _is_festive(words, at):
            yield at, _with_surname(words, at + 1, known)
        if by_caller and _stands_out(word) and _like_a_name(word, known) and not _is_brand(words, at):
            yield _with_first_name(words, at, known), at + 1
    if by_caller:
        yield from _introduced(words, known)
        yield from _signed(words, known)


def _styled(words: Sequence[Word]) -> frozenset[int]:
    """Words of "Louis Philippe", "Arthur Martin"."""
    folded = tuple(word.folded for word in words)
    return frozenset(place for at in range(len(folded) - 1) if folded[at : at + 2] in STYLES for place in (at, at + 1))


def _is_brand(words: Sequence[Word], at: int) -> bool:
    return words[at].folded in BRANDS


def _is_festive(words: Sequence[Word], at: int) -> bool:
    return at > 0 and words[at - 1].folded in FESTIVE


def _with_surname(words: Sequence[Word], at: int, known: frozenset[str]) -> int:
    """The index after what follows a first name and may be the surname."""
    last = end = at
    while end < len(words) and end - at < _LONGEST and not words[end].begins_clause:
        word = words[end].folded
        if word in _OF_NAMES and end + 1 < len(words):
            end += 1
            continue
        if (word in known and word not in _ALL_SURNAMES) or len(word) < 2 or word.isdigit():
            break
        end = last = end + 1
    return last


def _stands_out(word: Word) -> bool:
    return word.capital and not word.begins_sentence


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
            while last < len(words) and last - first < _LONGEST and not words[last].begins_clause:
                if (folded[last] in known and folded[last] not in _OF_NAMES) or folded[last] in BRANDS:
                    break
                last += 1
            while last > first and folded[last - 1] in PARTICLES:
                last -= 1
            if last > first and not _of_things(folded, cue, first):
                yield first, last


def _of_things(folded: tuple[str, ...], cue: tuple[str, ...], first: int) -> bool:
    """ "la famille des plastiques", "chez le marchand": an article there begins a thing."""
    return cue in (("chez",), ("famille",), ("marque",), ("ecrit",)) and folded[first] in PARTICLES


def _signed(words: Sequence[Word], known: frozenset[str]) -> Iterator[Range]:
    """The name before "à l'appareil"."""
    folded = tuple(word.folded for word in words)
    for at in range(1, len(folded) - 2):
        if folded[at : at + 3] != ("a", "l", "appareil"):
            continue
        first = at
        while (
            first > 0
            and at - first < _LONGEST
            and (folded[first - 1] not in known or folded[first - 1] in _ALL_SURNAMES)
        ):
            first -= 1
        if first < at:
            yield first, at


def answered_names(words: Sequence[Word]) -> Iterator[Range]:
    """In the answer to a question for a name: names that are words too, and particles before a name."""
    for at, word in enumerate(words):
        if word.folded in _WORDS_TOO and len(word.folded) > 2:
            yield _with_particles(words, at), at + 1


def _with_particles(words: Sequence[Word], at: int) -> int:
    first = at
    while first > 0 and not words[first].begins_clause and words[first - 1].folded in _OF_NAMES:
        first -= 1
    introduced = first > 0 and words[first - 1].folded in ("nom", "prenom")
    return first + 1 if introduced and first < at and words[first].folded in ("de", "du") else first


def strangers(words: Sequence[Word], plain: frozenset[str], *, particles: bool = False) -> Iterator[Range]:
    """All words that are not ordinary: the line answers a question for a name, a street, a reference. ``particles``:
    "le", "de" before them go with them."""
    known = ORDINARY | plain
    for at, word in enumerate(words):
        if word.folded not in known and not word.is_digits:
            yield (_with_particles(words, at) if particles else at), at + 1
