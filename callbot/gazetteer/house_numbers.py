"""Which house numbers of a street the words may mean: those that exist there and sound alike. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from callbot.gazetteer.numerals import spell
from callbot.gazetteer.phonetics import sounds_of

HouseLabel = tuple[int, str | None]
"""number and repetition: (12, "bis")"""

_TOKEN: Final = re.compile(r"\d+|[^\W\d_]+")
_LONGEST_NUMBER: Final = 4
_LENGTH_BONUS: Final = 1.5
"""for each sound of the number: short ones are found in any sentence"""


def written(label: HouseLabel) -> str:
    """``12 bis``."""
    number, repetition = label
    return f"{number} {repetition}" if repetition else str(number)


def likely_numbers(existing: Iterable[HouseLabel], texts: Sequence[str], most: int) -> tuple[HouseLabel, ...]:
    """The ``most`` numbers of a street that sound most like a part of what was heard, best first."""
    heard = [_sentence_sounds(text) for text in texts]
    if not heard:
        return ()
    scored = {label: _likeness(_number_sounds(label), heard) for label in existing}
    return tuple(sorted(scored, key=lambda label: -scored[label])[:most])


def _likeness(number: str, heard: Sequence[str]) -> float:
    return sum(fuzz.partial_ratio(number, sentence) for sentence in heard) / len(heard) + _LENGTH_BONUS * len(number)


@lru_cache(maxsize=4096)
def _number_sounds(label: HouseLabel) -> str:
    number, repetition = label
    return _words_sounds(f"{spell(number)} {repetition or ''}")


def _sentence_sounds(text: str) -> str:
    tokens = (
        spell(int(token)) if token.isdecimal() and token.isascii() and len(token) <= _LONGEST_NUMBER else token.lower()
        for token in _TOKEN.findall(text)
    )
    return _words_sounds(" ".join(tokens))


def _words_sounds(text: str) -> str:
    return "".join(sounds_of(word) for word in text.split())
