"""The routes of the switch and of the knowledge base, each behind the guard."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from fastapi import APIRouter, Request, Response

from callbot.access import Right
from callbot.domain.clock import Clock
from callbot.editing.content import digest
from callbot.editing.publishing import Publishing
from callbot.editing.switch import LEAST_REASON, LONGEST_REASON, CachedSwitch, Switch
from callbot.editing.tripping import Thresholds
from callbot.web.editing import paths, views
from callbot.web.editing.content_pages import ContentPages
from callbot.web.editing.file_pages import FilePages
from callbot.web.editing.ports import NamesStaff, ReadsGaps
from callbot.web.editing.switch_page import SwitchPage
from callbot.web.rendering import HEADERS
from callbot.web.staff.guard import StaffGuard, StaffHandler
from callbot.web.staff.rendering import StaffPages, staff_templates
from callbot.web.staff.theme import Theme

_TEMPLATES = staff_templates(
    (
        "editing_switch", "editing_content", "editing_entry", "editing_proposal", "editing_versions", "editing_files",
        "editing_file", "editing_parts",
    ),
    {
        "PATHS": paths, "numbered": paths.numbered, "of_file": paths.of_file, "views": views,
        "digest": digest, "LEAST_REASON": LEAST_REASON, "LONGEST_REASON": LONGEST_REASON,
    },
)  # fmt: skip
_STYLE = files("callbot.web").joinpath("templates", "editing.css").read_bytes()


@dataclass(frozen=True, slots=True)
class EditingDeps:
    """What ``bootstrap`` hands over."""

    switch: Switch
    cached: CachedSwitch
    limits: Thresholds
    publishing: Publishing
    gaps: ReadsGaps
    names: NamesStaff
    clock: Clock
    guard: StaffGuard
    theme: Theme


def editing_router(deps: EditingDeps) -> APIRouter:
    """Every page of it."""
    pages = StaffPages(_TEMPLATES, deps.theme)
    switch = SwitchPage(deps.switch, deps.cached, deps.limits, pages, deps.names)
    content = ContentPages(deps.publishing, deps.gaps, deps.clock, pages, deps.names)
    texts = FilePages(deps.publishing, pages)
    router = APIRouter(include_in_schema=False)

    def add(path: str, handler: StaffHandler, right: Right, method: str = "GET") -> None:
        router.add_route(path, deps.guard.guarded(handler, right), methods=[method])

    router.add_route(paths.STYLE, _style, methods=["GET"])
    add(paths.SWITCH, switch.show, Right.KILL_SWITCH)
    add(paths.SWITCH, switch.turn, Right.KILL_SWITCH, "POST")
    add(paths.CONTENT, content.home, Right.ANNOTATE)
    add(paths.NEW, content.new, Right.ANNOTATE)
    add(paths.NEW, content.propose, Right.ANNOTATE, "POST")
    add(paths.PROPOSAL, content.show, Right.ANNOTATE)
    add(paths.APPROVE, content.approve, Right.ANNOTATE, "POST")
    add(paths.CLOSE, content.close, Right.ANNOTATE, "POST")
    add(paths.REHEARSE, content.rehearse, Right.ANNOTATE, "POST")
    add(paths.VERSIONS, content.versions, Right.PUBLISH_KNOWLEDGE)
    add(paths.RESTORE, content.restore, Right.PUBLISH_KNOWLEDGE, "POST")
    add(paths.RULES, texts.home, Right.EDIT_RULES)
    add(paths.FILE, texts.show, Right.EDIT_RULES)
    add(paths.FILE, texts.change, Right.EDIT_RULES, "POST")
    return router


async def _style(_request: Request) -> Response:
    return Response(_STYLE, headers={**HEADERS, "Cache-Control": "public, max-age=3600"}, media_type="text/css")
