"""Words of a transcript line as the masking reads them: folded, with their place in the text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_WORD = re.compile(r"\d+|[^\W\d_]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l"})
_SENTENCE_END = re.compile(r"[.!?…:\n]")
_CLAUSE_END = re.compile(r"[,;!?…()\n]|[.:]\s")


@dataclass(frozen=True, slots=True)
class Word:
    """Letters or digits in a row, from ``start`` to ``end`` of the text; ``gap`` is what stands between it and the
    word before."""

    folded: str
    start: int
    end: int
    capital: bool
    gap: str

    @property
    def is_digits(self) -> bool:
        """True for figures."""
        return self.folded.isdigit()

    @property
    def begins_sentence(self) -> bool:
        """True where a capital proves nothing."""
        return self.start == 0 or bool(_SENTENCE_END.search(self.gap))

    @property
    def begins_clause(self) -> bool:
        """True after a mark that ends a group of words."""
        return bool(_CLAUSE_END.search(self.gap))


def fold(text: str) -> str:
    """Small letters without accents or ligatures; figures of any script as 0 to 9."""
    spread = unicodedata.normalize("NFKD", text.translate(_LIGATURES)).casefold()
    kept = (char for char in unicodedata.normalize("NFKD", spread) if not unicodedata.combining(char))
    return "".join(str(unicodedata.digit(char)) if char.isdigit() and not char.isascii() else char for char in kept)


def vocabulary(text: str) -> frozenset[str]:
    """The words of ``text``, for tables that read like sentences."""
    return frozenset(text.split())


def phrases(text: str) -> tuple[tuple[str, ...], ...]:
    """Phrases of words between bars: "au nom de|je suis"."""
    return tuple(tuple(phrase.split()) for phrase in text.split("|"))


def words_of(text: str) -> tuple[Word, ...]:
    """The words of ``text`` (NFC) in order."""
    words: list[Word] = []
    last = 0
    for found in _WORD.finditer(text):
        raw = found.group()
        words.append(Word(fold(raw), found.start(), found.end(), raw[0].isupper(), text[last : found.start()]))
        last = found.end()
    return tuple(words)
