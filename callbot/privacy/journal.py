"""The journal: what was done with personal data and with what the assistant knows. Nobody changes it, nobody removes
from it; what an entry says becomes unreadable when the key of its month is destroyed, and the chain still holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from callbot.privacy.chain import Broken, Head, anchor_code
from callbot.settings import LOCAL_ZONE

SYSTEM = "callbot"
"""who is named where nobody asked for it"""


class Noted(StrEnum):
    """Kinds of entries."""

    LOOK = "look"
    ACCOUNTS = "accounts"
    KNOWLEDGE = "knowledge"
    RETENTION = "retention"
    ERASURE = "erasure"
    EXPORT = "export"
    KEYS = "keys"
    ANCHOR = "anchor"
    HOOKS = "hooks"
    """which program gets words that are not masked, and why"""
    DATA_REQUEST = "data_request"
    """a request of a person about their data was moved"""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry; ``who``, ``reason`` and ``what`` are None when the key of its month is destroyed."""

    number: int
    at: datetime
    kind: Noted
    who: str | None
    reason: str | None
    what: str | None
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found when the chain was followed from its first entry; ``anchored``: the entry an anchor stands for."""

    entries: int
    broken: tuple[Broken, ...]
    code: str
    anchored: int | None = None

    @property
    def holds(self) -> bool:
        """True when nothing was changed."""
        return not self.broken


class KeepsJournal(Protocol):
    """The journal as it is stored (``storage.journal``)."""

    async def note(self, kind: Noted, who: str, reason: str, what: str) -> Entry:
        """Add an entry at the end."""

    async def entries(
        self, kind: Noted | None = None, limit: int | None = None, since: datetime | None = None
    ) -> list[Entry]:
        """Entries, newest first."""

    async def head(self) -> Head | None:
        """Where the chain ends."""

    async def verify(self, anchor: str = "") -> Verdict:
        """Follow the chain; with ``anchor``, look for the state it stands for too."""


async def anchor_now(journal: KeepsJournal) -> str:
    """Note the state of the journal; the code to print or send out."""
    head = await journal.head()
    code = anchor_code(head.number, head.hash) if head else ""
    await journal.note(Noted.ANCHOR, SYSTEM, "anchor", code)
    return code


async def anchor_daily(journal: KeepsJournal, now: datetime) -> str | None:
    """The code of the day, noted once a day of the métropole; None when it was noted already or nothing is there."""
    last = await journal.entries(Noted.ANCHOR, limit=1)
    head = await journal.head()
    if head is None or head.number == 0 or (last and _day(last[0].at) == _day(now)):
        return None
    return await anchor_now(journal)


async def note_knowledge(journal: KeepsJournal, version: str) -> bool:
    """Note the version of the knowledge base that answers from now on; False where it is the last one noted."""
    last = await journal.entries(Noted.KNOWLEDGE, limit=1)
    if last and last[0].what == version:
        return False
    await journal.note(Noted.KNOWLEDGE, SYSTEM, "in force", version)
    return True


def _day(moment: datetime) -> object:
    return moment.astimezone(LOCAL_ZONE).date()
