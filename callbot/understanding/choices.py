"""Which of the choices read out the caller takes: "la première", "le deux", "la dernière", "numéro 3"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from callbot.domain.meaning import Expectation
from callbot.understanding.lexicon import MONTHS, STREET_TYPES, alternation
from callbot.understanding.sentence import Sentence

MOST_CHOICES = 3
"""never more are read out (DESIGN: at most three options)"""

_NOT = (
    rf"(?! (?:{alternation(MONTHS)}|{alternation(STREET_TYPES)}|arrondissements?|etages?|bis|ter|de la|d|place|cours)"
    r"\b)"
)
_FEMININE = re.compile(rf"\b(?:la|cette) #o(?P<n>\d)\b{_NOT}")
_MASCULINE = re.compile(rf"\ble #o?(?P<n>\d)\b{_NOT}")
_NAMED = re.compile(
    r"\b(?:numero|choix|option|proposition|date|reponse|adresse) #(?P<n>\d)\b|\b#o(?P<m>\d) (?:date|choix|option"
    r"|proposition|adresse)"
)
_ONE = re.compile(r"(?:^|\b(?:le|numero|choix|option|la) )un$")
_LAST = re.compile(r"\b(?:le|la) (?:dernier|derniere)\b(?! etage)")
_PLEASE = "(?: (?:adresse|proposition|s il vous plait|svp|stp|merci|oui|voila))*"
_LEAD = "(?:(?:oui|ah|euh|alors|donc|non|plutot|c est|ce sera|ca sera|celle|je prends|je veux|pour moi|moi) )*"
_ONE_OF_SEVERAL = tuple(
    re.compile(rf"^{_LEAD}(?:(?:la|cette) (?:{ordinal})|{alone}){_PLEASE}$")
    for ordinal, alone in (
        ("premiere|1 (?:ere|re)", "premiere"),
        ("deuxieme|seconde|2 (?:e|eme|de|nde)", "seconde"),
        ("troisieme|3 (?:e|eme)", "troisieme (?:adresse|proposition)"),
    )
)
"""an address or a commune read out is feminine, an arrondissement masculine: "la deuxième", "le deuxième" """
_ALONE = re.compile(r"^(?:oui |alors |donc |c est )*(?:la |le )?#o?(?P<n>\d)(?: (?:s il vous plait|merci|svp))?$")


def find_choice(sentence: Sentence, expect: Expectation, offered: Sequence[date] = ()) -> int | None:
    """1 for the first; None when no choice is named or there are not so many (``offered`` when dates were read)."""
    if expect is Expectation.COMMUNE:
        return _one_of_several(sentence)
    line = " ".join(tag for tag in sentence.tags.split() if tag not in ("|", "euh", "heu"))
    most = len(offered) or MOST_CHOICES
    if offered and _LAST.search(line):
        return len(offered)
    asked = expect in (Expectation.DATE, Expectation.ADDRESS, Expectation.YES_NO)
    days = {day.day for day in offered}
    for pattern, may_be_day in ((_FEMININE, False), (_NAMED, False), (_MASCULINE, True), (_ALONE, True)):
        if pattern in (_MASCULINE, _ALONE) and not asked:
            continue
        found = pattern.search(line)
        if found:
            number = int(next(group for group in found.groups() if group))
            return number if 1 <= number <= most and not (may_be_day and number in days) else None
    return 1 if asked and _ONE.search(line) else None


def _one_of_several(sentence: Sentence) -> int | None:
    line = " ".join(word.folded for unit in sentence.units for word in unit.words)
    return next((number for number, pattern in enumerate(_ONE_OF_SEVERAL, 1) if pattern.match(line)), None)
