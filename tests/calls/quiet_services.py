"""The services of a call that a test does not look at: nobody booked before, people answer, nothing is kept."""

from __future__ import annotations

from datetime import datetime

from callbot.domain.bookings import Amendment, NotChanged
from callbot.domain.events import (
    Amended,
    BookingsFound,
    CallBackKept,
    Cancelled,
    ChangeFailed,
    HandOverReason,
    PeopleChecked,
    Reported,
)
from callbot.domain.people import Report, Window
from callbot.domain.personal import PhoneNumber


class QuietServices:
    """What the ports of a conversation ask beside addresses, dates and bookings."""

    async def find_bookings(self, caller: PhoneNumber | None, references: tuple[str, ...]) -> BookingsFound:
        """None."""
        return BookingsFound(())

    async def cancel(self, reference: str) -> Cancelled | ChangeFailed:
        """There is nothing to cancel."""
        return ChangeFailed(NotChanged.UNKNOWN)

    async def amend(self, amendment: Amendment) -> Amended | ChangeFailed:
        """There is nothing to change."""
        return ChangeFailed(NotChanged.UNKNOWN)

    async def cut_off(self, caller: PhoneNumber, since: datetime, but: str) -> str | None:
        """No earlier call."""
        return None

    async def check(self) -> PeopleChecked:
        """People answer."""
        return PeopleChecked(open=True)

    async def call_back(self, call_id: str, phone: PhoneNumber, reason: HandOverReason, window: Window) -> CallBackKept:
        """In that window."""
        return CallBackKept(window, sms=False)

    async def report(self, report: Report) -> Reported:
        """Taken."""
        return Reported(report.kind)
