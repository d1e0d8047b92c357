"""One call, for who has taken it; taking, ending, putting back; the same for call-backs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import Request, Response

from callbot.desk import AgentDesk, Rung, Switchboard, Taken, WrapUp
from callbot.desk.ports import TellsCalls
from callbot.desk.work import LONGEST_NOTE, ON_THE_TELEPHONE
from callbot.domain.personal import Personal
from callbot.review.annotations import KIND_WORDS, ErrorKind, Expected, NewAnnotation
from callbot.web.desk import paths, telephone_words, views, words
from callbot.web.desk.ports import NotesErrors
from callbot.web.forms import plain_text, read_form, small_number
from callbot.web.problems import Problem, RefusedError
from callbot.web.rendering import go_to
from callbot.web.staff.guard import NOT_OURS, Visit
from callbot.web.staff.rendering import StaffPages

_CODES = {code: text for code, text in words.WRAP_UP.items() if code is not WrapUp.HANDED_BACK}
"""what an agent may choose; a call given back has its own button"""
_KINDS = frozenset(kind.value for kind in ErrorKind)
_SAID = {
    "reserve": "Le rendez-vous est pris.",
    "note": "C'est noté pour ceux qui corrigent le robot. Merci.",
    "sans-ecoute": "C'est noté : personne n'écoute cet appel.",
    **{taken.value: text for taken, text in telephone_words.TAKEN.items()},
}
NOT_YOURS = Problem(
    HTTPStatus.NOT_FOUND,
    "Cet appel n'est pas à vous",
    "Il n'existe pas, il est terminé, une autre personne l'a pris, ou votre téléphone n'a pas répondu et il attend de "
    "nouveau. Revenez à l'accueil d'appels.",
)


@dataclass(frozen=True, slots=True)
class Calls:
    """The handlers."""

    desk: AgentDesk
    switchboard: Switchboard
    errors: NotesErrors
    told: TellsCalls
    pages: StaffPages

    async def show(self, request: Request, visit: Visit) -> Response:
        """``GET /desk/appels/{call_id}``."""
        call_id = str(request.path_params["call_id"])
        return await self._shown(call_id, visit, said=_SAID.get(request.query_params.get("fait", ""), ""))

    async def take(self, request: Request, visit: Visit) -> Response:
        """``POST /desk/appels/{call_id}/prendre``."""
        call_id = await self._asked(request, visit)
        taken = await self.switchboard.take(call_id, visit.account.id)
        if taken is Taken.TOO_LATE and not await self._mine(call_id, visit):
            return go_to(f"{paths.HOME}?fait=trop-tard")
        return _then(taken, call_id)

    async def put_through(self, request: Request, visit: Visit) -> Response:
        """``POST /desk/appels/{call_id}/joindre``: the call was taken before its caller was in the queue."""
        call_id = await self._asked(request, visit)
        if not await self._mine(call_id, visit):
            raise RefusedError(NOT_YOURS)
        return _then(await self.switchboard.put_through(call_id, visit.account.id), call_id)

    async def put_back(self, request: Request, visit: Visit) -> Response:
        """``POST /desk/appels/{call_id}/remettre``."""
        call_id = await self._asked(request, visit)
        if not await self.desk.put_back(call_id, visit.account.id):
            raise RefusedError(NOT_YOURS)
        return go_to(f"{paths.HOME}?fait=remis")

    async def give_back(self, request: Request, visit: Visit) -> Response:
        """``POST /desk/appels/{call_id}/rendre``: the machine goes on when the agent hangs up."""
        call_id = await self._asked(request, visit)
        if not await self.desk.give_back(call_id, visit.account.id, self.told):
            raise RefusedError(NOT_YOURS)
        return go_to(f"{paths.HOME}?fait=rendu")

    async def finish(self, request: Request, visit: Visit) -> Response:
        """``POST /desk/appels/{call_id}/terminer``."""
        form = await self._form(request, visit)
        call_id = str(request.path_params["call_id"])
        code = _code(form)
        if code is None:
            return await self._shown(call_id, visit, wrong="Choisissez ce qu'est devenu l'appel.", note=_note(form))
        if not await self.desk.finish(call_id, visit.account.id, code, _note(form)):
            raise RefusedError(NOT_YOURS)
        return go_to(f"{paths.HOME}?fait=termine")

    async def wrong(self, request: Request, visit: Visit) -> Response:
        """``POST /desk/appels/{call_id}/erreur``: "le robot s'est trompé ici", for those who review calls."""
        form = await self._form(request, visit)
        call_id = str(request.path_params["call_id"])
        dossier = await self.desk.dossier(call_id, visit.account.id)
        if dossier is None:
            raise RefusedError(NOT_YOURS)
        line, kind = small_number(form.get("ligne", "")), form.get("erreur", "")
        if line not in {each.number for each in dossier.events} or line is None or kind not in _KINDS:
            return await self._shown(call_id, visit, wrong="Choisissez ce qui n'allait pas à cette ligne.")
        noted = NewAnnotation(call_id, line, ErrorKind(kind), Personal(""), Expected(), visit.account.id)
        await self.errors.add(noted, self.desk.now())
        return go_to(f"{paths.of_call(paths.CALL, call_id)}?fait=note")

    async def take_call_back(self, request: Request, visit: Visit) -> Response:
        """``POST /desk/rappels/{call_id}/prendre``."""
        call_id = await self._asked(request, visit)
        account, page = visit.account.id, paths.of_call(paths.CALL_BACK, call_id)
        if await self.desk.take_call_back(call_id, account):
            if self.switchboard.rings and await self.switchboard.line(account) is not None:
                page = f"{page}?appel={(await self.switchboard.ring_back(call_id, account)).value}"
            return go_to(page)
        mine = await self.desk.call_back_of(call_id, account) is not None
        return go_to(page if mine else f"{paths.HOME}?fait=trop-tard")

    async def show_call_back(self, request: Request, visit: Visit) -> Response:
        """``GET /desk/rappels/{call_id}``."""
        rung = request.query_params.get("appel", "")
        said = telephone_words.RUNG.get(Rung(rung), "") if rung in set(Rung) else ""
        return await self._call_back(str(request.path_params["call_id"]), visit, said=said)

    async def end_call_back(self, request: Request, visit: Visit) -> Response:
        """``POST /desk/rappels/{call_id}/terminer``."""
        form = await self._form(request, visit)
        call_id, account = str(request.path_params["call_id"]), visit.account.id
        if form.get("laisser"):
            done = await self.desk.leave_call_back(call_id, account)
        else:
            code = _code(form)
            if code is None:
                return await self._call_back(call_id, visit, "Choisissez ce qu'est devenu le rappel.")
            done = await self.desk.end_call_back(call_id, account, code, _note(form))
        if not done:
            raise RefusedError(NOT_YOURS)
        return go_to(f"{paths.HOME}?fait=termine")

    async def _shown(self, call_id: str, visit: Visit, *, said: str = "", wrong: str = "", note: str = "") -> Response:
        dossier = await self.desk.dossier(call_id, visit.account.id)
        if dossier is None:
            raise RefusedError(NOT_YOURS)
        phone = dossier.state.contact.phone or dossier.state.caller
        line = await self.switchboard.line(visit.account.id)
        values: Mapping[str, object] = {
            "call_id": call_id,
            "over": dossier.work.ended_at is not None,
            "reason": words.REASONS[dossier.work.reason],
            "facts": views.dossier_facts(dossier),
            "lines": views.said_lines(dossier.events),
            "earlier": [views.earlier_line(call) for call in dossier.earlier],
            "bookings": [views.booking_line(booking) for booking in dossier.bookings],
            "at_address": [views.booking_line(booking) for booking in dossier.at_address],
            "phone": words.written_phone(phone.reveal()) if phone else "",
            "rings": phone.reveal() if phone else "",
            "codes": _CODES,
            "on_the_telephone": dossier.state.channel in ON_THE_TELEPHONE,
            "caller_left": dossier.work.caller_left,
            "may_ring": self.switchboard.can_put_through(dossier.work) and line is not None,
            "listening": self.switchboard.listening,
            "may_be_heard": dossier.work.may_be_heard,
            "kinds": KIND_WORDS,
            "longest_note": LONGEST_NOTE,
            "said": said,
            "wrong": wrong,
            "note": note,
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
        return self.pages.page("desk_call", "Appel pris en charge", visit, paths.HOME, status, **values)

    async def _call_back(self, call_id: str, visit: Visit, wrong: str = "", said: str = "") -> Response:
        work = await self.desk.call_back_of(call_id, visit.account.id)
        if work is None:
            raise RefusedError(NOT_YOURS)
        window = f"{words.day_and_time(work.window.first)} – {words.clock_time(work.window.last)}"
        status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
        known = [views.fact_line(fact) for fact in await self.desk.known(call_id)]
        return self.pages.page(
            "desk_call_back", "Rappel pris en charge", visit, paths.HOME, status,
            call_id=call_id, reason=words.REASONS[work.reason], window=window, tries=work.tries, facts=known,
            phone=words.written_phone(work.phone.reveal()), rings=work.phone.reveal(), codes=_CODES,
            longest_note=LONGEST_NOTE, wrong=wrong, said=said, ring=telephone_words.ring_words(work),
            rings_through=self.switchboard.rings, line=await self.switchboard.line(visit.account.id) is not None,
        )  # fmt: skip

    async def _mine(self, call_id: str, visit: Visit) -> bool:
        return await self.desk.dossier(call_id, visit.account.id) is not None

    async def _asked(self, request: Request, visit: Visit) -> str:
        await self._form(request, visit)
        return str(request.path_params["call_id"])

    async def _form(self, request: Request, visit: Visit) -> dict[str, str]:
        form = await read_form(request.headers, request.stream())
        if not visit.form_ok(form, request):
            raise RefusedError(NOT_OURS)
        return form


def _then(taken: Taken, call_id: str) -> Response:
    """Where an agent goes who wanted a call, and what is said there."""
    if taken is Taken.NOT_REACHED:
        return go_to(f"{paths.HOME}?fait=injoignable")
    page = paths.of_call(paths.CALL, call_id)
    return go_to(f"{page}?fait={taken.value}" if taken in telephone_words.TAKEN else page)


def _code(form: Mapping[str, str]) -> WrapUp | None:
    given = form.get("devenir", "")
    return WrapUp(given) if given in _CODES else None


def _note(form: Mapping[str, str]) -> str:
    return plain_text(form.get("note", ""))
