"""Where candidates for an address lie from the present one: in words, and as a sketch without any map behind it.

The sketch is true to distance and direction and shows nothing else; no outside server of maps is asked, so nobody else
learns which address somebody looks at.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from callbot.domain.geography import Point

WIDTH, HEIGHT = 320, 240
_MARGIN = 36
_METRES_A_DEGREE = 111_320
_HERE_M = 30
_DIRECTIONS = (
    "au nord", "au nord-est", "à l'est", "au sud-est", "au sud", "au sud-ouest", "à l'ouest", "au nord-ouest",
)  # fmt: skip
_STROKES = {
    "1": "m-2 -3l2 -2v10",
    "2": "m-3 -5h6v5h-6v5h6",
    "3": "m-3 -5h6v10h-6m6 -5h-5",
    "4": "m-3 -5v5h6m0 -5v10",
    "5": "m3 -5h-6v5h6v5h-6",
}
_STEPS = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of the sketch; ``label``: its number in the list, empty for the present address."""

    x: int
    y: int
    label: str

    @property
    def strokes(self) -> str:
        """The number as lines around the point: checkers of contrast cannot read text in a drawing."""
        return _STROKES.get(self.label, "")


@dataclass(frozen=True, slots=True)
class Sketch:
    """North is up; ``bar``: length of the scale in units of the sketch, and what it stands for."""

    dots: tuple[Dot, ...]
    bar: int
    scale: str


def offset_m(start: Point, end: Point) -> tuple[float, float]:
    """Metres to the east and to the north, flat: exact enough within a métropole."""
    east = (end.lon - start.lon) * _METRES_A_DEGREE * math.cos(math.radians(start.lat))
    return east, (end.lat - start.lat) * _METRES_A_DEGREE


def from_here(start: Point | None, end: Point | None) -> str:
    """``à environ 350 m au nord-ouest de l'adresse actuelle``; empty where a point is not known."""
    if start is None or end is None:
        return ""
    east, north = offset_m(start, end)
    metres = math.hypot(east, north)
    if metres < _HERE_M:
        return "au même endroit que l'adresse actuelle, à quelques mètres près"
    direction = _DIRECTIONS[round(math.degrees(math.atan2(east, north)) / 45) % 8]
    return f"à environ {_length(metres)} {direction} de l'adresse actuelle"


def sketch(present: Point | None, others: Sequence[Point | None]) -> Sketch | None:
    """The points that are known; None where there are not two apart."""
    known = [(str(number), point) for number, point in enumerate(others, start=1) if point is not None]
    if present is not None:
        known.insert(0, ("", present))
    if not known:
        return None
    places = [(label, *offset_m(known[0][1], point)) for label, point in known]
    easts, norths = [east for _, east, _ in places], [north for _, _, north in places]
    wide, high = max(easts) - min(easts), max(norths) - min(norths)
    if max(wide, high) < _HERE_M:
        return None
    unit = max(wide / (WIDTH - 2 * _MARGIN), high / (HEIGHT - 2 * _MARGIN))
    middle = (max(easts) + min(easts)) / 2, (max(norths) + min(norths)) / 2
    dots = tuple(
        Dot(round(WIDTH / 2 + (east - middle[0]) / unit), round(HEIGHT / 2 - (north - middle[1]) / unit), label)
        for label, east, north in places
    )
    step = max((step for step in _STEPS if step / unit <= WIDTH / 3), default=_STEPS[0])
    return Sketch(dots, round(step / unit), _length(step))


def _length(metres: float) -> str:
    """``350 m``, ``1,2 km``: rounded as people say it."""
    if metres < 1000:
        return f"{round(metres, -1):.0f} m"
    return f"{metres / 1000:.1f} km".replace(".0", "").replace(".", ",")
