"""Telephone numbers said in pairs, digit by digit, in figures, or mixed; checked by the numbering plans."""

from __future__ import annotations

from collections.abc import Iterator

import phonenumbers

from callbot.understanding.numbers import cardinal
from callbot.understanding.sentence import Word

_REGIONS = ("FR", "RE", "GP", "MQ", "GF")
"""mainland first, then the overseas regions whose mobiles begin alike"""
_FICTION = "063998"
"""numbers kept for films and tests (ARCEP, national numbering plan); the library takes them for Mayotte's"""
_FILLERS = frozenset({"et", "euh", "heu", "puis", "ensuite", "alors", "point", "tiret", "espace"})
_MOST_DIGITS = 14
_COSTS_EXTRA = frozenset({phonenumbers.PhoneNumberType.PREMIUM_RATE, phonenumbers.PhoneNumberType.SHARED_COST})
"""numbers nobody is called back at"""
_LONGEST_PART = 4
_MOST_READINGS = 4_000
_NATIONAL = 10

Span = tuple[int, int]


def find_phone(words: tuple[Word, ...]) -> tuple[str, Span] | None:
    """The last complete number (callers correct themselves) in E.164, and its words; None when none is valid."""
    for first, last in reversed(list(_runs(words))):
        for start in range(first, last):
            number = _read(words, start, last)
            if number:
                return number, (start, last)
    return None


def _runs(words: tuple[Word, ...]) -> Iterator[Span]:
    """Stretches of number words and fillers, the "plus" of an international number included."""
    first: int | None = None
    for index, word in enumerate(words):
        if word.is_digits or cardinal((word.folded,)) is not None or (first is not None and word.folded in _FILLERS):
            first = index if first is None else first
        elif first is not None:
            yield first, index
            first = None
    if first is not None:
        yield first, len(words)


def _read(words: tuple[Word, ...], first: int, last: int) -> str | None:
    """The reading with the fewest parts, least cut against the pauses, that makes a valid number."""
    international = _has_plus(words, first)
    if not international and words[first].folded not in ("0", "zero") and not words[first].text.startswith("0"):
        return None
    readings = []
    for count, reading in enumerate(_readings(words, first, last, "", 0)):
        readings.append(reading)
        if count >= _MOST_READINGS:
            break
    for _, digits in sorted(readings):
        number = _checked(digits, international)
        if number:
            return number
    return None


def _has_plus(words: tuple[Word, ...], index: int) -> bool:
    return words[index].gap.endswith("+") or (index > 0 and words[index - 1].folded == "plus")


def _readings(words: tuple[Word, ...], index: int, last: int, digits: str, cost: int) -> Iterator[tuple[int, str]]:
    """All ways to cut the words into parts below one hundred: (cost, digits)."""
    if len(digits) > _MOST_DIGITS:
        return
    if index == last:
        yield cost, digits
        return
    if words[index].folded in _FILLERS:
        yield from _readings(words, index + 1, last, digits, cost)
        return
    if words[index].is_digits:
        yield from _readings(words, index + 1, last, digits + words[index].text, cost + 1)
        return
    for end in range(min(last, index + _LONGEST_PART), index, -1):
        value = cardinal(tuple(word.folded for word in words[index:end]))
        if value is not None and value < 1000:
            pauses = sum(2 for word in words[index + 1 : end] if word.after_pause)
            yield from _readings(words, end, last, digits + str(value), cost + 1 + pauses)


def _checked(digits: str, international: bool) -> str | None:
    if digits.startswith("0033"):
        digits, international = digits[2:], True
    if international and digits.startswith("33"):
        # "+33 (0)6": people keep the national zero after the country code.
        digits, international = "0" + digits[2:].removeprefix("0"), False
    if not international and (len(digits) != _NATIONAL or not digits.startswith("0")):
        return None
    if digits.startswith(_FICTION):
        return f"+33{digits[1:]}"
    for region in _REGIONS:
        try:
            number = phonenumbers.parse(f"+{digits}" if international else digits, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) not in _COSTS_EXTRA:
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None
