"""French numbers in words and back, as far as street names and house numbers need them (0 to 9999)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

_UNITS = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)  # fmt: skip
_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante"}
_ROMAN = re.compile(r"X{0,3}(IX|IV|V?I{0,3})$")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10}
_HIGHEST_HOUSE_NUMBER = 9999


def spell(number: int) -> str:
    """``number`` (0 to 9999) in words without hyphens and without plural marks: 80 -> "quatre vingt"."""
    thousands, rest = divmod(number, 1000)
    hundreds, small = divmod(rest, 100)
    parts = []
    if thousands:
        parts.append("mille" if thousands == 1 else f"{spell(thousands)} mille")
    if hundreds:
        parts.append("cent" if hundreds == 1 else f"{_UNITS[hundreds]} cent")
    if small or not parts:
        parts.append(_below_hundred(small))
    return " ".join(parts).replace("-", " ")


def _below_hundred(number: int) -> str:
    if number < 20:
        return _UNITS[number]
    if number >= 80:
        return f"quatre vingt {_UNITS[number - 80]}" if number > 80 else "quatre vingt"
    tens = min(number // 10, 6)
    unit = number - tens * 10
    if not unit:
        return _TENS[tens]
    link = " et " if unit in {1, 11} else " "
    return f"{_TENS[tens]}{link}{_UNITS[unit]}"


def ordinal_in_words(number: int) -> str:
    """1 -> "premier", 6 -> "sixième", 21 -> "vingt et unième"."""
    if number == 1:
        return "premier"
    stem = spell(number)
    if stem.endswith("cinq"):
        return f"{stem}uième"
    if stem.endswith("neuf"):
        return f"{stem[:-1]}vième"
    return f"{stem.removesuffix('e')}ième"


def roman_value(text: str) -> int | None:
    """The value of a Roman numeral up to 39 ("XIV" -> 14), None for anything else."""
    if not text or not _ROMAN.match(text):
        return None
    values = [_ROMAN_DIGITS[char] for char in text]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


@cache
def _numbers_by_words() -> dict[tuple[str, ...], int]:
    return {tuple(spell(number).split()): number for number in range(1, _HIGHEST_HOUSE_NUMBER + 1)}


@cache
def number_words() -> frozenset[str]:
    """Every word that can be part of a spoken number."""
    return frozenset(word for spelled in _numbers_by_words() for word in spelled) | {"zéro", "cents", "vingts"}


def last_number(words: Sequence[str]) -> tuple[int, int] | None:
    """The last number said in ``words`` and the position where it starts: (12, 2) for "c'est au douze"."""
    singular = [word.removesuffix("s") if word in {"cents", "vingts"} else word for word in words]
    for end in range(len(singular), 0, -1):
        if singular[end - 1] in number_words():
            starts = range(max(0, end - 9), end)
            value = next((number for s in starts if (number := _numbers_by_words().get(tuple(singular[s:end])))), None)
            return None if value is None else (value, end)
    return None
