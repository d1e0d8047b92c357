"""Means and their intervals."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
import pytest
from scipy import stats

from callbot.insight.staffing.estimates import Estimate, estimate, over_years, t_975
from callbot.insight.staffing.spreads import Always, Exponential, LogNormal, Spread


@pytest.mark.parametrize("freedom", [1, 2, 9, 29, 30])
def test_students_points(freedom: int) -> None:
    assert t_975(freedom) == pytest.approx(float(stats.t.ppf(0.975, freedom)), rel=1e-4)


def test_above_the_table_the_interval_is_a_little_too_wide() -> None:
    assert 1 < t_975(500) / float(stats.t.ppf(0.975, 500)) < 1.05


def test_an_interval_by_hand() -> None:
    found = estimate([1.0, 2.0, 3.0])
    assert found is not None
    assert found.value == 2
    assert found.high - found.value == pytest.approx(4.3027 / 3**0.5)
    assert found.value - found.low == pytest.approx(4.3027 / 3**0.5)


@pytest.mark.parametrize("values", [[], [1.0], [1.0, nan]])
def test_without_two_years_that_have_it_there_is_no_estimate(values: list[float]) -> None:
    assert estimate(values) is None


def test_the_true_mean_lies_within_about_95_of_100_intervals() -> None:
    dice = np.random.default_rng(5)
    found = [estimate(dice.normal(3, 2, 8).tolist()) for _ in range(2_000)]
    assert sum(one is not None and one.low <= 3 <= one.high for one in found) / 2_000 == pytest.approx(0.95, abs=0.015)


@dataclass(frozen=True)
class Inner:
    """A nested figure."""

    wait: object


@dataclass(frozen=True)
class Outer:
    """Figures of a year."""

    calls: object
    inner: Inner


def test_nested_figures_become_nested_estimates() -> None:
    assert over_years([Outer(1.0, Inner(nan)), Outer(1.0, Inner(2.0))]) == Outer(Estimate(1, 1, 1), Inner(None))


@pytest.mark.parametrize(("spread", "cv"), [(Exponential(240), 1), (LogNormal(240, 0.5), 0.5), (Always(240), 0)])
def test_spreads_have_the_mean_and_the_spread_they_say(spread: Spread, cv: float) -> None:
    drawn = spread.draw(np.random.default_rng(2), 200_000)
    assert drawn.min() > 0
    assert drawn.mean() == pytest.approx(240, rel=0.01)
    assert drawn.std() / drawn.mean() == pytest.approx(cv, abs=0.01)
