"""The requests of one's own account."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

import structlog
from fastapi import Request, Response

from callbot.access import OwnAccount, WeakPassword
from callbot.access.own_account import OwnRefused
from callbot.access.recovery import in_groups
from callbot.domain.personal import Personal
from callbot.web.forms import read_form
from callbot.web.problems import RefusedError
from callbot.web.rendering import go_to
from callbot.web.staff.guard import NOT_OURS, StaffGuard, Visit
from callbot.web.staff.paths import ACCOUNT
from callbot.web.staff.qr import drawing
from callbot.web.staff.rendering import StaffPages
from callbot.web.staff.signing_in import address_of

_NOT_TWICE = "Les deux nouveaux mots de passe ne sont pas les mêmes."
_SAID = {
    "mot-de-passe": "Votre mot de passe est changé.",
    "cle": "La clé est prête. Il reste à taper le code que l'application affiche.",
    "secours": "Vous êtes entré avec un code de secours. Si votre téléphone est perdu, changez de téléphone ici.",
}
_DRAWN = "Dessin de la clé à lire avec une application d'authentification ; la même clé est écrite dessous"

log = structlog.get_logger(__name__)


class Where(StrEnum):
    """The form an error belongs to."""

    PASSWORD = "password"  # noqa: S105 - the name of a form
    KEY = "key"
    CODE = "code"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class FormError:
    """What is wrong with a form."""

    where: Where
    words: str


class AccountPage:
    """The handlers; each is behind ``StaffGuard.signed_in``."""

    def __init__(self, own: OwnAccount, guard: StaffGuard, pages: StaffPages) -> None:
        self._own = own
        self._guard = guard
        self._pages = pages

    async def home(self, request: Request, visit: Visit) -> Response:
        """``GET /agents/compte``."""
        return await self._shown(visit, said=_SAID.get(request.query_params.get("dit", ""), ""))

    async def password(self, request: Request, visit: Visit) -> Response:
        """``POST /agents/compte/mot-de-passe``."""
        form = await self._own_form(request, visit)
        current, new = form.get("actuel", ""), form.get("nouveau", "")
        if new != form.get("encore", ""):
            return await self._refused(visit, Where.PASSWORD, _NOT_TWICE)
        wrong = await self._own.change_password(visit.account, current, new, address_of(request), visit.present.token)
        if wrong is not None:
            return await self._refused(visit, Where.PASSWORD, wrong)
        log.info("password_changed", account=visit.account.id)
        return go_to(f"{ACCOUNT}?dit=mot-de-passe")

    async def second_factor(self, request: Request, visit: Visit) -> Response:
        """``POST /agents/compte/second-facteur``: a key that waits for its first code."""
        form = await self._own_form(request, visit)
        wrong = await self._own.begin_second_factor(visit.account, form.get("actuel", ""), address_of(request))
        if wrong is not None:
            return await self._refused(visit, Where.KEY, wrong)
        return go_to(f"{ACCOUNT}?dit=cle#second-facteur")

    async def confirm(self, request: Request, visit: Visit) -> Response:
        """``POST /agents/compte/second-facteur/code``: the first code."""
        form = await self._own_form(request, visit)
        codes = await self._own.confirm_second_factor(visit.account, form.get("code", ""), visit.present.token)
        if isinstance(codes, OwnRefused):
            return await self._refused(visit, Where.CODE, codes)
        log.info("second_factor_set_up", account=visit.account.id)
        return self._codes(visit, codes, "La double authentification est activée.")

    async def recovery(self, request: Request, visit: Visit) -> Response:
        """``POST /agents/compte/codes-de-secours``: new ones."""
        form = await self._own_form(request, visit)
        codes = await self._own.renew_recovery_codes(visit.account, form.get("actuel", ""), address_of(request))
        if isinstance(codes, OwnRefused):
            return await self._refused(visit, Where.RECOVERY, codes)
        log.info("recovery_codes_renewed", account=visit.account.id)
        return self._codes(visit, codes, "Vos anciens codes de secours ne servent plus.")

    def _codes(self, visit: Visit, codes: tuple[Personal, ...], said: str) -> Response:
        """In the answer itself and nowhere else: no page shows them again."""
        shown = [in_groups(code) for code in codes]
        return self._pages.page("staff_codes", "Vos codes de secours", visit, ACCOUNT, said=said, codes=shown)

    async def _own_form(self, request: Request, visit: Visit) -> dict[str, str]:
        form = await read_form(request.headers, request.stream())
        if not visit.form_ok(form, request):
            raise RefusedError(NOT_OURS)
        return form

    async def _refused(self, visit: Visit, where: Where, why: OwnRefused | WeakPassword | str) -> Response:
        error = FormError(where, why if isinstance(why, str) else why.value)
        too_many = why is OwnRefused.TOO_MANY
        status = HTTPStatus.TOO_MANY_REQUESTS if too_many else HTTPStatus.UNPROCESSABLE_ENTITY
        return await self._shown(visit, error=error, status=status)

    async def _shown(
        self, visit: Visit, said: str = "", error: FormError | None = None, status: int = HTTPStatus.OK
    ) -> Response:
        key = await self._own.pending(visit.account)
        return self._pages.page(
            "staff_account",
            "Erreur : votre compte" if error else "Votre compte",
            visit,
            ACCOUNT,
            status,
            said=said,
            error=error,
            key=key,
            drawing=drawing(key.uri, _DRAWN) if key else "",
            left=await self._own.recovery_codes_left(visit.account),
            unfinished=self._guard.unfinished(visit),
        )
