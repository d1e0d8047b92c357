"""The requests of the text page, from their checks to their answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from callbot.domain.clock import Clock
from callbot.web.forms import plain_text, read_form, small_number
from callbot.web.guarding import Handler, safely
from callbot.web.instead import NO_NUMBER, NOT_KEPT, Instead, asking, new_asking
from callbot.web.pages import (
    ACCESSIBILITY,
    CALL_BACK,
    HELP,
    HOME,
    MESSAGE,
    QUIT,
    RESTART,
    STYLE,
    TALK,
    Diverted,
    Draft,
    Pages,
    go_to,
    style_sheet,
)
from callbot.web.ports import OpensConversations, ReadsConversations
from callbot.web.problems import (
    FROM_ELSEWHERE,
    NO_CONVERSATION,
    NOT_A_FORM,
    TOO_MANY,
    UNKNOWN_PAGE,
    WRONG_METHOD,
    RefusedError,
)
from callbot.web.protection import StartLimit, from_own_page, own_origin, same_token
from callbot.web.sessions import Cookies, Session, new_session
from callbot.web.talk import LONGEST, Phase, Taken, TextTalk

_LATEST = f"{TALK}#derniere"
_EMPTY = "Écrivez votre message avant de l'envoyer."
_STALE = "La question a changé entre-temps. Lisez la dernière question, puis répondez."
_KEYS = frozenset("0123456789*#")
_PATHS = frozenset({HOME, TALK, MESSAGE, CALL_BACK, RESTART, QUIT, HELP, STYLE})
_LONGEST_NUMBER = 30
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]


@dataclass(frozen=True, slots=True)
class WebDeps:
    """What ``bootstrap`` hands over. ``public_url`` empty on loopback; ``people_phone`` as people write it."""

    conversations: OpensConversations
    log: ReadsConversations
    clock: Clock
    public_url: str = ""
    people_phone: str = "0800 94 94 08"
    instead: Instead = field(default_factory=Instead)
    """who answers while the bot does not"""


class TextPage:
    """The handlers; each request with a body proves that it comes from a page of ours."""

    def __init__(self, deps: WebDeps) -> None:
        self._deps = deps
        self._talk = TextTalk(deps.conversations, deps.log, deps.clock)
        self._pages = Pages(deps.people_phone)
        self._starts = StartLimit(lambda: deps.clock.now().timestamp())

    async def welcome(self, request: Request) -> Response:
        """``GET /texte``."""
        session = self._cookies(request).read(request.cookies)
        view = await self._talk.view(session.call_id) if session else None
        going_on = view is not None and view.phase is Phase.OPEN
        if await self._deps.instead.to_people():
            return self._pages.diverted(self._diverted(going_on=going_on))
        return self._pages.welcome(going_on=going_on)

    async def begin(self, request: Request) -> Response:
        """``POST /texte``: a new conversation; the one this browser had before is left."""
        self._from_here(request)
        await read_form(request.headers, request.stream())
        return await self._begin(request, self._cookies(request).read(request.cookies))

    async def restart(self, request: Request) -> Response:
        """``POST /texte/recommencer``."""
        session, _ = await self._own_form(request)
        return await self._begin(request, session)

    async def leave(self, request: Request) -> Response:
        """``POST /texte/quitter``: closed, and this browser cannot show it any more."""
        session, _ = await self._own_form(request)
        await self._talk.leave(session.call_id)
        response = go_to(HOME)
        self._cookies(request).drop(response)
        return response

    async def talk(self, request: Request) -> Response:
        """``GET /texte/conversation``."""
        return await self._shown(self._session(request))

    async def message(self, request: Request) -> Response:
        """``POST /texte/message``: a button (``touche``) or words (``message``), in answer to question ``tour``."""
        session, form = await self._own_form(request)
        turn, keys = small_number(form.get("tour", "")), form.get("touche", "")
        if turn is None or len(keys) > 1 or not _KEYS.issuperset(keys):
            raise RefusedError(NOT_A_FORM)
        text = plain_text(form.get("message", ""))
        if not keys and (error := _what_is_wrong(text)):
            return await self._shown(session, Draft(text, error), HTTPStatus.UNPROCESSABLE_ENTITY)
        choose, write = self._talk.choose, self._talk.write
        taken = await (choose(session.call_id, turn, keys) if keys else write(session.call_id, turn, text))
        if taken is Taken.STALE:
            return await self._shown(session, Draft(text, _STALE), HTTPStatus.CONFLICT)
        return go_to(_LATEST)

    async def call_back(self, request: Request) -> Response:
        """``POST /texte/rappel``: who comes while the bot does not answer is called back at the number they write."""
        self._from_here(request)
        form = await read_form(request.headers, request.stream())
        if not await self._deps.instead.to_people():
            return go_to(HOME)
        if not self._starts.allows(request.client.host if request.client else ""):
            raise RefusedError(TOO_MANY)
        given, asked = plain_text(form.get("telephone", ""))[:_LONGEST_NUMBER], asking(form.get("demande", ""))
        phone = self._deps.instead.phones(given)
        if phone is None:
            shown = self._diverted(asked=asked, error=NO_NUMBER, given=given)
            return self._pages.diverted(shown, HTTPStatus.UNPROCESSABLE_ENTITY)
        window = await self._deps.instead.call_back(asked, phone, self._deps.clock.now().date())
        if not window:
            return self._pages.diverted(self._diverted(asked=asked, error=NOT_KEPT, given=given))
        return self._pages.diverted(self._diverted(window=window))

    def _diverted(
        self, *, asked: str = "", window: str = "", error: str = "", given: str = "", going_on: bool = False
    ) -> Diverted:
        return Diverted(self._deps.instead.hours(), asked or new_asking(), window, error, given, going_on)

    async def help(self, _request: Request) -> Response:
        """``GET /texte/aide``."""
        return self._pages.help()

    async def accessibility(self, _request: Request) -> Response:
        """``GET /accessibilite``."""
        return self._pages.accessibility()

    async def style(self, _request: Request) -> Response:
        """``GET /texte/style.css``."""
        return style_sheet()

    async def anything_else(self, request: Request) -> Response:
        """Other paths below, other methods."""
        path = request.scope["path"]
        if path == HOME + "/":
            return go_to(HOME)
        raise RefusedError(WRONG_METHOD if path in _PATHS else UNKNOWN_PAGE)

    def safely(self, handler: Handler) -> Handler:
        """``handler``, whose every failure is a page in French with the way to a person."""

        return safely(handler, self._pages.problem)

    async def _begin(self, request: Request, left: Session | None) -> Response:
        if await self._deps.instead.to_people():
            return go_to(HOME)
        if not self._starts.allows(request.client.host if request.client else ""):
            raise RefusedError(TOO_MANY)
        if left is not None:
            await self._talk.leave(left.call_id)
        session = new_session()
        await self._talk.start(session.call_id)
        response = go_to(TALK)
        self._cookies(request).write(response, session)
        return response

    async def _shown(self, session: Session, draft: Draft | None = None, status: int = HTTPStatus.OK) -> Response:
        view = await self._talk.view(session.call_id)
        if view is None:
            raise RefusedError(NO_CONVERSATION)
        if view.phase is not Phase.OPEN:
            draft, status = None, HTTPStatus.OK
        return self._pages.talk(session, view, draft, status)

    def _session(self, request: Request) -> Session:
        session = self._cookies(request).read(request.cookies)
        if session is None:
            raise RefusedError(NO_CONVERSATION)
        return session

    async def _own_form(self, request: Request) -> tuple[Session, dict[str, str]]:
        self._from_here(request)
        session = self._session(request)
        form = await read_form(request.headers, request.stream())
        if not same_token(form.get("jeton", ""), session.form_token):
            raise RefusedError(FROM_ELSEWHERE)
        return session, form

    def _from_here(self, request: Request) -> None:
        if not from_own_page(request.headers, self._origin(request)):
            raise RefusedError(FROM_ELSEWHERE)

    def _cookies(self, request: Request) -> Cookies:
        return Cookies(secure=self._origin(request).startswith("https:"))

    def _origin(self, request: Request) -> str:
        return own_origin(self._deps.public_url, str(request.base_url))


def _what_is_wrong(text: str) -> str:
    """Why a message is not taken, beside its field; empty when it is."""
    if len(text) > LONGEST:
        return f"Votre message a {len(text)} caractères. Raccourcissez-le à {LONGEST} caractères au plus."
    return "" if text else _EMPTY


def web_router(deps: WebDeps) -> APIRouter:
    """Every route of the pages."""
    page = TextPage(deps)
    router = APIRouter(include_in_schema=False)
    router.get(HOME)(page.safely(page.welcome))
    router.post(HOME)(page.safely(page.begin))
    router.get(TALK)(page.safely(page.talk))
    router.post(MESSAGE)(page.safely(page.message))
    router.post(RESTART)(page.safely(page.restart))
    router.post(QUIT)(page.safely(page.leave))
    router.post(CALL_BACK)(page.safely(page.call_back))
    router.get(HELP)(page.safely(page.help))
    router.get(ACCESSIBILITY)(page.safely(page.accessibility))
    router.get(STYLE)(page.safely(page.style))
    for path in (HOME, HOME + "/{rest:path}"):
        router.api_route(path, methods=_METHODS)(page.safely(page.anything_else))
    return router
