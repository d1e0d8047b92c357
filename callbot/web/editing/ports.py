"""What the pages need beside the use cases."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol

from callbot.editing.gaps import Gap

NamesStaff = Callable[[str], Awaitable[str]]
"""an account's id -> its display name, empty for none that is known"""


class ReadsGaps(Protocol):
    """Questions without an answer (``storage.content``)."""

    async def gaps(self, since: datetime, limit: int) -> Sequence[Gap]:
        """The last ``limit`` of them."""
        ...
