"""What is wrong in a knowledge base: file, line, and what is expected there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple


class Said(NamedTuple):
    """A part of a message in both languages: English for the command line, French for the pages."""

    english: str
    french: str


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to correct: ``file`` relative to the knowledge base, ``line`` from 1, what is wrong and expected.

    ``french``: the same for people who edit on the pages; a problem is one whatever language it is told in.
    """

    file: str
    line: int
    message: str
    french: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class KnowledgeError(Exception):
    """The knowledge base cannot be used; ``problems`` holds all of them, of all files, in reading order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(word: str, known: Sequence[str]) -> Said:
    """``; did you mean "label"?`` when a known word is near, else an empty text."""
    close = get_close_matches(word, known, n=1)
    return Said(f'; did you mean "{close[0]}"?', f" ; voulez-vous dire « {close[0]} » ?") if close else Said("", "")
