"""The order of the stops of a round: nearest neighbour, then 2-opt, as the crow flies.

Good enough for a sector's day: a crew knows its one-way streets better than a map of ours would.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import cos, hypot, radians

from callbot.domain.geography import Point

_METRES_PER_DEGREE = 111_195.0
"""of a great circle on a sphere of 6 371 km"""
_MOST_PASSES = 40
"""of 2-opt over a round; 300 stops settle in about ten"""
_GAIN_M = 1e-6
"""less is no gain but rounding, and would turn the same pieces for ever"""


def driving_order(points: Sequence[Point | None], start: Point | None = None) -> list[int]:
    """Indexes of ``points`` in driving order, from ``start`` where given; the round does not come back.

    Stops without a point come last, in the order given. The same points give the same order.
    """
    known = [index for index, point in enumerate(points) if point is not None]
    unknown = [index for index, point in enumerate(points) if point is None]
    places = [point for point in points if point is not None]
    order = _shortened(_nearest_neighbour(places, start), places, start)
    return [known[index] for index in order] + unknown


def nearest_neighbour(points: Sequence[Point], start: Point | None = None) -> list[int]:
    """Always on to the nearest stop left, from ``start`` or else from the first one given."""
    return _nearest_neighbour(points, start)


def round_length_m(points: Sequence[Point | None], start: Point | None = None) -> float:
    """Metres from stop to stop in the order given; stops without a point are left out."""
    stops = [point for point in (start, *points) if point is not None]
    return sum(distance_m(one, next_one) for one, next_one in pairwise(stops))


def distance_m(one: Point, other: Point) -> float:
    """Metres between two points, on a flat map: within a métropole right to a few per mille."""
    east = (other.lon - one.lon) * cos(radians((one.lat + other.lat) / 2))
    return hypot(east, other.lat - one.lat) * _METRES_PER_DEGREE


def _nearest_neighbour(points: Sequence[Point], start: Point | None) -> list[int]:
    if not points:
        return []
    left = list(range(len(points)))
    order: list[int] = []
    here = start or points[0]
    while left:
        # A tie goes to the one given first.
        _, found = min((distance_m(here, points[index]), index) for index in left)
        left.remove(found)
        order.append(found)
        here = points[found]
    return order


def _shortened(order: list[int], points: Sequence[Point], start: Point | None) -> list[int]:
    """2-opt: turn pieces round as long as that makes the path shorter."""
    metres = [[distance_m(one, other) for other in points] for one in points]
    from_start = [0.0 if start is None else distance_m(start, point) for point in points]
    for _ in range(_MOST_PASSES):
        if not _turn_pieces(order, metres, from_start):
            break
    return order


def _turn_pieces(order: list[int], metres: list[list[float]], from_start: list[float]) -> bool:
    """One pass over all pieces; True when one was turned. Before the first stop comes the start, after the last one
    nothing."""
    turned = False
    last = len(order) - 1
    for first in range(last):
        before = metres[order[first - 1]] if first else from_start
        for end in range(first + 1, last + 1):
            head, tail = order[first], order[end]
            gain = before[head] - before[tail]
            if end < last:
                after = metres[order[end + 1]]
                gain += after[tail] - after[head]
            if gain > _GAIN_M:
                order[first : end + 1] = reversed(order[first : end + 1])
                turned = True
    return turned
