"""What the use cases of booking need from other rooms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol

from callbot.domain.bookings import Amendment, Booking, BookingDraft, Hold
from callbot.domain.events import HandOverReason
from callbot.domain.items import Catalogue
from callbot.domain.opening import Span
from callbot.domain.people import Report, Window
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
        self,
        now: datetime,
        call_id: str | None = None,
        wanted: tuple[SectorRules, date] | None = None,
        booked: tuple[str, date] | None = None,
    ) -> Hold | None:
        """Give back the places of holds that expired at or before ``now``, each exactly once; comes first, and once.

        Returns the live hold of ``call_id``; units of work of one call go one after the other from here on. Whatever
        this one may change (that hold, its day, the ``wanted`` one and the one a booking has, ``booked``: sector and
        day) is locked in one order for everybody, so that two of them never wait for each other.
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

    async def free(self, sector: str, day: date) -> None:
        """Free the place of a booking that no longer needs it; its booking is written in the same unit of work."""
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

    async def set_aside(self, cancelled: Booking) -> None:
        """Let the call that made a cancelled booking book again: it is no longer the booking of that call."""
        ...

    async def of_phone(self, phone: PhoneNumber) -> Sequence[Booking]:
        """Bookings that left this number, by day."""
        ...

    async def of_references(self, references: Collection[str]) -> Sequence[Booking]:
        """Bookings with one of these references, by day."""
        ...

    async def lock(self, reference: str) -> Booking | None:
        """The booking, None for an unknown one; nobody else changes it before this unit of work ends. Comes before
        ``Places.settle``."""
        ...

    async def cancel(self, booking: Booking, at: datetime) -> None:
        """Write that a locked booking is cancelled, and journal it."""
        ...

    async def amend(self, amended: Booking, amendment: Amendment, at: datetime) -> int:
        """Write what a locked booking is now, and journal who changed it; the number of this change, from 1 on."""
        ...

    async def was_last(self, amendment: Amendment) -> bool:
        """True when the latest change of the booking is this very amendment of this very call."""
        ...


class CallBacks(Protocol):
    """Promised call-backs."""

    async def lock(self) -> None:
        """Units of work that keep call-backs go one after the other from here on."""
        ...

    async def of_call(self, call_id: str) -> Window | None:
        """The window promised to a call (UTC), None when none was."""
        ...

    async def counts(self, since: datetime) -> dict[datetime, int]:
        """How many call-backs are promised for each window that begins at or after ``since``, by its beginning."""
        ...

    async def add(
        self, call_id: str, phone: PhoneNumber, reason: HandOverReason, window: Window, created_at: datetime
    ) -> None:
        """Store a call-back; where the call waited in the agents' queue it waits there no more."""
        ...


class Reports(Protocol):
    """Reports for people."""

    async def add(self, report: Report, created_at: datetime) -> None:
        """Store a report; nothing changes where the call made the same one before."""
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

    @property
    def call_backs(self) -> CallBacks: ...

    @property
    def reports(self) -> Reports: ...


UnitOfWorkFactory = Callable[[], AbstractAsyncContextManager[UnitOfWork]]
"""Opens a unit of work: kept when its block ends well, undone when it raises; its end may raise ``ConflictError``."""


class WritesBookingSms(Protocol):
    """The words of the SMS about bookings."""

    def confirmation(self, booking: Booking, territory: TerritoryRules) -> str:
        """That it is booked."""
        ...

    def amendment(self, booking: Booking, territory: TerritoryRules) -> str:
        """What it is after a change."""
        ...

    def cancellation(self, booking: Booking) -> str:
        """That it is cancelled."""
        ...


class WritesCallBackSms(Protocol):
    """The words of the SMS about a call-back."""

    def call_back(self, window: Window) -> str:
        """The promise; ``window`` in local time."""
        ...


class AgentHours(Protocol):
    """When agents answer (the knowledge base)."""

    def is_open(self, now: datetime, holidays: Collection[date] = ()) -> bool:
        """True when an agent can take a call at ``now``, local time."""
        ...

    def spans_on(self, day: date, holidays: Collection[date] = ()) -> tuple[Span, ...]:
        """The hours of a day."""
        ...


class HandOverQueue(Protocol):
    """Calls that wait for an agent."""

    async def hand_over(self, call_id: str, reason: HandOverReason) -> None:
        """Queue a call, once."""
        ...
