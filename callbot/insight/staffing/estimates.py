"""A figure of several simulated years: its mean and the 95 % interval of that mean (Student)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import inf, isfinite, sqrt
from statistics import fmean, stdev
from typing import Any

_T_975 = (
    inf, 12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788, 2.1604,
    2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518,
    2.0484, 2.0452, 2.0423,
)  # fmt: skip
"""97.5 % points of Student's distribution by degrees of freedom"""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over simulated years and the interval that holds the true one with 95 %."""

    value: float
    low: float
    high: float


def t_975(freedom: int) -> float:
    """The 97.5 % point of Student's distribution; above 30 degrees of freedom at most 0.4 % too large."""
    return _T_975[min(freedom, len(_T_975) - 1)]


def estimate(values: Sequence[float]) -> Estimate | None:
    """None unless every year has the figure (there is no mean wait where nobody was answered) and there are two."""
    if len(values) < 2 or not all(isfinite(value) for value in values):
        return None
    mean = fmean(values)
    half = t_975(len(values) - 1) * stdev(values, mean) / sqrt(len(values))
    return Estimate(mean, mean - half, mean + half)


def over_years(years: Sequence[Any]) -> Any:
    """Figures of one year each, nested dataclasses of floats, as the same dataclasses of estimates."""
    first = years[0]
    if isinstance(first, float):
        return estimate(years)
    return type(first)(
        **{part.name: over_years([getattr(year, part.name) for year in years]) for part in fields(first)}
    )
