"""House number and street out of a sentence: the words of the street stay the caller's own, the base will read them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from callbot.domain.meaning import Expectation, HeardAddress
from callbot.understanding.communes import CommuneFinder
from callbot.understanding.lexicon import (
    FILLERS,
    HESITATIONS,
    LOOSE_STREET_TYPES,
    MONTHS,
    STREET_TYPES,
    WEEKDAYS,
    vocabulary,
)
from callbot.understanding.sentence import Sentence

_REPETITIONS = vocabulary("bis ter quater quinquies a b c d e f")
_ARTICLES = vocabulary("de du des d la le les l aux au")
_ADJECTIVES = vocabulary("grand grande petite ancien vieux vieille")
_END_OF_STREET = vocabulary(
    "| depuis devant dans pour si s merci svp voila c ce cette chez avec mais donc un une mon ma mes je j nous on il"
    " elle ils elles y qui ou que quand etage etages batiment bat bati appartement appart porte interphone"
    " digicode code"
    " escalier hall entree numero residence aujourd demain apres stp oui non parce car puis ensuite pres cote"
    " aucun aucune ni pas"
) | frozenset(WEEKDAYS)
"""words that no street name goes on with"""
_BUILDINGS = re.compile(
    r"\b(?:residence|batiment|bat|appartement|appart|escalier|hall|porte|entree|interphone|digicode) (?:[a-z]|#\d+)\b"
    r"|\b(?:au )?#o?\d+ etages?(?: (?:gauche|droite))?"
)
_NUMBER_WORDS = re.compile(r"(?:(?:au|le|du) )?numero(?: de rue)? #(?P<number>\d{1,4})")
_WHERE = re.compile(r"\b(?:au #\d{1,4}(?: (?:bis|ter|quater|[a-f]))?|j habite|habite|adresse (?:c )?est|rendez vous)$")
_LARGEST_NUMBER = 9999
_LONGEST_STREET = 9
_NOT_THIS_NUMBER = re.compile(r"\b(?:pas(?: le| au)?|des|les|ces)$")
_TAKEN_BACK = re.compile(r"\bpas(?: le| au| du)?$")
"""before a number that is not the right one: "pas le 12 rue de Rome, le 22" """
_COUNTING = vocabulary("un une des mon ma mes")
_AFTER_AND = vocabulary("j je on nous il un une des deux trois le la les mon ma mes c puis")


@dataclass(frozen=True, slots=True)
class _Number:
    value: int
    repetition: str | None
    first: int
    last: int


def find_address(
    sentence: Sentence, expect: Expectation, finder: CommuneFinder, known: str | None = None
) -> tuple[HeardAddress | None, Sentence]:
    """The pieces of an address, and the sentence without their words; None when there is no piece at all."""
    place = finder.find(sentence, expect, known)
    rest = place.rest
    for found in list(rest.find(_BUILDINGS)):
        rest = rest.without(found.first, found.last)
    street = _typed_street(rest, expect) or _untyped_street(rest, expect)
    number = _number(rest, expect, street)
    if street is None and number is None and place.insee is None and not place.doubt:
        return None, sentence
    heard = HeardAddress(
        number=number.value if number else None,
        repetition=number.repetition if number else None,
        street_heard=_spoken(rest, *street) if street else None,
        insee=place.insee,
        commune_doubt=place.doubt,
    )
    for span in (street, (number.first, number.last) if number else None):
        rest = rest.without(*span) if span else rest
    return heard, rest


def corrected_number(sentence: Sentence) -> HeardAddress | None:
    """The house number in the correction of a read-back: "non, c'est le 14 bis"."""
    number = _number(sentence, Expectation.ADDRESS, None)
    return HeardAddress(number.value, number.repetition) if number else None


def _typed_street(sentence: Sentence, expect: Expectation) -> tuple[int, int] | None:
    """The first "rue ...", "avenue ..." that has a name after it; else the first "place ...", "résidence ..."."""
    sure = [index for index in sentence.free if sentence.tag(index) in STREET_TYPES]
    for first in sure + [index for index in sentence.free if _begins_loosely(sentence, index, expect)]:
        last = _street_end(sentence, first)
        if any(sentence.tag(index) not in _ARTICLES for index in range(first + 1, last)):
            # "ancien chemin", "petite rue": the words before belong to the name.
            before = sentence.tag(first - 1)
            return (first - 1 if before in LOOSE_STREET_TYPES and first in sure else first), last
    return None


def _begins_loosely(sentence: Sentence, index: int, expect: Expectation) -> bool:
    tag = sentence.tag(index)
    if tag not in LOOSE_STREET_TYPES:
        return False
    if sentence.tag(index + 1) in STREET_TYPES:
        return True
    if tag in _ADJECTIVES and expect is not Expectation.ADDRESS:
        # "quatre vieux pneus" counts things; "4 vieux port", "12 grand place" name streets.
        return sentence.tag(index + 1) in LOOSE_STREET_TYPES and _number_before(sentence, index) is not None
    after_number = _number_before(sentence, index) is not None
    return after_number or (expect is Expectation.ADDRESS and tag not in ("escalier", "escaliers"))


def _street_end(sentence: Sentence, first: int) -> int:
    """Where the street name ends: at a pause, at a word no name goes on with, at a number that is not part of it."""
    index = first + 1
    while index < len(sentence) and index - first < _LONGEST_STREET:
        tag, before = sentence.tag(index), sentence.tag(index - 1)
        if sentence.after_pause(index) and index - first > 1 and before not in _ARTICLES:
            break
        if tag in _END_OF_STREET or (tag == "et" and sentence.tag(index + 1) in _AFTER_AND):
            break
        if tag.startswith("#") and not (before in _ARTICLES or before in MONTHS or before in STREET_TYPES):
            break
        if tag in ("au", "a") and (sentence.tag(index + 1).startswith("#") or sentence.tag(index + 1) in ("", "|")):
            break
        if tag == "au" and sentence.tag(index + 1) in ("fond", "bout", "coin", "niveau", "rez", "dernier"):
            break
        index += 1
    while index > first + 1 and sentence.tag(index - 1) in _ARTICLES | HESITATIONS | {"et", "a", "en", "sur"}:
        index -= 1
    return index


def _untyped_street(sentence: Sentence, expect: Expectation) -> tuple[int, int] | None:
    """A name without street type ("La Canebière"), where a street was asked or right after "au 12", "j'habite"."""
    for first in sentence.free:
        tag = sentence.tag(first)
        if tag.startswith("#") or tag in _REPETITIONS or tag in FILLERS - _ARTICLES or tag in _END_OF_STREET:
            continue
        if not _may_begin_name(sentence, first, expect):
            continue
        last = _street_end(sentence, first)
        names = [
            index
            for index in range(first, last)
            if sentence.tag(index) not in FILLERS | _REPETITIONS | {"numero", "adresse", "autre", "autres", "ni"}
            and not sentence.tag(index).startswith("#")
        ]
        if not names or len(sentence.raw(names[0], names[-1] + 1)) < 3:
            continue
        start = names[0]
        while start > first and sentence.tag(start - 1) in ("la", "le", "les", "l"):
            start -= 1
        return start, last
    return None


def _may_begin_name(sentence: Sentence, index: int, expect: Expectation) -> bool:
    before = " ".join(sentence.tag(earlier) for earlier in range(index))
    if sentence.tag(index - 1) in _COUNTING or sentence.units[index].word.pos in ("VERB", "AUX", "PRON", "ADV"):
        return False
    if expect is Expectation.ADDRESS:
        return True
    named = sentence.tag(index) in ("la", "le", "les", "l") or sentence.raw(index, index + 1)[0].isupper()
    return named and bool(_WHERE.search(before))


def _number(sentence: Sentence, expect: Expectation, street: tuple[int, int] | None) -> _Number | None:
    """The number before the street, after it, announced as "numéro", or alone when an address was asked."""
    if street:
        before = _number_before(sentence, street[0])
        if before and _TAKEN_BACK.search(
            " ".join(sentence.tag(at) for at in range(max(0, before.first - 3), before.first))
        ):
            before = None
        after = None if before else _number_after(sentence, street[1])
        if before or after:
            return before or after
    for found in sentence.find(_NUMBER_WORDS):
        if street or expect is Expectation.ADDRESS:
            return _number_at(sentence, found.last - 1, found.first)
    if expect is not Expectation.ADDRESS:
        return None
    outside = [
        index
        for index in sentence.free
        if sentence.units[index].is_cardinal
        and not (street and street[0] <= index < street[1])
        and not _counts(sentence, index)
        and not _NOT_THIS_NUMBER.search(" ".join(sentence.tag(earlier) for earlier in range(max(0, index - 3), index)))
    ]
    # The last one counts: callers correct themselves ("le 12, non, le 14").
    return _number_at(sentence, outside[-1], outside[-1]) if outside else None


def _number_before(sentence: Sentence, street: int) -> _Number | None:
    """A number that ends right before the street, over "de la", a repetition or a hesitation."""
    index = street - 1
    while index >= 0 and (sentence.tag(index) in HESITATIONS | {"de", "la", "du", "le", "l", "d", "les"}):
        index -= 1
    repetition = index if sentence.tag(index) in _REPETITIONS and sentence.raw(index, index + 1) != "à" else None
    if repetition is not None:
        index -= 1
    if sentence.tag(index) == "un" and sentence.tag(index - 1) in ("au", "numero") and repetition == street - 1:
        return _Number(1, sentence.tag(street - 1), index, street)
    if index < 0 or sentence.tag(index) in ("", "|"):
        return None
    if sentence.tag(index) == "un" and sentence.tag(index - 1) in ("au", "numero"):
        return _Number(1, None, index, street)
    return _number_at(sentence, index, index)


def _number_after(sentence: Sentence, index: int) -> _Number | None:
    while sentence.tag(index) in ("au", "le", "numero", "c", "est", "a", "l"):
        index += 1
    number = _number_at(sentence, index, index)
    # "rue de Rome, deux matelas": a number followed by a word counts things, unless that word is a repetition.
    alone = number and (
        number.last >= len(sentence) or sentence.after_pause(number.last) or sentence.tag(number.last) == "|"
    )
    return number if alone else None


def _counts(sentence: Sentence, index: int) -> bool:
    """True for "deux matelas": a number said right before a thing is no house number."""
    after = index + 1
    named = after < len(sentence) and after not in sentence.taken and sentence.units[after].word.pos == "NOUN"
    return named and not sentence.after_pause(after) and sentence.tag(after) not in _REPETITIONS


def _number_at(sentence: Sentence, index: int, first: int) -> _Number | None:
    if not 0 <= index < len(sentence) or index in sentence.taken:
        return None
    unit = sentence.units[index]
    if not unit.is_cardinal or unit.value is None or not 0 < unit.value <= _LARGEST_NUMBER:
        return None
    next_tag = sentence.tag(index + 1)
    close = next_tag in _REPETITIONS and sentence.raw(index + 1, index + 2) != "à"
    if close and len(next_tag) == 1:
        # A lone letter is a repetition only next to its number: "12 B", "12b"; "12, a" is not.
        close = not sentence.after_pause(index + 1)
    return _Number(unit.value, next_tag if close else None, first, index + (2 if close else 1))


def _spoken(sentence: Sentence, first: int, last: int) -> str:
    """The street in the caller's words, without hesitations."""
    kept = [sentence.units[index].word.folded for index in range(first, last)]
    text = sentence.raw(first, last)
    if HESITATIONS.intersection(kept):
        text = re.sub(rf"\b(?:{'|'.join(HESITATIONS)})\b[,.…]*\s*", "", text, flags=re.IGNORECASE)
    return text.strip(" ,.-")
