"""The requests of the page of a booking, from their checks to their answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

import structlog
from fastapi import APIRouter, Request, Response

from callbot.booking.completing import MOST_PHOTOS, Completed, Completing
from callbot.booking.looking import Looking
from callbot.domain.bookings import BookingStatus, NotChanged
from callbot.domain.clock import Clock
from callbot.domain.geography import Commune
from callbot.domain.items import Catalogue
from callbot.web.forms import small_number
from callbot.web.guarding import Handler, safely
from callbot.web.problems import UNKNOWN_PAGE, WRONG_METHOD, RefusedError
from callbot.web.protection import same_token
from callbot.web.rendering import go_to
from callbot.web.resident import words
from callbot.web.resident.address_errand import AnotherAddress
from callbot.web.resident.asked import Form, Wrong
from callbot.web.resident.door import Door
from callbot.web.resident.errands import AnotherDay, Ask, Cancelling, Errand, Opened, OtherItems, Proposal
from callbot.web.resident.links import PREFIX
from callbot.web.resident.opinion import Opinion, may_be_asked
from callbot.web.resident.own_words import Mail, Note, PhotoAway
from callbot.web.resident.pages import ResidentPages, calendar, image
from callbot.web.resident.pictures import NotAPictureError, clean_jpeg
from callbot.web.resident.ports import ChangesBookings, KeepsBookings, KeepsOpinions, SearchesAddresses, WritesCalendar
from callbot.web.resident.uploads import MOST_BYTES, TooLargeError, read_upload

_UNPACKED_AT_ONCE = 2
"""pictures: one may take 150 MB of memory while it is made smaller"""
_DONE_PHOTO = "photo"
_NO_FILE = "Choisissez d'abord une photo sur votre appareil."
_TOO_LARGE = (
    f"Ce fichier est trop lourd. Une photo fait {MOST_BYTES // 1024 // 1024} Mo au plus : prenez-en une plus petite."
)
_NO_PICTURE = "Ce fichier n'est pas une photo que nous pouvons lire. Envoyez une photo JPEG, PNG ou WebP."
_ENOUGH = f"Il y a déjà {MOST_PHOTOS} photos. Retirez-en une pour en mettre une autre."
_OVER = "Ce rendez-vous n'attend plus d'équipe : une photo ne serait vue par personne."
_FULL = "Il n'y a plus assez de place ce jour-là pour ce changement. Choisissez autre chose, ou appelez-nous."
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ResidentDeps:
    """What ``bootstrap`` hands over. ``days_after``: how long a link works after the pickup; ``public_url`` empty on
    loopback; ``people_phone`` as people write it."""

    bookings: KeepsBookings
    desk: ChangesBookings
    completing: Completing
    looking: Looking
    addresses: SearchesAddresses
    communes: Sequence[Commune]
    catalogue: Catalogue
    clock: Clock
    calendar: WritesCalendar | None = None
    """None: no calendar file is offered"""
    opinions: KeepsOpinions | None = None
    """None: nobody is asked how it was"""
    days_after: int = 30
    public_url: str = ""
    people_phone: str = "0800 94 94 08"


class ResidentPage:
    """The handlers. Every change is read back by one request and made by the next, which proves that it was."""

    def __init__(self, deps: ResidentDeps) -> None:
        self._deps = deps
        self._door = Door(deps.bookings, deps.looking, deps.clock, deps.public_url, deps.days_after)
        self._unpacking = asyncio.Semaphore(_UNPACKED_AT_ONCE)
        self.pages = ResidentPages(deps.people_phone, deps.catalogue, has_calendar=deps.calendar is not None)
        errands: tuple[Errand, ...] = (
            AnotherDay(deps.desk, deps.looking, deps.clock),
            OtherItems(deps.desk, deps.looking, deps.catalogue),
            AnotherAddress(deps.desk, deps.looking, deps.addresses, deps.communes, deps.clock),
            Note(deps.completing),
            Mail(deps.completing),
            PhotoAway(deps.completing, deps.bookings),
            Cancelling(deps.desk, deps.catalogue),
            *((Opinion(deps.opinions),) if deps.opinions else ()),
        )
        self.errands = {errand.manner.path: errand for errand in errands}
        self._done = {path.replace("/", "-"): errand.manner.done for path, errand in self.errands.items()}
        self._done[_DONE_PHOTO] = "La photo est ajoutée. L'équipe la verra."

    async def home(self, request: Request) -> Response:
        """``GET /r/{token}``."""
        opened = await self._door.open(request)
        photos = await self._deps.bookings.photos(opened.booking.reference)
        done = self._done.get(request.query_params.get("fait", ""), "")
        asks = self._deps.opinions is not None and may_be_asked(opened)
        return self.pages.home(opened, photos, self._deps.clock.now().date(), done, asks_opinion=asks)

    async def calendar(self, request: Request) -> Response:
        """``GET /r/{token}/rendez-vous.ics``."""
        opened = await self._door.open(request)
        if self._deps.calendar is None:
            raise RefusedError(UNKNOWN_PAGE)
        return calendar(self._deps.calendar(opened.booking))

    async def photos(self, request: Request) -> Response:
        """``GET /r/{token}/photos``."""
        return await self._photos(await self._door.open(request))

    async def photo(self, request: Request) -> Response:
        """``GET /r/{token}/photos/{number}``."""
        opened = await self._door.open(request)
        number = small_number(str(request.path_params["number"]))
        photos = await self._deps.bookings.photos(opened.booking.reference)
        if number is None or number not in photos:
            raise RefusedError(UNKNOWN_PAGE)
        return image(photos[number])

    async def add_photo(self, request: Request) -> Response:
        """``POST /r/{token}/photos``."""
        opened = await self._door.open(request)
        self._door.check_origin(request)
        try:
            upload = await read_upload(request.headers, request.stream())
        except TooLargeError:
            return await self._photos(opened, _TOO_LARGE, HTTPStatus(413))
        self._door.check_token(upload.fields, opened)
        if not upload.file:
            return await self._photos(opened, _NO_FILE)
        try:
            async with self._unpacking:
                jpeg = await asyncio.to_thread(clean_jpeg, upload.file)
        except NotAPictureError:
            return await self._photos(opened, _NO_PICTURE)
        added = await self._deps.completing.add_photo(opened.booking.reference, jpeg)
        if added is not Completed.DONE:
            return await self._photos(opened, _ENOUGH if added is Completed.TOO_MANY else _OVER)
        log.info("booking_page_changed", errand=_DONE_PHOTO)
        return go_to(f"{opened.link.path}?fait={_DONE_PHOTO}")

    async def ask(self, request: Request, errand: Errand) -> Response:
        """``GET /r/{token}/{errand}``: the form."""
        opened = await self._door.open(request)
        if (closed := self._closed(opened, errand)) is not None:
            return closed
        return self._shown(opened, errand, await errand.ask(opened, {}))

    async def answer(self, request: Request, errand: Errand) -> Response:
        """``POST /r/{token}/{errand}``: the form again, the change read back, or, confirmed, made."""
        opened = await self._door.open(request)
        form = await self._door.form(request, opened)
        twice = isinstance(errand, Cancelling) and opened.booking.status is BookingStatus.CANCELLED
        if not twice and (closed := self._closed(opened, errand)) is not None:
            return closed
        read = await errand.read(opened, form)
        if isinstance(read, Ask):
            return self._shown(opened, errand, read)
        confirmed = form.get("oui", "")
        if read.already:
            return await self._so_already(opened, errand, form, confirmed)
        if not same_token(confirmed, opened.version):
            return self.pages.check(opened, errand.manner, read, stale=bool(confirmed))
        return await self._make(opened, errand, read, form)

    async def anything_else(self, request: Request) -> Response:
        """Other paths below, other methods; what has no link learns nothing."""
        await self._door.open(request)
        raise RefusedError(UNKNOWN_PAGE if request.method in ("GET", "HEAD") else WRONG_METHOD)

    async def _make(self, opened: Opened, errand: Errand, proposal: Proposal, form: Form) -> Response:
        asked = {"errand": errand.manner.path, **proposal.fields}
        failed = await proposal.make(opened.link.request_id(opened.version, asked))
        if failed is None:
            log.info("booking_page_changed", errand=errand.manner.path)
            return self._made(opened, errand)
        log.info("booking_page_unchanged", errand=errand.manner.path, reason=failed.reason.value)
        if failed.reason is NotChanged.NO_ROOM:
            return self._shown(opened, errand, await errand.ask(opened, form, Wrong(errand.manner.field, _FULL)))
        return self.pages.closed(opened, words.not_made(failed, opened.standing, opened.booking))

    async def _so_already(self, opened: Opened, errand: Errand, form: Form, confirmed: str) -> Response:
        """A confirmation sent twice has done what it wanted; a form that changes nothing is told so."""
        if confirmed:
            return self._made(opened, errand)
        wrong = Wrong(errand.manner.field, errand.manner.already)
        return self._shown(opened, errand, await errand.ask(opened, form, wrong))

    def _made(self, opened: Opened, errand: Errand) -> Response:
        return go_to(f"{opened.link.path}?fait={errand.manner.path.replace('/', '-')}")

    def _shown(self, opened: Opened, errand: Errand, asked: Ask | Proposal) -> Response:
        if isinstance(asked, Proposal):
            return self.pages.check(opened, errand.manner, asked, stale=False)
        return self.pages.ask(opened, errand.manner, asked)

    def _closed(self, opened: Opened, errand: Errand) -> Response | None:
        if not errand.manner.amends or opened.standing.closed is None:
            return None
        return self.pages.closed(opened, words.closed(opened.standing, opened.booking))

    async def _photos(
        self, opened: Opened, wrong: str = "", status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY
    ) -> Response:
        photos = await self._deps.bookings.photos(opened.booking.reference)
        return self.pages.photos(opened, photos, wrong, status if wrong else HTTPStatus.OK)


def resident_router(deps: ResidentDeps) -> APIRouter:
    """Every route of the page."""
    page = ResidentPage(deps)
    router = APIRouter(include_in_schema=False)
    one = PREFIX + "/{token}"

    def guarded(handler: Handler) -> Handler:
        return safely(handler, page.pages.problem)

    router.get(one)(guarded(page.home))
    router.get(one + "/rendez-vous.ics")(guarded(page.calendar))
    router.get(one + "/photos")(guarded(page.photos))
    router.post(one + "/photos")(guarded(page.add_photo))
    router.get(one + "/photos/{number:int}")(guarded(page.photo))
    for path, errand in page.errands.items():
        if not isinstance(errand, PhotoAway):
            router.get(f"{one}/{path}")(guarded(_with(page.ask, errand)))
        router.post(f"{one}/{path}")(guarded(_with(page.answer, errand)))
    for path in (PREFIX, PREFIX + "/{token}", PREFIX + "/{token}/{rest:path}"):
        router.api_route(path, methods=_METHODS)(guarded(page.anything_else))
    return router


def _with(handler: Callable[[Request, Errand], Awaitable[Response]], errand: Errand) -> Handler:
    async def handled(request: Request) -> Response:
        return await handler(request, errand)

    return handled
