"""The charter as citizens read it, taken apart: one clause a section."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_HEADING = re.compile(r"^## Engagement (\d+) - (\S.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Clause:
    """A commitment: its promise, the principle it stands on and how its check is announced (French)."""

    number: int
    title: str
    promise: str
    principle: str
    check: str


def charter_file() -> Path:
    """Where the charter stands: beside the package."""
    return Path(__file__).parents[3] / "ethics_charter.md"


def read_charter(text: str) -> tuple[Clause, ...]:
    """The clauses in their order; raises ``ValueError`` for a section without its lines."""
    found = list(_HEADING.finditer(text))
    ends = [heading.start() for heading in found[1:]] + [len(text)]
    return tuple(_clause(heading, text[heading.end() : end]) for heading, end in zip(found, ends, strict=True))


def _clause(heading: re.Match[str], section: str) -> Clause:
    promise = section.partition("\nPrincipe :")[0]
    number = int(heading[1])
    return Clause(
        number,
        heading[2].strip(),
        " ".join(promise.split()),
        _line(number, section, "Principe"),
        _line(number, section, "Vérification"),
    )


def _line(number: int, section: str, label: str) -> str:
    found = re.search(rf"^{label} : (\S.*)$", section, re.MULTILINE)
    if found is None:
        raise ValueError(f"commitment {number} has no line '{label} :'")
    return found[1].strip()
