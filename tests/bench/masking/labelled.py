"""Labelled sentences: ``asked <tab> category <tab> text``, in which ``{kind:secret}`` must be hidden and ``{?:words}``
may be."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from callbot.privacy import Asked

_MARK: Final = re.compile(r"\{([^:{}]+):([^{}]*)\}")
_FREE: Final = "?"
"""what may be hidden or not: streets, and words that lean on a secret"""


class Part(StrEnum):
    """Sentences that rules may be made on, and those put aside for the judgement."""

    DEV = "dev"
    FRESH = "fresh"
    """written after the rules, to find what they miss: half of its secrets at first; seen since"""
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``first`` to ``last`` (excluded) of a text."""

    kind: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a caller says, what of it must be hidden, and what may be."""

    asked: Asked
    category: str
    text: str
    secrets: tuple[Span, ...]
    free: tuple[Span, ...]


def sentences(part: Part) -> tuple[Sentence, ...]:
    """All sentences of a part, in the order of the file."""
    lines = (Path(__file__).parent / f"{part}.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(parsed(line) for line in lines if line and not line.startswith("#"))


def parsed(line: str) -> Sentence:
    """One line of a file; raises ``ValueError`` when it is not written as the others."""
    asked, category, marked = unicodedata.normalize("NFC", line).split("\t")
    text, spans, done = "", [], 0
    for found in _MARK.finditer(marked):
        text += marked[done : found.start()]
        spans.append(Span(found[1], len(text), len(text) + len(found[2])))
        text += found[2]
        done = found.end()
    text += marked[done:]
    if set(text) & {"{", "}"}:
        raise ValueError(f"a mark is not closed: {category}")
    secrets = tuple(span for span in spans if span.kind != _FREE)
    return Sentence(Asked(asked), category, text, secrets, tuple(span for span in spans if span.kind == _FREE))
