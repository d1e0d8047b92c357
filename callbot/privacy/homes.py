"""Where somebody lives, beyond the street: house numbers, floors, doors, codes, names of residences. Ranges are of
words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from callbot.privacy.ordinary import NUMBER_CUES, ORDINARY, STRONG_TYPES, WEAK_TYPES
from callbot.privacy.secrets_in_words import Range
from callbot.privacy.spelling import signs_at
from callbot.privacy.spoken_numbers import is_number_word, runs
from callbot.privacy.words import Word, vocabulary

ARTICLES: Final = frozenset(("un", "une"))
_CUE_REACH: Final = 4
"""words between "code" and its number: "le code, c'est le" """
_BEFORE_STREET: Final = vocabulary("bis ter quater a b c d de du la")
_REPEATED: Final = vocabulary("bis ter quater")
_ORDINALS: Final = vocabulary(
    "premier deuxieme troisieme quatrieme cinquieme sixieme septieme huitieme neuvieme dixieme onzieme douzieme"
    " treizieme quatorzieme quinzieme seizieme second dernier"
)
_ENDINGS: Final = vocabulary("e eme er ere ieme")
_AFTER_FLOOR: Final = vocabulary("etage a porte droite gauche sans avec et chez bat batiment escalier code en il sur")
_NOT_A_FLOOR: Final = vocabulary("c vous est sont")
"""after "le deuxième": "c'est mieux" """
_LETTERED: Final = vocabulary("batiment bat tour escalier entree bloc hall cage porte appartement villa lot immeuble")
_CODES: Final = vocabulary("code digicode interphone cle")
_NAMED: Final = vocabulary("residence lotissement hlm cite villa copropriete foyer clos hameau domaine")
_LONGEST_NAME: Final = 3


def numbers_of_a_home(words: Sequence[Word]) -> Iterator[Range]:
    """Numbers before a street, after "code", "appartement"."""
    folded = tuple(word.folded for word in words)
    for first, last in runs(folded, [word.begins_clause for word in words]):
        if set(folded[first:last]) <= ARTICLES:
            continue
        if street_follows(words, last) or _announced(folded, first):
            yield first, _with_repetition(folded, last)
        elif last < len(folded) and folded[last] in _REPEATED:
            yield first, last + 1
    for at, word in enumerate(folded[:-1]):
        if word in _CODES and len(folded[at + 1]) <= 2 and folded[at + 1] not in ORDINARY:
            yield at + 1, at + 2


def _announced(folded: tuple[str, ...], first: int) -> bool:
    return folded[first - 1 : first] == ("numero",) or any(
        word in NUMBER_CUES for word in folded[max(0, first - _CUE_REACH) : first]
    )


def _with_repetition(folded: tuple[str, ...], last: int) -> int:
    return last + 1 if last < len(folded) and folded[last] in _REPEATED else last


def street_follows(words: Sequence[Word], at: int) -> bool:
    """True when "rue", "bis rue" comes next."""
    for place in range(at, min(at + 3, len(words))):
        word = words[place]
        if word.begins_clause and word.gap.strip() not in (",", ""):
            return False
        if word.folded in STRONG_TYPES or word.folded in WEAK_TYPES:
            return True
        if word.folded not in _BEFORE_STREET:
            return False
    return False


def floors(words: Sequence[Word]) -> Iterator[Range]:
    """ "troisième étage", "au 3e à gauche", "rez-de-chaussée", and the side of the landing said with them."""
    folded = tuple(word.folded for word in words)
    for at in range(len(folded)):
        if folded[at : at + 3] == ("rez", "de", "chaussee"):
            yield at, at + 3
            continue
        end = _ordinal(words, at)
        if end is None:
            continue
        after = folded[end : end + 1]
        if after == ("etage",) or (folded[at - 1 : at] == ("au",) and _is_floor(words, end)):
            yield at, end
            yield from _side(folded, end)
    for at, word in enumerate(folded[:-1]):
        if word == "porte" and folded[at + 1] in ("droite", "gauche", "face"):
            yield at + 1, at + 2


def _ordinal(words: Sequence[Word], at: int) -> int | None:
    """The index after "troisième", "3e" or "vingt et unième" that begins at ``at``."""
    if words[at].folded in _ORDINALS:
        return at + 1
    ends = at + 1 < len(words) and not words[at + 1].gap and words[at + 1].folded in _ENDINGS
    return at + 2 if words[at].is_digits and ends else None


def _is_floor(words: Sequence[Word], end: int) -> bool:
    return end >= len(words) or words[end].begins_clause or words[end].folded in _AFTER_FLOOR


def _side(folded: tuple[str, ...], end: int) -> Iterator[Range]:
    for at in range(end, min(end + 5, len(folded))):
        if folded[at] in ("droite", "gauche"):
            yield at, at + 1


def lettered(words: Sequence[Word]) -> Iterator[Range]:
    """The letter of a building, a staircase, an entrance; letters and figures of a code."""
    for at, word in enumerate(words[:-1]):
        after = words[at + 1]
        if word.folded in _LETTERED and not after.begins_clause and _is_letter(words, at + 1):
            yield at + 1, at + 2
        if word.folded in _CODES:
            yield from _code(words, at + 1)


def _is_letter(words: Sequence[Word], at: int) -> bool:
    word = words[at]
    if len(word.folded) != 1 or not word.folded.isalpha():
        return False
    after = words[at + 1] if at + 1 < len(words) else None
    elided = after is not None and after.gap in ("'", "’")
    verb = word.folded in ("a", "y") and not word.capital and after is not None and not after.begins_clause
    return not elided and not (verb and after is not None and not _begins_place(after))


def _begins_place(word: Word) -> bool:
    return word.folded in _ORDINALS or word.folded in _LETTERED or word.is_digits


def _code(words: Sequence[Word], at: int) -> Iterator[Range]:
    """Letters and figures after "code": two of them or more, one a figure."""
    first = at
    while first < len(words) and first - at < _CUE_REACH and not _of_code(words, first):
        first += 1
    last, figures = first, 0
    while last < len(words) and _of_code(words, last):
        figures += is_number_word(words[last].folded)
        last += 1
    if figures and last - first > 1:
        yield first, last


def _of_code(words: Sequence[Word], at: int) -> bool:
    word = words[at]
    if is_number_word(word.folded):
        return word.folded not in ARTICLES
    if word.folded in ("etoile", "diese"):
        return True
    alone = len(word.folded) == 1 and any(sign.last == at + 1 for sign in signs_at(words, at))
    elided = at + 1 < len(words) and words[at + 1].gap in ("'", "’")
    number_next = at + 1 < len(words) and is_number_word(words[at + 1].folded)
    return alone and not elided and (word.folded not in ("a", "y", "l", "c", "d") or number_next)


def named_homes(words: Sequence[Word]) -> Iterator[Range]:
    """ "résidence les mimosas": names of places smaller than a street."""
    for at, word in enumerate(words[:-1]):
        if word.folded not in _NAMED:
            continue
        first = start = at + 1
        while start < len(words) and words[start].folded in ("le", "la", "les", "l", "mon", "du", "des", "de"):
            start += 1
        last = start
        while last < len(words) and last - start < _LONGEST_NAME and _of_a_name(words, last, start):
            last += 1
        if last > start:
            yield first, last


def _of_a_name(words: Sequence[Word], at: int, start: int) -> bool:
    word = words[at]
    if word.begins_clause or word.is_digits or len(word.folded) < 2:
        return False
    return word.folded not in ORDINARY or (at > start and word.folded in ("vert", "blanc", "fleuri", "bleu", "rouge"))
