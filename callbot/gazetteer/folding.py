"""Text as it is compared: lower case, no punctuation, abbreviations opened, numbers in words.

Accents are kept by ``words`` (they carry sounds) and dropped by ``letters`` (they carry nothing in writing errors).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from callbot.gazetteer.numerals import ordinal_in_words, roman_value, spell

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "‘": "'", "`": "'", "ʼ": "'"})
_TOKEN = re.compile(r"[^\W_]+(?:'(?=[^\W_]))?")
_ORDINAL = re.compile(r"(\d{1,4})(er|ère|ere|re|e|è|ème|eme|ième|ieme)$")
_NUMBER_THEN_LETTERS = re.compile(r"(\d+)([^\W\d_]+)$")
_LONGEST_NUMBER = 4

# Written forms of the postal trade (La Poste, norm NF Z10-011) that also come out of speech recognition.
ABBREVIATIONS = {
    "st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "bd": "boulevard", "bld": "boulevard",
    "blvd": "boulevard", "bvd": "boulevard", "av": "avenue", "ave": "avenue", "pl": "place", "imp": "impasse",
    "che": "chemin", "chem": "chemin", "rte": "route", "trav": "traverse", "sq": "square", "res": "résidence",
    "lot": "lotissement", "dr": "docteur", "gal": "général", "cdt": "commandant", "pdt": "président",
    "prof": "professeur", "mgr": "monseigneur", "nd": "notre dame", "gd": "grand", "rpt": "rond point",
}  # fmt: skip


def word_set(text: str) -> frozenset[str]:
    """The words of a plain list in one string: long word lists read better so."""
    return frozenset(text.split())


def without_accents(text: str) -> str:
    """``text`` with every accent dropped: é -> e, ç -> c."""
    return "".join(char for char in unicodedata.normalize("NFD", text) if unicodedata.category(char) != "Mn")


def words(text: str) -> tuple[str, ...]:
    """The words of ``text`` in lower case with their accents; ``d'Endoume`` gives two, ``4`` gives ``quatre``."""
    found: list[str] = []
    for token in _TOKEN.findall(unicodedata.normalize("NFC", text).translate(_LIGATURES)):
        found.extend(_opened(token.rstrip("'")))
    return tuple(found)


@lru_cache(maxsize=65536)
def _opened(token: str) -> tuple[str, ...]:
    """One written token as the words it stands for."""
    word = token.lower().translate(_LIGATURES)
    if token.isdecimal():
        return _number_words(token)
    if ordinal := _ORDINAL.match(word):
        return tuple(ordinal_in_words(int(ordinal[1])).split())
    if parts := _NUMBER_THEN_LETTERS.match(word):
        return (*_number_words(parts[1]), *_opened(parts[2]))
    if len(token) > 1 and token.isupper() and (value := roman_value(token)):
        return tuple(spell(value).split())
    return tuple(ABBREVIATIONS.get(word, word).split())


def _number_words(digits: str) -> tuple[str, ...]:
    """A number as it is said; a long run of digits (phone, postcode) is kept digit by digit."""
    if not digits.isascii():
        return (digits,)
    if len(digits) <= _LONGEST_NUMBER:
        return tuple(spell(int(digits)).split())
    return tuple(spell(int(digit)) for digit in digits)


def letters(word: str) -> str:
    """The bare ASCII letters of one word: what two spellings are compared by."""
    return "".join(char for char in without_accents(word) if "a" <= char <= "z")


def fold(text: str) -> str:
    """Words without accents joined by a blank: equal for two writings of the same name."""
    return " ".join(without_accents(word) for word in words(text))
