"""Aligns many names at once with everything that was heard, weighing each sound; word boundaries play no part.

A name may start and end anywhere in what was heard. The cost of an alignment is the sum of wrong, missing and added
characters within it, and of what it leaves unexplained on either side. One dynamic-programming table for all names:
rows are the characters of the names, columns those heard, computed a row at a time for every name together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from callbot.gazetteer.phonetics import SOUNDS
from callbot.gazetteer.utterance import Characters

Floats = NDArray[np.float32]
Codes = NDArray[np.uint8]

INSERTION = 0.6
"""cost of an added character inside a name, times the weight of its word, never below ``LEAST_INSERTION``"""
LEAST_INSERTION = 0.15
UNEXPLAINED = 0.4
"""cost of a character that nothing explains, before or after the name, times the weight of its word"""
MOST_UNEXPLAINED = 2.5
"""ceiling of that cost on each side, in core characters: a long story before the address says little against it"""


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Characters with the cost (0..1) of taking one for another, and of missing one. Code 0 is padding."""

    codes: Mapping[str, int]
    substitution: Floats
    deletion: Floats

    def encode(self, text: str) -> Codes:
        """The codes of ``text``, whose characters are all of this alphabet."""
        return np.array([self.codes[char] for char in text], dtype=np.uint8)


def _alphabet(chars: str, close: Mapping[str, float], weak: Mapping[str, float]) -> Alphabet:
    codes = {char: i + 1 for i, char in enumerate(chars)}
    substitution = np.ones((len(chars) + 1, len(chars) + 1), dtype=np.float32)
    np.fill_diagonal(substitution, 0)
    for pair, cost in close.items():
        a, b = codes[pair[0]], codes[pair[1]]
        substitution[a, b] = substitution[b, a] = cost
    deletion = np.ones(len(chars) + 1, dtype=np.float32)
    for char, cost in weak.items():
        deletion[codes[char]] = cost
    return Alphabet(codes, substitution, deletion)


# Pairs that speech recognition on a telephone line confuses; costs set by hand.
_CLOSE_SOUNDS = {
    "e2": 0.3, "ei": 0.5, "ea": 0.6, "ou": 0.5, "o2": 0.5, "yi": 0.4, "yu": 0.4, "y2": 0.5, "oO": 0.4, "aA": 0.4,
    "eI": 0.4, "aI": 0.6, "2I": 0.5, "AO": 0.4, "AI": 0.4, "IO": 0.5, "ao": 0.6, "Yi": 0.15, "wu": 0.15, "yw": 0.5,
    "Ye": 0.4, "pb": 0.4, "td": 0.4, "kg": 0.4, "fv": 0.3, "sz": 0.3, "SZ": 0.3, "mn": 0.4, "nN": 0.3, "lr": 0.6,
    "sS": 0.5, "zZ": 0.5, "bv": 0.5, "fs": 0.6, "pt": 0.6, "tk": 0.6, "pk": 0.6, "bd": 0.6, "dg": 0.6, "nl": 0.6,
    "bm": 0.6, "dn": 0.6, "NY": 0.4, "lY": 0.6, "gZ": 0.6, "ks": 0.7, "rg": 0.7, "kr": 0.8,
}  # fmt: skip
_WEAK_SOUNDS = {"e": 0.5, "Y": 0.6, "w": 0.6, "l": 0.8, "r": 0.8, "s": 0.8, "n": 0.7}
SOUND_ALPHABET = _alphabet(SOUNDS, _CLOSE_SOUNDS, _WEAK_SOUNDS)

_CLOSE_LETTERS = {"iy": 0.3, "sz": 0.5, "ck": 0.4, "cs": 0.5, "gj": 0.5, "ao": 0.7, "ae": 0.7, "ie": 0.7, "mn": 0.6}
_WEAK_LETTERS = {"e": 0.6, "s": 0.6, "t": 0.7, "d": 0.8, "h": 0.4, "x": 0.7, "l": 0.8}
LETTER_ALPHABET = _alphabet("abcdefghijklmnopqrstuvwxyz", _CLOSE_LETTERS, _WEAK_LETTERS)


