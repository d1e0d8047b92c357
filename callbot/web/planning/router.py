"""``/admin/plan``."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

from fastapi import APIRouter, Request, Response

from callbot.access import Right
from callbot.insight.staffing import Outcomes, Plan
from callbot.web.forms import read_form
from callbot.web.planning import words
from callbot.web.planning.asked import Asked, WrongPlanError, read_plan
from callbot.web.problems import RefusedError
from callbot.web.staff.guard import NOT_OURS, StaffGuard, Visit
from callbot.web.staff.paths import FIGURES
from callbot.web.staff.rendering import StaffPages, staff_templates
from callbot.web.staff.theme import Theme

PATH = "/admin/plan"
_TEMPLATES = staff_templates(("planning",), {"PLAN": PATH, "FIGURES": FIGURES})
_BUSY = "Un autre calcul est en cours. Attendez une minute, puis recommencez."


class MakesPlans(Protocol):
    """The simulation, away from the process that answers calls."""

    async def __call__(self, asked: Asked) -> Plan:
        """Simulate; raises ``WrongPlanError`` for agents or shares that cannot be."""
        ...


@dataclass(frozen=True, slots=True)
class PlanningDeps:
    """What ``bootstrap`` hands over."""

    plans: MakesPlans
    guard: StaffGuard
    theme: Theme
    shares: Callable[[], Awaitable[Outcomes]]
    """what became of the service's calls, assumed while they are too few"""


@dataclass(frozen=True, slots=True)
class _Told:
    """What stands beside the form: what is wrong with it, its plan, where its shares come from."""

    wrong: str = ""
    plan: Plan | None = None
    counted: str = ""


class PlanPage:
    """One plan at a time: it takes a core for some seconds."""

    def __init__(self, deps: PlanningDeps) -> None:
        self._plans = deps.plans
        self._shares = deps.shares
        self._pages = StaffPages(_TEMPLATES, deps.theme)
        self._one = asyncio.Lock()

    async def form(self, _request: Request, visit: Visit) -> Response:
        """``GET``: the form with what is assumed, or counted where there are calls enough."""
        shares = await self._shares()
        asked = Asked(settled=shares.settled, handed_over=shares.handed_over) if shares.calls else Asked()
        return self._page(visit, _fields(asked), _Told(counted=words.counted(shares)))

    async def make(self, request: Request, visit: Visit) -> Response:
        """``POST``: the plan. Nothing is kept."""
        form = await read_form(request.headers, request.stream())
        if not visit.form_ok(form, request):
            raise RefusedError(NOT_OURS)
        try:
            asked = read_plan(form)
            if self._one.locked():
                return self._page(visit, form, _Told(_BUSY), HTTPStatus.SERVICE_UNAVAILABLE)
            async with self._one:
                plan = await self._plans(asked)
        except WrongPlanError as wrong:
            return self._page(visit, form, _Told(str(wrong)), HTTPStatus.UNPROCESSABLE_ENTITY)
        return self._page(visit, _fields(asked), _Told(plan=plan))

    def _page(self, visit: Visit, fields: dict[str, str], told: _Told, status: HTTPStatus = HTTPStatus.OK) -> Response:
        plan = told.plan
        shown = {"rows": words.rows(plan), "answers": words.answers(plan), "years": plan.years} if plan else {}
        values = {"fields": fields, "wrong": told.wrong, "counted": told.counted, "plan": shown}
        return self._pages.page("planning", "Agents et attente", visit, FIGURES, status, **values)


def _fields(asked: Asked) -> dict[str, str]:
    return {
        "appels": str(asked.volume),
        "agents": asked.agents,
        "regles": str(round(100 * asked.settled)),
        "passes": str(round(100 * asked.handed_over)),
    }


def planning_router(deps: PlanningDeps) -> APIRouter:
    """Both routes."""
    page = PlanPage(deps)
    router = APIRouter(include_in_schema=False)
    router.add_route(PATH, deps.guard.guarded(page.form, Right.FIGURES), methods=["GET"])
    router.add_route(PATH, deps.guard.guarded(page.make, Right.FIGURES), methods=["POST"])
    return router
