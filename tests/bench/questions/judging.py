"""What became of each question, and how many of each kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from callbot.knowledge import load_knowledge
from callbot.understanding.questions import FoundQuestion, QuestionFinder, QuestionPhrases
from tests.bench.addresses.intervals import Share, share
from tests.bench.questions.sentences import Sentence

KNOWLEDGE: Final = Path(__file__).parents[3] / "knowledge_base"


class Outcome(StrEnum):
    """What became of a question."""

    RIGHT = "right entry"
    HONEST = "honest 'je ne sais pas'"
    WRONG = "wrong answer"


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence, and what was found in it."""

    sentence: Sentence
    found: FoundQuestion | None

    @property
    def outcome(self) -> Outcome:
        """Nothing found is honest, whether or not there was something to find."""
        if self.found is None:
            return Outcome.HONEST
        return Outcome.RIGHT if self.found.id in self.sentence.expected else Outcome.WRONG


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one half of the sentences."""

    safe: Share
    """right, or honest, of all sentences"""
    wrong: Share
    """of all sentences"""
    answered: Share
    """right, of the sentences that the knowledge base answers"""
    left: Share
    """nothing found, of the sentences that it does not answer"""


def shipped_finder() -> QuestionFinder:
    """Over the knowledge base that ships."""
    return QuestionFinder(QuestionPhrases(entry.id, entry.variants) for entry in load_knowledge(KNOWLEDGE).questions)


def judge(finder: QuestionFinder, sentences: Iterable[Sentence]) -> tuple[Judged, ...]:
    """Each sentence with what the finder makes of it."""
    return tuple(Judged(sentence, finder.find(sentence.text)) for sentence in sentences)


def figures(judged: Sequence[Judged]) -> Figures:
    """How often each outcome came."""
    asked = [each for each in judged if each.sentence.expected]
    others = [each for each in judged if not each.sentence.expected]
    return Figures(
        safe=share([each.outcome is not Outcome.WRONG for each in judged]),
        wrong=share([each.outcome is Outcome.WRONG for each in judged]),
        answered=share([each.outcome is Outcome.RIGHT for each in asked]),
        left=share([each.found is None for each in others]),
    )
