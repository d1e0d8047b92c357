"""The officers' pages: the register with its deadlines, one request and every move of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import Request, Response

from callbot.domain.data_rights import DataRight, RequestState, Urgency
from callbot.privacy import masked_phone
from callbot.privacy.rights_desk import (
    DataRequest,
    MovedMeanwhileError,
    NoNumberError,
    NotAllowedError,
    OfficersDesk,
    ReasonMissingError,
    UnknownRequestError,
)
from callbot.privacy.rights_desk.officers import LEAST_REASON, LONGEST_REASON
from callbot.privacy.rights_desk.words import CAME_WORDS, RIGHT_WORDS, STATE_WORDS, URGENCY_WORDS, day
from callbot.web.forms import plain_text, read_form
from callbot.web.problems import Problem, RefusedError
from callbot.web.rendering import go_to
from callbot.web.review.views import written_moment
from callbot.web.rights import paths, words
from callbot.web.rights.own import LONGEST_DETAILS, french_number, packed
from callbot.web.staff.guard import NOT_OURS, Visit
from callbot.web.staff.rendering import StaffPages, staff_templates

TEMPLATES = staff_templates(
    ("rights_desk", "rights_request", "rights_officer_copy", "rights_parts"),
    {
        "PATHS": paths, "of_request": paths.of_request, "RIGHTS": RIGHT_WORDS, "STATES": STATE_WORDS,
        "URGENCIES": URGENCY_WORDS, "CAME": CAME_WORDS, "Urgency": Urgency, "State": RequestState,
        "DataRight": DataRight, "day": day, "written_moment": written_moment, "masked_phone": masked_phone,
        "LEAST": LEAST_REASON, "LONGEST": LONGEST_REASON, "LONGEST_DETAILS": LONGEST_DETAILS,
        "FACES": words.FACES,
        "IDENTITIES": words.IDENTITIES,
        "HOW": words.HOW,
        "ANSWERS": words.ANSWERS,
        "LIMITS": frozenset({DataRight.LIMITATION, DataRight.OBJECTION}),
        "COPIED": frozenset({DataRight.ACCESS, DataRight.RECTIFICATION}),
    },
)  # fmt: skip
_UNKNOWN = Problem(HTTPStatus.NOT_FOUND, "Demande introuvable", "Il n'y a pas de demande de ce numéro.")
NamesStaff = Callable[[str], Awaitable[str]]
"""an account's id -> its display name, empty for none that is known"""


class _RefusedMoveError(Exception):
    """A move that was not made; its text is for the officer."""


@dataclass(frozen=True, slots=True)
class _Move:
    """What a form asks for."""

    desk: OfficersDesk
    request_id: str
    who: str
    form: Mapping[str, str]


