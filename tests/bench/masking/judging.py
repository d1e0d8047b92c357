"""How well the masking hides, nothing being known of the call: the hardest case, in which only the words help.

Recall counts secrets: one is hidden when every word of it is. Precision counts words: of those hidden, the share that
belong to a secret. What may be hidden or not counts for neither (``strict`` counts it as hidden for nothing).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from callbot.privacy import Known, mask
from callbot.privacy.words import words_of
from tests.bench.addresses.intervals import Share
from tests.bench.masking.labelled import Sentence, Span


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence and what became of its words."""

    sentence: Sentence
    masked: str
    missed: tuple[str, ...]
    hidden_right: int
    hidden_free: int
    hidden_wrong: tuple[str, ...]
    """words hidden for nothing"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares over some sentences."""

    sentences: int
    recall: Share
    precision: Share
    strict: Share
    untouched: Share
    """sentences with nothing to hide in which nothing was hidden"""


def judge(one: Sentence, known: Known) -> Judged:
    """Mask a sentence and look at each of its words."""
    line = mask(one.text, known, one.asked)
    hidden, at = set[int](), 0
    for piece in line.pieces:
        if piece.hidden is not None:
            hidden.update(range(at, at + len(piece.text)))
        at += len(piece.text)
    words = [(word, word.start in hidden) for word in words_of(one.text)]
    missed = tuple(
        one.text[span.first : span.last]
        for span in one.secrets
        if not all(gone for word, gone in words if _inside(word.start, [span]))
    )
    gone = [word for word, is_hidden in words if is_hidden]
    right = sum(_inside(word.start, one.secrets) for word in gone)
    free = sum(_inside(word.start, one.free) for word in gone)
    wrong = tuple(word.folded for word in gone if not _inside(word.start, [*one.secrets, *one.free]))
    return Judged(one, line.text, missed, right, free, wrong)


def figures(judged: Sequence[Judged]) -> Figures:
    """The shares of these sentences."""
    secrets = sum(len(one.sentence.secrets) for one in judged)
    right = sum(one.hidden_right for one in judged)
    wrong = sum(len(one.hidden_wrong) for one in judged)
    free = sum(one.hidden_free for one in judged)
    nothing = [one for one in judged if not one.sentence.secrets]
    return Figures(
        len(judged),
        Share(secrets - sum(len(one.missed) for one in judged), secrets),
        Share(right, right + wrong),
        Share(right, right + wrong + free),
        Share(sum(not one.hidden_wrong for one in nothing), len(nothing)),
    )


def by_category(judged: Iterable[Judged]) -> dict[str, list[Judged]]:
    """The sentences of each category."""
    sorted_out = defaultdict(list)
    for one in judged:
        sorted_out[one.sentence.category].append(one)
    return dict(sorted_out)


def _inside(at: int, spans: Iterable[Span]) -> bool:
    return any(span.first <= at < span.last for span in spans)
