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

from callbot.calls.ports import RememberedSound
from callbot.domain.meaning import HeardAddress
from callbot.gazetteer.house_numbers import HouseLabel, likely_numbers, written
from callbot.gazetteer.probability import Judgement
from callbot.gazetteer.splicing import with_street
from callbot.speech.engine import Encoding, Engine

MOST_NUMBERS: Final = 10
"""that exist in the street and are judged, beside those of the readings"""
_DIGITS: Final = re.compile(r"\d+")

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


NUMBERS = NumberModel(sound=0.34, prior=0.74, votes=2.57, exists=2.59, unsaid=0.0, other=1.85)


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
    """Judges house numbers of one street; blocking, a quarter of a second."""

    def __init__(self, engine: Engine, silence: Encoding, number_of: NumberOf) -> None:
        self._engine = engine
        self._silence = silence
        self._number_of = number_of

    def evidence(
        self,
        heard: HeardAddress,
        street: str,
        existing: Sequence[HouseLabel],
        texts: Sequence[str],
        sound: RememberedSound,
    ) -> NumberEvidence:
        """What speaks for each number that ``texts`` (all readings of the sound) may hold, in ``street``."""
        said = [self._number_of(text, heard.insee) for text in texts]
        own = (heard.number, heard.repetition) if heard.number is not None else None
        labels = tuple(dict.fromkeys((own, *said, *likely_numbers(existing, texts, MOST_NUMBERS), None)))
        before = _before(sound.texts[0], heard.street_heard)
        forms = [_sentence(lead, label, street) for lead in (before, "au ") for label in labels]
        fits = self._engine.score(_encoding(sound), forms)
        priors = self._engine.score(self._silence, forms)
        judged = [Judgement(fit, prior) for fit, prior in zip(fits, priors, strict=True)]
        return NumberEvidence(
            labels,
            tuple(said.count(label) / max(1, len(said)) for label in labels),
            tuple(label in existing for label in labels),
            tuple(zip(judged[: len(labels)], judged[len(labels) :], strict=True)),
        )


def _before(sentence: str, street_heard: str | None) -> str:
    """The words before the number, or before the street where no figure stands in front of it."""
    end = sentence.index(street_heard) if street_heard and street_heard in sentence else len(sentence)
    figure = _DIGITS.search(sentence)
    return sentence[: min(end, figure.start())] if figure else sentence[:end]


def _sentence(lead: str, label: Label, street: str) -> str:
    if label is None:
        return with_street("" if lead == "au " else lead, street)
    return with_street(f"{lead}{written(label)} ", street)


def _encoding(sound: RememberedSound) -> Encoding:
    if not isinstance(sound.encoding, Encoding):
        raise TypeError("this sound was not encoded here")
    return sound.encoding
