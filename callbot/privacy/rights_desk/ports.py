"""What the rights desk keeps, and what it needs of the storage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from callbot.domain.data_rights import Came, DataRight, Identity, RequestState
from callbot.domain.personal import Personal, PhoneNumber
from callbot.settings import LOCAL_ZONE

ONCE = "rights:once:"
"""how keys of SMS begin that are gone the day after they left: codes, the last word to somebody who was erased"""


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request as it comes in. ``source``: the same for the same request that comes twice."""

    source: str
    right: DataRight
    channel: Came
    phone: PhoneNumber | None = None
    call_id: str | None = None
    details: Personal | None = None
    identity: Identity | None = None


@dataclass(frozen=True, slots=True)
class DataRequest:
    """A request as it stands. ``version`` counts its changes."""

    id: str
    source: str
    right: DataRight
    channel: Came
    state: RequestState
    received_at: datetime
    due_on: date
    phone: PhoneNumber | None = None
    call_id: str | None = None
    details: Personal | None = None
    identity: Identity | None = None
    identified_at: datetime | None = None
    extended_at: datetime | None = None
    extension: Personal | None = None
    taken_by: str | None = None
    ended_at: datetime | None = None
    answer: Personal | None = None
    certificate: str | None = None
    version: int = 0

    @property
    def received_on(self) -> date:
        """The day of the métropole on which it came."""
        return self.received_at.astimezone(LOCAL_ZONE).date()


@dataclass(frozen=True, slots=True)
class SentCode:
    """A code that was sent. ``id`` and ``code_hash`` are hashes: neither what the page holds nor the code is kept."""

    id: str
    code_hash: str = field(repr=False)
    phone: PhoneNumber
    sent_at: datetime
    expires_at: datetime
    right: DataRight | None = None
    details: Personal | None = None
    request_id: str | None = None
    used_at: datetime | None = None


class ReadsRequests(Protocol):
    """The register, read."""

    async def get(self, request_id: str) -> DataRequest | None:
        """The request of this number."""
        ...

    async def open_ones(self) -> Sequence[DataRequest]:
        """Those an answer is owed to, the nearest deadline first."""
        ...

    async def closed_ones(self, limit: int) -> Sequence[DataRequest]:
        """Those that ended, the last first."""
        ...

    async def limited(self, phone: PhoneNumber) -> DataRight | None:
        """Whether data of this number is not used, and by which right."""
        ...


class RightsWork(ReadsRequests, Protocol):
    """One unit of work on requests and codes."""

    async def lock(self, name: str) -> None:
        """Those who lock the same name go one after the other."""
        ...

    async def note(self, who: str, request_id: str, what: str) -> None:
        """An entry of the journal, kept with the rest or not at all."""
        ...

    async def of_source(self, source: str) -> DataRequest | None:
        """The request that came from there."""
        ...

    async def open_of(self, phone: PhoneNumber) -> Sequence[DataRequest]:
        """Open requests of a number."""
        ...

    async def add(self, request: DataRequest) -> None:
        """A new row; raises ``ConflictError`` for a source that is there."""
        ...

    async def save(self, request: DataRequest) -> bool:
        """Write it as it is now; False, and nothing written, where somebody changed it since it was read."""
        ...

    async def codes_since(self, moment: datetime, phone: PhoneNumber | None = None) -> int:
        """How many codes were sent since then, to a number or in all."""
        ...

    async def add_code(self, code: SentCode) -> None:
        """A code that is sent."""
        ...

    async def try_code(self, code_id: str, now: datetime, most: int) -> SentCode | None:
        """Count one more try before it is looked at; None where none is left, it was used or it is too old."""
        ...

    async def use_code(self, code_id: str, now: datetime, access_hash: str, until: datetime) -> bool:
        """It was right: it opens nothing again, and ``access_hash`` opens the copy until then; False where somebody
        used it meanwhile."""
        ...

    async def accessed(self, access_hash: str, now: datetime, most: int) -> SentCode | None:
        """The code behind what opens a copy now, counted as one more try; None where that is over or too many."""
        ...

    async def latest_code(self, request_id: str) -> SentCode | None:
        """The last code that an officer sent for a request."""
        ...

    async def limit(self, phone: PhoneNumber, right: DataRight, request_id: str, at: datetime) -> None:
        """Data of this number is not used from now on."""
        ...

    async def lift(self, phone: PhoneNumber) -> bool:
        """It may be used again; False where nothing was limited."""
        ...

    async def forget(self, phone: PhoneNumber, at: datetime) -> Sequence[str]:
        """Take the number and the words out of its requests and close those that are open; ids of these."""
        ...

    async def sms(self, key: str, phone: PhoneNumber, text: str, not_after: datetime | None = None) -> bool:
        """Queue an SMS; False where the number answered STOP."""
        ...


class OpensRightsWork(Protocol):
    """The storage, as the rights desk sees it."""

    def writing(self) -> AbstractAsyncContextManager[RightsWork]:
        """Kept when the block ends well, undone when it raises."""
        ...

    def reading(self) -> AbstractAsyncContextManager[ReadsRequests]:
        """Waits for nobody."""
        ...


Now = Callable[[], datetime]
"""the present moment, aware"""
Hashes = Callable[[str], str]
"""a keyed hash (``KeyRing.index``)"""
