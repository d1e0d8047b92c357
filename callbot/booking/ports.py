"""What the use cases of booking need from other rooms."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import Amendment, Booking, BookingDraft, Changer, Hold, Load
from callbot.domain.data_rights import DataWish
from callbot.domain.events import HandOverReason
from callbot.domain.items import Catalogue
from callbot.domain.notices import MessageChannel, Notice
from callbot.domain.opening import Span
from callbot.domain.people import Report, Window
from callbot.domain.personal import Personal, PhoneNumber
from callbot.domain.territories import SectorRules, TerritoryRules


class ConflictError(Exception):
    """Another unit of work was first (same call, same reference, deadlock): nothing was kept, it may be tried again."""


class ConnectionLostError(ConflictError):
    """The database ended the connection before anything was kept."""


class Rules(Protocol):
    """The knowledge base, as far as booking reads it."""

    @property
    def catalogue(self) -> Catalogue:
        """All item kinds."""
        ...

    def territory_of(self, insee: str, day: date | None = None) -> TerritoryRules | None:
        """The rules of a commune or arrondissement in force on ``day``, None where none are filled in."""
        ...


@dataclass(frozen=True, slots=True)
class Used:
    """What is taken of a day, and what it takes in all; no capacity of objects or litres: not limited."""

    capacity: int
    used: int
    capacity_items: int | None
    capacity_litres: int | None
    load: Load

    def room_for(self, load: Load) -> int:
        """How many more bookings fit by number; 0 when this one does not fit by objects or volume."""
        items_left = self.capacity_items is None or self.load.items + load.items <= self.capacity_items
        litres_left = self.capacity_litres is None or self.load.litres + load.litres <= self.capacity_litres
        return max(self.capacity - self.used, 0) if items_left and litres_left else 0


DayKey = tuple[str, date]
"""a day of a sector: its id, and the day"""


class Places(Protocol):
    """Places on pickup days, and the holds on them. Every method is part of the unit of work it belongs to."""

    async def settle(self, now: datetime, call_id: str | None = None, *days: DayKey) -> Hold | None:
        """Give back the places of holds that expired at or before ``now``, each exactly once; comes first, and once.

        Returns the live hold of ``call_id``; units of work of one call go one after the other from here on. Whatever
        this one may change (that hold, its day, and ``days``) is locked in one order for everybody, so that two of them
        never wait for each other.
        """
        ...

    async def open(self, sector: SectorRules, day: date) -> None:
        """Let there be such a day, with the capacities of its sector: a booking points at it."""
        ...

    async def used(self, sector: str, days: Collection[date], now: datetime) -> dict[date, Used]:
        """What is taken of the days already opened for the sector, places of holds that expired at or before ``now``
        left out; other days are untouched and fully free."""
        ...

    async def take(self, sector: SectorRules, day: date, load: Load) -> bool:
        """Take a place for ``load`` when there is room; False, and nothing changed, when the day is full."""
        ...

    async def adjust(self, sector: str, day: date, more: Load) -> bool:
        """Let a place that is taken weigh so much more (or less) when there is room; False, and nothing changed, when
        there is not. The place itself is never given back."""
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

    async def free(self, sector: str, day: date, load: Load) -> None:
        """Free the place of a booking that no longer needs it; its booking is written in the same unit of work."""
        ...


class ChangeKind(StrEnum):
    """What the journal of a booking tells."""

    AMENDED = "amended"
    CANCELLED = "cancelled"
    OUTCOME = "outcome"
    """what a crew found"""
    REPLANNED = "replanned"
    COMPLETED = "completed"
    """a note, a photo, an e-mail address: nothing that a crew plans by"""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a booking. ``asked`` makes it idempotent: the same amendment of the same call changes once."""

    kind: ChangeKind
    at: datetime
    by: Changer
    asked: Amendment | None = None


