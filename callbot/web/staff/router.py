"""Every route of signing in and of one's own account."""

from __future__ import annotations

from dataclasses import dataclass, field

from fastapi import APIRouter, Request, Response

from callbot.access import OwnAccount, Passwords, Right, Sessions, SessionTimes, SignIn
from callbot.access.passwords import SHORTEST
from callbot.access.ports import OpensStaffWork
from callbot.domain.clock import Clock
from callbot.web.guarding import Handler, safely
from callbot.web.problems import UNKNOWN_PAGE, WRONG_METHOD, RefusedError
from callbot.web.rendering import HEADERS
from callbot.web.staff import paths
from callbot.web.staff.account_words import change_words, said_detail, written_moment
from callbot.web.staff.accounts import Action, StaffAccountPages
from callbot.web.staff.directory import DirectoryDeps, DirectoryPage
from callbot.web.staff.guard import StaffGuard
from callbot.web.staff.own_account import AccountPage
from callbot.web.staff.rendering import StaffPages, staff_templates
from callbot.web.staff.signing_in import SignInDeps, SignInPage
from callbot.web.staff.theme import Theme

_TEMPLATES = staff_templates(
    (
        "staff_sign_in", "staff_account", "staff_codes", "staff_continue", "staff_accounts", "staff_one_account",
        "staff_given", "staff_changes", "staff_account_parts",
    ),
    {
        "PASSWORD": paths.PASSWORD, "SECOND_FACTOR": paths.SECOND_FACTOR, "CONFIRM": paths.CONFIRM,
        "RECOVERY": paths.RECOVERY, "ACCOUNT": paths.ACCOUNT, "ACCOUNTS": paths.ACCOUNTS,
        "CHANGES": paths.ACCOUNT_CHANGES, "SHORTEST": SHORTEST, "change_words": change_words,
        "said_detail": said_detail, "written_moment": written_moment,
    },
)  # fmt: skip
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
_KNOWN = frozenset(
    {
        paths.SIGN_IN, paths.SIGN_OUT, paths.ACCOUNT, paths.PASSWORD, paths.SECOND_FACTOR, paths.CONFIRM,
        paths.RECOVERY,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StaffDeps:
    """What ``bootstrap`` hands over. ``public_url`` empty on loopback."""

    store: OpensStaffWork
    clock: Clock
    theme: Theme
    passwords: Passwords
    times: SessionTimes = field(default_factory=SessionTimes)
    public_url: str = ""
    second_factor_required: bool = False
    directory: DirectoryDeps | None = None
    """the authority's own provider; None: local accounts only"""


def sign_in_pages(deps: StaffDeps) -> StaffPages:
    """The templates of this family."""
    return StaffPages(_TEMPLATES, deps.theme)


def staff_guard(deps: StaffDeps, pages: StaffPages | None = None) -> StaffGuard:
    """The guard that every staff page stands behind."""
    sessions = Sessions(deps.store, deps.clock, deps.times)
    return StaffGuard(sessions, pages or sign_in_pages(deps), deps.public_url, deps.second_factor_required)


def staff_router(deps: StaffDeps) -> APIRouter:
    """The routes."""
    pages = sign_in_pages(deps)
    guard = staff_guard(deps, pages)
    directory = paths.OIDC_START if deps.directory else ""
    entering = SignInPage(
        SignInDeps(SignIn(deps.store, deps.passwords, deps.clock, deps.times), guard, pages, deps.clock, directory)
    )
    account = AccountPage(OwnAccount(deps.store, deps.passwords, deps.clock, deps.theme.name), guard, pages)
    router = APIRouter(include_in_schema=False)
    router.add_route(paths.SIGN_IN, safely(entering.form, pages.problem), methods=["GET"])
    router.add_route(paths.SIGN_IN, safely(entering.enter, pages.problem), methods=["POST"])
    router.add_route(paths.SIGN_OUT, guard.signed_in(entering.leave), methods=["POST"])
    router.add_route(paths.ACCOUNT, guard.signed_in(account.home), methods=["GET"])
    router.add_route(paths.PASSWORD, guard.signed_in(account.password), methods=["POST"])
    router.add_route(paths.SECOND_FACTOR, guard.signed_in(account.second_factor), methods=["POST"])
    router.add_route(paths.CONFIRM, guard.signed_in(account.confirm), methods=["POST"])
    router.add_route(paths.RECOVERY, guard.signed_in(account.recovery), methods=["POST"])
    _administer(router, StaffAccountPages(deps.store, deps.passwords, deps.clock, pages), guard)
    if deps.directory is not None:
        by_directory = DirectoryPage(deps.directory, guard, pages)
        router.add_route(paths.OIDC_START, safely(by_directory.start, pages.problem), methods=["GET"])
        router.add_route(paths.OIDC_BACK, safely(by_directory.back, pages.problem), methods=["GET"])
    router.add_route(paths.STYLE, _file(deps.theme.style, "text/css; charset=utf-8"), methods=["GET"])
    if deps.theme.logo is not None:
        router.add_route(paths.LOGO, _file(deps.theme.logo.content, deps.theme.logo.media_type), methods=["GET"])
    for path in (paths.PREFIX, paths.PREFIX + "/{rest:path}"):
        router.add_route(path, safely(_anything_else, pages.problem), methods=_METHODS)
    return router


def _administer(router: APIRouter, pages: StaffAccountPages, guard: StaffGuard) -> None:
    """The pages about everybody's accounts."""
    router.add_route(paths.ACCOUNTS, guard.guarded(pages.all, Right.ACCOUNTS), methods=["GET"])
    router.add_route(paths.ACCOUNTS, guard.guarded(pages.add, Right.ACCOUNTS), methods=["POST"])
    router.add_route(paths.ACCOUNT_CHANGES, guard.guarded(pages.changes, Right.ACCOUNTS), methods=["GET"])
    router.add_route(paths.ONE_ACCOUNT, guard.guarded(pages.one, Right.ACCOUNTS), methods=["GET"])
    for action in Action:
        path = f"{paths.ONE_ACCOUNT}/{action}"
        router.add_route(path, guard.guarded(pages.doing(action), Right.ACCOUNTS), methods=["POST"])


async def _anything_else(request: Request) -> Response:
    raise RefusedError(WRONG_METHOD if request.scope["path"] in _KNOWN else UNKNOWN_PAGE)


def _file(content: bytes, media_type: str) -> Handler:
    async def file(_request: Request) -> Response:
        return Response(content, headers={**HEADERS, "Cache-Control": "public, max-age=3600"}, media_type=media_type)

    return file
