"""French numbers in words or figures, read in every way they can be: hiding asks "could this be it?", not "is it?".

``understanding`` reads numbers too, for the best meaning; this reads all meanings and knows no library.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

_TO_SIXTEEN: Final = "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
_UNITS: Final = {word: value for value, word in enumerate(_TO_SIXTEEN.split())} | {"une": 1}
_TENS: Final = {
    "vingt": 20, "vingts": 20, "vint": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
    "septante": 70, "huitante": 80, "octante": 80, "nonante": 90,
}  # fmt: skip
_HUNDRED, _THOUSAND = frozenset({"cent", "cents"}), "mille"
JOINTS: Final = frozenset({"et", "euh", "heu", "puis", "ensuite", "point", "tiret", "espace", "virgule", "double"})
"""words between the parts of one number"""

Parsed = tuple[int, int]
"""a value, and the index after its last word"""


def is_number_word(word: str) -> bool:
    """True for figures and for words that numbers are made of."""
    return word.isdigit() or word in _UNITS or word in _TENS or word in _HUNDRED or word == _THOUSAND


@lru_cache(maxsize=4_000)
def numbers_at(words: tuple[str, ...], at: int) -> tuple[tuple[str, int], ...]:
    """Every number that begins at ``words[at]``: its digits and the index after it, the longest first."""
    if at >= len(words):
        return ()
    if words[at].isdigit():
        return ((words[at], at + 1),)
    found = dict.fromkeys((str(value), end) for value, end in _thousands(words, at))
    return tuple(sorted(found, key=lambda one: (-one[1], one[0])))


def spells(words: tuple[str, ...], at: int, digits: str) -> tuple[int, ...]:
    """Indices after the words from ``at`` on that say exactly ``digits``, whole, in parts, or digit by digit."""
    ends: set[int] = set()
    for said, end in numbers_at(words, at):
        rests = dict.fromkeys((said, said.lstrip("0") or "0"))
        for rest in rests:
            if digits == rest:
                ends.add(end)
            elif digits.startswith(rest):
                ends.update(spells(words, _past_joints(words, end), digits[len(rest) :]))
    return tuple(sorted(ends))


def longest_of(words: tuple[str, ...], at: int, digits: str) -> tuple[int, int]:
    """How many of ``digits`` from their first on the words from ``at`` on say, and the index after those words."""
    best = (0, at)
    for said, end in numbers_at(words, at):
        if digits.startswith(said):
            more, last = longest_of(words, _past_joints(words, end), digits[len(said) :])
            best = max(best, (len(said) + more, last if more else end))
    return best


def runs(words: Sequence[str], breaks: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Stretches of number words, joints between them included; ``breaks``: words before which a stretch ends."""
    first: int | None = None
    last = 0
    for index, word in enumerate(words):
        if first is not None and breaks[index]:
            yield first, last
            first = None
        if is_number_word(word):
            first = index if first is None else first
            last = index + 1
        elif first is not None and word not in JOINTS:
            yield first, last
            first = None
    if first is not None:
        yield first, last


def units(words: tuple[str, ...], first: int, last: int) -> list[str]:
    """The numbers of a stretch, each as long as it can be."""
    found: list[str] = []
    at = first
    while at < last:
        options = [one for one in numbers_at(words, at) if one[1] <= last]
        if options:
            digits, at = options[0]
            found.append(digits)
        else:
            at += 1
    return found


def _past_joints(words: tuple[str, ...], at: int) -> int:
    after = at
    while after < len(words) and words[after] in JOINTS:
        after += 1
    return after if after < len(words) else at


def _thousands(words: tuple[str, ...], at: int) -> Iterator[Parsed]:
    starts = [(1, at)] if words[at] == _THOUSAND else []
    for value, end in _hundreds(words, at):
        yield value, end
        if 1 < value < 1000:
            starts.append((value, end))
    for value, end in starts:
        if end < len(words) and words[end] == _THOUSAND:
            yield value * 1000, end + 1
            yield from ((value * 1000 + rest, last) for rest, last in _hundreds(words, end + 1) if 0 < rest < 1000)


def _hundreds(words: tuple[str, ...], at: int) -> Iterator[Parsed]:
    if at >= len(words):
        return
    starts = [(1, at)] if words[at] in _HUNDRED else []
    for value, end in _below_hundred(words, at):
        yield value, end
        if 2 <= value <= 19:
            starts.append((value, end))
    for value, end in starts:
        if end < len(words) and words[end] in _HUNDRED:
            yield value * 100, end + 1
            yield from ((value * 100 + rest, last) for rest, last in _below_hundred(words, end + 1) if rest)


def _below_hundred(words: tuple[str, ...], at: int) -> Iterator[Parsed]:
    if at >= len(words):
        return
    word, after = words[at], words[at + 1] if at + 1 < len(words) else ""
    if word in _UNITS:
        yield _UNITS[word], at + 1
        if word == "dix" and 7 <= _UNITS.get(after, 0) <= 9:
            yield 10 + _UNITS[after], at + 2
        if word == "quatre" and after in ("vingt", "vingts"):
            yield 80, at + 2
            yield from _with_units(words, at + 2, 80, 19)
    elif word in _TENS:
        yield _TENS[word], at + 1
        yield from _with_units(words, at + 1, _TENS[word], 19 if word == "soixante" else 9)


def _with_units(words: tuple[str, ...], at: int, tens: int, most: int) -> Iterator[Parsed]:
    """``tens`` and what follows, up to ``most``; "et" only before one and eleven, as it is said."""
    linked = at < len(words) and words[at] == "et"
    start = at + 1 if linked else at
    if start >= len(words) or words[start] not in _UNITS:
        return
    value = _UNITS[words[start]]
    if 0 < value <= most and (not linked or value in (1, 11)):
        yield tens + value, start + 1
    teen = words[start + 1] if start + 1 < len(words) else ""
    if value == 10 and most == 19 and 7 <= _UNITS.get(teen, 0) <= 9:
        yield tens + 10 + _UNITS[teen], start + 2