class Bookings(Protocol):
    """Stored bookings."""

    async def before(
        self, call_id: str, address: StreetAddress, since: date | None
    ) -> tuple[Booking | None, Sequence[Booking]]:
        """What is there before a booking is made: the one this call made, and with ``since`` those ``at_address``.

        Units of work of this call, and those that count bookings of this address, go one after the other from here on.
        """
        ...

    async def add(self, booking: Booking, draft: BookingDraft) -> bool:
        """Store a booking with its items; False, and nothing stored, when its reference is taken."""
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

    async def change(self, before: Booking, after: Booking, change: Change) -> int:
        """Write what a locked booking is now, and journal the change; its number, from 1 on."""
        ...

    async def lock_address(self, address: StreetAddress) -> None:
        """Units of work that count the bookings of this address go one after the other from here on."""
        ...

    async def at_address(self, address: StreetAddress, since: date) -> Sequence[Booking]:
        """Bookings of this number, street and commune with a pickup day from ``since`` on, by day; any status."""
        ...

    async def on_day(self, sector: str, day: date) -> Sequence[Booking]:
        """Bookings of a sector's day by reference; any status."""
        ...

    async def of_link(self, token: str) -> Booking | None:
        """The booking whose resident's page has this token, None for an unknown one."""
        ...

    async def link_of(self, reference: str) -> str:
        """The token of the resident's page of a booking; made the first time it is asked for."""
        ...

    async def was_last(self, amendment: Amendment) -> bool:
        """True when the latest change of the booking is this very amendment of this very call."""
        ...


class Photos(Protocol):
    """Photos that residents add for the crew, JPEG."""

    async def add_photo(self, reference: str, jpeg: bytes, at: datetime) -> int:
        """Keep one more photo of a locked booking; its number, from 1 on."""
        ...

    async def photos(self, reference: str) -> Mapping[int, bytes]:
        """The photos of a booking by number, JPEG."""
        ...

    async def count_photos(self, reference: str) -> int:
        """How many there are."""
        ...

    async def remove_photo(self, reference: str, number: int) -> None:
        """Forget a photo; nothing when there is none of that number."""
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

    async def queue_sms(
        self,
        key: str,
        to: PhoneNumber,
        body: str,
        *,
        not_before: datetime | None = None,
        not_after: datetime | None = None,
    ) -> bool:
        """Queue one SMS as ``queue`` does; False, and nothing queued, where its number answered STOP."""
        ...

    async def queue(
        self,
        key: str,
        channel: MessageChannel,
        to: Personal,
        body: str,
        *,
        not_before: datetime | None = None,
        not_after: datetime | None = None,
    ) -> None:
        """Queue one message for ``channel``; a second one with the same ``key`` is the same message.

        It leaves between ``not_before`` and ``not_after``, where given, or not at all.
        """
        ...

    async def withdraw(self, key: str) -> bool:
        """Take back the message of this key, and those named ``key:...``, that have not left; False when none was."""
        ...

    async def overtake(self, reference: str) -> None:
        """Take back what was told of a booking before it changed, where it was tried in vain so far: it would arrive
        after what tells the change."""
        ...

    async def opted_out(self, phone: PhoneNumber) -> bool:
        """True when this number answered STOP."""
        ...


class UnitOfWork(Protocol):
    """All or nothing."""

    @property
    def places(self) -> Places: ...

    @property
    def bookings(self) -> Bookings: ...

    @property
    def photos(self) -> Photos: ...

    @property
    def outgoing(self) -> Outgoing: ...

    @property
    def call_backs(self) -> CallBacks: ...

    @property
    def reports(self) -> Reports: ...


class UnitOfWorkFactory(Protocol):
    """Opens a unit of work: kept when its block ends well, undone when it raises. May raise ``ConflictError``."""

    def __call__(self, *, reading: bool = False) -> AbstractAsyncContextManager[UnitOfWork]:
        """``reading``: nothing is changed in it, and nobody is waited for."""
        ...


class WritesNotices(Protocol):
    """The words of the messages about bookings."""

    def sms(self, notice: Notice, booking: Booking, territory: TerritoryRules | None, link: str) -> str:
        """The text of an SMS; ``link``: the token of the resident's page."""
        ...

    def spoken(self, notice: Notice, booking: Booking, territory: TerritoryRules | None) -> str:
        """The same for a call that says it: nothing to read in it, the reference character by character."""
        ...

    def email(self, notice: Notice, booking: Booking, territory: TerritoryRules | None, link: str) -> str:
        """An e-mail with its calendar file, as its sender reads it."""
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


class TakesDataWishes(Protocol):
    """The register of requests about data."""

    async def take(self, call_id: str, wish: DataWish) -> None:
        """Write down what was asked in a conversation, the same right once."""
        ...


class HandOverQueue(Protocol):
    """Calls that wait for an agent."""

    async def hand_over(self, call_id: str, reason: HandOverReason) -> None:
        """Queue a call, once."""
        ...
