"""The order of a round: a permutation always, never worse than going to the nearest stop, near the best one."""

from __future__ import annotations

import random
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.domain.geography import Point
from callbot.domain.rounds import distance_m, driving_order, nearest_neighbour, round_length_m

POINTS = st.builds(Point, st.floats(5.0, 5.7), st.floats(43.1, 43.6))
CLOSE_ENOUGH = 1.15
"""times the shortest way there is"""


@given(st.lists(st.none() | POINTS, max_size=25), st.none() | POINTS)
def test_every_stop_is_there_once_and_those_without_a_point_come_last(
    points: list[Point | None], start: Point | None
) -> None:
    order = driving_order(points, start)
    assert sorted(order) == list(range(len(points)))
    unknown = [index for index, point in enumerate(points) if point is None]
    assert order[len(order) - len(unknown) :] == unknown
    assert order == driving_order(points, start)


@given(st.lists(POINTS, max_size=25), st.none() | POINTS)
def test_it_is_never_longer_than_always_going_to_the_nearest(points: list[Point], start: Point | None) -> None:
    ours = round_length_m([points[index] for index in driving_order(points, start)], start)
    nearest = round_length_m([points[index] for index in nearest_neighbour(points, start)], start)
    assert ours <= nearest + 1e-3


def test_small_rounds_are_near_the_shortest_there_is() -> None:
    for seed in range(60):
        chance = random.Random(seed)
        points = [Point(chance.uniform(5.3, 5.5), chance.uniform(43.2, 43.4)) for _ in range(chance.randint(2, 6))]
        start = Point(5.4, 43.3) if seed % 2 else None
        best = min(round_length_m(way, start) for way in permutations(points))
        ours = round_length_m([points[index] for index in driving_order(points, start)], start)
        assert ours <= best * CLOSE_ENOUGH, seed


def test_a_crossing_is_undone() -> None:
    street = [Point(5.38 + step / 1000, 43.29) for step in range(8)]
    shuffled = [street[index] for index in (3, 0, 6, 1, 7, 2, 5, 4)]
    ordered = [shuffled[index] for index in driving_order(shuffled)]
    assert ordered in (street, street[::-1])


def test_three_hundred_stops_are_ordered_and_shorter() -> None:
    chance = random.Random(7)
    points = [Point(chance.uniform(5.3, 5.5), chance.uniform(43.2, 43.4)) for _ in range(300)]
    order = driving_order(points)
    nearest = [points[index] for index in nearest_neighbour(points)]
    assert sorted(order) == list(range(300))
    assert round_length_m([points[index] for index in order]) < round_length_m(nearest) * 0.95


def test_lengths_are_metres() -> None:
    assert distance_m(Point(5.0, 43.0), Point(5.0, 44.0)) == pytest.approx(111_195, rel=1e-3)
    assert round_length_m([Point(5.0, 43.0), None, Point(5.0, 44.0)]) == pytest.approx(111_195, rel=1e-3)
    assert round_length_m([]) == 0
