"""What the pages need beside the use cases."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol


class Entry(Protocol):
    """One look at personal data."""

    @property
    def at(self) -> datetime:
        """When."""
        ...

    @property
    def who(self) -> str:
        """The account, or what stood for it before there were accounts."""
        ...

    @property
    def reason(self) -> str:
        """Why, as it was written."""
        ...

    @property
    def what(self) -> str:
        """What was shown: where it stood, never the thing itself."""
        ...


class ReadsJournal(Protocol):
    """Who was shown what (``storage.reveals``)."""

    async def latest(self, limit: int) -> Sequence[Entry]:
        """The newest entries first."""
        ...


NamesStaff = Callable[[str], Awaitable[str]]
"""an account's id -> its display name, empty for none that is known"""
