"""Copies that the phone company keeps of calls and messages: it is told to delete them, and its answer is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Protocol

BATCH = 200
"""copies read at a time"""
_GONE = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.OK, HTTPStatus.NOT_FOUND})
"""deleted now, or not there any more"""


class CopyKind(StrEnum):
    """What the copy is of."""

    MESSAGE = "message"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy, by the phone company's own id."""

    kind: CopyKind
    sid: str


class KeepsCopies(Protocol):
    """Which copies there are (``storage.provider_copies``)."""

    async def to_delete(self, limit: int) -> list[Copy]:
        """Those not known to be gone."""

    async def add(self, copies: Sequence[Copy], at: datetime) -> None:
        """Copies that none of our rows knows of."""

    async def answered(self, copy: Copy, status: int | None, at: datetime, *, gone: bool) -> None:
        """Keep the answer."""


class DeletesCopies(Protocol):
    """The phone company (``telephony.forgetting``)."""

    async def sent_to_us(self, before: datetime) -> list[Copy]:
        """Messages of residents from before a moment: their ids are in none of our rows. [] without an answer."""

    async def delete(self, copy: Copy) -> int | None:
        """Tell it to delete a copy; its HTTP status, None when it did not answer."""


@dataclass(frozen=True, slots=True)
class CopyDeletion:
    """Use case: no copy outlives our own data for long."""

    kept: KeepsCopies
    provider: DeletesCopies
    now: Callable[[], datetime]

    async def look(self, before: datetime) -> None:
        """Note what residents sent us before a moment."""
        found = await self.provider.sent_to_us(before)
        if found:
            await self.kept.add(found, self.now())

    async def sweep(self) -> int:
        """Tell the phone company about every copy there is; how many are gone. Stops when it does not answer."""
        gone = 0
        tried: set[Copy] = set()
        while new := [copy for copy in await self.kept.to_delete(BATCH) if copy not in tried]:
            for copy in new:
                tried.add(copy)
                status = await self.provider.delete(copy)
                done = status in _GONE
                await self.kept.answered(copy, status, self.now(), gone=done)
                gone += done
                if status is None:
                    return gone
        return gone
