"""Figures as templates show them: families, the tables of steps and reasons apart, the rows behind a chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from callbot.insight.figures import Family, Figure, Interval, Report, Unit
from callbot.insight.figures.report import PartFigures
from callbot.insight.figures.words import FAMILY_WORDS, written_count, written_interval, written_parts, written_value
from callbot.web.figures import paths

_LISTED = {"left": "Raccrochés, étape par étape", "handed": "Passages à un conseiller, motif par motif"}
"""figures that are one of many alike, by the first part of their key"""
_HEADLINES = ("received", "pick_up", "settled", "person_wait_median", "resolved", "satisfied", "abandoned", "failed")


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure in words. ``calls``: the address of the calls behind it; ``exact``: they are those of the numerator."""

    key: str
    label: str
    formula: str
    value: str
    interval: str
    counted: str
    note: str
    calls: str = ""
    exact: bool = False
    target: str = ""
    empty: bool = False
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A family: its figures, and those of many alike as a table of its own."""

    title: str
    figures: Sequence[Shown]
    listed_title: str = ""
    listed: Sequence[Shown] = ()


def shown(figure: Figure) -> Shown:
    """A figure in words."""
    return Shown(
        key=figure.named.key,
        label=figure.named.label,
        formula=figure.named.formula,
        value=written_value(figure.value, figure.unit),
        interval=written_interval(figure.interval, figure.unit),
        counted=written_count(figure),
        note=figure.note,
        calls=paths.of_calls(figure.calls),
        exact=figure.exact,
        target="" if figure.target is None else written_value(figure.target, figure.unit),
        empty=figure.is_empty,
        share=figure.value if figure.unit is Unit.SHARE else None,
    )


def headlines(report: Report) -> list[Shown]:
    """What one looks at first."""
    known = report.by_key
    return [shown(known[key]) for key in _HEADLINES]


def sections(report: Report) -> list[Section]:
    """Every figure, family by family."""
    return _sections([(figure.named.family, shown(figure)) for figure in report.figures])


def published_sections(rows: Sequence[Mapping[str, Any]]) -> list[Section]:
    """The same of a month as it was signed."""
    families = {words: family for family, words in FAMILY_WORDS.items()}
    return _sections([(families[row["family"]], _published(row)) for row in rows if row["family"] in families])


def part_rows(parts: Sequence[PartFigures], key: str) -> list[tuple[str, Shown]]:
    """The table under a chart."""
    return [(part.label, shown(part.figure(key))) for part in parts]


def _sections(figures: Sequence[tuple[Family, Shown]]) -> list[Section]:
    found = []
    for family in Family:
        of_family = [each for its, each in figures if its is family]
        listed = [each for each in of_family if _kind(each)]
        title = _LISTED[_kind(listed[0])] if listed else ""
        alone = [each for each in of_family if not _kind(each)]
        if of_family:
            found.append(Section(FAMILY_WORDS[family], alone, title, listed))
    return found


def _kind(figure: Shown) -> str:
    kind, colon, _ = figure.key.partition(":")
    return kind if colon and kind in _LISTED else ""


def _published(row: Mapping[str, Any]) -> Shown:
    unit = Unit(row["unit"])
    between = None if row["low"] is None or row["high"] is None else Interval(row["low"], row["high"])
    value = row["value"]
    return Shown(
        key=row["figure"],
        label=row["label"],
        formula=row["formula"],
        value=written_value(value, unit),
        interval=written_interval(between, unit),
        counted=written_parts(row["numerator"], row["denominator"], unit),
        note=row["note"],
        empty=value is None,
        share=value if unit is Unit.SHARE else None,
    )
