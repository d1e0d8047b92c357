"""What every part of the booking desk works with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from callbot.booking.announcements import Announcements
from callbot.booking.ports import UnitOfWorkFactory, WritesNotices
from callbot.booking.serving import Serving
from callbot.domain.clock import Clock


@dataclass(frozen=True, slots=True)
class Means:
    """One set for the whole desk."""

    unit_of_work: UnitOfWorkFactory
    serving: Serving
    clock: Clock
    writer: WritesNotices
    announcements: Announcements

    def today(self) -> date:
        """The day it is in the métropole."""
        return self.clock.now().date()

    def now(self) -> datetime:
        """The present moment in UTC, as it is stored."""
        return self.clock.now().astimezone(UTC)
