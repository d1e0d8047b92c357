"""What hooks are given, and what has to be kept about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


class BadHookError(ValueError):
    """A hook cannot be used as it is set; the message says which setting, and never an address or a secret."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event as a hook gets it. ``id`` is the same at every try: who drops the ids it knows has each one once."""

    id: str
    seq: int
    body: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a hook is in a call: ``seq`` events were taken (or set aside), ``tries`` of the next one failed, the
    first time at ``failed_at``."""

    call_id: str
    seq: int
    tries: int = 0
    failed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HookState:
    """A hook at a glance. ``waiting``: calls with events it has not; ``set_aside``: events it could not take."""

    name: str
    since: datetime
    delivered_at: datetime | None
    waiting: int
    failing: int
    set_aside: int


class KeepsHooks(Protocol):
    """Cursors, as they are stored (``storage.hooks``)."""

    async def lease(self, hook: str, owner: str, until: datetime) -> bool:
        """Take the hook for one process; False while another one has it. Makes a hook that is new."""

    async def free(self, hook: str, owner: str) -> None:
        """Let another process have it."""

    async def pending(self, hook: str, limit: int) -> list[Cursor]:
        """Calls with events that the hook has not and whose next try is due, longest waiting first."""

    async def delivered(self, hook: str, owner: str, call_id: str, seq: int) -> bool:
        """The hook took event ``seq``; False, and nothing noted, when the lease is another's by now."""

    async def failed(self, hook: str, cursor: Cursor, next_try: datetime) -> None:
        """The event after the cursor was not taken."""

    async def took_others_since(self, hook: str, moment: datetime) -> bool:
        """True when the hook took something after ``moment``."""

    async def set_aside(self, hook: str, cursor: Cursor, error: str) -> None:
        """Go past the event after the cursor and keep it for another try by hand."""

    async def wanted(self, hook: str, limit: int) -> list[Cursor]:
        """Events set aside that a person wants tried again; ``seq`` is that of the event before."""

    async def tried_again(self, hook: str, cursor: Cursor, error: str) -> None:
        """What came of it; "" when it was taken, and it is set aside no more."""

    async def clean(self, hook: str) -> None:
        """A sweep found nothing left."""

    async def states(self) -> Sequence[HookState]:
        """Every hook that ever ran, by name."""

    async def try_again(self, hook: str) -> int:
        """Want everything tried again that was set aside; how many events."""
