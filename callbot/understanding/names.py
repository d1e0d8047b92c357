"""A caller's name, where one is given: an optional slot, never used to find anybody."""

from __future__ import annotations

import re

from callbot.domain.meaning import Expectation
from callbot.understanding.lexicon import FILLERS, vocabulary
from callbot.understanding.sentence import Sentence

_TITLE = r"(?:(?:monsieur|madame|mademoiselle|mme|mr|m|la famille|docteur) )"
_ANNOUNCED = re.compile(
    rf"\b(?:(?:je (?:me nomme|m appelle)|au nom d[e']?|(?:mon|le) nom(?: de famille)?(?: (?:c )?est)?"
    rf"|nom de famille) {_TITLE}?"
    rf"|(?:c est|ici|je suis) {_TITLE}|(?:de la part de) {_TITLE}?)"
)
_END = vocabulary(
    "| et je j a au dans pour de sur habite c avec mais s qui ou il elle nous vous on voila merci"
    " bonjour rue avenue"
    " oui non un une des mon ma mes le la les"
)
_PARTICLES = frozenset({"de", "du", "des", "la", "le", "el", "ben", "d"})
_LONGEST = 4


def find_name(sentence: Sentence, expect: Expectation) -> tuple[str | None, Sentence]:
    """The name in the caller's words, without its title, and the sentence without it; None when none is given."""
    for found in sentence.find(_ANNOUNCED):
        span = _name_from(sentence, found.last)
        if span:
            return sentence.raw(*span), sentence.without(found.first, span[1])
    if expect is not Expectation.NAME:
        return None, sentence
    content = [index for index in sentence.free if sentence.tag(index) not in FILLERS - _PARTICLES]
    words = [index for index in content if sentence.tag(index).isalpha()]
    if not 1 <= len(words) <= _LONGEST or len(words) != len(content) or words[-1] - words[0] != len(words) - 1:
        return None, sentence
    if sentence.tag(words[0]) in _PARTICLES and len(words) == 1:
        return None, sentence
    return sentence.raw(words[0], words[-1] + 1), sentence.without(words[0], words[-1] + 1)


def _name_from(sentence: Sentence, first: int) -> tuple[int, int] | None:
    last = first
    while last < len(sentence) and last - first < _LONGEST:
        tag = sentence.tag(last)
        ends = tag in _END and not (tag in _PARTICLES and _capital(sentence, last + 1))
        if ends or tag.startswith("#") or (last > first and sentence.after_pause(last)):
            break
        last += 1
    return (first, last) if last > first else None


def _capital(sentence: Sentence, index: int) -> bool:
    return index < len(sentence) and sentence.raw(index, index + 1)[:1].isupper()
