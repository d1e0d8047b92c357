"""The routes of the rights desk: a resident's own data for everybody, the register behind the guard."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter

from callbot.access import Right
from callbot.privacy.rights_desk import OfficersDesk
from callbot.web.guarding import safely
from callbot.web.rights import paths
from callbot.web.rights.officers import TEMPLATES, NamesStaff, OfficerPages
from callbot.web.rights.own import OwnDeps, OwnPages
from callbot.web.staff.guard import StaffGuard, StaffHandler
from callbot.web.staff.rendering import StaffPages
from callbot.web.staff.theme import Theme


@dataclass(frozen=True, slots=True)
class RightsDeps:
    """What ``bootstrap`` hands over."""

    own: OwnDeps
    desk: OfficersDesk
    names: NamesStaff
    guard: StaffGuard
    theme: Theme


def rights_router(deps: RightsDeps) -> APIRouter:
    """Every page of the rights desk."""
    own = OwnPages(deps.own)
    officers = OfficerPages(deps.desk, StaffPages(TEMPLATES, deps.theme), deps.names)
    router = APIRouter(include_in_schema=False)
    router.get(paths.OWN)(safely(own.home, own.problem))
    for path, handler in ((paths.OWN, own.ask), (paths.OWN_CODE, own.code), (paths.OWN_COPY, own.copy)):
        router.post(path)(safely(handler, own.problem))

    def add(path: str, handler: StaffHandler, method: str = "GET") -> None:
        router.add_route(path, deps.guard.guarded(handler, Right.DATA_RIGHTS), methods=[method])

    add(paths.DESK, officers.home)
    add(paths.DESK, officers.write_down, "POST")
    add(paths.ONE, officers.show)
    add(paths.MOVE, officers.move, "POST")
    add(paths.COPY, officers.copy, "POST")
    return router
