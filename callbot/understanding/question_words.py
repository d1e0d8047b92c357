"""The telling words of a question: what they may mean, and which known word is meant where Whisper misspelt one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process

from callbot.understanding.question_lexicon import ENDINGS, LIGHT, LONGEST_PHRASE, MEANINGS, OUTSIDE, PHRASES
from callbot.understanding.sentence import clean, words_of
from callbot.understanding.sound import singular, sound

_SHORTEST_STEM: Final = 4
"""letters"""
_ALIKE: Final = 86
_ALIKE_JOINED: Final = 88
"""likeness (0..100) at which an unknown word, or one cut in two, is taken for a word of the phrasings"""
_LETTERS_ALIKE: Final = 6
_LETTERS_JOINED: Final = 8
_LONGEST_CUT: Final = 4
"""letters before the cut: "dé chetterie", "en combrants" """
_SHORTEST_SOUND: Final = 4


@dataclass(frozen=True, slots=True)
class QuestionWord:
    """A word that tells: ``stem``, its letters without ending; ``meanings`` it may have, in the order of the table."""

    stem: str
    meanings: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """All it can be recognised by."""
        return (self.stem, *(meaning for meaning in self.meanings if meaning != OUTSIDE))


class Vocabulary:
    """The words of the phrasings, under which those of a caller are found again where Whisper misspelt them."""

    def __init__(self, phrasings: Iterable[str]) -> None:
        words = sorted({word for phrasing in phrasings for word in _telling(_folded(phrasing))})
        self._words = frozenset(words)
        self._stems = frozenset(stem(word) for word in words)
        self._by_sound = {sound(word): word for word in reversed(words) if len(sound(word)) >= _SHORTEST_SOUND}
        self._long = [word for word in words if len(word) >= _LETTERS_ALIKE]

    def read(self, text: str) -> tuple[QuestionWord, ...]:
        """The telling words of ``text``, in order; accents, case and punctuation do not matter."""
        return tuple(_word(self._mended(word)) for word in _telling(self._rejoined(_folded(text))))

    def _known(self, folded: str) -> bool:
        return folded in LIGHT or bool(meanings_of(folded)) or stem(folded) in self._stems

    def _mended(self, folded: str) -> str:
        """The word that sounds the same or is written nearly so; the word itself when it is known, or like none."""
        if self._known(folded):
            return folded
        if (same := self._by_sound.get(sound(folded))) is not None:
            return same
        return self._alike(folded, _ALIKE) or folded if len(folded) >= _LETTERS_ALIKE else folded

    def _rejoined(self, words: Sequence[str]) -> list[str]:
        """The words, with one that Whisper cut in two put together."""
        joined: list[str] = []
        for word in words:
            whole = self._whole(joined[-1], word) if joined else None
            if whole:
                joined[-1] = whole
            else:
                joined.append(word)
        return joined

    def _whole(self, first: str, second: str) -> str | None:
        both = first + second
        if len(first) > _LONGEST_CUT or len(both) < _LETTERS_JOINED or self._known(second):
            return None
        return both if both in self._words else self._alike(both, _ALIKE_JOINED)

    def _alike(self, folded: str, least: int) -> str | None:
        found = process.extractOne(folded, self._long, scorer=fuzz.ratio, score_cutoff=least)
        return found[0] if found else None


def plain_words(text: str) -> str:
    """All words of ``text`` in one line, folded."""
    return " ".join(_folded(text))


def _folded(text: str) -> list[str]:
    """The words of ``text`` without accents; a spoken "ne" comes and goes, so it is dropped."""
    return [word.folded for word in words_of(clean(text)) if word.folded not in ("ne", "n")]


def _telling(words: Sequence[str]) -> list[str]:
    """The words with those of a fixed phrase made one, or none, and without those that tell nothing."""
    telling: list[str] = []
    at = 0
    while at < len(words):
        sizes = range(LONGEST_PHRASE, 0, -1)
        length = next((size for size in sizes if " ".join(words[at : at + size]) in PHRASES), 1)
        phrase = " ".join(words[at : at + length])
        telling += PHRASES.get(phrase, phrase).split()
        at += length
    return [word for word in telling if word not in LIGHT and not word.isdigit()]


@lru_cache(maxsize=20_000)
def _word(folded: str) -> QuestionWord:
    return QuestionWord(stem(folded), meanings_of(folded))


@lru_cache(maxsize=20_000)
def meanings_of(folded: str) -> tuple[str, ...]:
    """The meanings of a folded word; none for a word that is in no list."""
    beginnings = (folded[:length] for length in range(len(folded), 2, -1))
    found = {meaning for beginning in beginnings for meaning in _BY_PREFIX.get(beginning, ())}
    found.update(_BY_WORD.get(folded, ()))
    return tuple(meaning for meaning in MEANINGS if meaning in found)


def stem(folded: str) -> str:
    """A folded word without the ending of its plural or of its tense, four letters at least."""
    word = singular(folded)
    ending = next((each for each in ENDINGS if word.endswith(each) and len(word) - len(each) >= _SHORTEST_STEM), "")
    return word[: len(word) - len(ending)]


def _table(*, prefixes: bool) -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for meaning, words in MEANINGS.items():
        for word in words.split():
            if word.endswith("*") is prefixes:
                key = word.rstrip("*")
                table[key] = (*table.get(key, ()), meaning)
    return table


_BY_WORD: Final = _table(prefixes=False)
_BY_PREFIX: Final = _table(prefixes=True)
