"""What a link opens, for how long, and what its forms prove."""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from callbot.domain.bookings import Booking

PREFIX = "/r"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20}", re.ASCII)


def is_token(text: str) -> bool:
    """True for the shape of our tokens; anything else is not looked up at all."""
    return _TOKEN.fullmatch(text) is not None


def expired(day: date, today: date, days_after: int) -> bool:
    """True from the day after the last one: a link works for ``days_after`` days after the pickup."""
    return today > day + timedelta(days=days_after)


@dataclass(frozen=True, slots=True)
class Link:
    """A token of 120 bits and what is derived from it."""

    token: str = field(repr=False)

    @property
    def path(self) -> str:
        """Where the page is."""
        return f"{PREFIX}/{self.token}"

    @property
    def form_token(self) -> str:
        """What every form of this page carries: another site cannot know it."""
        return self._derived("form")

    def version(self, booking: Booking) -> str:
        """Names the booking as it is now. A confirmation carries the version that was read back, so that nobody agrees
        to a change of something else."""
        items = [(line.item, line.quantity) for line in booking.items]
        personal = [value.reveal() if value else None for value in (booking.phone, booking.email, booking.note)]
        parts = (booking.status, booking.day, booking.address.line, booking.address.insee, items, personal)
        return self._derived(f"version|{parts!r}")

    def request_id(self, version: str, asked: Mapping[str, str]) -> str:
        """The name of a change: the same form sent twice asks for the same change (64 characters at most)."""
        return "page-" + self._derived(f"change|{version}|{sorted(asked.items())!r}")

    def _derived(self, purpose: str) -> str:
        digest = hmac.digest(self.token.encode("ascii"), purpose.encode(), hashlib.sha256)
        return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
