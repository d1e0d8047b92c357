"""What the bench prints: each figure with its interval, the line to beat and the target. Pure but for the console."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from rich.table import Table

from tests.bench.addresses.intervals import Bin


class Measured(Protocol):
    """A value of ``total`` cases; ``interval``: of 95 %, None where none is given."""

    @property
    def value(self) -> float: ...
    @property
    def interval(self) -> tuple[float, float] | None: ...
    @property
    def total(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Plain:
    """A value without an interval."""

    value: float
    total: int
    interval: None = None


@dataclass(frozen=True, slots=True)
class Target:
    """At least or at most ``limit``."""

    limit: float
    at_most: bool = False

    def met(self, value: float) -> bool:
        """By the measured value itself, not by its interval; not a number meets nothing."""
        return value <= self.limit if self.at_most else value >= self.limit

    def __str__(self) -> str:
        return f"{'<=' if self.at_most else '>='} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report. ``beat``: what others and earlier attempts reach; ``digits`` after the point."""

    section: str
    what: str
    measured: Measured
    target: Target | None = None
    beat: str = ""
    digits: int = 3

    @property
    def text(self) -> str:
        """``0.941 [0.912-0.961]``, ``-`` without a case."""
        value, interval = self.measured.value, self.measured.interval
        if math.isnan(value):
            return "-"
        bounds = f" [{interval[0]:.{self.digits}f}-{interval[1]:.{self.digits}f}]" if interval else ""
        return f"{value:.{self.digits}f}{bounds}"

    @property
    def verdict(self) -> str:
        """Whether the target is met; "" where there is none or nothing was measured."""
        if self.target is None or math.isnan(self.measured.value):
            return ""
        return "yes" if self.target.met(self.measured.value) else "no"


def figures_table(title: str, figures: Sequence[Figure]) -> Table:
    """A line a figure."""
    table = Table(title=title, title_justify="left")
    for column in ("what", "n", "measured [95 %]", "target", "met", "line to beat"):
        table.add_column(column, justify="right" if column == "n" else "left")
    section = ""
    for each in figures:
        if section not in ("", each.section):
            table.add_section()
        section = each.section
        target = str(each.target or "")
        table.add_row(each.what, str(each.measured.total), each.text, target, each.verdict, each.beat)
    return table


def matrix(title: str, rows: Mapping[str, Mapping[str, str]]) -> Table:
    """Cells by row and column; the columns of the first row are those of all."""
    table = Table(title=title, title_justify="left")
    table.add_column("")
    columns = list(next(iter(rows.values()), {}))
    for column in columns:
        table.add_column(column)
    for name, cells in rows.items():
        table.add_row(name, *(cells.get(column, "") for column in columns))
    return table


def reliability_table(title: str, bins: Sequence[Bin]) -> Table:
    """What was stated beside what came true."""
    table = Table(title=title, title_justify="left")
    for column in ("stated from", "to", "mean", "came true [95 %]", "n"):
        table.add_column(column, justify="right")
    for each in bins:
        low, high = each.came_true.interval
        came_true = f"{each.came_true.value:.3f} [{low:.3f}-{high:.3f}]"
        limits = (f"{each.lowest:.3f}", f"{each.highest:.3f}", f"{each.mean:.3f}")
        table.add_row(*limits, came_true, str(each.came_true.total))
    return table


def as_json(figure: Figure) -> dict[str, object]:
    """The figure for another program; None where a number is none."""
    low, high = figure.measured.interval or (None, None)
    return {
        "section": figure.section, "what": figure.what, "cases": figure.measured.total,
        "value": None if math.isnan(figure.measured.value) else figure.measured.value, "low": low, "high": high,
        "target": str(figure.target) if figure.target else None, "met": figure.verdict or None, "beat": figure.beat,
    }  # fmt: skip
