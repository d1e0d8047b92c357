"""What calls are found by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from callbot.domain.events import Channel
from callbot.insight.figures.facts import Motive, Outcome
from callbot.privacy.words import words_of

UNSURE = 0.5
"""confidence of the words below which a call counts as badly heard"""
PAGE = 50
"""calls on a page of the list"""
_SHORTEST, _MOST_WORDS = 2, 8


@dataclass(frozen=True, slots=True)
class Criteria:
    """All of them together; what is empty filters nothing. ``until`` is included, days are those of the métropole."""

    since: date | None = None
    until: date | None = None
    territory: str = ""
    motive: Motive | None = None
    outcome: Outcome | None = None
    reason: str = ""
    """why it was handed over"""
    unsure: bool = False
    asked: bool = False
    """a person was asked for"""
    abandoned_at: str = ""
    """act of the question that waited when the caller hung up"""
    annotated: bool = False
    words: tuple[str, ...] = ()
    """stems that must all be in the masked transcript"""


@dataclass(frozen=True, slots=True)
class FoundCall:
    """A call in the list, without anything that says who called."""

    call_id: str
    started_at: datetime
    channel: Channel
    territory: str
    insee: str
    motive: Motive
    outcome: Outcome
    reason: str
    asked: bool
    unsure: bool
    abandoned_at: str
    first_words: str
    """masked"""
    lines: int
    annotations: int = 0


def stems(text: str) -> tuple[str, ...]:
    """The words of ``text`` as they are looked up: folded, without plural, ordinary small words left out."""
    found = (stem(word.folded) for word in words_of(text) if len(word.folded) >= _SHORTEST)
    telling = (word for word in found if word not in _LEFT_OUT and not word.isdigit())
    return tuple(dict.fromkeys(telling))


def asked_stems(text: str) -> tuple[str, ...]:
    """The stems of what somebody types, a few of them."""
    return stems(text)[:_MOST_WORDS]


def stem(folded: str) -> str:
    """Without the ending of a plural: "canapes", "tableaux"."""
    return folded[:-1] if len(folded) > 3 and folded[-1] in "sx" else folded


_SMALL = frozenset(
    ("le", "la", "les", "un", "une", "des", "du", "de", "et", "est", "en", "au", "aux", "ce", "ca", "se", "je", "tu",
     "il", "on", "nous", "vous", "ne", "pas", "que", "qui", "sur", "dan", "pour", "votre", "vo", "me", "ma", "mon")
)  # fmt: skip
_LEFT_OUT = frozenset(map(stem, _SMALL))
