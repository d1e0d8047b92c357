"""How sure a figure of the bench is: intervals of shares, calibration of probabilities, quantiles. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, stdev
from typing import Final

_Z: Final = 1.959964
"""two-sided 95 % of the normal distribution"""
BINS: Final = 10


@dataclass(frozen=True, slots=True)
class Share:
    """``right`` of ``total``."""

    right: int
    total: int

    @property
    def value(self) -> float:
        """0..1; not a number of nothing."""
        return self.right / self.total if self.total else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of 95 %, which holds near 0 and 1 and for few cases; all of 0..1 when there is no case."""
        if not self.total:
            return 0.0, 1.0
        share, scale = self.value, _Z * _Z / self.total
        middle = share + scale / 2
        reach = math.sqrt(scale * (share * (1 - share) + scale / 4))
        return max(0.0, (middle - reach) / (1 + scale)), min(1.0, (middle + reach) / (1 + scale))


def share(outcomes: Sequence[bool]) -> Share:
    """How many of ``outcomes`` are true."""
    return Share(sum(outcomes), len(outcomes))


@dataclass(frozen=True, slots=True)
class Stated:
    """A probability that was stated, and whether it came true."""

    probability: float
    right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Neighbours in probability: from ``lowest`` to ``highest``, ``mean`` stated, and how many came true."""

    lowest: float
    highest: float
    mean: float
    came_true: Share


def reliability(stated: Sequence[Stated], bins: int = BINS) -> tuple[Bin, ...]:
    """At most ``bins`` groups of equal size (to one) in the order of probability."""
    ordered = sorted(stated, key=lambda each: each.probability)
    count = min(bins, len(ordered))
    edges = [len(ordered) * place // count for place in range(count + 1)] if count else []
    return tuple(_bin(ordered[first:last]) for first, last in pairwise(edges))


def _bin(group: Sequence[Stated]) -> Bin:
    mean = sum(each.probability for each in group) / len(group)
    return Bin(group[0].probability, group[-1].probability, mean, share([each.right for each in group]))


def calibration_error(bins: Sequence[Bin]) -> float:
    """Mean distance of what was stated from what came true, each case counted once; not a number without a case."""
    total = sum(each.came_true.total for each in bins)
    if not total:
        return math.nan
    return sum(abs(each.mean - each.came_true.value) * each.came_true.total for each in bins) / total


def quantile(values: Sequence[float], part: float) -> float:
    """The smallest of ``values`` that at least ``part`` (0..1) of them do not exceed; not a number of none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)] if ordered else math.nan


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of ``total`` values, with ``spread``, their standard deviation."""

    value: float
    spread: float
    total: int

    @property
    def interval(self) -> tuple[float, float]:
        """Of 95 %, for many values."""
        reach = _Z * self.spread / math.sqrt(self.total) if self.total else math.inf
        return self.value - reach, self.value + reach


def mean(values: Sequence[float]) -> Mean:
    """Of ``values``; not a number of none."""
    if not values:
        return Mean(math.nan, math.nan, 0)
    spread = stdev(values) if len(values) > 1 else 0.0
    return Mean(fmean(values), spread, len(values))
