"""The filters of the list, as its address carries them: hostile, so whatever does not fit filters nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from callbot.domain.events import HandOverReason
from callbot.insight.figures.facts import Motive, Outcome
from callbot.review.search import Criteria, asked_stems
from callbot.web.forms import plain_text

LONGEST_TEXT = 80
_PLAIN = re.compile(r"[A-Za-z0-9_@.-]{1,64}", re.ASCII)

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Filters:
    """``criteria`` and what the form shows again."""

    criteria: Criteria
    text: str = ""
    after: str = ""

    @property
    def query(self) -> str:
        """The address of the same list, from its beginning."""
        wanted = self.criteria
        named = {
            "since": wanted.since.isoformat() if wanted.since else "",
            "until": wanted.until.isoformat() if wanted.until else "",
            "territory": wanted.territory,
            "motive": wanted.motive or "",
            "outcome": wanted.outcome or "",
            "reason": wanted.reason,
            "abandoned_at": wanted.abandoned_at,
            "unsure": "1" if wanted.unsure else "",
            "asked": "1" if wanted.asked else "",
            "annotated": "1" if wanted.annotated else "",
            "text": self.text,
        }
        return urlencode({name: value for name, value in named.items() if value})

    @property
    def is_empty(self) -> bool:
        """Nothing is filtered."""
        return not self.query


def filters_of(query: Mapping[str, str]) -> Filters:
    """The filters of an address."""
    text = plain_text(query.get("text", ""))[:LONGEST_TEXT]
    criteria = Criteria(
        since=_day(query.get("since", "")),
        until=_day(query.get("until", "")),
        territory=_plain(query.get("territory", "")),
        motive=_one_of(Motive, query.get("motive", "")),
        outcome=_one_of(Outcome, query.get("outcome", "")),
        reason=_one_of(HandOverReason, query.get("reason", "")) or "",
        unsure=query.get("unsure") == "1",
        asked=query.get("asked") == "1",
        abandoned_at=_plain(query.get("abandoned_at", "")),
        annotated=query.get("annotated") == "1",
        words=asked_stems(text),
    )
    return Filters(criteria, text, _plain(query.get("after", "")))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _plain(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else ""


def _one_of(kind: type[Choice], text: str) -> Choice | None:
    return kind(text) if text in set(kind) else None
