"""Every route of the figures: those of staff behind the guard, the public ones for everybody."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter

from callbot.access import Right
from callbot.insight.figures import FigureDesk
from callbot.web.figures import paths
from callbot.web.figures.pages import TEMPLATES, FiguresPages
from callbot.web.figures.ports import KeepsMonths
from callbot.web.figures.public import PublicFigures
from callbot.web.guarding import Handler, safely
from callbot.web.staff.guard import StaffGuard
from callbot.web.staff.rendering import StaffPages
from callbot.web.staff.theme import Theme


@dataclass(frozen=True, slots=True)
class FiguresDeps:
    """What ``bootstrap`` hands over; ``people_phone`` as people write it."""

    desk: FigureDesk
    kept: KeepsMonths
    guard: StaffGuard
    theme: Theme
    people_phone: str = "0800 94 94 08"


def figures_router(deps: FiguresDeps) -> APIRouter:
    """The routes."""
    router = APIRouter(include_in_schema=False)
    staff = FiguresPages(deps.desk, deps.kept, StaffPages(TEMPLATES, deps.theme))
    read, publish = Right.FIGURES, Right.PUBLISH_FIGURES
    month = paths.MONTHS + "/{month}"
    router.add_route(paths.HOME, deps.guard.guarded(staff.home, read), methods=["GET"])
    router.add_route(paths.FILE + ".{kind}", deps.guard.guarded(staff.file, read), methods=["GET"])
    router.add_route(paths.MONTHS, deps.guard.guarded(staff.months, publish), methods=["GET"])
    router.add_route(month, deps.guard.guarded(staff.month, publish), methods=["GET"])
    router.add_route(month, deps.guard.guarded(staff.publish, publish), methods=["POST"])
    _public(router, PublicFigures(deps.kept, deps.theme.name, deps.people_phone))
    return router


def _public(router: APIRouter, pages: PublicFigures) -> None:
    def shown(handler: Handler) -> Handler:
        return safely(handler, pages.problem)

    router.add_route(paths.PUBLIC, shown(pages.page), methods=["GET"])
    router.add_route(paths.PUBLIC + "/{month}", shown(pages.page), methods=["GET"])
    router.add_route(paths.STYLE, shown(pages.style), methods=["GET"])
    router.add_route(paths.OPEN + ".json", shown(pages.open_json), methods=["GET"])
    router.add_route(paths.OPEN + ".csv", shown(pages.open_csv), methods=["GET"])
    router.add_route(paths.OPEN + ".schema.json", shown(pages.open_schema), methods=["GET"])
