"""What the pages need besides the desk, as protocols; ``bootstrap`` says who provides them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from callbot.domain.addresses import AddressCandidate, StreetAddress
from callbot.domain.bookings import Amendment, Booking, BookingDraft, Changer
from callbot.domain.events import Amended, Booked, BookingFailed, Cancelled, ChangeFailed, ItemsJudged
from callbot.domain.items import ItemLine
from callbot.domain.meaning import HeardAddress
from callbot.domain.personal import PhoneNumber
from callbot.knowledge.finding import FoundEntry
from callbot.review.annotations import NewAnnotation


class TakesBookings(Protocol):
    """The booking desk."""

    async def book(self, draft: BookingDraft) -> Booked | BookingFailed:
        """Book, once per call however often it is asked."""
        ...

    async def amend(self, amendment: Amendment) -> Amended | ChangeFailed:
        """Change until the cut-off, once however often the same is asked."""
        ...

    async def cancel(self, reference: str, by: Changer) -> Cancelled | ChangeFailed:
        """Cancel until the cut-off."""
        ...


class LooksAtRoom(Protocol):
    """The rules and the room."""

    def serves(self, address: StreetAddress) -> bool:
        """True where appointments are taken."""
        ...

    def judged(self, items: tuple[ItemLine, ...], address: StreetAddress) -> ItemsJudged:
        """The rules' verdict on these items there."""
        ...

    async def days(
        self, booking: Booking, *, address: StreetAddress | None = None, items: tuple[ItemLine, ...] | None = None
    ) -> tuple[date, ...]:
        """Days on which a booking could take place otherwise than it is."""
        ...

    async def free_days(self, address: StreetAddress, items: tuple[ItemLine, ...]) -> tuple[date, ...]:
        """Days with room for a new booking, earliest first."""
        ...


class SearchesAddresses(Protocol):
    """The address base."""

    async def find(self, heard: HeardAddress, hypotheses: Sequence[str]) -> tuple[AddressCandidate, ...]:
        """Addresses like the one written, best first."""
        ...


class ReadsPhones(Protocol):
    """The numbering plans."""

    def __call__(self, text: str) -> PhoneNumber | None:
        """The number written in ``text``, None for none."""
        ...


class NotesErrors(Protocol):
    """Where those who review calls find what the bot did wrong."""

    async def add(self, new: NewAnnotation, at: datetime) -> int:
        """Keep one; its number."""
        ...


class SearchesKnowledge(Protocol):
    """The knowledge base."""

    def find(self, text: str) -> Sequence[FoundEntry]:
        """Entries that share words with ``text``, best first."""
        ...
