"""The requests of a crew's page, from their checks to their answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

import structlog
from fastapi import APIRouter, Request, Response

from callbot.booking.crew import CrewDesk
from callbot.documents import sheet_csv, sheet_geojson, sheet_ics, sheet_pdf
from callbot.domain.booking_life import OUTCOMES
from callbot.domain.bookings import BookingStatus, NotChanged, NotConform
from callbot.domain.clock import Clock
from callbot.domain.crew import NOT_CONFORM_WORDS, STATUS_WORDS, CrewSheet, written_day
from callbot.domain.events import ChangeFailed
from callbot.web.crew.links import PREFIX, CrewLink, CrewLinks
from callbot.web.forms import read_form, small_number
from callbot.web.guarding import Handler, safely
from callbot.web.problems import TOO_MANY, UNKNOWN_PAGE, WRONG_METHOD, Problem, RefusedError
from callbot.web.protection import StartLimit, from_own_page, own_origin, same_token
from callbot.web.rendering import HEADERS, NO_STORE, Templates, go_to

_POLICY = HEADERS["Content-Security-Policy"]
_HEADERS = {"X-Robots-Tag": "noindex, nofollow", "Content-Security-Policy": _POLICY}
_TEMPLATES = Templates(
    ("crew_list", "crew_problem"),
    {"OUTCOMES": {one: STATUS_WORDS[one] for one in OUTCOMES}, "REASONS": NOT_CONFORM_WORDS},
    _HEADERS,
)
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
_PAGES_A_MINUTE, _ALL_PAGES = 300, 6_000
"""of one address, a page with its photos is many; of all"""
_UNKNOWN_LINK = Problem(
    HTTPStatus.NOT_FOUND, "Page introuvable", "Ce lien n'ouvre aucune tournée. Recopiez-le en entier."
)
_EXPIRED_LINK = Problem(
    HTTPStatus.GONE,
    "Ce lien ne fonctionne pas aujourd'hui",
    "Le lien d'une tournée fonctionne de la veille au lendemain.",
)
_FROM_ELSEWHERE = Problem(
    HTTPStatus.FORBIDDEN,
    "Demande refusée",
    "Elle ne venait pas de la page de cette tournée. Rien n'a changé. Rouvrez le lien de la tournée et recommencez.",
)
_NO_SUCH_STOP = Problem(
    HTTPStatus.NOT_FOUND, "Arrêt introuvable", "Cette référence n'est pas dans cette tournée. Rien n'a changé."
)
_NOT_AN_OUTCOME = Problem(
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "Résultat incomplet",
    "Choisissez un résultat. Pour « non conforme », choisissez aussi pourquoi. Rien n'a changé.",
)
_NOT_POSSIBLE = Problem(
    HTTPStatus.CONFLICT,
    "Résultat non noté",
    "Un résultat se note à partir du jour de la collecte, tant que le rendez-vous est dans la tournée.",
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _File:
    write: Callable[[CrewSheet], bytes]
    media_type: str


_FILES = {
    "pdf": _File(sheet_pdf, "application/pdf"),
    "csv": _File(sheet_csv, "text/csv; charset=utf-8"),
    "geojson": _File(sheet_geojson, "application/geo+json"),
    "ics": _File(sheet_ics, "text/calendar; charset=utf-8"),
}


@dataclass(frozen=True, slots=True)
class CrewDeps:
    """What ``bootstrap`` hands over. ``public_url`` empty on loopback; ``people_phone`` as people write it."""

    desk: CrewDesk
    links: CrewLinks
    clock: Clock
    public_url: str = ""
    people_phone: str = "0800 94 94 08"


class CrewPage:
    """The handlers."""

    def __init__(self, deps: CrewDeps) -> None:
        self._deps = deps
        self._pages = StartLimit(lambda: deps.clock.now().timestamp(), _PAGES_A_MINUTE, _ALL_PAGES)

    def problem(self, problem: Problem) -> Response:
        """What went wrong and what to do."""
        return _TEMPLATES.problem("crew_problem", problem, self._deps.people_phone)

    async def home(self, request: Request) -> Response:
        """``GET /equipe/{token}``: the day's list; nothing changes."""
        link = self._open(request)
        sheet = await self._deps.desk.sheet(link.sector, link.day)
        done = request.query_params.get("fait", "")
        return _TEMPLATES.page(
            "crew_list",
            f"Tournée {sheet.sector_name}",
            HTTPStatus.OK,
            self._deps.people_phone,
            sheet=sheet,
            link=link,
            day=written_day(sheet.day),
            can_enter=self._today() >= link.day,
            left=sum(stop.status.to_come for stop in sheet.stops),
            done=next((stop for stop in sheet.stops if stop.reference == done and not stop.status.to_come), None),
        )

    async def file(self, request: Request) -> Response:
        """``GET /equipe/{token}/liste.{kind}``."""
        link = self._open(request)
        kind = str(request.path_params["kind"])
        if (file := _FILES.get(kind)) is None:
            raise RefusedError(UNKNOWN_PAGE)
        sheet = await self._deps.desk.sheet(link.sector, link.day)
        content = await asyncio.to_thread(file.write, sheet)
        name = f"tournee-{link.day.isoformat()}.{kind}"
        return _kept_by_nobody(content, file.media_type, {"Content-Disposition": f'attachment; filename="{name}"'})

    async def photo(self, request: Request) -> Response:
        """``GET /equipe/{token}/photo/{reference}/{number}``."""
        link = self._open(request)
        number = small_number(str(request.path_params["number"]))
        reference = str(request.path_params["reference"])
        jpeg = await self._deps.desk.photo(link.sector, link.day, reference, number) if number else None
        if jpeg is None:
            raise RefusedError(UNKNOWN_PAGE)
        return _kept_by_nobody(jpeg, "image/jpeg")

    async def enter(self, request: Request) -> Response:
        """``POST /equipe/{token}``: the outcome of one stop."""
        link = self._open(request)
        if not from_own_page(request.headers, own_origin(self._deps.public_url, str(request.base_url))):
            raise RefusedError(_FROM_ELSEWHERE)
        form = await read_form(request.headers, request.stream())
        if not same_token(form.get("jeton", ""), link.form_token):
            raise RefusedError(_FROM_ELSEWHERE)
        outcome, reason = _entered(form)
        reference = form.get("reference", "")
        entered = await self._deps.desk.enter(link.sector, link.day, reference, outcome, reason)
        if isinstance(entered, ChangeFailed):
            log.info("crew_outcome_refused", reason=entered.reason.value)
            raise RefusedError(_NO_SUCH_STOP if entered.reason is NotChanged.UNKNOWN else _NOT_POSSIBLE)
        log.info("crew_outcome", outcome=outcome.value)
        return go_to(f"{link.path}?fait={entered.reference}#a-{entered.reference}")

    async def anything_else(self, request: Request) -> Response:
        """Other paths below, other methods; what has no link learns nothing."""
        self._open(request)
        raise RefusedError(UNKNOWN_PAGE if request.method in ("GET", "HEAD") else WRONG_METHOD)

    def _open(self, request: Request) -> CrewLink:
        if not self._pages.allows(request.client.host if request.client else ""):
            raise RefusedError(TOO_MANY)
        link = self._deps.links.read(str(request.path_params.get("token", "")))
        if link is None:
            raise RefusedError(_UNKNOWN_LINK)
        if not link.works_on(self._today()):
            raise RefusedError(_EXPIRED_LINK)
        return link

    def _today(self) -> date:
        return self._deps.clock.now().date()


