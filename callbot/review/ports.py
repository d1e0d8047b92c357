"""What the review needs from the storage, as protocols; ``bootstrap`` says who provides them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from callbot.review.annotations import Annotation, NewAnnotation
from callbot.review.digest import Digest
from callbot.review.lines import Numbered
from callbot.review.search import Criteria, FoundCall


class ReadsCalls(Protocol):
    """The log of calls (``storage.events``)."""

    async def numbered(self, after: Mapping[str, int]) -> Mapping[str, Sequence[Numbered]]:
        """Events of each of these calls after a number, in order; all of them with 0."""
        ...


class KeepsTranscripts(Protocol):
    """Masked lines and what calls are found by."""

    async def pending(self, since: datetime | None, limit: int) -> Sequence[str]:
        """Calls begun at or after ``since`` that went on since they were kept, or were never kept; oldest first."""
        ...

    async def keep(self, digest: Digest) -> None:
        """Store a call, in the place of what was kept of it before."""
        ...

    async def skip(self, call_id: str) -> None:
        """Note that a call cannot be read, so that it is not tried again until it goes on."""
        ...

    async def search(self, criteria: Criteria, limit: int, after: str = "") -> Sequence[FoundCall]:
        """Calls that fit, newest first; ``after``: those that come after this one."""
        ...

    async def found(self, call_id: str) -> FoundCall | None:
        """One call as the list shows it; None where it is not kept (yet)."""
        ...

    async def limited(self, call_id: str) -> bool:
        """True for a call of a number whose data is kept and not used (RGPD art. 18 and 21)."""
        ...


class KeepsAnnotations(Protocol):
    """What people said the bot did wrong."""

    async def add(self, new: NewAnnotation, at: datetime) -> int:
        """Store it; gives its number."""
        ...

    async def get(self, number: int) -> Annotation | None:
        """One of them."""
        ...

    async def of_call(self, call_id: str) -> Sequence[Annotation]:
        """Those of a call, by line and number."""
        ...

    async def latest(self, limit: int) -> Sequence[Annotation]:
        """The newest of all calls."""
        ...

    async def made_case(self, number: int, case: str) -> None:
        """Its regression case is ``case``; empty: there is none any more."""
        ...


class JournalsReveals(Protocol):
    """Who was shown what, and why (``storage.reveals``)."""

    async def record(self, who: str, reason: str, what: str) -> None:
        """Written before it is shown; raises ``ValueError`` without a reason."""
        ...


class KeepsCases(Protocol):
    """Regression cases: callers' words, never in a repository."""

    def names(self) -> Sequence[str]:
        """All of them; blocking."""
        ...

    def write(self, name: str, text: str) -> None:
        """Keep a case under its name; blocking."""
        ...

    def remove(self, name: str) -> None:
        """Forget it; nothing happens where there is none. Blocking."""
        ...
