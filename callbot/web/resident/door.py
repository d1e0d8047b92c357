"""Who comes in: links looked up, guessing stopped, forms proved to be ours."""

from __future__ import annotations

from fastapi import Request

from callbot.booking.looking import Looking
from callbot.domain.clock import Clock
from callbot.web.forms import read_form
from callbot.web.problems import TOO_MANY, RefusedError
from callbot.web.protection import StartLimit, from_own_page, own_origin, same_token
from callbot.web.resident.errands import Opened
from callbot.web.resident.links import Link, expired, is_token
from callbot.web.resident.pages import EXPIRED_LINK, FROM_ELSEWHERE, UNKNOWN_LINK
from callbot.web.resident.ports import KeepsBookings

PAGES_A_MINUTE = 120
"""one address; a page with its photos is four of them"""
MISSES_A_MINUTE = 20
"""links that open nothing, of one address; after them nothing is looked up for it until the minute is over"""
_ALL_PAGES, _ALL_MISSES = 6_000, 2_000
_MOST_FIELDS = 60


class Door:
    """Everything a request has to pass before it sees a booking."""

    def __init__(
        self, bookings: KeepsBookings, looking: Looking, clock: Clock, public_url: str, days_after: int
    ) -> None:
        self._bookings = bookings
        self._looking = looking
        self._clock = clock
        self._public_url = public_url
        self._days_after = days_after

        def seconds() -> float:
            return clock.now().timestamp()

        self._pages = StartLimit(seconds, PAGES_A_MINUTE, _ALL_PAGES)
        self._misses = StartLimit(seconds, MISSES_A_MINUTE, _ALL_MISSES)

    async def open(self, request: Request) -> Opened:
        """The booking of the link; raises ``RefusedError``, the same for every link that opens nothing."""
        address = request.client.host if request.client else ""
        if self._misses.spent(address) or not self._pages.allows(address):
            raise RefusedError(TOO_MANY)
        token = str(request.path_params.get("token", ""))
        booking = await self._bookings.booking_of_link(token) if is_token(token) else None
        if booking is None:
            self._misses.allows(address)
            raise RefusedError(UNKNOWN_LINK)
        if expired(booking.day, self._clock.now().date(), self._days_after):
            raise RefusedError(EXPIRED_LINK)
        return Opened(Link(token), booking, self._looking.standing(booking))

    async def form(self, request: Request, opened: Opened) -> dict[str, str]:
        """The fields of one of our forms; raises ``RefusedError`` for any other."""
        self.check_origin(request)
        form = await read_form(request.headers, request.stream(), _MOST_FIELDS)
        self.check_token(form, opened)
        return form

    def check_origin(self, request: Request) -> None:
        """Raises ``RefusedError`` for a form that a page of another site sent."""
        if not from_own_page(request.headers, own_origin(self._public_url, str(request.base_url))):
            raise RefusedError(FROM_ELSEWHERE)

    def check_token(self, form: dict[str, str], opened: Opened) -> None:
        """Raises ``RefusedError`` for a form that no page of this link wrote."""
        if not same_token(form.get("jeton", ""), opened.link.form_token):
            raise RefusedError(FROM_ELSEWHERE)
