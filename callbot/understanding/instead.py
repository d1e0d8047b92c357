"""What callers say where a street was asked and that is none: a town elsewhere, a place nearby, "je ne sais pas"."""

from __future__ import annotations

import re
from dataclasses import replace

from callbot.domain.meaning import Expectation, HeardAddress, NoStreet
from callbot.understanding.lexicon import STREET_TYPES, alternation, vocabulary
from callbot.understanding.sound import fold

_ASKED = frozenset({Expectation.ADDRESS, Expectation.COMMUNE})
_TOWNS = (
    "paris|lyon|toulouse|nice|nantes|montpellier|strasbourg|bordeaux|lille|rennes|reims|toulon|grenoble|dijon|nimes"
    "|angers|villeurbanne|clermont ferrand|le mans|brest|tours|amiens|limoges|annecy|perpignan|besancon|metz|orleans"
    "|rouen|mulhouse|caen|nancy|saint etienne|avignon|cannes|antibes|frejus|arles|beziers|valence|monaco|ajaccio"
    "|bastia|cavaillon|carpentras|orange|tarascon|chateaurenard|saint remy de provence|manosque|brignoles|hyeres"
    "|la seyne(?: sur mer)?|six fours|sanary|bandol|draguignan|digne|apt|l isle sur la sorgue"
)
"""large towns, and those around the métropole that are not of it"""
_OTHER_TOWN = re.compile(
    rf"\b(?:a|sur|vers) (?:{_TOWNS})(?: dans .*)?$|^(?:(?:c est|j habite|je suis) )?(?:a )?(?:{_TOWNS})$"
)
_LANDMARK = re.compile(
    r"^(?:(?:euh|heu|alors|ben|c est|je suis|j habite|juste|tout) )*"
    r"(?:en face|a cote|pres|devant|derriere|au niveau|au coin|a l angle|au dessus|en dessous|au bout|au pied)"
    r"(?: d| du| de| des| l| la| le| les)*\b"
)
_NOT_KNOWN = re.compile(
    r"\bje (?:ne )?(?:(?:le |la )?(?:sais|connais) (?:pas|plus|rien)|m en souviens (?:pas|plus)"
    r"|me (?:souviens|rappelle) (?:pas|plus))\b|\b(?:aucune idee|j ai oublie|j sais pas|chais pas|sais pas)\b"
)
_NAMELESS = re.compile(r"^(?:le )?(?:nom de )?(?:la |ma |cette )?rue$")
_NEAR = re.compile(r"^(?:face|cote) (?:a|au|d|de|du|des|le|la|les)\b")
_STREET = re.compile(rf"\b(?:{alternation(STREET_TYPES | vocabulary('place cours'))})\b")


def find_instead(
    line: str, expect: Expectation, heard: HeardAddress | None
) -> tuple[NoStreet | None, HeardAddress | None]:
    """What the folded words ``line`` give instead of a street, and what of ``heard`` may still be used."""
    if expect not in _ASKED:
        return None, heard
    street = fold(heard.street_heard or "") if heard else ""
    if _NOT_KNOWN.search(line) and (not street or _NAMELESS.search(street)):
        return NoStreet.NOT_KNOWN, _without_street(heard)
    nearby = _LANDMARK.search(line) and not _STREET.search(line)
    if expect is Expectation.ADDRESS and (nearby or _NEAR.search(street)):
        return NoStreet.LANDMARK, _without_street(heard)
    served = heard is not None and (heard.insee is not None or heard.commune_doubt)
    if _OTHER_TOWN.search(line) and not served:
        return NoStreet.OTHER_TOWN, None
    return None, heard


def _without_street(heard: HeardAddress | None) -> HeardAddress | None:
    rest = replace(heard, street_heard=None) if heard else None
    return None if rest == HeardAddress() else rest
