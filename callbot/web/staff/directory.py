"""The requests of the way in by the authority's own provider."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

import structlog
from fastapi import Request, Response
from starlette.responses import RedirectResponse

from callbot.access import ExternalEntry
from callbot.domain.clock import Clock
from callbot.privacy import KeyRing
from callbot.web.problems import Problem, RefusedError
from callbot.web.protection import StartLimit
from callbot.web.rendering import HEADERS, NO_STORE
from callbot.web.staff.guard import StaffGuard, Visit
from callbot.web.staff.oidc import Directory, DirectoryAwayError, EntryRefusedError, sealed, unsealed
from callbot.web.staff.paths import own_path
from callbot.web.staff.rendering import StaffPages, home_of
from callbot.web.staff.signing_in import address_of

_A_MINUTE, _ALL_A_MINUTE = 60, 600
_FLOOD = Problem(
    HTTPStatus.TOO_MANY_REQUESTS, "Trop de demandes de connexion", "Attendez une minute, puis recommencez."
)
_AWAY = Problem(
    HTTPStatus.SERVICE_UNAVAILABLE, "L'annuaire ne répond pas", "Attendez une minute, puis recommencez la connexion."
)
_NOT_PROVED = Problem(
    HTTPStatus.FORBIDDEN,
    "La connexion n'a pas abouti",
    "L'annuaire a refusé, ou la page a attendu trop longtemps. Recommencez la connexion depuis son début.",
)
_NO_ROLE = Problem(
    HTTPStatus.FORBIDDEN,
    "Votre compte n'ouvre pas ce service",
    "L'annuaire vous connaît, mais ne vous donne aucun rôle ici. Demandez à la personne qui administre les comptes.",
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DirectoryDeps:
    """What the requests need; ``keys`` seal the cookie of the journey."""

    directory: Directory
    entry: ExternalEntry
    keys: KeyRing
    clock: Clock


class DirectoryPage:
    """The handlers."""

    def __init__(self, deps: DirectoryDeps, guard: StaffGuard, pages: StaffPages) -> None:
        self._deps = deps
        self._guard = guard
        self._pages = pages
        self._flood = StartLimit(lambda: deps.clock.now().timestamp(), _A_MINUTE, _ALL_A_MINUTE)

    async def start(self, request: Request) -> Response:
        """``GET /agents/annuaire``: off to the provider."""
        self._count(request)
        try:
            address, journey = await self._deps.directory.start(own_path(request.query_params.get("vers", "")))
        except DirectoryAwayError as away:
            log.warning("directory_away", why=str(away))
            raise RefusedError(_AWAY) from None
        response = RedirectResponse(address, HTTPStatus.SEE_OTHER, {**HEADERS, "Cache-Control": NO_STORE})
        response.set_cookie(
            self._cookie(request), sealed(journey, self._deps.keys), max_age=600, path="/",
            secure=self._secure(request), httponly=True, samesite="lax",
        )  # fmt: skip
        return response

    async def back(self, request: Request) -> Response:
        """``GET /agents/annuaire/retour``: with the provider's answer, once."""
        self._count(request)
        cookie, now = request.cookies.get(self._cookie(request), ""), self._deps.clock.now().timestamp()
        journey = unsealed(cookie, self._deps.keys, now)
        if journey is None:
            raise RefusedError(_NOT_PROVED)
        try:
            claimed = await self._deps.directory.finish(journey, dict(request.query_params))
        except EntryRefusedError as refused:
            log.info("directory_refused", why=str(refused))
            return self._dropping(request, self._pages.problem(_NOT_PROVED))
        except DirectoryAwayError as away:
            log.warning("directory_away", why=str(away))
            return self._dropping(request, self._pages.problem(_AWAY))
        cookies = self._guard.cookies(request)
        opened = await self._deps.entry.enter(claimed, cookies.read(request.cookies))
        present = await self._guard.sessions.present(opened.token) if opened else None
        if opened is None or present is None:
            log.info("directory_without_role")
            return self._dropping(request, self._pages.problem(_NO_ROLE))
        log.info("signed_in", account=opened.account.id, role=opened.account.role.value)
        to = own_path(journey.wanted) or home_of(Visit(present, self._guard.origin(request)))
        # A page and not a redirection: a chain that another site began would leave the strict cookie behind.
        response = self._dropping(request, self._pages.page("staff_continue", "Ouverture de la page", None, to=to))
        cookies.write(response, opened.token)
        return response

    def _count(self, request: Request) -> None:
        if not self._flood.allows(address_of(request)):
            raise RefusedError(_FLOOD)

    def _dropping(self, request: Request, response: Response) -> Response:
        response.delete_cookie(
            self._cookie(request), path="/", secure=self._secure(request), httponly=True, samesite="lax"
        )
        return response

    def _cookie(self, request: Request) -> str:
        return "__Host-annuaire" if self._secure(request) else "annuaire"

    def _secure(self, request: Request) -> bool:
        return self._guard.origin(request).startswith("https:")
