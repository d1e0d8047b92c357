"""What the page needs from other rooms, as protocols; ``bootstrap`` says who provides them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from callbot.domain.addresses import AddressCandidate
from callbot.domain.bookings import Amendment, Booking, Changer
from callbot.domain.events import Amended, Cancelled, ChangeFailed
from callbot.domain.meaning import HeardAddress
from callbot.domain.personal import PhoneNumber


class KeepsBookings(Protocol):
    """What is stored (``storage.Storage``)."""

    async def booking_of_link(self, token: str) -> Booking | None:
        """The booking whose page has this token."""
        ...

    async def photos(self, reference: str) -> Mapping[int, bytes]:
        """The photos of a booking by number, JPEG."""
        ...


class ChangesBookings(Protocol):
    """The booking desk."""

    async def amend(self, amendment: Amendment) -> Amended | ChangeFailed:
        """Change items, day or address until the cut-off."""
        ...

    async def cancel(self, reference: str, by: Changer) -> Cancelled | ChangeFailed:
        """Cancel until the cut-off, once however often it is asked."""
        ...


class KeepsOpinions(Protocol):
    """Who wants to be asked by SMS how it was (``storage.Satisfaction``)."""

    async def agreed(self, reference: str) -> bool:
        """Whether the resident of this booking wants to be asked, or was."""
        ...

    async def agree(self, reference: str, phone: PhoneNumber) -> None:
        """Ask this number once the pickup took place."""
        ...

    async def decline(self, reference: str) -> None:
        """Taken back before it was asked."""
        ...


class SearchesAddresses(Protocol):
    """The address base."""

    async def find(self, heard: HeardAddress, hypotheses: Sequence[str]) -> tuple[AddressCandidate, ...]:
        """Addresses like the one written, best first."""
        ...


class WritesCalendar(Protocol):
    """The calendar file of a booking."""

    def __call__(self, booking: Booking) -> bytes:
        """The file (iCalendar), which also takes a cancelled pickup out of the calendar."""
        ...
