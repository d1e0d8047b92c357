"""Which question of the knowledge base a caller asks, in whatever words; none where that is not clear.

A wrong answer is worse than "je ne sais pas": a question counts only where its words are among those said, where it
explains what else was said, and where no other question fits nearly as well.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from callbot.understanding.question_lexicon import OUTSIDE
from callbot.understanding.question_words import QuestionWord, Vocabulary, plain_words

LEAST_SCORE: Final = 0.32
"""0..1; below it the question is not known: one wrong answer in the 503 sentences the finder is tuned on"""
_WORD_FOR_WORD: Final = 0.6
"""score of a wording that was said as it stands"""
_OPENING: Final = "est ce que "
_CASE: Final = re.compile(
    r"^(?:(?:et|mais|euh|oui|non|alors|bon|ah|donc|ok|d accord) )*"
    r"(?:s (?:ils?)|si (?:je|j|on|c est|ca|y a|ils?|elles?|vous|l|la|les?|une?|jamais)|en cas) "
)
"""a case asked about: "et s'il neige", whose one telling word is enough where a single question has it"""
_SAME_MEANING: Final = 0.8
"""what another word of the same meaning is worth, the word itself being worth 1"""
_UNKNOWN_WEIGHT: Final = 0.5
"""weight of a word that no wording has; one that a single question has weighs 1"""
_OUTSIDE_WEIGHT: Final = 1.0
_OUTSIDE_PART: Final = 0.3
"""what is left of a fit where the words name another public service"""
_PAIRS_PART: Final = 0.3
"""share of the order of words in what is matched"""
_PAIRS_ENOUGH: Final = 2 / 3
"""share of a wording's pairs that counts as all of them"""
_PAIR_REACH: Final = 2
"""words apart"""
_ALONE: Final = 0.6
"""how much of what was said a wording must explain whose only telling word was said"""
_HALF_EVIDENCE: Final = 1.0
"""weight of shared words at which a fit counts half: as much as one word that a single question has"""
_LEAST_RIVAL: Final = 0.15
"""fit of the question that is always thought possible besides those found"""
_MATCHED_POWER, _EXPLAINED_POWER, _LEAD_POWER = 0.8, 0.4, 0.25
"""how much each part counts in the score, a product of powers"""


@dataclass(frozen=True, slots=True)
class QuestionPhrases:
    """A question of the knowledge base: its id, and how callers word it."""

    id: str
    phrasings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """The parts of a score, each 0..1."""

    phrasing: str
    """the wording of the knowledge base that is nearest"""
    matched: float
    """how much of that wording was said"""
    explained: float
    """how much of what was said some wording of this question has"""
    fit: float
    """both together, less where few words speak or some name another public service"""
    lead: float
    """by how much of its own fit it is ahead of the best other question; 0 for all but the first"""


@dataclass(frozen=True, slots=True)
class FoundQuestion:
    """A question the caller may be asking. ``score``: 0..1, 0 for all but the best fitting one."""

    id: str
    score: float
    why: Why


