"""The switch: how it stands, who switched, the two buttons."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request, Response

from callbot.editing.switch import CachedSwitch, NoReasonError, Switch
from callbot.editing.tripping import Thresholds
from callbot.web.editing import paths, views
from callbot.web.editing.ports import NamesStaff
from callbot.web.forms import plain_text, read_form
from callbot.web.problems import RefusedError
from callbot.web.rendering import go_to
from callbot.web.staff.guard import NOT_OURS, Visit
from callbot.web.staff.rendering import StaffPages

SHOWN = 50


class SwitchPage:
    """The handlers."""

    def __init__(
        self, switch: Switch, cached: CachedSwitch, limits: Thresholds, pages: StaffPages, names: NamesStaff
    ) -> None:
        self._switch = switch
        self._cached = cached
        self._limits = limits
        self._pages = pages
        self._names = names

    async def show(self, request: Request, visit: Visit) -> Response:
        """``GET /admin/interrupteur``."""
        return await self._page(visit, done=request.query_params.get("fait", "") == "1")

    async def turn(self, request: Request, visit: Visit) -> Response:
        """``POST /admin/interrupteur``: ``vers`` people or the bot."""
        form = await read_form(request.headers, request.stream())
        if not visit.form_ok(form, request):
            raise RefusedError(NOT_OURS)
        reason = plain_text(form.get("raison", ""))
        try:
            await self._switch.turn(visit.account.id, reason, to_people=form.get("vers") == "people")
        except NoReasonError:
            return await self._page(visit, reason=reason, wrong=True)
        self._cached.forget()
        return go_to(f"{paths.SWITCH}?fait=1")

    async def _page(self, visit: Visit, reason: str = "", *, wrong: bool = False, done: bool = False) -> Response:
        history = await self._switch.history(SHOWN)
        names = await views.names_of({entry.by for entry in history}, self._names)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
        return self._pages.page(
            "editing_switch", "Interrupteur", visit, paths.SWITCH, status, history=history, authors=names,
            to_people=bool(history and history[0].to_people), reason=reason, wrong=wrong, done=done,
            limits=views.limits_in_words(_limits(self._limits)),
        )  # fmt: skip


def _limits(limits: Thresholds) -> list[tuple[str, str]]:
    minutes = round(limits.window.total_seconds() / 60)
    found = []
    if limits.failures is not None:
        found.append((f"appels avec une panne en {minutes} minutes", str(limits.failures)))
    if limits.technical is not None:
        found.append((f"appels passés à une personne pour panne en {minutes} minutes", str(limits.technical)))
    if limits.latency_s is not None:
        found.append(("attente d'une réponse que dépasse un appelant sur dix", f"{limits.latency_s:g} s"))
    return found
