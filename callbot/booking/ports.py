"""What the use cases of booking need from other rooms."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol

from callbot.domain.bookings import Booking, BookingDraft, Hold
from callbot.domain.items import Catalogue
from callbot.domain.personal import PhoneNumber
from callbot.domain.territories import SectorRules, TerritoryRules


class ConflictError(Exception):
    """Another unit of work was first (same call, same reference, deadlock): nothing was kept, it may be tried again."""


class Rules(Protocol):
    """The knowledge base, as far as booking reads it."""

    @property
    def catalogue(self) -> Catalogue:
        """All item kinds."""
        ...

    def territory_of(self, insee: str) -> TerritoryRules | None:
        """The rules in force for a commune or arrondissement, None where none are filled in."""
        ...


class Places(Protocol):
    """Places on pickup days, and the holds on them. Every method is part of the unit of work it belongs to."""

    async def settle(
        self, now: datetime, call_id: str | None = None, wanted: tuple[SectorRules, date] | None = None
    ) -> Hold | None:
        """Give back the places of holds that expired at or before ``now``, each exactly once; comes first, and once.

        Returns the live hold of ``call_id``; units of work of one call go one after the other from here on. Whatever
        this one may change (that hold, its day and the ``wanted`` one) is locked in one order for everybody, so that
        two of them never wait for each other.
        """
        ...

    async def used(self, sector: str, days: Collection[date]) -> dict[date, tuple[int, int]]:
        """``(capacity, used)`` of the days already opened for the sector; other days are untouched and fully free."""
        ...

    async def take(self, sector: SectorRules, day: date) -> bool:
        """Take one place when there is room; False, and nothing changed, when the day is full."""
        ...

    async def give_back(self, hold: Hold) -> None:
        """Remove a hold and free its place."""
        ...

    async def keep(self, hold: Hold) -> None:
        """Write the hold of a place that was taken, replacing the expiry of a hold of the same call."""
        ...

    async def consume(self, hold: Hold) -> None:
        """Remove a hold whose place becomes a booking: the place stays taken."""
        ...


class Bookings(Protocol):
    """Stored bookings."""

    async def of_call(self, call_id: str) -> Booking | None:
        """The booking a call made, None when it made none."""
        ...

    async def is_taken(self, reference: str) -> bool:
        """True when a stored booking has this reference."""
        ...

    async def add(self, booking: Booking, draft: BookingDraft) -> None:
        """Store a booking with its items."""
        ...


class Outgoing(Protocol):
    """Messages to residents, sent by a worker once the unit of work is kept."""

    async def queue_sms(self, key: str, to: PhoneNumber, body: str) -> None:
        """Queue one SMS; a second one with the same ``key`` is the same message."""
        ...


class UnitOfWork(Protocol):
    """All or nothing."""

    @property
    def places(self) -> Places: ...

    @property
    def bookings(self) -> Bookings: ...

    @property
    def outgoing(self) -> Outgoing: ...


UnitOfWorkFactory = Callable[[], AbstractAsyncContextManager[UnitOfWork]]
"""Opens a unit of work: kept when its block ends well, undone when it raises; its end may raise ``ConflictError``."""


class WritesConfirmation(Protocol):
    """The words of the confirmation SMS."""

    def confirmation(self, booking: Booking, territory: TerritoryRules) -> str:
        """The text for one booking."""
        ...
