"""Before every page that is not for everybody: who asks, and may they?

``router.add_route("/desk", guard.guarded(home, Right.DESK))``, where ``async def home(request, visit) -> Response``.
Forms: ``add_route(path, guard.guarded(save, Right.DESK), methods=["POST"])``; ``save`` reads its form with
``web.forms.read_form`` and goes on only where ``visit.form_ok(form, request)``, else ``raise RefusedError(NOT_OURS)``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote, urlsplit

import structlog
from fastapi import Request, Response

from callbot.access import Right, Sessions
from callbot.web.guarding import Handler, safely
from callbot.web.problems import Problem, RefusedError
from callbot.web.protection import own_origin
from callbot.web.rendering import HEADERS, NO_STORE, go_to
from callbot.web.staff.cookies import StaffCookies
from callbot.web.staff.paths import ACCOUNT, SIGN_IN, own_path
from callbot.web.staff.rendering import StaffPages
from callbot.web.staff.visit import Visit

__all__ = ["NOT_OURS", "StaffGuard", "StaffHandler", "Visit"]

StaffHandler = Callable[[Request, Visit], Awaitable[Response]]

NOT_OURS = Problem(
    HTTPStatus.FORBIDDEN,
    "Demande refusée",
    "Elle ne venait pas d'une page de votre session. Rien n'a changé. Revenez à la page et recommencez.",
)
_NO_RIGHT = Problem(
    HTTPStatus.FORBIDDEN,
    "Cette page n'est pas ouverte à votre compte",
    "Votre rôle ne la comprend pas. Si vous en avez besoin, demandez à la personne qui administre les comptes.",
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class StaffGuard:
    """``public_url`` empty on loopback. ``second_factor_required``: roles with power get nowhere without one."""

    sessions: Sessions
    pages: StaffPages
    public_url: str = ""
    second_factor_required: bool = False

    def guarded(self, handler: StaffHandler, right: Right, *, counts: bool = True) -> Handler:
        """``handler`` for those who may; the others are sent to sign in, or told that the page is not for them.

        ``counts``: False for what a page asks by itself (live parts): it keeps no session alive that nobody looks at.
        """

        async def checked(request: Request, visit: Visit) -> Response:
            if self.unfinished(visit):
                return self._elsewhere(request, ACCOUNT)
            if not visit.may(right):
                log.info("staff_page_refused", right=right.value, role=visit.account.role.value)
                return self.pages.problem(_NO_RIGHT, visit)
            return await handler(request, visit)

        return self.signed_in(checked, counts=counts)

    def signed_in(self, handler: StaffHandler, *, counts: bool = True) -> Handler:
        """``handler`` for whoever is signed in; the others are sent to sign in."""

        async def checked(request: Request) -> Response:
            visit = await self.visit(request, counts=counts)
            if visit is None:
                return self._to_sign_in(request)
            try:
                return await handler(request, visit)
            except RefusedError as refused:
                log.info("staff_page_refused", status=refused.problem.status.value)
                return self.pages.problem(refused.problem, visit)

        return safely(checked, self.pages.problem)

    async def visit(self, request: Request, *, counts: bool = True) -> Visit | None:
        """Who asks, None for nobody we know."""
        token = self.cookies(request).read(request.cookies)
        present = await self.sessions.present(token, counts=counts) if token else None
        return Visit(present, self.origin(request)) if present else None

    def unfinished(self, visit: Visit) -> bool:
        """True while something has to be set up before any page opens."""
        account = visit.account
        without = account.login is not None and not account.has_second_factor
        return account.must_change_password or (self.second_factor_required and account.role.powerful and without)

    def origin(self, request: Request) -> str:
        """Our own, as browsers write it."""
        return own_origin(self.public_url, str(request.base_url))

    def cookies(self, request: Request) -> StaffCookies:
        """The cookie as this way of reaching us has it."""
        return StaffCookies(secure=self.origin(request).startswith("https:"))

    def _to_sign_in(self, request: Request) -> Response:
        """Keeps where one wanted to go; a form that was sent is lost, and its page is gone back to by hand."""
        wanted = _wanted(request)
        if request.method in ("GET", "HEAD") and request.headers.get("sec-fetch-site") == "cross-site" and wanted:
            # A link from elsewhere comes without the strict cookie; a step from our own page brings it along.
            return self.pages.page("staff_continue", "Ouverture de la page", None, to=wanted)
        return self._elsewhere(request, f"{SIGN_IN}?vers={quote(wanted, safe='')}" if wanted else SIGN_IN)

    def _elsewhere(self, request: Request, path: str) -> Response:
        if "hx-request" not in request.headers:
            return go_to(path)
        # A part of a page that was asked for by script: the whole page goes elsewhere, not this part of it.
        headers = {**HEADERS, "Cache-Control": NO_STORE, "HX-Redirect": path}
        return Response(status_code=HTTPStatus.UNAUTHORIZED, headers=headers)


def _wanted(request: Request) -> str:
    """The page somebody wanted to see."""
    if (shown := request.headers.get("hx-current-url")) is not None:
        parts = urlsplit(shown)
        return own_path(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    if request.method not in ("GET", "HEAD"):
        return ""
    query = request.scope.get("query_string", b"").decode("ascii", "replace")
    return own_path(f"{request.scope['path']}?{query}" if query else request.scope["path"])
