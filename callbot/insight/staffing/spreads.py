"""How long things last: talks, patience, the bot's part of a call. All in seconds."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
"""one value a call, or a moment each, in seconds unless said otherwise"""


class Spread(Protocol):
    """A distribution of durations."""

    @property
    def mean(self) -> float:
        """Seconds."""
        ...

    def draw(self, dice: np.random.Generator, size: int) -> Floats:
        """``size`` durations in seconds; the same from the same dice."""
        ...


@dataclass(frozen=True, slots=True)
class Exponential:
    """As likely to end in the next second however long it has lasted: what Erlang's formulas assume."""

    mean: float

    def draw(self, dice: np.random.Generator, size: int) -> Floats:
        """``size`` durations in seconds."""
        return dice.exponential(self.mean, size)


@dataclass(frozen=True, slots=True)
class LogNormal:
    """Many short, a few very long: the form that talk times of call centres have.

    ``cv`` is the standard deviation as a share of the mean.
    """

    mean: float
    cv: float

    def draw(self, dice: np.random.Generator, size: int) -> Floats:
        """``size`` durations in seconds."""
        variance = log(1 + self.cv**2)
        return np.exp(dice.standard_normal(size) * sqrt(variance) + log(self.mean) - variance / 2)


@dataclass(frozen=True, slots=True)
class Always:
    """The same every time; ``inf`` is a caller who never gives up."""

    mean: float

    def draw(self, dice: np.random.Generator, size: int) -> Floats:
        """``size`` times the same; the dice are not thrown."""
        return np.full(size, self.mean)