@dataclass(frozen=True, slots=True)
class _Phrasing:
    """One wording, read. ``weights``: of its words; ``pairs``: which meanings follow each other."""

    question: str
    text: str
    words: tuple[QuestionWord, ...]
    weights: tuple[float, ...]
    pairs: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the caller said, read. ``keys``: all stems and meanings in it."""

    words: tuple[QuestionWord, ...]
    weights: tuple[float, ...]
    keys: frozenset[str]
    pairs: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Heard:
    """What one question makes of the words said: how much of them it has, and how much they say, both 0..1."""

    explained: float
    evidence: float


class QuestionFinder:
    """Knows every wording of every question; holds no state of a call."""

    def __init__(self, entries: Iterable[QuestionPhrases]) -> None:
        phrasings = sorted({(entry.id, phrasing) for entry in entries for phrasing in entry.phrasings})
        self._vocabulary = Vocabulary(phrasing for _, phrasing in phrasings)
        read = [(question, text, self._vocabulary.read(text)) for question, text in phrasings]
        self._keys: dict[str, set[str]] = defaultdict(set)
        for question, _, words in read:
            self._keys[question].update(key for word in words for key in word.keys)
        self._rarity = _rarity(self._keys)
        self._phrasings = tuple(
            _Phrasing(question, text, words, tuple(self._weight(word) for word in words), _pairs(words))
            for question, text, words in read
            if words
        )
        self._exact: dict[tuple[str, ...], set[tuple[str, str]]] = defaultdict(set)
        for phrasing in self._phrasings:
            self._exact[tuple(word.stem for word in phrasing.words)].add(
                (phrasing.question, plain_words(phrasing.text).removeprefix(_OPENING))
            )
        self._having: dict[str, set[int]] = defaultdict(set)
        for at, phrasing in enumerate(self._phrasings):
            for key in (key for word in phrasing.words for key in word.keys):
                self._having[key].add(at)

    def find(self, text: str) -> FoundQuestion | None:
        """The question that ``text`` asks; None where none is clear, or where it asks nothing. Never raises."""
        found = next(iter(self.ranked(text, 1)), None)
        return found if found and found.score >= LEAST_SCORE else None

    def ranked(self, text: str, limit: int = 3) -> tuple[FoundQuestion, ...]:
        """At most ``limit`` questions that share a word with ``text``, the best fitting first, however badly."""
        asked = self._asked(text)
        best: dict[str, Why] = {}
        sharing = sorted({at for key in asked.keys for at in self._having.get(key, ())})
        phrasings = [self._phrasings[at] for at in sharing]
        heard = {
            question: self._heard(asked, self._keys[question]) for question in {each.question for each in phrasings}
        }
        for phrasing in phrasings:
            of_question = heard[phrasing.question]
            why = self._why(asked, phrasing, of_question) if of_question else None
            if why and (phrasing.question not in best or why.fit > best[phrasing.question].fit):
                best[phrasing.question] = why
        said = self._says(asked, text)
        order = sorted(best, key=lambda question: (question != said, -best[question].fit, question))
        second = max([_LEAST_RIVAL, *(best[question].fit for question in order[1:])])
        found = [_found(question, best[question], second) for question in order[:limit]]
        if found and found[0].id == said:
            found[0] = replace(found[0], score=max(found[0].score, _WORD_FOR_WORD))
        return tuple(found)

    def _says(self, asked: _Asked, text: str) -> str | None:
        """The question whose wording was said word for word, but for words that tell nothing; None for several.

        A single telling word means different things in different sentences: there the others count as well.
        """
        if len(asked.words) == 1 and _CASE.match(plain_words(text)) and (one := self._only_one_with(asked.words[0])):
            return one
        wordings = self._exact.get(tuple(word.stem for word in asked.words), set())
        if len(asked.words) == 1:
            said = f" {plain_words(text)} "
            wordings = {each for each in wordings if f" {each[1]} " in said}
        questions = {question for question, _ in wordings}
        return questions.pop() if len(questions) == 1 else None

    def speaks_of(self, question: str, text: str) -> bool:
        """True when some wording of ``question`` has one of the telling words of ``text``, or its meaning."""
        return not self._keys.get(question, set()).isdisjoint(self._asked(text).keys)

    def _only_one_with(self, word: QuestionWord) -> str | None:
        keys = set(word.meanings)
        having = [] if OUTSIDE in word.meanings else [each for each, its in self._keys.items() if its & keys]
        return having[0] if len(having) == 1 else None

    def _asked(self, text: str) -> _Asked:
        words = self._vocabulary.read(text)
        keys = frozenset(key for word in words for key in word.keys)
        return _Asked(words, tuple(self._weight(word) for word in words), keys, _pairs(words))

    def _weight(self, word: QuestionWord) -> float:
        """Of a word by the rarest of its meanings, else by itself."""
        if OUTSIDE in word.meanings:
            return _OUTSIDE_WEIGHT
        keys = word.meanings or (word.stem,)
        return max((self._rarity.get(key, 0.0) for key in keys), default=0.0) or _UNKNOWN_WEIGHT

    def _shared(self, word: QuestionWord, weight: float, keys: frozenset[str] | set[str]) -> float:
        """What ``keys`` have of a word: all of its weight, that of a meaning, or nothing."""
        if word.stem in keys:
            return weight
        common = [self._rarity.get(meaning, 0.0) for meaning in word.meanings if meaning in keys]
        return _SAME_MEANING * max(common, default=0.0)

    def _heard(self, asked: _Asked, keys: set[str]) -> _Heard | None:
        """What a question makes of the words said; None where it has none of them."""
        shared = [self._shared(word, weight, keys) for word, weight in zip(asked.words, asked.weights, strict=True)]
        told = sum(shared)
        if not told:
            return None
        others = any(OUTSIDE in word.meanings and not keys.intersection(word.keys) for word in asked.words)
        evidence = told / (told + _HALF_EVIDENCE) * (_OUTSIDE_PART if others else 1.0)
        return _Heard(min(1.0, told / sum(asked.weights)), evidence)

    def _why(self, asked: _Asked, phrasing: _Phrasing, heard: _Heard) -> Why | None:
        """How a wording fits what was said; None where they share nothing."""
        if len(phrasing.words) == 1 and (heard.explained < _ALONE or phrasing.words[0].stem not in asked.keys):
            return None
        parts = zip(phrasing.words, phrasing.weights, strict=True)
        shared = sum(self._shared(word, weight, asked.keys) for word, weight in parts)
        if not shared:
            return None
        covered = min(1.0, shared / sum(phrasing.weights))
        matched = (1 - _PAIRS_PART) * covered + _PAIRS_PART * _in_order(asked, phrasing, covered)
        return Why(phrasing.text, matched, heard.explained, _fit(matched, heard), 0.0)


def _fit(matched: float, heard: _Heard) -> float:
    return math.pow(matched, _MATCHED_POWER) * math.pow(heard.explained, _EXPLAINED_POWER) * heard.evidence


def _found(question: str, why: Why, second: float) -> FoundQuestion:
    lead = max(0.0, 1 - second / max(second, why.fit))
    led = Why(why.phrasing, why.matched, why.explained, why.fit, lead)
    return FoundQuestion(question, why.fit * math.pow(lead, _LEAD_POWER), led)


def _rarity(keys: Mapping[str, set[str]]) -> dict[str, float]:
    """How rare each stem and meaning is among the questions: 1 in one of them only, towards 0 in all."""
    counts = Counter(key for of_question in keys.values() for key in of_question)
    most = math.log(1 + len(keys))
    return {key: math.log(1 + len(keys) / count) / most for key, count in counts.items()}


def _pairs(words: Sequence[QuestionWord]) -> frozenset[tuple[str, str]]:
    """Which meanings (or words that have none) follow each other closely."""
    return frozenset(
        (one, other)
        for at, word in enumerate(words)
        for later in words[at + 1 : at + 1 + _PAIR_REACH]
        for one in word.meanings or (word.stem,)
        for other in later.meanings or (later.stem,)
    )


def _in_order(asked: _Asked, phrasing: _Phrasing, covered: float) -> float:
    """How many pairs of a wording were said (0..1); a wording without any has as much order as words."""
    if not phrasing.pairs:
        return covered
    return min(1.0, len(phrasing.pairs & asked.pairs) / len(phrasing.pairs) / _PAIRS_ENOUGH)
