"""The requests about everybody's accounts: made, another role, locked, reset, signed out, and what was noted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

import structlog
from fastapi import Request, Response

from callbot.access import Account, Administration, ChangeNote, NotDone, Passwords, Role, WeakPassword
from callbot.access.passwords import one_time_password
from callbot.access.ports import OpensStaffWork
from callbot.domain.clock import Clock
from callbot.web.forms import read_form
from callbot.web.problems import UNKNOWN_PAGE, RefusedError
from callbot.web.rendering import go_to
from callbot.web.staff.account_words import NOT_DONE, who_words
from callbot.web.staff.guard import NOT_OURS, StaffHandler, Visit
from callbot.web.staff.paths import ACCOUNTS
from callbot.web.staff.rendering import StaffPages

SHOWN, SEARCHED = 200, 2_000
"""notes on the journal's page; those among which one account's are looked for"""
_ID = re.compile(r"[0-9a-f]{16}", re.ASCII)
_AGAIN = "Le mot de passe tiré au sort ne convient pas. Recommencez."
_BAD_ROLE = "Choisissez un rôle dans la liste."

log = structlog.get_logger(__name__)


class Action(StrEnum):
    """What is done to an account: the end of its address."""

    ROLE = "role"
    LOCK = "verrouiller"
    UNLOCK = "deverrouiller"
    PASSWORD = "mot-de-passe"  # noqa: S105 - the end of an address
    SECOND_FACTOR = "second-facteur"
    SESSIONS = "sessions"


_SAID: Mapping[str, str] = {
    Action.ROLE: "Le rôle est changé. Il compte dès la prochaine page que la personne demande.",
    Action.LOCK: "Le compte est verrouillé, ses sessions sont fermées.",
    Action.UNLOCK: "Le compte est déverrouillé.",
    Action.SECOND_FACTOR: "La double authentification et les codes de secours sont retirés, les sessions fermées.",
    Action.SESSIONS: "Les sessions de ce compte sont fermées.",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A note with names instead of ids."""

    note: ChangeNote
    by: str
    about: str


class StaffAccountPages:
    """The handlers; each is behind ``StaffGuard.guarded`` with ``Right.ACCOUNTS``."""

    def __init__(self, store: OpensStaffWork, passwords: Passwords, clock: Clock, pages: StaffPages) -> None:
        self._store = store
        self._passwords = passwords
        self._clock = clock
        self._pages = pages

    async def all(self, _request: Request, visit: Visit) -> Response:
        """``GET /admin/comptes``."""
        return await self._list(visit)

    async def add(self, request: Request, visit: Visit) -> Response:
        """``POST /admin/comptes``: a new account; the answer shows its one-time password, and no other page does."""
        form = await self._form(request, visit)
        role = _role(form)
        if role is None:
            return await self._list(visit, _BAD_ROLE, form)
        password = one_time_password()
        login, name = form.get("identifiant", ""), form.get("nom", "")
        made = await self._by(visit).add(login, name, role, password)
        if not isinstance(made, Account):
            return await self._list(visit, _why(made), form)
        log.info("account_made", account=made.id, by=visit.account.id)
        return self._given(visit, made, password, "Le compte est créé.")

    async def one(self, request: Request, visit: Visit) -> Response:
        """``GET /admin/comptes/{account}``."""
        account = await self._account(request, visit)
        return await self._shown(visit, account, said=_SAID.get(request.query_params.get("dit", ""), ""))

    async def changes(self, _request: Request, visit: Visit) -> Response:
        """``GET /admin/comptes/journal``."""
        told = await self._told(visit, await self._by(visit).changes(SHOWN))
        return self._pages.page("staff_changes", "Journal des comptes", visit, ACCOUNTS, told=told)

    def doing(self, action: Action) -> StaffHandler:
        """``POST /admin/comptes/{account}/…``."""

        async def do(request: Request, visit: Visit) -> Response:
            form = await self._form(request, visit)
            account, password = await self._account(request, visit), one_time_password()
            done = await self._done(action, self._by(visit), account, form, password)
            if not isinstance(done, Account):
                return await self._shown(visit, account, error=_why(done))
            log.info("account_changed", action=action.name.lower(), account=account.id, by=visit.account.id)
            if action is Action.PASSWORD:
                return self._given(visit, done, password, "Un nouveau mot de passe est donné, les sessions fermées.")
            return go_to(f"{ACCOUNTS}/{account.id}?dit={action}")

        return do

    async def _done(
        self, action: Action, administration: Administration, account: Account, form: Mapping[str, str], password: str
    ) -> Account | NotDone | WeakPassword | str:
        match action:
            case Action.ROLE:
                chosen = _role(form)
                return await administration.set_role(account.id, chosen) if chosen else _BAD_ROLE
            case Action.LOCK | Action.UNLOCK:
                return await administration.set_disabled(account.id, disabled=action is Action.LOCK)
            case Action.PASSWORD:
                return await administration.reset_password(account.id, password)
            case Action.SECOND_FACTOR:
                return await administration.reset_second_factor(account.id)
            case Action.SESSIONS:
                return await administration.end_sessions(account.id)

    def _by(self, visit: Visit) -> Administration:
        return Administration(self._store, self._passwords, self._clock, visit.account.id)

    async def _account(self, request: Request, visit: Visit) -> Account:
        """The account of the address, by its id alone: a login in an address would be in every log."""
        named = request.path_params["account"]
        found = await self._by(visit).one(named) if _ID.fullmatch(named) else NotDone.UNKNOWN
        if isinstance(found, NotDone):
            raise RefusedError(UNKNOWN_PAGE)
        return found

    async def _form(self, request: Request, visit: Visit) -> dict[str, str]:
        form = await read_form(request.headers, request.stream())
        if not visit.form_ok(form, request):
            raise RefusedError(NOT_OURS)
        return form

    async def _list(self, visit: Visit, error: str = "", typed: Mapping[str, str] | None = None) -> Response:
        found = await self._by(visit).all()
        status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
        title = "Erreur : comptes" if error else "Comptes"
        return self._pages.page(
            "staff_accounts", title, visit, ACCOUNTS, status, accounts=found, error=error, typed=typed or {}
        )

    async def _shown(self, visit: Visit, account: Account, said: str = "", error: str = "") -> Response:
        told = await self._told(visit, await self._by(visit).changes(SEARCHED, account.id))
        status = HTTPStatus.CONFLICT if error else HTTPStatus.OK
        title = "Erreur : un compte" if error else "Un compte"
        return self._pages.page(
            "staff_one_account", title, visit, ACCOUNTS, status,
            account=account, own=account.id == visit.account.id, said=said, error=error, told=told,
        )  # fmt: skip

    def _given(self, visit: Visit, account: Account, password: str, said: str) -> Response:
        return self._pages.page(
            "staff_given", "Mot de passe à usage unique", visit, ACCOUNTS, account=account, password=password, said=said
        )

    async def _told(self, visit: Visit, notes: Sequence[ChangeNote]) -> list[Told]:
        names = {account.id: account.name.reveal() for account in await self._by(visit).all()}
        return [Told(note, who_words(note.by, names), who_words(note.account, names)) for note in notes]


def _role(form: Mapping[str, str]) -> Role | None:
    chosen = form.get("role", "")
    return Role(chosen) if chosen in set(Role) else None


def _why(refused: NotDone | WeakPassword | str) -> str:
    match refused:
        case NotDone():
            return NOT_DONE[refused]
        case WeakPassword():  # a one-time password that happens to hold the login or the name
            return _AGAIN
        case _:
            return refused
