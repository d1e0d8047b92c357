"""The purge: removes what is past its limit, looks again, and signs what it found.

A report says for each kind how many were due and removed, how many are due still (none, or it says so) and the age of
the oldest one left; the signature (Ed25519) can be checked by anybody with the verifying key, and the report is noted
in the journal.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Protocol

from callbot.privacy.copies import CopyDeletion
from callbot.privacy.journal import SYSTEM, KeepsJournal, Noted
from callbot.privacy.retention import Kind, Rule
from callbot.settings import LOCAL_ZONE


@dataclass(frozen=True, slots=True)
class KindReport:
    """One kind: what was due and removed, what is due still, when the oldest one left is from."""

    kind: Kind
    days: int
    limit: str
    due: int
    removed: int
    left: int
    oldest: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """A purge as it is signed. ``signature`` is empty for a dry run."""

    at: datetime
    kinds: tuple[KindReport, ...]
    text: str
    signature: str = ""

    @property
    def clean(self) -> bool:
        """True when nothing is left past its limit."""
        return not any(kind.left for kind in self.kinds)


class RemovesOld(Protocol):
    """What the purge needs of the storage (``storage.retention``)."""

    async def due(self, kind: Kind, before: datetime) -> int:
        """How many of this kind are from before a moment."""

    async def remove(self, kind: Kind, before: datetime) -> int:
        """Remove them; how many."""

    async def oldest(self, kind: Kind) -> datetime | None:
        """When the oldest one is from."""

    async def keep_report(self, at: datetime, text: str, signature: str) -> None:
        """Keep a signed report for ever."""

    async def last_report(self) -> datetime | None:
        """When the last one was signed."""


class RemovesOldFiles(Protocol):
    """A kind that is kept in files; every call blocks."""

    def due(self, before: datetime) -> int:
        """How many are from before a moment."""

    def remove_old(self, before: datetime) -> int:
        """Remove them; how many."""

    def oldest(self) -> datetime | None:
        """When the oldest one is from."""


class Signs(Protocol):
    """Who signs (``KeyRing``)."""

    def sign(self, text: str) -> str:
        """A signature that anybody can check."""


@dataclass(frozen=True, slots=True)
class Purge:
    """Use case: what is past its limit goes, with proof."""

    store: RemovesOld
    journal: KeepsJournal
    signer: Signs
    now: Callable[[], datetime]
    table: tuple[Rule, ...]
    copies: CopyDeletion | None = None
    """None: there is no phone company"""
    cases: RemovesOldFiles | None = None
    """None: there is no folder of cases"""

    async def run(self, *, dry: bool = False, who: str = SYSTEM) -> Report:
        """Remove and report; ``dry``: only look."""
        at = self.now()
        kept = {Kind.PROVIDER_COPIES: self.copies is not None, Kind.CASES: self.cases is not None, Kind.SOUND: False}
        table = [rule for rule in self.table if kept.get(rule.kind, True)]
        kinds = tuple([await self._kind(rule, at, dry=dry) for rule in table])
        text = report_text(at, kinds)
        if dry:
            return Report(at, kinds, text)
        signature = self.signer.sign(text)
        await self.store.keep_report(at, text, signature)
        removed = ", ".join(f"{kind.kind} {kind.removed}" for kind in kinds if kind.removed) or "nothing was due"
        digest = hashlib.sha256(text.encode()).hexdigest()
        await self.journal.note(Noted.RETENTION, who, "retention", f"{removed}; report {digest}")
        return Report(at, kinds, text, signature)

    async def daily(self) -> Report | None:
        """Once a day of the métropole; None when it was done already."""
        last = await self.store.last_report()
        if last is not None and last.astimezone(LOCAL_ZONE).date() == self.now().astimezone(LOCAL_ZONE).date():
            return None
        return await self.run()

    async def _kind(self, rule: Rule, at: datetime, *, dry: bool) -> KindReport:
        limit = rule.limit(at)
        due = await self._due(rule.kind, limit)
        removed = 0 if dry else await self._remove(rule.kind, limit)
        left = await self._due(rule.kind, limit)
        oldest = await self._oldest(rule.kind)
        shown = oldest.isoformat() if oldest else None
        return KindReport(rule.kind, rule.days, limit.isoformat(), due, removed, left, shown)

    async def _due(self, kind: Kind, limit: datetime) -> int:
        if kind is Kind.CASES and self.cases:
            return await asyncio.to_thread(self.cases.due, limit)
        return await self.store.due(kind, limit)

    async def _oldest(self, kind: Kind) -> datetime | None:
        if kind is Kind.CASES and self.cases:
            return await asyncio.to_thread(self.cases.oldest)
        return await self.store.oldest(kind)

    async def _remove(self, kind: Kind, limit: datetime) -> int:
        if kind is Kind.CASES and self.cases:
            return await asyncio.to_thread(self.cases.remove_old, limit)
        removed = await self.store.remove(kind, limit)
        if kind is Kind.PROVIDER_COPIES and self.copies:
            await self.copies.look(limit)
            return await self.copies.sweep()
        return removed


def report_text(at: datetime, kinds: tuple[KindReport, ...]) -> str:
    """What is signed: the same bytes for the same report."""
    return json.dumps({"at": at.isoformat(), "kinds": [asdict(kind) for kind in kinds]}, sort_keys=True)
