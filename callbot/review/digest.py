"""What is kept of a call so that it can be found: facts, masked lines, their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from callbot.insight.figures.facts import CallFacts, Timed
from callbot.insight.figures.folding import Beside, TerritoryOf, facts_of
from callbot.privacy import known_of
from callbot.review.lines import Line, Numbered, first_words, lines_of
from callbot.review.search import UNSURE, stems


@dataclass(frozen=True, slots=True)
class Digest:
    """A call as it is kept beside its events; ``events``: how many it had."""

    call_id: str
    events: int
    facts: CallFacts
    lines: tuple[Line, ...]
    words: frozenset[str]
    first_words: str

    @property
    def unsure(self) -> bool:
        """Some words were recognised with little confidence."""
        lowest = self.facts.lowest_confidence
        return lowest is not None and lowest < UNSURE


def digest_of(call_id: str, events: Sequence[Numbered], plain: frozenset[str], territory_of: TerritoryOf) -> Digest:
    """The digest of a call with at least one event; ``plain``: folded names of communes, which are not masked."""
    known = known_of((each.event for each in events), plain)
    lines = lines_of(events, known)
    facts = facts_of(Beside(call_id), (Timed(each.at, each.event) for each in events), territory_of)
    return Digest(call_id, events[-1].number, facts, lines, _words(lines), first_words(lines))


def _words(lines: Sequence[Line]) -> frozenset[str]:
    shown = (piece.text for line in lines for piece in line.masked.pieces if piece.hidden is None)
    return frozenset(word for text in shown for word in stems(text))
