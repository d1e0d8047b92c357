"""A bar chart as shapes for a template: no script, no style attribute; the table beside it says the same in numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from callbot.insight.figures import Figure, Unit
from callbot.insight.figures.report import PartFigures
from callbot.insight.figures.words import written_value

WIDTH, HEIGHT = 960, 320
LEFT, RIGHT, TOP, BOTTOM = 84, 12, 16, 44
MOST_LABELS = 16
"""below the bars, so that they do not touch each other"""
_FLOOR, _CEILING = HEIGHT - BOTTOM, TOP
_SHARES = (0.05, 0.1, 0.25, 0.5, 1.0)
_STEPS = (1, 2, 2.5, 5, 10)
_SIXTY = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)


@dataclass(frozen=True, slots=True)
class Bar:
    """``whisker``: top and bottom of the interval, None without one. ``label``: empty where there is no room."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    title: str
    whisker: tuple[float, float] | None = None
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line across with its value."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything a template draws. ``target``: what is aimed at."""

    title: str
    bars: Sequence[Bar]
    lines: Sequence[Line]
    target: Line | None
    summary: str
    """what the picture shows, for who does not see it"""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = _FLOOR

    @property
    def has_whiskers(self) -> bool:
        """Intervals are drawn."""
        return any(bar.whisker for bar in self.bars)


def bar_chart(parts: Sequence[PartFigures], key: str) -> Chart | None:
    """The figure ``key`` of each part; None where no part has a value."""
    figures = [part.figure(key) for part in parts]
    values = [figure.value for figure in figures if figure.value is not None]
    if not values:
        return None
    shown = figures[0]
    target = shown.target if shown.unit is Unit.SHARE else None
    top = _top(max([*values, *(f.interval.high for f in figures if f.interval and f.unit is Unit.SHARE)]), shown.unit)
    bars = [_bar(number, parts, figure, top) for number, figure in enumerate(figures)]
    return Chart(
        title=shown.named.label,
        bars=bars,
        lines=[Line(_y(value, top), written_value(value, shown.unit)) for value in _ticks(top, shown.unit)],
        target=Line(_y(target, top), f"objectif {written_value(target, shown.unit)}") if target else None,
        summary=_summary(parts, figures),
    )


def _bar(number: int, parts: Sequence[PartFigures], figure: Figure, top: float) -> Bar:
    room = (WIDTH - LEFT - RIGHT) / len(parts)
    width = max(1.0, min(48.0, room * 0.72))
    middle = LEFT + room * (number + 0.5)
    y = _y(figure.value or 0, top)
    every = math.ceil(len(parts) / MOST_LABELS)
    label = parts[number].label if number % every == 0 else ""
    between = figure.interval if figure.unit is Unit.SHARE else None
    return Bar(
        x=round(middle - width / 2, 1),
        y=y,
        width=round(width, 1),
        height=round(_FLOOR - y, 1),
        middle=round(middle, 1),
        label=label[:5] if label[2:3] == "/" else label[:14],
        title=f"{parts[number].label} : {written_value(figure.value, figure.unit)}",
        whisker=(_y(between.high, top), _y(between.low, top)) if between and len(parts) <= 2 * MOST_LABELS else None,
        empty=figure.value is None,
    )


def _y(value: float, top: float) -> float:
    return round(_FLOOR - (_FLOOR - _CEILING) * min(1.0, max(0.0, value / top)), 1)


def _top(highest: float, unit: Unit) -> float:
    """A round number above every value; shares end at 100 %."""
    if unit is Unit.SHARE:
        return next((top for top in _SHARES if highest <= top), 1.0)
    if highest <= 0:
        return 1.0
    if unit is Unit.SECONDS and highest > 10:
        return next((float(4 * step) for step in _SIXTY if 4 * step >= highest), highest)
    size = 10.0 ** math.floor(math.log10(highest))
    return next((step * size for step in _STEPS if step * size >= highest), 10 * size)


def _ticks(top: float, unit: Unit) -> list[float]:
    """Four or five parts; whole numbers where calls are counted."""
    parts = 4
    if unit is Unit.CALLS:
        parts = next((each for each in (5, 4, 2) if (top / each).is_integer()), 1)
    return [top * number / parts for number in range(parts + 1)]


def _summary(parts: Sequence[PartFigures], figures: Sequence[Figure]) -> str:
    known = [
        (figure.value, part.label) for part, figure in zip(parts, figures, strict=True) if figure.value is not None
    ]
    unit = figures[0].unit
    low, high = min(known), max(known)
    return (
        f"Le plus haut : {written_value(high[0], unit)} ({high[1]}). Le plus bas : {written_value(low[0], unit)}"
        f" ({low[1]}). Les valeurs sont dans le tableau sous le graphique."
    )
