"""Which house number was said: the numbers that exist in the street, judged by the decoder on the sound.

Whisper writes the number of a misheard sentence rightly half of the time. Once the street is known, few numbers are
possible: those of its readings, and those that exist there and sound alike. "No number was said" is one of the answers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from callbot.calls.judging import Judge, Readers
from callbot.domain.meaning import HeardAddress
from callbot.gazetteer.house_numbers import HouseLabel, likely_numbers, written
from callbot.gazetteer.probability import Judgement
from callbot.gazetteer.splicing import straight, with_street
from callbot.speech.engine import Encoding

MOST_NUMBERS: Final = 8
"""that exist in the street and are judged, beside those of the readings"""
_DIGITS: Final = re.compile(r"\d+")
_PLAIN_LEAD: Final = "au "
_ANY_STREET: Final = "Rue de Rome"
"""in which it is measured how usual a number is: the street makes no difference worth its time"""

Label = HouseLabel | None
"""None: no number was said"""
NumberOf = Callable[[str, str | None], Label]
"""(sentence, known commune) -> the house number in it"""


@dataclass(frozen=True, slots=True)
class NumberModel:
    """Weights of the evidence, fitted on ``dev`` (``tests.bench.addresses.fit``)."""

    sound: float
    prior: float
    votes: float
    """for all readings; a share of it for some"""
    exists: float
    unsaid: float
    """for "no number was said" """
    other: float
    """evidence of "a number that is not among these" """


NUMBERS = NumberModel(sound=0.26, prior=0.5, votes=2.6, exists=3.06, unsaid=0.0, other=1.63)


@dataclass(frozen=True, slots=True)
class NumberEvidence:
    """What speaks for each label; ``judged``: in the sentence as heard, and in a plain one."""

    labels: tuple[Label, ...]
    votes: tuple[float, ...]
    exists: tuple[bool, ...]
    judged: tuple[tuple[Judgement, Judgement], ...]

    def probabilities(self, model: NumberModel = NUMBERS) -> tuple[float, ...]:
        """How sure each label is; what is left of 1 is another number."""
        evidence = [self._evidence(place, model) for place in range(len(self.labels))]
        best = max((sum(self._fits(place, model)) for place in range(len(self.labels))), default=0.0)
        relative = [one - model.sound * best for one in evidence]
        top = max([*relative, model.other])
        weights = [math.exp(one - top) for one in relative]
        total = sum(weights) + math.exp(model.other - top)
        return tuple(one / total for one in weights)

    def _evidence(self, place: int, model: NumberModel) -> float:
        known = model.unsaid if self.labels[place] is None else model.exists * self.exists[place]
        return model.sound * sum(self._fits(place, model)) + model.votes * self.votes[place] + known

    def _fits(self, place: int, model: NumberModel) -> tuple[float, ...]:
        return tuple(each.fit - model.prior * each.prior for each in self.judged[place])


class NumberHearing:
    """Judges house numbers of one street; a tenth of a second."""

    def __init__(self, judge: Judge, readers: Readers, number_of: NumberOf) -> None:
        self._judge = judge
        self._readers = readers
        self._number_of = number_of

    async def evidence(
        self,
        heard: HeardAddress,
        street: str,
        existing: Sequence[HouseLabel],
        texts: Sequence[str],
        sound: Encoding,
    ) -> NumberEvidence:
        """What speaks for each number that ``texts`` (readings of ``sound``, best first) may hold, in ``street``."""
        said, labels = await self._readers.run(self._labels, heard, existing, texts)
        before = _before(texts[0], heard.street_heard)
        forms = [_sentence(lead, label, street) for lead in (before, _PLAIN_LEAD) for label in labels]
        usually = [_sentence(_PLAIN_LEAD, label, _ANY_STREET) for label in labels]
        judged = await self._judge.judge(sound, forms, usually * 2)
        return NumberEvidence(
            labels,
            tuple(said.count(label) / max(1, len(said)) for label in labels),
            tuple(label in existing for label in labels),
            tuple(zip(judged[: len(labels)], judged[len(labels) :], strict=True)),
        )

    def _labels(
        self, heard: HeardAddress, existing: Sequence[HouseLabel], texts: Sequence[str]
    ) -> tuple[list[Label], tuple[Label, ...]]:
        """What each text has, and all that is to be judged."""
        said = [self._number_of(text, heard.insee) for text in texts]
        own = (heard.number, heard.repetition) if heard.number is not None else None
        return said, tuple(dict.fromkeys((own, *said, *likely_numbers(existing, texts, MOST_NUMBERS), None)))


def _before(sentence: str, street_heard: str | None) -> str:
    """The words before the number, or before the street where no figure stands in front of it."""
    at = straight(sentence).find(straight(street_heard)) if street_heard else -1
    end = at if at >= 0 else len(sentence)
    figure = _DIGITS.search(sentence)
    return sentence[: min(end, figure.start())] if figure else sentence[:end]


def _sentence(lead: str, label: Label, street: str) -> str:
    if label is None:
        return with_street("" if lead == _PLAIN_LEAD else lead, street)
    return with_street(f"{lead}{written(label)} ", street)
