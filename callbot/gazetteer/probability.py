"""From scores to how sure each candidate is: one logistic model for each amount of evidence.

A candidate's evidence is how alike it is to what was heard (0..1) and, where the decoder has judged it, how well it
fits the sound. A decoder likes frequent words whatever it hears, so a share of what it gives the same words without
any sound is taken off (the internal language model of speech recognition): without that the decoder does more harm
than good. "None of these" competes as one more candidate of fixed evidence. Fitted on the ``dev`` part of the address
benchmark only: ``python -m tests.bench.addresses.fit`` prints the figures that are typed in here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the decoder says of one text, natural logarithms: ``fit`` to the sound, ``prior`` without any sound."""

    fit: float
    prior: float


@dataclass(frozen=True, slots=True)
class Model:
    """How much one unit of each kind of evidence weighs."""

    likeness: float
    none: float
    """evidence of "none of these" """
    sound: float = 0.0
    prior: float = 0.0
    """share of the prior that is taken off the fit"""

    def fits(self, judged: Judgement) -> float:
        """How well a text fits the sound beyond what its words are worth anywhere."""
        return judged.fit - self.prior * judged.prior


TEXT = Model(likeness=21.2, none=15.9)
"""one view of the words, or a text that was typed"""
JUDGED = Model(likeness=12.8, none=8.2, sound=0.53, prior=0.91)
"""two views of the sound and the decoder's judgement"""
JUDGED_SLOWED = Model(likeness=13.2, none=7.4, sound=0.54, prior=0.82)
"""four views, two of them of the slowed sound, and the decoder's judgement, where ``JUDGED`` leaves doubt"""


def probabilities(likeness: Sequence[float], model: Model = TEXT) -> tuple[float, ...]:
    """How sure each candidate is, in the order given; sums to 1 at most, what is left is "none of these".

    ``likeness``: 0..1 each.
    """
    return _shares([model.likeness * alike for alike in likeness], model.none)


def judged_probabilities(likeness: Sequence[float], judged: Sequence[Judgement], model: Model) -> tuple[float, ...]:
    """The same with what the decoder says of each candidate, against the one that fits best."""
    fits = [model.fits(each) for each in judged]
    best = max(fits, default=0.0)
    evidence = [model.likeness * alike + model.sound * (fit - best) for alike, fit in zip(likeness, fits, strict=True)]
    return _shares(evidence, model.none)


def _shares(evidence: Sequence[float], none: float) -> tuple[float, ...]:
    top = max([*evidence, none])
    weights = [math.exp(one - top) for one in evidence]
    total = sum(weights) + math.exp(none - top)
    return tuple(one / total for one in weights)
