"""Markdown, as little of it as the papers need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

TO_FILL = "**à compléter par la collectivité**"
MADE = (
    "<!-- Fabriqué à partir du programme par `callbot charter documents` : ne pas modifier à la main,"
    " un contrôle compare. -->"
)


def page(title: str, *blocks: str) -> str:
    """A whole paper."""
    return "\n\n".join((f"# {title}", MADE, *(block for block in blocks if block))) + "\n"


def heading(text: str) -> str:
    """A section."""
    return f"## {text}"


def bullets(lines: Iterable[str]) -> str:
    """A list."""
    return "\n".join(f"- {line}" for line in lines)


def steps(lines: Iterable[str]) -> str:
    """A numbered list."""
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a bar in a cell would end it."""
    cells = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in cells)
