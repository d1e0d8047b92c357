"""How sure a figure of the bench is."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.bench.addresses.intervals import (
    Share,
    Stated,
    calibration_error,
    mean,
    quantile,
    reliability,
    share,
)

stated = some.lists(some.builds(Stated, some.floats(0, 1), some.booleans()), max_size=60)


def test_wilson_as_tables_have_it() -> None:
    low, high = Share(95, 100).interval
    assert (round(low, 4), round(high, 4)) == (0.8882, 0.9785)


def test_all_right_is_not_surely_all_right() -> None:
    low, high = Share(40, 40).interval
    assert 0.9 < low < 0.95
    assert high == 1.0


def test_of_nothing_nothing_is_known() -> None:
    assert math.isnan(Share(0, 0).value)
    assert Share(0, 0).interval == (0.0, 1.0)


@given(some.lists(some.booleans(), min_size=1, max_size=200))
def test_the_interval_holds_the_share(outcomes: list[bool]) -> None:
    found = share(outcomes)
    low, high = found.interval
    assert 0 <= low <= found.value + 1e-9
    assert found.value - 1e-9 <= high <= 1


@given(some.integers(1, 50), some.integers(2, 20))
def test_more_cases_make_it_narrower(right: int, times: int) -> None:
    few, many = Share(right, 2 * right).interval, Share(right * times, 2 * right * times).interval
    assert many[1] - many[0] < few[1] - few[0]


@given(stated)
def test_every_case_is_in_one_bin_of_neighbours(cases: list[Stated]) -> None:
    bins = reliability(cases)
    sizes = [each.came_true.total for each in bins]
    assert sum(sizes) == len(cases)
    assert len(bins) == min(10, len(cases))
    assert max(sizes, default=0) - min(sizes, default=0) <= 1
    assert all(one.highest <= other.lowest for one, other in pairwise(bins))


def test_what_is_stated_truly_has_no_error() -> None:
    cases = [Stated(0.5, right=place % 2 == 0) for place in range(100)]
    assert calibration_error(reliability(cases)) == pytest.approx(0)


def test_boasting_is_an_error_as_large_as_the_boast() -> None:
    boasts = [Stated(0.9, right=False)] * 30
    assert calibration_error(reliability(boasts)) == pytest.approx(0.9)


def test_no_case_has_no_error_at_all() -> None:
    assert math.isnan(calibration_error(reliability([])))


def test_quantiles_at_their_limits() -> None:
    values = [float(each) for each in range(1, 21)]
    assert quantile(values, 0.5) == 10
    assert quantile(values, 0.95) == 19
    assert quantile(values, 1.0) == 20
    assert quantile(values, 0.0) == 1
    assert math.isnan(quantile([], 0.5))


def test_a_mean_and_how_sure_it_is() -> None:
    turns = mean([2, 2, 3, 3])
    assert turns.value == 2.5
    low, high = turns.interval
    assert (round(low, 2), round(high, 2)) == (1.93, 3.07)
    assert mean([2.0]).interval == (2.0, 2.0)
    assert math.isnan(mean([]).value)
