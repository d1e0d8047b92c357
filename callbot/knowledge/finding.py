"""Entries for a person who looks something up: every word counts, the rarer the more, nothing has to be a question."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from callbot.domain.items import Certainty, Verdict
from callbot.knowledge.base import KnowledgeBase, plain

MOST = 8
_LEAST_WORD = 2
_VERDICTS = {
    Verdict.ACCEPTED: "pris en encombrants",
    Verdict.REFUSED: "pas pris en encombrants",
}


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """An entry: ``entry`` as provenance names it, ``text`` its answer in French, where it comes from."""

    entry: str
    text: str
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class _Indexed:
    found: FoundEntry
    words: frozenset[str]


class Finder:
    """Questions and items of the knowledge base by their words."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._entries = [*_questions(knowledge), *_items(knowledge)]
        seen = Counter(word for entry in self._entries for word in entry.words)
        self._weights = {word: math.log(1 + len(self._entries) / count) for word, count in seen.items()}

    def find(self, text: str) -> tuple[FoundEntry, ...]:
        """At most eight entries that share words with ``text``, best first; none for words that no entry has."""
        wanted = _words([text])
        scored = [(self._score(wanted, entry), entry.found) for entry in self._entries]
        best = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: (-pair[0], pair[1].entry))
        return tuple(found for _, found in best[:MOST])

    def _score(self, wanted: frozenset[str], entry: _Indexed) -> float:
        return sum(self._weights[word] for word in wanted & entry.words)


def _questions(knowledge: KnowledgeBase) -> Iterable[_Indexed]:
    for entry in knowledge.questions:
        found = FoundEntry(f"question/{entry.id}", entry.answer, entry.source, entry.certainty)
        yield _Indexed(found, _words((*entry.variants, entry.answer)))


def _items(knowledge: KnowledgeBase) -> Iterable[_Indexed]:
    for kind in knowledge.catalogue.kinds:
        verdict = _VERDICTS.get(kind.ruling.verdict, "à vérifier : une personne décide")
        text = f"{kind.label[:1].upper()}{kind.label[1:]} : {verdict}. {kind.ruling.alternative}".strip()
        origin = knowledge.provenance[f"item/{kind.id}"]
        found = FoundEntry(f"item/{kind.id}", text, origin.source, origin.certainty)
        yield _Indexed(found, _words((kind.label, kind.plural, *kind.synonyms)))


def _words(texts: Iterable[str]) -> frozenset[str]:
    """Words without their plural, so that "canapés" finds "canapé"."""
    return frozenset(
        word.rstrip("sx") or word for text in texts for word in plain(text).split() if len(word) >= _LEAST_WORD
    )
