"""Written French -> French as it is said: numbers, ordinals, hours, dates, abbreviations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

_UNITS: Final = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)  # fmt: skip
_TENS: Final = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante"}
_MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
_LETTERS: Final = {
    "A": "a", "B": "bé", "C": "cé", "D": "dé", "E": "e", "F": "effe", "G": "gé", "H": "hache", "I": "i", "J": "ji",
    "K": "ka", "L": "elle", "M": "emme", "N": "enne", "O": "o", "P": "pé", "Q": "ku", "R": "erre", "S": "esse",
    "T": "té", "U": "u", "V": "vé", "W": "double vé", "X": "ixe", "Y": "i grec", "Z": "zède",
}  # fmt: skip
_ABBREVIATIONS: Final = {
    "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "bvd": "boulevard", "pl": "place",
    "imp": "impasse", "all": "allée", "che": "chemin", "chem": "chemin", "sq": "square", "fg": "faubourg",
    "mme": "madame", "mlle": "mademoiselle", "dr": "docteur", "st": "saint", "ste": "sainte", "tel": "téléphone",
    "tél": "téléphone", "sms": "esse emme esse", "m3": "mètres cubes", "m³": "mètres cubes", "kg": "kilos",
    "cm": "centimètres", "km": "kilomètres", "arr": "arrondissement",
}  # fmt: skip
_LONGEST_NUMBER: Final = 999_999
_LONGEST_WORD: Final = 40
"""letters; no French word is longer, and a voice may never come back from a word that does not end"""

_KEPT: Final = re.compile(r"[^a-zà-öø-ÿœæA-ZÀ-ÖØ-ÞŒÆ0-9 .,;:!?'-]+")
_RULES: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = []


def spoken(text: str) -> str:
    """``text`` the way a French person reads it aloud; holds only letters, spaces and punctuation.

    Raises nothing; a text without any letter or figure gives "".
    """
    said = unicodedata.normalize("NFC", text).replace("’", "'").replace("…", "...")
    for pattern, how in _RULES:
        said = pattern.sub(how, said)
    return _harmless(_KEPT.sub(" ", said))


def sayable(text: str) -> str:
    """``text`` of any language as a voice may get it: letters, figures, spaces and punctuation, no endless word.

    Raises nothing; a text without any letter or figure gives "".
    """
    said = unicodedata.normalize("NFC", text).replace("’", "'").replace("…", "...")
    return _harmless(re.sub(r"[^\w .,;:!?'¿¡-]+|_", " ", said))


def _harmless(said: str) -> str:
    said = re.sub(r"\.{2,}", ".", said)
    said = re.sub(rf"(\w{{{_LONGEST_WORD}}})(?=\w)", r"\1 ", said)
    said = re.sub(r"\s+([.,])", r"\1", re.sub(r"\s+", " ", said)).strip()
    return said if re.search(r"\w", said) else ""


def number_words(number: int) -> str:
    """``number`` (0 to 999,999) in French words, with the hyphens of the 1990 spelling left out above a hundred."""
    if not 0 <= number <= _LONGEST_NUMBER:
        raise ValueError(f"only 0 to {_LONGEST_NUMBER} are read as numbers")
    if number < 100:
        return _below_hundred(number)
    size, name = (1000, "mille") if number >= 1000 else (100, "cent")
    count, rest = divmod(number, size)
    many = "" if count == 1 else number_words(count) + " "
    return f"{many}{name}" + (f" {number_words(rest)}" if rest else "")


def _below_hundred(number: int) -> str:
    if number < 20:
        return _UNITS[number]
    tens, unit = divmod(number, 10)
    if tens >= 8:
        return "quatre-vingt" + (f"-{_UNITS[number - 80]}" if number > 80 else "")
    if tens == 7:
        return "soixante et onze" if unit == 1 else f"soixante-{_UNITS[10 + unit]}"
    if unit == 0:
        return _TENS[tens]
    return f"{_TENS[tens]} et un" if unit == 1 else f"{_TENS[tens]}-{_UNITS[unit]}"


def ordinal(number: int, *, feminine: bool = False) -> str:
    """``premier``, ``première``, ``deuxième``, ``vingt et unième``."""
    if number == 1:
        return "première" if feminine else "premier"
    words = number_words(number)
    if words.endswith("cinq"):
        return words + "uième"
    if words.endswith("neuf"):
        return words[:-1] + "vième"
    return words.removesuffix("e") + "ième"


def _figures(figures: str) -> str:
    """A leading zero and what is too long for a number are read figure by figure, as people read codes."""
    if len(figures) > len(str(_LONGEST_NUMBER)):
        return " ".join(_UNITS[int(figure)] for figure in figures)
    if figures.startswith("0") and len(figures) > 1:
        return f"zéro {_figures(figures[1:])}"
    return number_words(int(figures))


def _date(match: re.Match[str]) -> str:
    day, month, year = int(match[1]), int(match[2]), match[3]
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return match[0]
    said = f"{'premier' if day == 1 else number_words(day)} {_MONTHS[month - 1]}"
    return f"{said} {number_words(int(year))}" if year else said


def _hours(match: re.Match[str]) -> str:
    hour, minutes = int(match[1]), int(match[2] or 0)
    # "une", not "un": heure is feminine
    said = re.sub(r"\bun$", "une", number_words(hour)) + (" heure" if hour < 2 else " heures")
    return f"{said} {number_words(minutes)}" if minutes else said


def _rule(pattern: str, how: Callable[[re.Match[str]], str], flags: re.RegexFlag = re.NOFLAG) -> None:
    _RULES.append((re.compile(pattern, flags), how))


_rule(r"\b(\d{1,2})/(\d{1,2})(?:/(\d{4}))?\b", _date)
_rule(r"\b(\d{1,2}) ?[hH](?: ?([0-5]\d))?\b(?!')", _hours)
_rule(r"\b1(?:er)\b", lambda match: "premier")
_rule(r"\b1(?:re|ère)\b", lambda match: "première")
_rule(r"\b(\d{1,3})(?:e|è|ème|eme|ième)\b", lambda match: ordinal(int(match[1])))
_rule(r"(?<!\d)(\d{1,3})[   ](?=000\b)", lambda match: match[1])
_rule(r"(\d)[,.](\d+)\b", lambda match: f"{match[1]} virgule {match[2]}")
_rule(r"\bn[°º] ?", lambda match: "numéro ", re.IGNORECASE)
_rule(r"\bM\. (?=[A-ZÀ-Þ])", lambda match: "monsieur ")
_rule(r"&", lambda match: " et ")
_rule(r"%", lambda match: " pour cent ")
_rule(r"€", lambda match: " euros ")
_rule(r"#", lambda match: " dièse ")
_rule(r"\b([A-Z]) comme\b", lambda match: f"{_LETTERS[match[1]]} comme")
_rule(
    rf"\b({'|'.join(sorted(_ABBREVIATIONS, key=len, reverse=True))})\b(?!')\.?(?=[ ,;:!?]|-[A-ZÀ-Þ]|$|\.)",
    lambda match: _ABBREVIATIONS[match[1].lower()] if not match[0].isupper() or match[1].lower() == "sms" else match[0],
    re.IGNORECASE,
)
_rule(r"\d+", lambda match: f" {_figures(match[0])} ")
