"""A resident's own data: a number, a code by SMS, the request. Nothing here tells whether a number is known."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

from fastapi import Request, Response

from callbot.domain.clock import Clock
from callbot.domain.data_rights import DataRight
from callbot.domain.personal import Personal, PhoneNumber
from callbot.privacy.rights import Export
from callbot.privacy.rights_desk import Redeemed
from callbot.privacy.rights_desk.codes import DIGITS, LIFE
from callbot.privacy.rights_desk.words import RIGHT_WORDS, day
from callbot.web.forms import plain_text, read_form
from callbot.web.problems import NOT_A_FORM, TOO_LARGE, UNAVAILABLE, WRONG_TYPE, Problem, RefusedError
from callbot.web.protection import StartLimit, from_own_page, own_origin
from callbot.web.rendering import HEADERS, NO_STORE, Templates
from callbot.web.rights import paths

LONGEST_DETAILS = 400
POSTS_A_MINUTE, ALL_POSTS_A_MINUTE = 10, 120
"""forms of one address, and of all: guessing codes ends here before it ends at the code"""
_SPACES = re.compile(r"[\s.\-()]")
_FRENCH, _E164 = re.compile(r"0[1-9]\d{8}", re.ASCII), re.compile(r"\+\d{8,15}", re.ASCII)
_EXPLAINED = {
    DataRight.ACCESS: ("Voir mes données", "Une copie de tout ce que nous gardons, tout de suite après le code."),
    DataRight.RECTIFICATION: ("Faire corriger", "Dites ce qui est faux, nous le corrigeons avec vous."),
    DataRight.ERASURE: ("Faire effacer", "Un rendez-vous à venir garde son adresse et ses objets jusqu'au lendemain."),
    DataRight.LIMITATION: ("Faire geler", "Vos données sont gardées, et plus personne ne s'en sert."),
    DataRight.OBJECTION: ("M'opposer", "Vos données ne servent plus qu'aux rendez-vous que vous prenez."),
}
_TOO_MANY = Problem(HTTPStatus.TOO_MANY_REQUESTS, "Trop de demandes", "Attendez une minute, puis recommencez.")
_ELSEWHERE = Problem(
    HTTPStatus.FORBIDDEN, "Demande refusée", "Elle ne venait pas de cette page. Revenez à la page et recommencez."
)
_UNREADABLE = Problem(
    HTTPStatus.BAD_REQUEST, "Demande illisible", "Ce qui a été envoyé est abîmé ou trop long. Recommencez."
)
_CLOSED = Problem(
    HTTPStatus.GONE, "Le temps est passé", "Pour votre sécurité, la copie se ferme vite. Demandez un nouveau code."
)
_AWAY = Problem(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Un problème est survenu de notre côté",
    "Rien n'est gardé de cet envoi. Attendez une minute, puis recommencez.",
)
_OURS = {UNAVAILABLE: _AWAY, NOT_A_FORM: _UNREADABLE, WRONG_TYPE: _UNREADABLE, TOO_LARGE: _UNREADABLE}
"""other words than those of a conversation"""
_TEMPLATES = Templates(
    ("rights_own", "rights_code", "rights_done", "rights_copy", "rights_problem", "rights_base", "rights_parts"),
    {
        "PATHS": paths, "EXPLAINED": _EXPLAINED, "LONGEST_DETAILS": LONGEST_DETAILS, "DIGITS": DIGITS,
        "MINUTES": round(LIFE.total_seconds() / 60), "RIGHTS": RIGHT_WORDS, "day": day, "DataRight": DataRight,
    },
)  # fmt: skip


class SendsCodes(Protocol):
    """The codes (``privacy.rights_desk.Codes``)."""

    async def ask(self, phone: PhoneNumber, right: DataRight, details: Personal | None = None) -> str:
        """Send a code; what the page holds until it comes back."""
        ...

    async def redeem(self, handle: str, code: str) -> Redeemed | None:
        """The request for the right code."""
        ...


class GivesCopies(Protocol):
    """Copies (``privacy.rights_desk.OfficersDesk``)."""

    async def own_copy(self, access: str) -> Export | None:
        """The copy that ``access`` opens; None where nothing is open."""
        ...


@dataclass(frozen=True, slots=True)
class OwnDeps:
    """What ``bootstrap`` hands over. ``people_phone`` as people write it."""

    codes: SendsCodes
    copies: GivesCopies
    clock: Clock
    public_url: str = ""
    people_phone: str = "0800 94 94 08"


class OwnPages:
    """The handlers."""

    def __init__(self, deps: OwnDeps) -> None:
        self._deps = deps
        self._posts = StartLimit(lambda: deps.clock.now().timestamp(), POSTS_A_MINUTE, ALL_POSTS_A_MINUTE)

    async def home(self, _request: Request) -> Response:
        """``GET /mes-donnees``."""
        return self._asking({}, {})

    async def ask(self, request: Request) -> Response:
        """``POST /mes-donnees``: a code is sent, or not; the page is the same."""
        form = await self._form(request)
        phone, right = french_number(form.get("telephone", "")), _right(form.get("droit", ""))
        details = plain_text(form.get("precisions", ""))
        wrong = _wrong(phone, right, details)
        if wrong or phone is None or right is None:
            return self._asking(form, wrong, HTTPStatus.UNPROCESSABLE_ENTITY)
        handle = await self._deps.codes.ask(phone, right, Personal(details) if details else None)
        return self._page("rights_code", "Votre code", handle=handle, error="")

    async def code(self, request: Request) -> Response:
        """``POST /mes-donnees/code``."""
        form = await self._form(request)
        handle, code = form.get("demande", ""), _SPACES.sub("", form.get("code", ""))
        done = await self._deps.codes.redeem(handle[:64], code[:16])
        if done is None:
            error = "ce code n'est pas le bon, ou il ne vaut plus. Après trois erreurs, il en faut un nouveau."
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return self._page("rights_code", "Erreur : votre code", status, handle=handle[:64], error=error)
        return self._page("rights_done", "Votre demande est notée", request=done.request, access=done.access)

    async def copy(self, request: Request) -> Response:
        """``POST /mes-donnees/copie``: the page, or the file with everything."""
        form = await self._form(request)
        access = form.get("acces", "")[:64]
        copy = await self._deps.copies.own_copy(access) if access else None
        if copy is None:
            raise RefusedError(_CLOSED)
        if form.get("forme") == "fichier":
            return packed(await asyncio.to_thread(copy.as_zip))
        return self._page("rights_copy", "Vos données", copy=copy, access=access)

    def problem(self, problem: Problem) -> Response:
        """What went wrong and what to do."""
        return _TEMPLATES.problem("rights_problem", _OURS.get(problem, problem), self._deps.people_phone)

    async def _form(self, request: Request) -> dict[str, str]:
        own = own_origin(self._deps.public_url, str(request.base_url))
        if not from_own_page(request.headers, own):
            raise RefusedError(_ELSEWHERE)
        if not self._posts.allows(request.client.host if request.client else ""):
            raise RefusedError(_TOO_MANY)
        return await read_form(request.headers, request.stream())

    def _asking(self, form: dict[str, str], wrong: dict[str, str], status: int = HTTPStatus.OK) -> Response:
        title = "Erreur : vos données" if wrong else "Vos données"
        return self._page("rights_own", title, status, form=form, wrong=wrong)

    def _page(self, name: str, title: str, status: int = HTTPStatus.OK, **values: object) -> Response:
        return _TEMPLATES.page(name, title, status, self._deps.people_phone, **values)


def packed(archive: bytes) -> Response:
    """A file to keep; never stored on the way."""
    headers = {
        **HEADERS, "Cache-Control": NO_STORE, "Content-Disposition": 'attachment; filename="mes-donnees.zip"',
    }  # fmt: skip
    return Response(archive, headers=headers, media_type="application/zip")


def french_number(typed: str) -> PhoneNumber | None:
    """A number as people type it; None for anything else."""
    plain = _SPACES.sub("", typed[:40])
    international = f"+33{plain[1:]}" if _FRENCH.fullmatch(plain) else plain
    return PhoneNumber(international) if _E164.fullmatch(international) else None


def _right(typed: str) -> DataRight | None:
    return DataRight(typed) if typed in set(DataRight) else None


def _wrong(phone: PhoneNumber | None, right: DataRight | None, details: str) -> dict[str, str]:
    wrong = {}
    if right is None:
        wrong["droit"] = "choisissez ce que vous demandez."
    if phone is None:
        wrong["telephone"] = "écrivez un numéro comme 06 12 34 56 78."
    if len(details) > LONGEST_DETAILS:
        wrong["precisions"] = f"raccourcissez à {LONGEST_DETAILS} caractères au plus."
    elif right is DataRight.RECTIFICATION and not details:
        wrong["precisions"] = "dites ce qui est à corriger."
    return wrong
