"""A question about a period, and its answer: figures of the whole, and of each of its parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from callbot.insight.figures.catalogue import figure_of, figures_of
from callbot.insight.figures.figure import CallFilter, Figure
from callbot.insight.figures.periods import ALL, By, DayTally, Reader
from callbot.insight.figures.sample import Sample
from callbot.insight.figures.words import FAMILY_WORDS

Row = Mapping[str, str | float | int | None]


class ReadsFigures(Protocol):
    """Sums of days (``storage.Figures``)."""

    async def days(self, first: date, last: date, territory: str = ALL) -> list[DayTally]:
        """The days from ``first`` to ``last`` included, of one territory or of all together."""
        ...

    async def sums(
        self, first: date, last: date, territory: str | None = ALL, *, hours: bool = False
    ) -> list[DayTally]:
        """The same, days that cannot change together; ``territory`` None: each by itself."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """From ``first`` to ``last`` included; ``territory`` empty: all together."""

    first: date
    last: date
    territory: str = ""
    by: By = By.DAY

    @property
    def where(self) -> CallFilter:
        """The calls it is about."""
        return CallFilter(self.first, self.last, self.territory)


@dataclass(frozen=True, slots=True)
class PartFigures:
    """One hour, day or territory with its figures."""

    key: str
    label: str
    sample: Sample

    def figure(self, key: str) -> Figure:
        """One of the figures that every part has; made when it is asked for, as a year has 366 parts."""
        return figure_of(self.sample, key)

    @property
    def figures(self) -> list[Figure]:
        """All of them."""
        return figures_of(self.sample)


@dataclass(frozen=True, slots=True)
class Report:
    """The answer."""

    question: Question
    figures: Sequence[Figure]
    parts: Sequence[PartFigures]

    @property
    def by_key(self) -> dict[str, Figure]:
        """Figures of the whole period."""
        return {figure.named.key: figure for figure in self.figures}


class FigureDesk:
    """Answers questions. ``reader``: asked anew each time, because it knows what day it is."""

    def __init__(self, reads: ReadsFigures, reader: Callable[[], Reader]) -> None:
        self._reads = reads
        self._reader = reader

    @property
    def today(self) -> date:
        """The local day."""
        return self._reader().today

    @property
    def territories(self) -> Mapping[str, str]:
        """Names of the territories by id."""
        return self._reader().territory_words

    async def report(self, question: Question) -> Report:
        """Figures of a period and of its parts."""
        reader, territory = self._reader(), question.territory or ALL
        first, last = question.first, question.last
        whole = figures_of(reader.sample(await self._reads.sums(first, last, territory), question.where))
        match question.by:
            case By.DAY:
                cut = await self._reads.days(first, last, territory)
            case By.HOUR:
                cut = await self._reads.sums(first, last, territory, hours=True)
            case By.TERRITORY:
                cut = await self._reads.sums(first, last, question.territory or None)
        cuts = reader.cut(cut, question.by, question.where)
        parts = [PartFigures(part.key, part.label, replace(part.sample, baseline=None)) for part in cuts]
        return Report(question, whole, parts)


COLUMNS = (
    "from", "to", "part", "figure", "family", "label", "formula", "unit", "value", "numerator", "denominator", "low",
    "high", "note",
)  # fmt: skip


def figure_row(figure: Figure, question: Question, part: str = "") -> dict[str, Any]:
    """A figure as one flat row; ``part`` empty: the whole period. Values are raw: shares 0 to 1, durations seconds."""
    interval = figure.interval
    return {
        "from": question.first.isoformat(),
        "to": question.last.isoformat(),
        "part": part,
        "figure": figure.named.key,
        "family": FAMILY_WORDS[figure.named.family],
        "label": figure.named.label,
        "formula": figure.named.formula,
        "unit": figure.unit.value,
        "value": _round(figure.value),
        "numerator": _round(figure.numerator),
        "denominator": figure.denominator,
        "low": _round(interval.low) if interval else None,
        "high": _round(interval.high) if interval else None,
        "note": figure.note,
    }


def report_rows(report: Report) -> list[dict[str, Any]]:
    """Every figure of the whole, then those of each part."""
    rows = [figure_row(figure, report.question) for figure in report.figures]
    for part in report.parts:
        rows += [figure_row(figure, report.question, part.label) for figure in part.figures]
    return rows


def _round(value: float | None) -> float | int | None:
    if value is None or float(value).is_integer():
        return None if value is None else int(value)
    return round(value, 6)
