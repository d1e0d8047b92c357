"""An utterance cut into words, and its numbers put together: what every finder of this room reads."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import accumulate

from callbot.understanding.sound import fold

LONGEST = 600
"""characters read of one utterance; a longer one is not an answer to any of our questions"""

_WORD = re.compile(r"[0-9]+|[^\W\d_]+")
_PAUSE = re.compile(r"[,.;:!?…\n]")
_TAKEN = "|"


@dataclass(frozen=True, slots=True)
class Word:
    """One word. ``start``/``end``: its characters; ``gap``: what stands between the word before and it."""

    text: str
    folded: str
    start: int
    end: int
    gap: str
    lemma: str = ""
    pos: str = ""
    is_unknown: bool = False
    """spaCy never met it: more likely misheard than meant"""

    @property
    def is_digits(self) -> bool:
        return self.text[0] in "0123456789"

    @property
    def after_pause(self) -> bool:
        """True when a comma, a full stop... comes before it."""
        return bool(_PAUSE.search(self.gap))


def words_of(text: str) -> tuple[Word, ...]:
    """The words of ``text``; elided and hyphenated parts, digits and letters each apart."""
    words: list[Word] = []
    end = 0
    for match in _WORD.finditer(text):
        words.append(Word(match[0], fold(match[0]) or "?", match.start(), match.end(), text[end : match.start()]))
        end = match.end()
    return tuple(words)


def clean(text: str) -> str:
    """At most ``LONGEST`` characters, composed, every kind of space and apostrophe made plain."""
    composed = unicodedata.normalize("NFKC", text[:LONGEST].replace("…", ", ").replace("’", "'"))
    return " ".join(composed.split())[:LONGEST]


@dataclass(frozen=True, slots=True)
class Unit:
    """A word or a whole spoken number. ``tag``: folded word, ``#12`` for a number, ``#o6`` for "sixième"."""

    tag: str
    words: tuple[Word, ...]

    @property
    def value(self) -> int | None:
        """The number, cardinal or ordinal; None for a word."""
        return int(self.tag.lstrip("#o")) if self.tag.startswith("#") else None

    @property
    def is_cardinal(self) -> bool:
        return self.tag.startswith("#") and not self.tag.startswith("#o")

    @property
    def word(self) -> Word:
        return self.words[0]


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern that matched units ``first`` to ``last`` (not included)."""

    match: re.Match[str]
    first: int
    last: int

    def __getitem__(self, group: str) -> str | None:
        return self.match[group]


@dataclass(frozen=True, slots=True)
class Sentence:
    """All units of an utterance; those already understood are ``taken`` and hidden from the next finder."""

    text: str
    units: tuple[Unit, ...]
    taken: frozenset[int] = field(default=frozenset())

    def __len__(self) -> int:
        return len(self.units)

    def tag(self, index: int) -> str:
        """Tag of a unit; a bar for one taken, empty outside of the sentence."""
        if not 0 <= index < len(self.units):
            return ""
        return _TAKEN if index in self.taken else self.units[index].tag

    def without(self, first: int, last: int) -> Sentence:
        """The same with units ``first`` to ``last`` (not included) taken."""
        return replace(self, taken=self.taken | frozenset(range(first, last)))

    @property
    def tags(self) -> str:
        """All tags in one line, for patterns."""
        return " ".join(self.tag(index) for index in range(len(self.units)))

    def find(self, pattern: re.Pattern[str]) -> Iterator[Found]:
        """Every match of ``pattern`` in the line of tags that begins and ends at whole units."""
        line = self.tags
        starts = [0, *accumulate(len(self.tag(index)) + 1 for index in range(len(self.units)))]
        for match in pattern.finditer(line):
            first = bisect_right(starts, match.start()) - 1
            last = bisect_right(starts, max(match.end() - 1, match.start()))
            if line[match.start() : match.end()].strip():
                yield Found(match, first, last)

    def raw(self, first: int, last: int) -> str:
        """The caller's own words, from unit ``first`` to ``last`` (not included)."""
        if first >= last:
            return ""
        return self.text[self.units[first].words[0].start : self.units[last - 1].words[-1].end]

    def after_pause(self, index: int) -> bool:
        """True when a comma, a full stop... stands before the unit."""
        return 0 <= index < len(self.units) and self.units[index].word.after_pause

    @property
    def free(self) -> list[int]:
        """Indices of the units not taken yet."""
        return [index for index in range(len(self.units)) if index not in self.taken]
