"""What this door needs from the other rooms; ``bootstrap`` says who provides them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol

from callbot.domain.addresses import AddressCandidate, StreetAddress
from callbot.domain.bookings import Booking, BookingDraft, BookingStatus
from callbot.domain.events import Booked, BookingFailed, ItemsJudged, Reported
from callbot.domain.geography import Point
from callbot.domain.items import Catalogue, ItemLine
from callbot.domain.people import Report
from callbot.domain.territories import TerritoryRules


class Books(Protocol):
    """The booking desk."""

    async def judge(self, items: tuple[ItemLine, ...], insee: str | None) -> ItemsJudged:
        """The rules' verdict on the items."""
        ...

    async def book(self, draft: BookingDraft) -> Booked | BookingFailed:
        """Book, once per ``call_id`` however often it is asked."""
        ...


class TakesReports(Protocol):
    """The desk of what people look into."""

    async def report(self, report: Report) -> Reported:
        """Store a report, the same one once."""
        ...


class StoredReport(Protocol):
    """A report as stored."""

    @property
    def report(self) -> Report: ...

    @property
    def created_at(self) -> datetime: ...

    @property
    def status(self) -> str:
        """``waiting`` or ``done``."""
        ...


class ReadsRequests(Protocol):
    """What is stored."""

    async def booking(self, reference: str) -> Booking | None:
        """The booking with this reference."""
        ...

    async def latest_bookings(
        self, first: datetime, end: datetime, statuses: Collection[BookingStatus], most: int
    ) -> list[Booking]:
        """The last ``most`` bookings made at or after ``first`` and before ``end``, latest first."""
        ...

    async def reports(self, since: datetime | None = None, end: datetime | None = None) -> Sequence[StoredReport]:
        """Reports made at or after ``since`` and before ``end``, found by an index."""
        ...

    def each_report(
        self, since: datetime | None = None, end: datetime | None = None
    ) -> AbstractAsyncContextManager[AsyncIterator[StoredReport]]:
        """The same reports, one by one."""
        ...

    async def reports_of_call(self, call_id: str) -> Sequence[StoredReport]:
        """What one errand reported."""
        ...


class Places(Protocol):
    """The address base."""

    async def find(self, text: str) -> tuple[AddressCandidate, ...]:
        """Candidates for an address in one line, best first."""
        ...

    async def nearest(self, point: Point) -> StreetAddress | None:
        """The address nearest to a point, None far from every street."""
        ...


class Rules(Protocol):
    """The knowledge base."""

    @property
    def catalogue(self) -> Catalogue:
        """All item kinds."""
        ...

    def territory_of(self, insee: str, day: date | None = None) -> TerritoryRules | None:
        """The rules of a commune in force on ``day``."""
        ...
