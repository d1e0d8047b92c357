"""Aligns many names at once with everything that was heard, weighing each sound; word boundaries play no part.

A name may start and end anywhere in what was heard. The cost of an alignment is the sum of wrong, missing and added
characters within it, and of what it leaves unexplained on either side. One dynamic-programming table for all names:
rows are the characters of the names, columns those heard, computed a row at a time for every name together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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


_CODES = 32
"""codes an alphabet may have; a symbol is a code in a role: ``role * _CODES + code``"""
_OUT_OF_REACH = 1e4
"""cost of what is behind the end of the heard text"""
_BLOCK = 128
"""names that share one table, chosen by length; measured: small enough for the cache, large enough for numpy"""


@dataclass(frozen=True, slots=True)
class Names:
    """Names as rows of symbols (characters in their roles) padded on the left, each name's length and whole weight."""

    alphabet: Alphabet
    role_weights: Floats
    role_deletions: Floats
    symbols: Codes
    lengths: NDArray[np.int64]
    totals: Floats

    def take(self, rows: NDArray[np.int64]) -> Names:
        """The names at ``rows``."""
        return replace(self, symbols=self.symbols[rows], lengths=self.lengths[rows], totals=self.totals[rows])

    @property
    def codes(self) -> Codes:
        """The characters without their roles, 0 before the beginning."""
        return self.symbols % _CODES

    @property
    def weights(self) -> Floats:
        """The weight of each character, 0 before the beginning."""
        found: Floats = self.role_weights[self.symbols // _CODES] * (self.symbols > 0)
        return found


def pack(
    texts: Sequence[str],
    roles: Sequence[str],
    alphabet: Alphabet,
    weights: Mapping[str, float],
    left_out: Mapping[str, float] | None = None,
) -> Names:
    """Pack names into one table; ``roles`` gives a role letter for each character of each text.

    ``weights``: what a character is worth by its role; ``left_out``: the share of it that a missing one costs (1 for a
    role that is not in it).
    """
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    width = int(lengths.max(initial=0))
    role_places = {role: place * _CODES for place, role in enumerate(weights)}
    symbols = _table(texts, width, alphabet.codes) + _table(roles, width, role_places)
    role_weights = np.array(list(weights.values()), dtype=np.float32)
    totals = (role_weights[symbols // _CODES] * (symbols > 0)).sum(axis=1, dtype=np.float32)
    shares = np.array([(left_out or {}).get(role, 1) for role in weights], dtype=np.float32)
    return Names(alphabet, role_weights, role_weights * shares, symbols, lengths, totals)


def _table(texts: Sequence[str], width: int, values: Mapping[str, int]) -> Codes:
    """One row a text, each ASCII character replaced by its value, padded on the left with 0."""
    lookup = np.zeros(256, dtype=np.uint8)
    for char, value in values.items():
        lookup[ord(char)] = value
    raw = np.array([text.rjust(width, "\0").encode("ascii") for text in texts], dtype=f"S{max(width, 1)}")
    grid = raw.view(np.uint8).reshape(len(texts), max(width, 1))
    table: Codes = lookup[grid]
    return table


Job = tuple[Names, Characters]
"""names to compare with one heard text"""


def similarities(jobs: Sequence[Job]) -> list[Floats]:
    """For each job, how well each name explains what was heard, 0..1.

    That is one minus the cost of the best alignment over the name's weight. Jobs of one alphabet go together: numpy
    takes its time by the call more than by the row.
    """
    if not jobs:
        return []
    costs = np.split(_costs(jobs), np.cumsum([len(names.lengths) for names, _ in jobs])[:-1])
    return [_similarity(names.totals, cost) for (names, _), cost in zip(jobs, costs, strict=True)]


def _similarity(totals: Floats, costs: Floats) -> Floats:
    shares = np.clip(1 - costs / np.maximum(totals, np.float32(1e-6)), 0, 1)
    return np.where(totals > 0, shares, np.float32(0)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Rules:
    """What the alignment costs with each of several heard texts.

    ``start`` and ``end`` [position, job]: of what lies before and behind each position. ``moves`` [position, symbol of
    a job]: of taking the symbol for the heard character. ``deletions`` [symbol of a job]: of missing the symbol.
    All are less the cost of inserting everything heard so far: so set aside, a chain of insertions costs nothing more.
    """

    start: Floats
    end: Floats
    moves: Floats
    deletions: Floats


def _costs(jobs: Sequence[Job]) -> Floats:
    """The cost of the best alignment of each name, job after job."""
    rules = _rules(jobs)
    symbols_of_a_job = len(rules.deletions) // len(jobs)
    job_of = np.repeat(np.arange(len(jobs)), [len(names.lengths) for names, _ in jobs])
    lengths = np.concatenate([names.lengths for names, _ in jobs])
    symbols = np.concatenate([names.symbols for names, _ in jobs])
    order = np.argsort(lengths, kind="stable")
    costs = np.empty(len(lengths), dtype=np.float32)
    for block in np.split(order, range(_BLOCK, len(order), _BLOCK)):
        columns = symbols[block, symbols.shape[1] - int(lengths[block].max(initial=0)) :].T
        costs[block] = _block_costs(rules, job_of[block], columns + symbols_of_a_job * job_of[block])
    return costs


def _block_costs(rules: _Rules, job_of: NDArray[np.int64], columns: NDArray[np.int64]) -> Floats:
    """``best`` [position, name] is what explaining the heard text up to there costs, after each column of the names."""
    best = rules.start[:, job_of]
    spare, moved = best.copy(), np.empty_like(best[1:])
    for column in columns:
        np.take(rules.moves, column, axis=1, out=moved, mode="clip")
        moved += best[:-1]
        best += rules.deletions[column]
        np.minimum(best[1:], moved, out=best[1:])
        best, spare = _with_insertions(best, spare)
    ends: Floats = (best + rules.end[:, job_of]).min(axis=0)
    return ends


def _with_insertions(best: Floats, spare: Floats) -> tuple[Floats, Floats]:
    """The least of all positions before, for each, and the other buffer, to be used again: in steps that double, which
    is several times faster than a running minimum.
    """
    step = 1
    while step < len(best):
        np.minimum(best[step:], best[:-step], out=spare[step:])
        spare[:step] = best[:step]
        best, spare = spare, best
        step *= 2
    return best, spare


def _rules(jobs: Sequence[Job]) -> _Rules:
    width = max(1, *(len(heard.text) for _, heard in jobs))
    roles = len(jobs[0][0].role_weights)
    edges = np.full((2, width + 1, len(jobs)), _OUT_OF_REACH, dtype=np.float32)
    moves = np.full((width, len(jobs), roles, _CODES), _OUT_OF_REACH, dtype=np.float32)
    deletions = np.zeros((len(jobs), roles, _CODES), dtype=np.float32)
    for job, (names, heard) in enumerate(jobs):
        here, alphabet = len(heard.text), names.alphabet
        insertions = np.maximum(heard.weights * np.float32(INSERTION), np.float32(LEAST_INSERTION))
        before, after = _unexplained(heard.weights)
        inserted = _running(insertions)
        edges[0, : here + 1, job], edges[1, : here + 1, job] = before - inserted, after + inserted
        taken = np.maximum(alphabet.substitution[alphabet.encode(heard.text)], heard.doubts[:, None])
        weighed = taken[:, None, :] * names.role_weights[:, None] - insertions[:, None, None]
        moves[:here, job, :, : taken.shape[1]] = weighed
        deletions[job, :, : taken.shape[1]] = np.outer(names.role_deletions, alphabet.deletion)
    moves[:, :, :, 0] = _OUT_OF_REACH
    deletions[:, :, 0] = 0
    return _Rules(edges[0], edges[1], moves.reshape(width, -1), deletions.reshape(-1))


def _unexplained(weights: Floats) -> tuple[Floats, Floats]:
    """Cost of leaving out everything before, and everything after, each position; it levels off at its ceiling."""
    before, after = _running(weights), _running(weights[::-1])[::-1]
    return _levelled(before * np.float32(UNEXPLAINED)), _levelled(after * np.float32(UNEXPLAINED))


def _levelled(cost: Floats) -> Floats:
    levelled: Floats = (MOST_UNEXPLAINED * (1 - np.exp(-cost / MOST_UNEXPLAINED))).astype(np.float32)
    return levelled


def _running(values: Floats) -> Floats:
    return np.concatenate([np.zeros(1, dtype=np.float32), np.cumsum(values, dtype=np.float32)])
