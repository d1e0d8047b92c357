"""All streets in memory, and the two steps of a search: short list by shared sounds, then alignment.

Streets of the same name in several communes share one entry of the tables: they sound the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from callbot.gazetteer.alignment import LETTER_ALPHABET, SOUND_ALPHABET, Floats, Names, pack, similarities
from callbot.gazetteer.profiles import LEFT_OUT, WEIGHTS, Role
from callbot.gazetteer.records import IndexedStreet, Street
from callbot.gazetteer.utterance import Characters, Heard

TEXT_WEIGHT, SOUND_WEIGHT = 0.4, 0.6
"""shares of the score, measured best on noisy street names"""
SHORT_LIST = 120
"""names whose sounds are aligned; the right one is nearly always among them (see ``bench``)"""
ALIGNED_LETTERS = 40
"""of these, those that sound most alike: their letters are aligned too"""

_FLOOR = 0.4
"""share of the best score that most of the best reach: a first cut, so that only few have to be ordered"""

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Match:
    """A street with the parts of its score, each 0..1."""

    street: Street
    text: float
    sound: float

    @property
    def score(self) -> float:
        """0.4 text + 0.6 sound."""
        return TEXT_WEIGHT * self.text + SOUND_WEIGHT * self.sound


class StreetIndex:
    """Search over a fixed list of streets. Read only once built, so any number of threads may search."""

    def __init__(self, indexed: Sequence[IndexedStreet]) -> None:
        self.streets = tuple(one.street for one in indexed)
        profiles = {one.street.name: one.profile for one in indexed}
        row_of = {name: row for row, name in enumerate(profiles)}
        named, costs = profiles.values(), (WEIGHTS, LEFT_OUT)
        self._sounds = pack([p.sounds for p in named], [p.sound_roles for p in named], SOUND_ALPHABET, *costs)
        self._letters = pack([p.letters for p in named], [p.letter_roles for p in named], LETTER_ALPHABET, *costs)
        self._name_of = np.array([row_of[street.name] for street in self.streets], dtype=np.int64)
        self._streets_of = _grouped(self._name_of, len(profiles))
        self._grams = _Grams(self._sounds)
        self._in_commune = _positions([street.insee for street in self.streets])

    def in_scope(self, insee: frozenset[str]) -> Rows:
        """Positions in ``streets`` of those of these communes, in the order of the base."""
        parts = [self._in_commune[code] for code in sorted(insee) if code in self._in_commune]
        return np.concatenate(parts) if parts else np.array([], dtype=np.int64)

    def search(self, readings: Sequence[Heard], insee: frozenset[str] | None, limit: int) -> list[list[Match]]:
        """For each reading its best ``limit`` streets, best first, within the communes given (None: all).

        All readings of one utterance are searched together: that is several times faster than one by one.
        """
        allowed = None if insee is None else self._names_in(insee)
        names = [self._short_list(heard, allowed) for heard in readings]
        sound = similarities(
            [(self._sounds.take(rows), heard.sounds) for rows, heard in zip(names, readings, strict=True)]
        )
        kept = [_best(one, ALIGNED_LETTERS) for one in sound]
        names = [rows[best] for rows, best in zip(names, kept, strict=True)]
        sound = [one[best] for one, best in zip(sound, kept, strict=True)]
        text = similarities(
            [(self._letters.take(rows), heard.letters) for rows, heard in zip(names, readings, strict=True)]
        )
        return [list(islice(self._matches(*found, insee), limit)) for found in zip(names, text, sound, strict=True)]

    def _matches(self, names: Rows, text: Floats, sound: Floats, insee: frozenset[str] | None) -> Iterator[Match]:
        """The streets of these names, best first."""
        for i in np.argsort(-(TEXT_WEIGHT * text + SOUND_WEIGHT * sound), kind="stable"):
            for position in self._streets_of[names[i]]:
                if insee is None or self.streets[position].insee in insee:
                    yield Match(self.streets[position], float(text[i]), float(sound[i]))

    def _names_in(self, insee: frozenset[str]) -> Rows:
        """Names of at least one street of these communes."""
        there = np.zeros(len(self._streets_of), dtype=np.bool_)
        there[self._name_of[self.in_scope(insee)]] = True
        return np.flatnonzero(there)

    def _short_list(self, heard: Heard, allowed: Rows | None) -> Rows:
        """Names that share most sounds with what was heard, of those ``allowed`` (None: all)."""
        if not heard.sounds.text:
            return np.array([], dtype=np.int64)
        if allowed is not None and len(allowed) <= SHORT_LIST:
            return allowed
        shared = self._grams.shared(heard.sounds)
        if allowed is None:
            return _best(shared, SHORT_LIST)
        return allowed[_best(shared[allowed], SHORT_LIST)]


class _Grams:
    """Pairs and triples of neighbouring sounds of each name, and which names hold each of them."""

    _BASE = 32

    def __init__(self, names: Names) -> None:
        self._size = len(names.lengths)
        grams, rows = self._of_table(names)
        order = np.argsort(grams, kind="stable")
        self._rows = rows[order]
        counts = np.bincount(grams, minlength=self._BASE**3)
        self._starts = np.concatenate([[0], np.cumsum(counts)])
        self._rarity = np.log(1 + self._size / np.maximum(counts, 1)).astype(np.float32)
        total = np.bincount(rows, weights=self._rarity[grams], minlength=self._size)
        self._scale = 1 / np.sqrt(np.maximum(total, 1.0))

    def shared(self, sounds: Characters) -> Floats:
        """For each name, the rarity of what it shares with ``sounds``, relative to its own size."""
        grams, worth = self._of_text(sounds)
        held = [self._rows[self._starts[gram] : self._starts[gram + 1]] for gram in grams]
        worth_of_row = np.repeat(self._rarity[grams] * worth, [len(rows) for rows in held])
        rows = np.concatenate(held) if held else np.array([], dtype=np.int64)
        total = np.bincount(rows, weights=worth_of_row, minlength=self._size)
        return (total * self._scale).astype(np.float32)

    def _of_text(self, sounds: Characters) -> tuple[NDArray[np.int64], Floats]:
        """Each gram once, with the certainty of its surest occurrence."""
        codes, certainty = SOUND_ALPHABET.encode(sounds.text).astype(np.int64), 1 - sounds.doubts
        pairs = codes[:-1] * self._BASE + codes[1:]
        triples = pairs[:-1] * self._BASE + codes[2:]
        pair_worth = np.minimum(certainty[:-1], certainty[1:])
        triple_worth = np.minimum(pair_worth[:-1], certainty[2:])
        grams, where = np.unique(np.concatenate([pairs, triples]), return_inverse=True)
        worth = np.zeros(len(grams), dtype=np.float32)
        np.maximum.at(worth, where, np.concatenate([pair_worth, triple_worth]))
        return grams, worth

    def _of_table(self, names: Names) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Each gram of each name once, without those that end in a title, which callers leave out."""
        codes = names.codes.astype(np.int64)
        pairs = codes[:, :-1] * self._BASE + codes[:, 1:]
        triples = pairs[:, :-1] * self._BASE + codes[:, 2:]
        said = names.weights > WEIGHTS[Role.TITLE]
        pair_rows, pair_columns = np.nonzero(said[:, 1:] & (codes[:, :-1] > 0))
        triple_rows, triple_columns = np.nonzero(said[:, 2:] & (codes[:, :-2] > 0))
        grams = np.concatenate([pairs[pair_rows, pair_columns], triples[triple_rows, triple_columns]])
        rows = np.concatenate([pair_rows, triple_rows])
        once = np.unique(rows * self._BASE**3 + grams)
        return once % self._BASE**3, once // self._BASE**3


def _best(scores: Floats, count: int) -> Rows:
    """Positions of the ``count`` highest scores above 0."""
    rows = np.flatnonzero(scores > _FLOOR * scores.max(initial=0))
    if len(rows) < count:
        rows = np.flatnonzero(scores > 0)
    return rows[np.argpartition(-scores[rows], count)[:count]] if len(rows) > count else rows


def _grouped(groups: Rows, size: int) -> list[Rows]:
    """The positions that belong to each group."""
    order = np.argsort(groups, kind="stable")
    return np.split(order, np.cumsum(np.bincount(groups, minlength=size))[:-1]) if size else []


def _positions(values: Sequence[str]) -> dict[str, Rows]:
    array = np.array(values)
    return {str(value): np.flatnonzero(array == value) for value in np.unique(array)}
