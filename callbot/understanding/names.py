"""A caller's name, where one is given: an optional slot, never used to find anybody."""

from __future__ import annotations

import re

from callbot.domain.meaning import Expectation
from callbot.understanding.lexicon import FILLERS, vocabulary
from callbot.understanding.sentence import Sentence

_TITLE = r"(?:(?:monsieur|madame|mademoiselle|mme|mr|m|la famille|docteur) )"
_ANNOUNCED = re.compile(
    rf"\b(?:(?:je (?:me nomme|m appelle)|au nom d[e']?"
    rf"|(?:mon|le(?! nom (?:de(?! famille)|du|des|d) )) nom(?: de famille)?(?: (?:c )?est)?"
    rf"|nom de famille) {_TITLE}?"
    rf"|(?:c est|ici|je suis) {_TITLE}|(?:de la part de) {_TITLE}?)"
)
_END = vocabulary(
    "| et je j a au dans pour de sur habite c avec mais s qui ou il elle nous vous on voila merci"
    " bonjour rue avenue"
    " oui non un une des mon ma mes le la les"
)
_SAID_ANEW = re.compile(
    r"^(?:(?:oui|ouais|si|non|nan|mais|euh|pas du tout|en fait|plutot|alors) )+"
    rf"(?:c est|moi c est|plutot|(?:mon|le) nom (?:c )?est|je m appelle) {_TITLE}?"
)
_NOT_A_NAME = vocabulary("ca cela bon pas faux moi bien juste exact tout vrai une un la le l")
_EXPLAINED = vocabulary("avec comme")
_DECLINED = re.compile(
    r"^(?:no[mn] ?)+(?:merci)?$|\b(?:anonyme|sans (?:mon )?nom|pas de nom|aucun nom|m en passer|regarde pas"
    r"|c est (?:personnel|prive|confidentiel)"
    r"|(?:prefere|aimerais?|voudrais|veux|souhaite|tiens|donne|donnerai|dis|dirai|laisse|communique)\b.{0,25}\bpas"
    r"|pas (?:vous )?(?:donner|dire|laisser|communiquer|envie|obligatoire)|rester (?:anonyme|discret|discrete))\b"
)
_PARTICLES = frozenset({"de", "du", "des", "la", "le", "el", "ben", "d", "l"})
_LONGEST = 4


def declines_name(sentence: Sentence) -> bool:
    """True for "je préfère ne pas donner mon nom", "sans nom", "anonyme"."""
    return _DECLINED.search(sentence.tags) is not None


def name_said_anew(sentence: Sentence) -> str | None:
    """The name in "non, c'est Martinez", asked for or after one was read back; None when none is given."""
    for found in sentence.find(_SAID_ANEW):
        span = _name_from(sentence, found.last)
        if span and sentence.tag(span[0]) not in _NOT_A_NAME:
            return sentence.raw(*span)
    return None


def find_name(sentence: Sentence, expect: Expectation) -> tuple[str | None, Sentence]:
    """The name in the caller's words, without its title, and the sentence without it; None when none is given."""
    for found in sentence.find(_ANNOUNCED):
        span = _name_from(sentence, found.last)
        if span:
            return sentence.raw(*span), sentence.without(found.first, span[1])
    if expect is not Expectation.NAME:
        return None, sentence
    sentence = _unexplained(sentence)
    content = [index for index in sentence.free if sentence.tag(index) not in FILLERS - _PARTICLES]
    words = [index for index in content if sentence.tag(index).isalpha()]
    if not 1 <= len(words) <= _LONGEST or len(words) != len(content) or words[-1] - words[0] != len(words) - 1:
        return None, sentence
    if sentence.tag(words[0]) in _PARTICLES and len(words) == 1:
        return None, sentence
    return sentence.raw(words[0], words[-1] + 1), sentence.without(words[0], words[-1] + 1)


def _unexplained(sentence: Sentence) -> Sentence:
    """Without "... avec un Z", "... comme le pont"."""
    explained = next((at for at in sentence.free if at and sentence.tag(at) in _EXPLAINED), None)
    return sentence if explained is None else sentence.without(explained, len(sentence))


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
