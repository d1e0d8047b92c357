"""Versions of the knowledge base: texts of whole files laid over those that were delivered, each with its number.

What is proposed is checked by the loader of the files, rehearsed, approved by somebody else, then published as the next
version. Version 0 is the files alone. Going back to an earlier version is publishing its texts again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

LEAST_REASON: Final = 5
LONGEST_REASON: Final = 300
LONGEST_TEXT: Final = 60_000
"""characters of one file"""


class Kind(StrEnum):
    """What is proposed: an entry, written with a form, or the text of a file."""

    ENTRY = "entry"
    FILE = "file"


class Status(StrEnum):
    """Life of a proposal."""

    WAITING = "waiting"
    PUBLISHED = "published"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Rehearsal(StrEnum):
    """What the text rehearsals say of a proposal. ``BROKEN``: they could not be run."""

    NONE = "none"
    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants. ``owner``: who answers for it, in words; ``note``: why."""

    kind: Kind
    file: str
    text: str = field(repr=False)
    owner: str
    note: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A draft that was checked and kept. ``base``: ``digest`` of the text it was written over, empty for a new file."""

    number: int
    draft: Draft
    base: str
    made_by: str
    made_at: datetime
    status: Status = Status.WAITING
    decided_by: str = ""
    decided_at: datetime | None = None
    override: str = ""
    rehearsal: Rehearsal = Rehearsal.NONE
    rehearsed_at: datetime | None = None
    report: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """``files``: everything laid over the delivered files; ``hash``: of the whole base, as answers carry it.

    ``proposal``: where it comes from; ``restores``: the version whose texts it takes again (0: the files alone).
    """

    number: int
    at: datetime
    by: str
    reason: str
    files: Mapping[str, str] = field(repr=False)
    hash: str
    proposal: int | None = None
    restores: int | None = None


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version before it has its number. ``follows``: the number of the one it was made over."""

    follows: int
    at: datetime
    by: str
    reason: str
    files: Mapping[str, str] = field(repr=False)
    hash: str
    proposal: int | None = None
    restores: int | None = None
    override: str = ""


class KeepsContent(Protocol):
    """Where all of it is kept (``storage.content``)."""

    async def current(self) -> Version | None:
        """The version in force; None: the files alone."""
        ...

    async def number(self) -> int:
        """Its number, 0 for the files alone: asked every few seconds."""
        ...

    async def version(self, number: int) -> Version | None:
        """One of them."""
        ...

    async def versions(self, limit: int) -> list[Version]:
        """The newest first."""
        ...

    async def publish(self, new: NewVersion) -> Version | None:
        """Keep it with the next number, its proposal published; None, and nothing kept, where another one was first or
        its proposal waits no more."""
        ...

    async def propose(self, draft: Draft, base: str, by: str, at: datetime) -> int:
        """Keep a proposal; gives its number."""
        ...

    async def proposal(self, number: int) -> Proposal | None:
        """One of them."""
        ...

    async def proposals(self, limit: int) -> list[Proposal]:
        """Those that wait, then the others, newest first."""
        ...

    async def close(self, number: int, status: Status, by: str, at: datetime) -> bool:
        """Refuse or withdraw one that waits."""
        ...

    async def rehearsed(self, number: int, outcome: Rehearsal, report: str, at: datetime) -> None:
        """What the rehearsals of a proposal say now."""
        ...


@dataclass(frozen=True, slots=True)
class Trial:
    """What rehearsals said: whether all passed, and a line for each."""

    passed: bool
    lines: Sequence[str]


class Rehearses(Protocol):
    """Runs text rehearsals on the knowledge base with these texts over its files."""

    async def __call__(self, files: Mapping[str, str], changed: str) -> Trial:
        """``changed``: the file the proposal is about."""
        ...


def digest(text: str | None) -> str:
    """SHA-256 of a text; empty for a file that is not there."""
    return hashlib.sha256(text.encode()).hexdigest() if text is not None else ""


def laid_over(files: Mapping[str, str], current: Version | None) -> dict[str, str]:
    """The texts in force: the delivered ``files`` with the version over them."""
    return {**files, **(current.files if current else {})}
