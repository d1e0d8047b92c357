"""Reads a written or spoken address in one line, as an operator or a geocoder client gives it.

What callers say is read by ``understanding``; this is for ``callbot locate`` and for the geopy geocoder.
"""

from __future__ import annotations

import re

from callbot.domain.geography import Commune
from callbot.domain.meaning import HeardAddress
from callbot.gazetteer.communes import Communes
from callbot.gazetteer.folding import fold, words
from callbot.gazetteer.numerals import last_number
from callbot.gazetteer.profiles import SPOKEN_TYPES

_POSTCODE = re.compile(r"\b(\d{5})\b")
_REPETITIONS = frozenset({"bis", "ter", "quater", "a", "b", "c", "d", "e", "f"})
_DIGITS_FIRST = re.compile(r"\s*(\d{1,4})\s*(bis|ter|quater|[a-f])?\b(?!\s*(?:er|e|ème)\b)", re.I)
_LONGEST_COMMUNE = 5


def read_address(text: str, communes: Communes) -> HeardAddress:
    """The pieces of ``12 bis rue de Rome, 13006 Marseille`` or of "euh c'est au douze rue de rome"."""
    street, commune = _without_commune(text, communes)
    number, repetition = _house_number(street)
    return HeardAddress(number, repetition, street.strip(" ,") or None, commune.insee if commune else None)


def _without_commune(text: str, communes: Communes) -> tuple[str, Commune | None]:
    """Cut the commune off the end: a postcode with what follows it, or the name of a commune."""
    if postcode := _POSTCODE.search(text):
        served = communes.by_postcode(postcode[1])
        named = communes.by_name(text[postcode.end() :])
        found = named if named in served else served[0] if len(served) == 1 else None
        return text[: postcode.start()], found
    parts = text.replace(",", " ").split()
    for size in range(min(_LONGEST_COMMUNE, len(parts) - 1), 0, -1):
        found = communes.by_name(" ".join(parts[-size:]))
        if found and fold(parts[-size - 1]) not in {*SPOKEN_TYPES, "de", "d", "du", "la", "le"}:
            return " ".join(parts[:-size]), found
    return text, None


def _house_number(street: str) -> tuple[int | None, str | None]:
    """Digits at the beginning, or the last number said before the street type."""
    if (digits := _DIGITS_FIRST.match(street)) and digits.end() < len(street):
        return int(digits[1]), digits[2].lower() if digits[2] else None
    spoken = words(street)
    first_type = next((i for i, word in enumerate(spoken) if fold(word) in SPOKEN_TYPES), 0)
    before = spoken[:first_type]
    repetition = before[-1] if before and before[-1] in _REPETITIONS else None
    found = last_number(before)
    return (found[0], repetition) if found else (None, None)
