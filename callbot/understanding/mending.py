"""Letters in doubt, weighed by the name as it was said and by the surnames that are frequent; clear ones never change.

Each way to read the letters is scored: what it costs to have confused those letters, less what speaks for the name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Final

from rapidfuzz import fuzz

from callbot.domain.names import CLEAR, Letter, SpelledName, written
from callbot.domain.surnames import SURNAMES
from callbot.understanding.letters import near
from callbot.understanding.sound import fold, sound

_FREQUENT: Final = 1.2
"""what it is worth to be a frequent surname: two letters confused with near ones"""
_AS_SAID: Final = 1.1
"""what it is worth to sound like the name said before it"""
_LEAST_ALIKE: Final = 0.6
_WELL_BACKED: Final = 1.0
_CONFIRMED, _CHANGED = 0.85, 0.55
_SHORTEST_MENDED: Final = 4
"""letters; nearly any three are near some name"""
_LONGEST_VARIED: Final = 12


def mended(letters: tuple[Letter, ...], said: str | None) -> SpelledName:
    """The likeliest name of ``letters``; ``said`` is the name as the caller pronounced it (folded), if they did."""
    plain = tuple(fold(letter.sign).upper() for letter in letters)
    readings = dict.fromkeys((plain, *_frequent(letters, plain), *(_varied(letters, plain) if said else ())))
    best = min(readings, key=lambda reading: (_cost(plain, reading) - _support(reading, said), reading != plain))
    backed = _support(best, said) >= _WELL_BACKED
    chosen = tuple(_letter(letter, sign, backed) for letter, sign in zip(letters, best, strict=True))
    heard = "".join(letter.sign for letter in letters)
    return SpelledName(written(letter.sign for letter in chosen), chosen, heard, backed)


def _letter(letter: Letter, sign: str, backed: bool) -> Letter:
    if fold(letter.sign).upper() != sign:
        return Letter(sign, _CHANGED)
    return Letter(letter.sign, max(letter.certainty, _CONFIRMED)) if backed else letter


def _frequent(letters: tuple[Letter, ...], plain: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Frequent surnames with as many letters, every letter the same or one that is in doubt and near."""
    bare = [at for at, sign in enumerate(plain) if sign.isalpha()]
    if len(bare) < _SHORTEST_MENDED:
        return
    for name in _by_length().get(len(bare), ()):
        signs = list(plain)
        for at, sign in zip(bare, name, strict=True):
            if sign != plain[at] and (letters[at].certainty >= CLEAR or near(plain[at], sign) is None):
                break
            signs[at] = sign
        else:
            yield tuple(signs)


def _varied(letters: tuple[Letter, ...], plain: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The letters with one in doubt taken for a near one."""
    if len(plain) > _LONGEST_VARIED:
        return
    for at, letter in enumerate(letters):
        if letter.certainty >= CLEAR or not plain[at].isalpha():
            continue
        for other in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
            if other != plain[at] and near(plain[at], other) is not None:
                yield (*plain[:at], other, *plain[at + 1 :])


def _cost(plain: tuple[str, ...], reading: tuple[str, ...]) -> float:
    return sum(near(one, other) or 0.0 for one, other in zip(plain, reading, strict=True))


def _support(reading: tuple[str, ...], said: str | None) -> float:
    name = "".join(sign for sign in reading if sign.isalpha())
    frequent = _FREQUENT if name in _by_length().get(len(name), ()) else 0.0
    if not said:
        return frequent
    alike = fuzz.ratio(sound(name.lower()), sound(said)) / 100
    return frequent + (_AS_SAID * alike if alike >= _LEAST_ALIKE else 0.0)


@cache
def _by_length() -> dict[int, dict[str, None]]:
    grouped: dict[int, dict[str, None]] = defaultdict(dict)
    for name in SURNAMES:
        folded = "".join(sign for sign in fold(name).upper() if sign.isalpha())
        grouped[len(folded)][folded] = None
    return dict(grouped)
