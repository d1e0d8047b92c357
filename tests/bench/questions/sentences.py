"""The sentences of the bench: three parts to tune on (one of them judged once, then was seen), one that only judges."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

_NONE: Final = "none"


class Half(StrEnum):
    """Which part of the sentences."""

    DEV = "dev"
    SEEN = "seen"
    FRESH = "fresh"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a caller says. ``expected``: the questions that answer it, empty where none does; ``id``: its line."""

    id: str
    expected: frozenset[str]
    text: str


def sentences(half: Half) -> tuple[Sentence, ...]:
    """All sentences of a part, in the order of its file."""
    lines = (Path(__file__).parent / f"{half}.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(
        _sentence(f"{half}-{number}", line) for number, line in enumerate(lines, 1) if line and not line.startswith("#")
    )


def _sentence(name: str, line: str) -> Sentence:
    expected, text = line.split("\t")
    return Sentence(name, frozenset() if expected == _NONE else frozenset(expected.split("/")), text)
