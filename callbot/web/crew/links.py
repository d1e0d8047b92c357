"""What a crew's link opens, and for how long. Nothing of it is stored: the link carries its own proof."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from callbot.web.protection import same_token

PREFIX = "/equipe"
_LONGEST = 400
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CrewLink:
    """The page of a sector's day. ``token`` opens it, ``form_token`` proves that a form came from it."""

    sector: str
    day: date
    token: str = field(repr=False)
    form_token: str = field(repr=False)

    @property
    def path(self) -> str:
        """Where the page is."""
        return f"{PREFIX}/{self.token}"

    def works_on(self, today: date) -> bool:
        """True from the day before the round to the day after it."""
        return abs(today - self.day) <= _ONE_DAY


class CrewLinks:
    """Makes and reads links; ``sign``: a keyed hash in hexadecimal (``KeyRing.index``)."""

    def __init__(self, sign: Callable[[str], str]) -> None:
        self._sign = sign

    def link(self, sector: str, day: date) -> CrewLink:
        """The link of a sector's day: always the same one."""
        said = f"{sector}|{day.isoformat()}|{(day + _ONE_DAY).isoformat()}"
        head = urlsafe_b64encode(said.encode()).rstrip(b"=").decode("ascii")
        token = f"{head}.{self._sign(f'crew-link|{said}')}"
        return CrewLink(sector, day, token, self._sign(f"crew-form|{said}"))

    def read(self, token: str) -> CrewLink | None:
        """The link of ``token``; None for anything that we did not write, letter by letter."""
        said = _said(token)
        if said is None:
            return None
        link = self.link(*said)
        return link if same_token(token, link.token) else None


def _said(token: str) -> tuple[str, date] | None:
    """The sector and day a token speaks of, not proved yet."""
    head, dot, _ = token.partition(".")
    if not dot or len(token) > _LONGEST or not token.isascii():
        return None
    try:
        sector, day, _ = urlsafe_b64decode(head + "=" * (-len(head) % 4)).decode().rsplit("|", 2)
        return sector, date.fromisoformat(day)
    except (binascii.Error, ValueError, OverflowError):
        return None