@dataclass(frozen=True, slots=True)
class Names:
    """Names as padded rows of codes, the weight of each character, and each name's length."""

    codes: Codes
    weights: Floats
    lengths: NDArray[np.int64]

    def take(self, rows: NDArray[np.int64]) -> Names:
        """The names at ``rows``, without columns that only pad."""
        lengths = self.lengths[rows]
        width = int(lengths.max(initial=0))
        return Names(self.codes[rows, :width], self.weights[rows, :width], lengths)


def pack(texts: Sequence[str], roles: Sequence[str], weights: Mapping[str, float], alphabet: Alphabet) -> Names:
    """Pack names into one table; ``roles`` gives a role letter for each character of each text."""
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    width = int(lengths.max(initial=0))
    return Names(
        codes=_table(texts, width, {char: float(code) for char, code in alphabet.codes.items()}).astype(np.uint8),
        weights=_table(roles, width, weights),
        lengths=lengths,
    )


def _table(texts: Sequence[str], width: int, values: Mapping[str, float]) -> Floats:
    """One row a text, each ASCII character replaced by its value, padded with 0."""
    lookup = np.zeros(256, dtype=np.float32)
    for char, value in values.items():
        lookup[ord(char)] = value
    raw = np.array([text.encode("ascii") for text in texts], dtype=f"S{max(width, 1)}")
    grid = raw.view(np.uint8).reshape(len(texts), -1)
    table: Floats = lookup[grid]
    return table


def similarities(names: Names, heard: Characters, alphabet: Alphabet) -> Floats:
    """How well each name explains what was heard, 0..1: one minus the cost of the best alignment over its weight."""
    total = names.weights.sum(axis=1, dtype=np.float32)
    costs = _costs(names, heard, alphabet)
    found: Floats = np.clip(1 - costs / np.maximum(total, np.float32(1e-6)), 0, 1) * (total > 0)
    return found


def _costs(names: Names, heard: Characters, alphabet: Alphabet) -> Floats:
    before, after = _unexplained(heard.weights)
    inserted = _running(np.maximum(heard.weights * INSERTION, LEAST_INSERTION))
    substitution = np.maximum(alphabet.substitution[:, alphabet.encode(heard.text)], heard.doubts)
    best = np.broadcast_to(before, (len(names.lengths), len(before))).copy()
    for column in range(names.codes.shape[1]):
        codes, weights = names.codes[:, column], names.weights[:, column, None]
        deleted = best + alphabet.deletion[codes][:, None] * weights
        deleted[:, 1:] = np.minimum(deleted[:, 1:], best[:, :-1] + substitution[codes] * weights)
        # an insertion chain is a running minimum once the cost of inserting everything so far is set aside
        row = np.minimum.accumulate(deleted - inserted, axis=1) + inserted
        best = np.where((column < names.lengths)[:, None], row, best)
    ends: Floats = (best + after).min(axis=1)
    return ends


def _unexplained(weights: Floats) -> tuple[Floats, Floats]:
    """Cost of leaving out everything before, and everything after, each position; it levels off at its ceiling."""
    before, after = _running(weights), _running(weights[::-1])[::-1]
    return _levelled(before * np.float32(UNEXPLAINED)), _levelled(after * np.float32(UNEXPLAINED))


def _levelled(cost: Floats) -> Floats:
    levelled: Floats = (MOST_UNEXPLAINED * (1 - np.exp(-cost / MOST_UNEXPLAINED))).astype(np.float32)
    return levelled


def _running(values: Floats) -> Floats:
    return np.concatenate([np.zeros(1, dtype=np.float32), np.cumsum(values, dtype=np.float32)])