class OfficerPages:
    """The handlers."""

    def __init__(self, desk: OfficersDesk, pages: StaffPages, names: NamesStaff) -> None:
        self._desk = desk
        self._pages = pages
        self._names = names

    async def home(self, _request: Request, visit: Visit) -> Response:
        """``GET /admin/droits``."""
        return await self._list(visit)

    async def write_down(self, request: Request, visit: Visit) -> Response:
        """``POST /admin/droits``: a request that came by letter or at a counter."""
        form = await _form(request, visit)
        phone, right = french_number(form.get("telephone", "")), form.get("droit", "")
        if phone is None or right not in set(DataRight):
            wrong = "écrivez un numéro comme 06 12 34 56 78." if phone is None else "choisissez ce qui est demandé."
            return await self._list(visit, form, wrong, HTTPStatus.UNPROCESSABLE_ENTITY)
        details = plain_text(form.get("precisions", ""))[:LONGEST_DETAILS]
        made = await self._desk.write_down(DataRight(right), phone, details, visit.account.id)
        return go_to(f"{paths.of_request(paths.ONE, made.id)}?fait=notee")

    async def show(self, request: Request, visit: Visit) -> Response:
        """``GET /admin/droits/{id}``."""
        done = words.DONE.get(request.query_params.get("fait", ""), "")
        return await self._page(request, visit, done=done)

    async def move(self, request: Request, visit: Visit) -> Response:
        """``POST /admin/droits/{id}/faire``."""
        form = await _form(request, visit)
        what, request_id = form.get("quoi", ""), _id(request)
        try:
            if what == "montrer":
                return await self._page(request, visit, shown=await self._desk.look(request_id, visit.account.id))
            if what not in _MOVES:
                raise RefusedError(NOT_OURS)
            await _MOVES[what](_Move(self._desk, request_id, visit.account.id, form))
        except UnknownRequestError:
            raise RefusedError(_UNKNOWN) from None
        except (NotAllowedError, MovedMeanwhileError):
            return await self._page(request, visit, wrong=words.TOO_LATE, status=HTTPStatus.CONFLICT)
        except ReasonMissingError:
            wrong = f"Écrivez le motif, en {LEAST_REASON} caractères au moins : la personne le lit."
            return await self._page(request, visit, wrong=wrong, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        except NoNumberError:
            return await self._page(request, visit, wrong=words.NO_NUMBER, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        except _RefusedMoveError as refused:
            return await self._page(request, visit, wrong=str(refused), status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return go_to(f"{paths.of_request(paths.ONE, request_id)}?fait={what}")

    async def copy(self, request: Request, visit: Visit) -> Response:
        """``POST /admin/droits/{id}/copie``: to read, or the file with everything."""
        form = await _form(request, visit)
        request_id = _id(request)
        try:
            copy = await self._desk.copy(request_id, visit.account.id)
        except UnknownRequestError:
            raise RefusedError(_UNKNOWN) from None
        except (NotAllowedError, NoNumberError):
            return await self._page(request, visit, wrong=words.TOO_LATE, status=HTTPStatus.CONFLICT)
        if form.get("forme") == "fichier":
            return packed(await asyncio.to_thread(copy.as_zip))
        title = f"Copie, demande {request_id}"
        return self._pages.page("rights_officer_copy", title, visit, paths.DESK, copy=copy, request_id=request_id)

    async def _list(
        self, visit: Visit, form: Mapping[str, str] | None = None, wrong: str = "", status: int = HTTPStatus.OK
    ) -> Response:
        waiting, closed = await self._desk.open_ones(), await self._desk.closed_ones()
        accounts = {listed.request.taken_by for listed in waiting if listed.request.taken_by}
        names = {account: await self._names(account) for account in accounts}
        return self._pages.page(
            "rights_desk", f"{'Erreur : ' if wrong else ''}Demandes sur les données", visit, paths.DESK, status,
            waiting=waiting, closed=closed, names=names, form=form or {}, wrong=wrong,
        )  # fmt: skip

    async def _page(
        self, request: Request, visit: Visit, *, done: str = "", wrong: str = "", shown: DataRequest | None = None,
        status: int = HTTPStatus.OK,
    ) -> Response:  # fmt: skip
        try:
            listed = await self._desk.show(_id(request))
        except UnknownRequestError:
            raise RefusedError(_UNKNOWN) from None
        one = listed.request
        limited = await self._desk.limited(one.phone) if one.phone else None
        doer = await self._names(one.taken_by) if one.taken_by else ""
        return self._pages.page(
            "rights_request", f"{'Erreur : ' if wrong else ''}Demande {one.id}", visit, paths.DESK, status,
            listed=listed, shown=shown, limited=limited, doer=doer, done=done, wrong=wrong,
        )  # fmt: skip


async def _called_back(move: _Move) -> None:
    phone = french_number(move.form.get("telephone", ""))
    await move.desk.called_back(move.request_id, move.who, phone)


async def _send_code(move: _Move) -> None:
    if not await move.desk.send_code(move.request_id, move.who):
        raise _RefusedMoveError(words.NO_CODE)


async def _check_code(move: _Move) -> None:
    code = "".join(move.form.get("code", "").split())[:16]
    if not await move.desk.check_code(move.request_id, code, move.who):
        raise _RefusedMoveError(words.WRONG_CODE)


async def _answer(move: _Move) -> None:
    right = (await move.desk.show(move.request_id)).request.right
    if right is DataRight.ERASURE and move.form.get("sur") != "1":
        raise _RefusedMoveError(words.NOT_SURE)
    await move.desk.answer(move.request_id, move.who)


async def _take(move: _Move) -> None:
    await move.desk.take(move.request_id, move.who)


async def _extend(move: _Move) -> None:
    await move.desk.extend(move.request_id, plain_text(move.form.get("motif", "")), move.who)


async def _refuse(move: _Move) -> None:
    await move.desk.refuse(move.request_id, plain_text(move.form.get("motif", "")), move.who)


async def _withdraw(move: _Move) -> None:
    await move.desk.withdraw(move.request_id, move.who)


async def _not_identified(move: _Move) -> None:
    await move.desk.not_identified(move.request_id, move.who)


async def _lift(move: _Move) -> None:
    await move.desk.lift(move.request_id, move.who)


_MOVES: Mapping[str, Callable[[_Move], Awaitable[None]]] = {
    "rappele": _called_back, "code": _send_code, "lu": _check_code, "inconnu": _not_identified, "prendre": _take,
    "repondre": _answer, "prolonger": _extend, "refuser": _refuse, "retirer": _withdraw, "lever": _lift,
}  # fmt: skip


async def _form(request: Request, visit: Visit) -> dict[str, str]:
    form = await read_form(request.headers, request.stream())
    if not visit.form_ok(form, request):
        raise RefusedError(NOT_OURS)
    return form


def _id(request: Request) -> str:
    return str(request.path_params["request_id"])