def crew_router(deps: CrewDeps) -> APIRouter:
    """Every route of the page."""
    page = CrewPage(deps)
    router = APIRouter(include_in_schema=False)
    one = PREFIX + "/{token}"

    def guarded(handler: Handler) -> Handler:
        return safely(handler, page.problem)

    router.get(one)(guarded(page.home))
    router.post(one)(guarded(page.enter))
    router.get(one + "/liste.{kind}")(guarded(page.file))
    router.get(one + "/photo/{reference}/{number:int}")(guarded(page.photo))
    for path in (PREFIX, one, one + "/{rest:path}"):
        router.api_route(path, methods=_METHODS)(guarded(page.anything_else))
    return router


def _entered(form: dict[str, str]) -> tuple[BookingStatus, NotConform | None]:
    """The outcome of a form, and the reason where it needs one; raises ``RefusedError``."""
    try:
        outcome = BookingStatus(form.get("resultat", ""))
        reason = NotConform(form.get("raison", "")) if outcome is BookingStatus.NOT_CONFORM else None
    except ValueError:
        raise RefusedError(_NOT_AN_OUTCOME) from None
    if outcome not in OUTCOMES:
        raise RefusedError(_NOT_AN_OUTCOME)
    return outcome, reason


def _kept_by_nobody(content: bytes, media_type: str, more: dict[str, str] | None = None) -> Response:
    headers = {**HEADERS, **_HEADERS, "Cache-Control": NO_STORE, **(more or {})}
    return Response(content, headers=headers, media_type=media_type)
