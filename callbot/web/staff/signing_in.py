"""The requests of signing in and out."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

import structlog
from fastapi import Request, Response

from callbot.access import Credentials, Opened, Refused, SignIn
from callbot.domain.clock import Clock
from callbot.web.forms import read_form
from callbot.web.problems import Problem, RefusedError
from callbot.web.protection import StartLimit, from_own_page, household
from callbot.web.rendering import go_to
from callbot.web.staff.guard import NOT_OURS, StaffGuard, Visit
from callbot.web.staff.paths import ACCOUNT, SIGN_IN, own_path
from callbot.web.staff.rendering import StaffPages, home_of

_ATTEMPTS_A_MINUTE, _ALL_ATTEMPTS = 60, 240
"""of one address and of all: more would keep both cores busy with hashes; the limits that matter are in ``access``"""
_FLOOD = Problem(
    HTTPStatus.TOO_MANY_REQUESTS, "Trop de demandes de connexion", "Attendez une minute, puis recommencez."
)
_WORDS = {
    Refused.WRONG: (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "L'identifiant, le mot de passe ou le code n'est pas le bon. Un code ne sert qu'une fois :"
        " attendez le suivant.",
    ),
    Refused.TOO_MANY: (
        HTTPStatus.TOO_MANY_REQUESTS,
        "Trop d'essais. Attendez quinze minutes, puis recommencez. Vous pouvez aussi demander un nouveau mot de passe"
        " à la personne qui administre les comptes.",
    ),
}
_SAID = {"au-revoir": "Vous êtes déconnecté.", "annuaire": ""}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SignInDeps:
    """What the requests need."""

    sign_in: SignIn
    guard: StaffGuard
    pages: StaffPages
    clock: Clock
    directory: str = ""
    """where the way in by the authority's own provider begins; empty: there is none"""


class SignInPage:
    """The handlers."""

    def __init__(self, deps: SignInDeps) -> None:
        self._deps = deps
        self._flood = StartLimit(lambda: deps.clock.now().timestamp(), _ATTEMPTS_A_MINUTE, _ALL_ATTEMPTS)

    async def form(self, request: Request) -> Response:
        """``GET /agents/connexion``; who is signed in goes on."""
        wanted = own_path(request.query_params.get("vers", ""))
        if (visit := await self._deps.guard.visit(request)) is not None:
            return go_to(self._first(visit, wanted))
        return self._form(wanted, said=_SAID.get(request.query_params.get("dit", ""), ""))

    async def enter(self, request: Request) -> Response:
        """``POST /agents/connexion``."""
        guard = self._deps.guard
        if not from_own_page(request.headers, guard.origin(request)):
            raise RefusedError(NOT_OURS)
        address = address_of(request)
        if not self._flood.allows(address):
            raise RefusedError(_FLOOD)
        form = await read_form(request.headers, request.stream())
        wanted = own_path(form.get("vers", ""))
        given = Credentials(form.get("identifiant", ""), form.get("mot_de_passe", ""), form.get("code", ""))
        cookies = guard.cookies(request)
        entered = await self._deps.sign_in.enter(given, address, cookies.read(request.cookies))
        if isinstance(entered, Refused):
            log.info("sign_in_refused", why=entered.name.lower())
            status, words = _WORDS[entered]
            return self._form(wanted, error=words, status=status)
        log.info("signed_in", account=entered.account.id, role=entered.account.role.value)
        return await self._entered(request, entered, wanted)

    async def leave(self, request: Request, visit: Visit) -> Response:
        """``POST /agents/deconnexion``."""
        form = await read_form(request.headers, request.stream())
        if not visit.form_ok(form, request):
            raise RefusedError(NOT_OURS)
        await self._deps.guard.sessions.leave(visit.present.token)
        response = go_to(f"{SIGN_IN}?dit=au-revoir")
        self._deps.guard.cookies(request).drop(response)
        return response

    def _form(self, wanted: str, said: str = "", error: str = "", status: int = HTTPStatus.OK) -> Response:
        title = "Erreur : connexion" if error else "Connexion"
        response = self._deps.pages.page(
            "staff_sign_in",
            title,
            None,
            status=status,
            wanted=wanted,
            said=said,
            error=error,
            directory=self._deps.directory,
        )
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            response.headers["Retry-After"] = "900"
        return response

    async def _entered(self, request: Request, entered: Opened, wanted: str) -> Response:
        present = await self._deps.guard.sessions.present(entered.token)
        if present is None:  # disabled in this very moment
            return go_to(SIGN_IN)
        response = go_to(self._after(Visit(present, self._deps.guard.origin(request)), entered, wanted))
        self._deps.guard.cookies(request).write(response, entered.token)
        return response

    def _first(self, visit: Visit, wanted: str) -> str:
        return ACCOUNT if self._deps.guard.unfinished(visit) else wanted or home_of(visit)

    def _after(self, visit: Visit, entered: Opened, wanted: str) -> str:
        """Who came in with a recovery code is told how many are left first."""
        return f"{ACCOUNT}?dit=secours" if entered.by_recovery_code else self._first(visit, wanted)


def address_of(request: Request) -> str:
    """Where a request comes from: an address, or the network of one subscriber."""
    return household(request.client.host if request.client else "")
