"""How sure a figure is: intervals at 95 %, from counts and histograms alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

Z = 1.959963984540054
"""two-sided 95 % of the normal law"""


@dataclass(frozen=True, slots=True)
class Interval:
    """From ``low`` to ``high``, 95 %."""

    low: float
    high: float


def wilson(successes: int, trials: int) -> Interval | None:
    """Interval of a share (Wilson 1927): honest for small counts and near 0 and 1; None without a trial."""
    if trials <= 0:
        return None
    share, squared = successes / trials, Z * Z
    middle = (share + squared / (2 * trials)) / (1 + squared / trials)
    reach = Z / (1 + squared / trials) * math.sqrt(share * (1 - share) / trials + squared / (4 * trials * trials))
    return Interval(max(0.0, middle - reach), min(1.0, middle + reach))


@dataclass(frozen=True, slots=True)
class Spread:
    """A mean, its standard error, and how many values it comes from."""

    mean: float
    error: float
    number: int


def quantile(seen: Mapping[int, int], share: float) -> int | None:
    """The smallest value that ``share`` of all values do not exceed; None without values."""
    number = sum(seen.values())
    return _at_rank(seen, max(1, math.ceil(share * number))) if number else None


def quantile_interval(seen: Mapping[int, int], share: float) -> Interval | None:
    """Of a quantile, by its ranks (binomial, normal approximation): no law of waiting times is assumed.

    None where there are too few values for both ends to lie within them.
    """
    number = sum(seen.values())
    reach = Z * math.sqrt(number * share * (1 - share))
    low, high = math.floor(number * share - reach), math.ceil(number * share + reach) + 1
    if number == 0 or low < 1 or high > number:
        return None
    return Interval(_at_rank(seen, low), _at_rank(seen, high))


def _at_rank(seen: Mapping[int, int], rank: int) -> int:
    so_far = 0
    for value in sorted(seen):
        so_far += seen[value]
        if so_far >= rank:
            return value
    raise ValueError("a rank beyond the values")


def spread_of(seen: Mapping[int, int]) -> Spread | None:
    """Mean and standard error of a histogram; None with fewer than two values."""
    number = sum(seen.values())
    if number < 2:
        return None
    mean = sum(value * count for value, count in seen.items()) / number
    squares = sum((value - mean) ** 2 * count for value, count in seen.items()) / (number - 1)
    return Spread(mean, math.sqrt(squares / number), number)


def mean_interval(spread: Spread) -> Interval:
    """Of the mean, never below 0: durations are not negative."""
    return Interval(max(0.0, spread.mean - Z * spread.error), spread.mean + Z * spread.error)


@dataclass(frozen=True, slots=True)
class Change:
    """A mean after against one before: -0.3 is 30 % less."""

    relative: float
    interval: Interval

    @property
    def proven(self) -> bool:
        """The interval does not hold 0."""
        return self.interval.high < 0 or self.interval.low > 0


def change(before: Spread, after: Spread) -> Change | None:
    """The relative change of a mean with its interval (delta method on the ratio); None without a wait before."""
    if before.mean <= 0:
        return None
    ratio = after.mean / before.mean
    error = math.sqrt((after.error / before.mean) ** 2 + (ratio * before.error / before.mean) ** 2)
    return Change(ratio - 1, Interval(ratio - 1 - Z * error, ratio - 1 + Z * error))
