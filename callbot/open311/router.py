"""The paths of GeoReport v2, from their checks to their answers."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta

import structlog
from fastapi import APIRouter, Request, Response
from starlette.convertors import Convertor, register_url_convertor

from callbot.domain.bookings import BookingStatus
from callbot.domain.clock import Clock
from callbot.domain.references import parse_reference
from callbot.open311.answers import (
    OPEN,
    ServiceRequest,
    definition_node,
    of_booking,
    of_report,
    second_of,
    service_node,
)
from callbot.open311.making import Making
from callbot.open311.parsing import Fields, Wanted, new_booking, new_report, read_body, read_fields, text, wanted
from callbot.open311.ports import Books, Places, ReadsRequests, Rules, TakesReports
from callbot.open311.problems import AWAY, NO_KEY, ProblemError, bad, unknown
from callbot.open311.rendering import Answer, Format, Node, refused, rendered
from callbot.open311.services import ServiceCode

ROOT = "/open311/v2"
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Open311Deps:
    """What ``bootstrap`` hands over. ``api_keys``: by the name of the partner; none: nobody reads or makes requests."""

    desk: Books
    people: TakesReports
    stored: ReadsRequests
    places: Places
    rules: Rules
    clock: Clock
    jurisdiction: str
    api_keys: Mapping[str, str] = field(repr=False)
    public_url: str = ""


class Open311:
    """The handlers; each takes the fields of the request and gives an answer or raises ``ProblemError``."""

    def __init__(self, deps: Open311Deps) -> None:
        self._deps = deps
        self._making = Making(deps.desk, deps.people, deps.stored, deps.places, deps.rules)

    async def discovery(self, request: Request, _fields: Fields) -> Answer:
        """``GET /discovery``; without a public address of its own the service is where it was asked."""
        endpoint: Node = {
            "specification": "http://wiki.open311.org/GeoReport_v2",
            "url": (self._deps.public_url or str(request.base_url)).rstrip("/") + ROOT,
            "changeset": _CHANGESET,
            "type": "production",
            "formats": ("text/xml", "application/json"),
        }
        node: Node = {
            "changeset": _CHANGESET,
            "contact": "0 800 94 94 08",
            "key_service": "Demandez une clé à la métropole.",
            "endpoints": (endpoint,),
        }
        return Answer("discovery", "", (node,))

    async def services(self, _request: Request, _fields: Fields) -> Answer:
        """``GET /services``."""
        return Answer("services", "service", tuple(service_node(code) for code in ServiceCode))

    async def definition(self, request: Request, _fields: Fields) -> Answer:
        """``GET /services/{code}``."""
        code = _service(request.path_params["code"])
        return Answer("service_definition", "", (definition_node(code, self._deps.rules.catalogue),))

    async def make(self, _request: Request, fields: Fields) -> Answer:
        """``POST /requests``; the same form of the same partner makes one booking, or one report a day."""
        key = self._key(fields)
        code = _service(text(fields, "service_code"))
        if code is ServiceCode.BULKY:
            made, notice = await self._making.booking(new_booking(fields), _errand(key, fields, ""))
        else:
            today = self._deps.clock.now().date().isoformat()
            made, notice = await self._making.report(new_report(code, fields), _errand(key, fields, today)), ""
        # Both "may not be returned"; the published schema of this answer knows no null. No account is ever made.
        told: Node = {"service_notice": notice} if notice else {}
        return Answer("service_requests", "request", ({"service_request_id": made, **told},))

    async def requests(self, _request: Request, fields: Fields) -> Answer:
        """``GET /requests``, latest first."""
        self._key(fields)
        asked = wanted(fields, self._deps.clock.now().astimezone(UTC))
        if asked.ids:
            found = [one for one in [await self._found(name) for name in asked.ids] if one is not None]
        else:
            found = await self._made(asked)
        found.sort(key=lambda one: (one.made_at, one.id), reverse=True)
        page = found if asked.ids else found[asked.first : asked.first + asked.size]
        return Answer("service_requests", "request", tuple(one.node() for one in page))

    async def request(self, request: Request, fields: Fields) -> Answer:
        """``GET /requests/{id}``."""
        self._key(fields)
        found = await self._found(request.path_params["id"])
        if found is None:
            raise unknown("Aucune demande n'a ce numéro.")
        return Answer("service_requests", "request", (found.node(),))

    async def token(self, request: Request, fields: Fields) -> Answer:
        """``GET /tokens/{id}``: every request has its id at once, which is its token too."""
        self._key(fields)
        found = await self._found(request.path_params["id"])
        if found is None:
            raise unknown("Aucune demande n'a ce jeton.")
        return Answer("service_requests", "request", ({"token": found.id, "service_request_id": found.id},))

    def answering(self, handle: Callable[[Request, Fields], Awaitable[Answer]], how: Format) -> Handler:
        """``handle``, whose every failure is an error of Open311."""

        async def answered(request: Request) -> Response:
            try:
                posted = request.method == "POST"
                fields = read_fields(request.scope["query_string"])
                if posted:
                    fields = {**fields, **await read_body(request.headers, request.stream())}
                self._check_jurisdiction(fields)
                return rendered(await handle(request, fields), how)
            except ProblemError as problem:
                return refused(problem, how)
            except Exception as failure:  # noqa: BLE001 - the edge: whatever it is, the partner gets an Open311 error
                log.error("open311_failed", kind=type(failure).__name__)
                return refused(AWAY, how)

        return answered

    def _check_jurisdiction(self, fields: Fields) -> None:
        if text(fields, "jurisdiction_id") not in ("", self._deps.jurisdiction):
            raise unknown("Ce jurisdiction_id n'est pas servi ici.")

    def _key(self, fields: Fields) -> str:
        """The key that was given, when it is one; every key is compared, so that time tells nothing."""
        given = text(fields, "api_key").encode()
        known = [key for key in self._deps.api_keys.values() if key]
        matching = [key for key in known if hmac.compare_digest(key.encode(), given)]
        if not matching:
            raise NO_KEY
        return matching[0]

    async def _found(self, name: str) -> ServiceRequest | None:
        reference = parse_reference(name) if len(name) <= _LONGEST_ID else None
        if reference is not None:
            booking = await self._deps.stored.booking(reference)
            return of_booking(booking) if booking else None
        second = second_of(name)
        if second is None:
            return None
        made = await self._deps.stored.reports(second, second + timedelta(seconds=1))
        return next((one for one in map(of_report, made) if one is not None and one.id == name), None)

    async def _made(self, asked: Wanted) -> list[ServiceRequest]:
        """Requests of the time asked for, with the status and the services asked for: as many as the page needs."""
        async with self._deps.stored.each_report(asked.start, asked.end) as reports:
            made = [one async for each in reports if (one := of_report(each)) is not None and _is_wanted(one, asked)]
        if not asked.codes or ServiceCode.BULKY in asked.codes:
            statuses = [status for status in BookingStatus if asked.open is None or (status in OPEN) is asked.open]
            most = asked.first + asked.size
            latest = await self._deps.stored.latest_bookings(asked.start, asked.end, statuses, most)
            made += [of_booking(booking) for booking in latest]
        return made


class _Anything(Convertor[str]):
    """The rest of a path, line breaks included: Starlette's ``path`` stops at one."""

    regex = r"[\s\S]*"

    def convert(self, value: str) -> str:
        """As it is."""
        return value

    def to_string(self, value: str) -> str:
        """As it is."""
        return value


