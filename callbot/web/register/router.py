"""The routes of the register."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import APIRouter

from callbot.privacy.charter import Clause, Result
from callbot.privacy.register import Register
from callbot.web.guarding import Handler, safely
from callbot.web.register import paths
from callbot.web.register.pages import RegisterPages


@dataclass(frozen=True, slots=True)
class RegisterDeps:
    """What ``bootstrap`` hands over. ``register``: as the configuration is now; ``last_run``: None before the first."""

    register: Callable[[], Register]
    last_run: Callable[[], Awaitable[Result | None]]
    clauses: tuple[Clause, ...]
    people_phone: str = "0800 94 94 08"
    paper: Callable[[str], str | None] = lambda _name: None
    """a paper of data protection by its file; None: there is none of that name"""


def register_router(deps: RegisterDeps) -> APIRouter:
    """The public pages."""
    pages = _pages(deps)
    router = APIRouter(include_in_schema=False)

    def shown(handler: Handler) -> Handler:
        return safely(handler, pages.problem)

    router.add_route(paths.REGISTER, shown(pages.register), methods=["GET"])
    router.add_route(paths.CHARTER, shown(pages.charter), methods=["GET"])
    router.add_route(paths.STYLE, shown(pages.style), methods=["GET"])
    router.add_route(paths.PAPER + "{name}", shown(pages.paper), methods=["GET"])
    return router


def register_page(deps: RegisterDeps) -> str:
    """The register as everybody gets it, in HTML."""
    return bytes(_pages(deps).entry().body).decode()


def _pages(deps: RegisterDeps) -> RegisterPages:
    return RegisterPages(deps.register, deps.last_run, deps.clauses, deps.people_phone, deps.paper)
