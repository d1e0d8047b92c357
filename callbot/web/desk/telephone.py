"""What agents and supervisors do by telephone: calling back through the service, listening, refusing to be heard."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from fastapi import Request, Response

from callbot.desk import AgentDesk, Heard, Rung, Switchboard
from callbot.web.desk import paths, words
from callbot.web.desk.calls import NOT_YOURS
from callbot.web.desk.telephone_words import HEARD
from callbot.web.forms import read_form
from callbot.web.problems import RefusedError
from callbot.web.rendering import go_to
from callbot.web.staff.guard import NOT_OURS, Visit
from callbot.web.staff.rendering import StaffPages


@dataclass(frozen=True, slots=True)
class Telephone:
    """The handlers."""

    desk: AgentDesk
    switchboard: Switchboard
    pages: StaffPages

    async def ring_back(self, request: Request, visit: Visit) -> Response:
        """``POST /desk/rappels/{call_id}/appeler``."""
        call_id = await self._asked(request, visit)
        rung = await self.switchboard.ring_back(call_id, visit.account.id)
        if rung is Rung.NOT_YOURS:
            raise RefusedError(NOT_YOURS)
        return go_to(f"{paths.of_call(paths.CALL_BACK, call_id)}?appel={rung.value}")

    async def refuse_listening(self, request: Request, visit: Visit) -> Response:
        """``POST /desk/appels/{call_id}/sans-ecoute``."""
        call_id = await self._asked(request, visit)
        if not await self.switchboard.refuse_listening(call_id, visit.account.id):
            raise RefusedError(NOT_YOURS)
        return go_to(f"{paths.of_call(paths.CALL, call_id)}?fait=sans-ecoute")

    async def talks(self, request: Request, visit: Visit) -> Response:
        """``GET /desk/ecoute``."""
        asked = request.query_params.get("ecoute", "")
        found, now = await self.switchboard.talks(), self.desk.now()
        talks = [(talk.call_id, words.lasting(now - talk.since)) for talk in found or ()]
        line = await self.switchboard.line(visit.account.id)
        return self.pages.page(
            "desk_listening", "Écouter un appel", visit, paths.HOME, HTTPStatus.OK,
            talks=talks, unknown=found is None, listening=self.switchboard.listening, line=line is not None,
            said=HEARD[Heard(asked)] if asked in set(Heard) else "",
        )  # fmt: skip

    async def listen(self, request: Request, visit: Visit) -> Response:
        """``POST /desk/ecoute/{call_id}``."""
        call_id = await self._asked(request, visit)
        heard = await self.switchboard.listen(call_id, visit.account.id)
        return go_to(f"{paths.TALKS}?ecoute={heard.value}")

    async def _asked(self, request: Request, visit: Visit) -> str:
        form = await read_form(request.headers, request.stream())
        if not visit.form_ok(form, request):
            raise RefusedError(NOT_OURS)
        return str(request.path_params["call_id"])