Handler = Callable[[Request], Awaitable[Response]]
_LONGEST_ID = 40
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_CHANGESET = "2026-11-30T00:00:00Z"
"""when services or their attributes last changed: partners fetch them anew"""


def open311_router(deps: Open311Deps) -> APIRouter:
    """All paths, each ending in .json or .xml."""
    router, door = APIRouter(prefix=ROOT), Open311(deps)
    routes = (
        ("GET", "/discovery", door.discovery),
        ("GET", "/services", door.services),
        ("GET", "/services/{code}", door.definition),
        ("POST", "/requests", door.make),
        ("GET", "/requests", door.requests),
        ("GET", "/requests/{id}", door.request),
        ("GET", "/tokens/{id}", door.token),
    )
    for how in Format:
        for method, path, handle in routes:
            router.add_api_route(f"{path}.{how}", door.answering(handle, how), methods=[method])
    register_url_convertor("anything", _Anything())
    router.add_api_route("/{path:anything}", _nothing_there, methods=list(_METHODS))
    return router


async def _nothing_there(request: Request) -> Response:
    """Any other path or method: an error of Open311 too, in XML (the required format) unless JSON is asked for."""
    how = Format.JSON if request.url.path.endswith(f".{Format.JSON}") else Format.XML
    return refused(unknown("Il n'y a rien à cette adresse, ou pas de cette manière."), how)


def _is_wanted(one: ServiceRequest, asked: Wanted) -> bool:
    return (not asked.codes or one.code in asked.codes) and (asked.open is None or one.open is asked.open)


def _service(code: str) -> ServiceCode:
    if not code:
        raise bad("Indiquez le service dans service_code.")
    try:
        return ServiceCode(code)
    except ValueError:
        raise unknown("Ce service_code n'existe pas.") from None


def _errand(key: str, fields: Fields, day: str) -> str:
    """The same for the same form of the same partner; keyed, so that nobody finds an address by trying them."""
    said = json.dumps([day, sorted((name, values) for name, values in fields.items() if name != "api_key")])
    return f"open311:{hmac.digest(key.encode(), said.encode(), hashlib.sha256).hex()[:40]}"
