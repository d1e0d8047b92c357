"""The report of a year as one page: tables, and bars drawn as SVG, nothing fetched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

_WIDTH: Final = 960
_HEIGHT: Final = 220
_FOOT: Final = 24
_STYLE: Final = """
body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
table{border-collapse:collapse;margin:1rem 0}th,td{padding:.3rem .8rem;border-bottom:1px solid #ccc;text-align:right}
th:first-child,td:first-child{text-align:left}svg{width:100%;height:auto}rect{fill:#2a5d9f}line{stroke:#b3261e}
text{font:12px system-ui,sans-serif;fill:currentColor}
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}rect{fill:#7fb0ee}line{stroke:#ff8a80}}
"""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars with a label each; ``limit``: a line across them, with what it means."""

    title: str
    bars: Sequence[tuple[str, float]]
    limit: float | None = None
    limit_label: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first row is the head."""

    title: str
    rows: Sequence[Sequence[str]]


def page(title: str, notes: Sequence[str], parts: Sequence[Chart | Table]) -> str:
    """The whole document."""
    body = "".join(drawn(part) if isinstance(part, Chart) else _rows(part) for part in parts)
    told = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>'
        f"<h1>{escape(title)}</h1>{told}{body}"
    )


def drawn(chart: Chart) -> str:
    """One chart with its data in words for who does not see it."""
    most = max([value for _, value in chart.bars] + [chart.limit or 0.0]) or 1.0
    step = _WIDTH / max(1, len(chart.bars))
    bars = "".join(_bar(place * step, step, value / most, label) for place, (label, value) in enumerate(chart.bars))
    limit = ""
    if chart.limit is not None:
        y = _HEIGHT * (1 - chart.limit / most)
        limit = (
            f'<line x1="0" x2="{_WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text x="4" y="{y + 14:.1f}">{escape(chart.limit_label)}</text>'
        )
    told = ", ".join(f"{label}: {value:g}" for label, value in chart.bars)
    return (
        f"<h2>{escape(chart.title)}</h2>"
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT + _FOOT}" role="img" aria-label="{escape(told)}">{bars}{limit}</svg>'
    )


def _bar(x: float, step: float, share: float, label: str) -> str:
    height = _HEIGHT * share
    return (
        f'<rect x="{x + step * 0.1:.1f}" width="{step * 0.8:.1f}" y="{_HEIGHT - height:.1f}" height="{height:.1f}"/>'
        f'<text x="{x + step / 2:.1f}" y="{_HEIGHT + 16}" text-anchor="middle">{escape(label)}</text>'
    )


def _rows(table: Table) -> str:
    head, *rest = table.rows
    cells = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rest)
    return f"<h2>{escape(table.title)}</h2><table><tr>{cells}</tr>{rows}</table>"
