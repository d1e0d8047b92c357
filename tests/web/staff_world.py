"""The pages of staff over a real database, with cheap hashes and two little pages behind the guard."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pyotp
from fastapi import APIRouter, FastAPI, Request, Response
from pwdlib.hashers.argon2 import Argon2Hasher
from starlette.responses import PlainTextResponse

from callbot.access import Account, Administration, Passwords, Right, Role
from callbot.privacy import KeyRing
from callbot.settings import Theme as ThemeSettings
from callbot.storage import Storage
from callbot.web.forms import read_form
from callbot.web.problems import RefusedError
from callbot.web.rendering import STYLE, style_sheet
from callbot.web.staff.guard import NOT_OURS, StaffGuard, Visit
from callbot.web.staff.router import StaffDeps, staff_guard, staff_router
from callbot.web.staff.theme import Theme, style_of
from tests.booking.sample import PinnedClock
from tests.web.resident_world import Form, Page

PUBLIC = "https://agents.example.fr"
KEYS = KeyRing({"test": bytes(range(32))}, "test", bytes(32))
FIRST, OWN = "quatre mots sans lien", "cheval pile agrafe correct"
THEME = Theme("Métropole d'essai", style_of(ThemeSettings().colour).encode())


def cheap_passwords() -> Passwords:
    """argon2 as it is, with the least it can cost."""
    return Passwords(Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1))


@dataclass
class StaffService:
    """The pages and what stands behind them. ``told``: what the pages behind the guard did."""

    storage: Storage
    clock: PinnedClock
    passwords: Passwords
    guard: StaffGuard
    app: FastAPI
    public_url: str
    told: list[str] = field(default_factory=list)

    @property
    def administration(self) -> Administration:
        return Administration(self.storage.staff, self.passwords, self.clock)

    async def account(self, login: str, role: Role = Role.AGENT, password: str = OWN) -> Account:
        """An account whose owner chose the password already."""
        made = await self.administration.add(login, "Camille Essai", role, password)
        assert isinstance(made, Account), made
        async with self.storage.staff.writing() as work:
            await work.set_password(made.id, await self.passwords.hashed(password), must_change=False)
        return replace(made, must_change_password=False)

    async def key_of(self, account: Account) -> pyotp.TOTP:
        """The codes' key of an account, pending or in force."""
        async with self.storage.staff.reading() as reads:
            known = await reads.of_id(account.id)
        assert known is not None
        key = known.secrets.pending_key or known.secrets.key
        assert key is not None
        return pyotp.TOTP(key.reveal())


@asynccontextmanager
async def staff_service(
    template: Path,
    folder: Path,
    public_url: str = PUBLIC,
    *,
    theme: Theme = THEME,
    second_factor_required: bool = False,
) -> AsyncIterator[StaffService]:
    """A service over a copy of the migrated database ``template``."""
    clock, path = PinnedClock(), folder / "staff.db"
    shutil.copyfile(template, path)
    async with await Storage.open(f"sqlite+aiosqlite:///{path}", KEYS, clock.now) as storage:
        passwords = cheap_passwords()
        deps = StaffDeps(
            storage.staff, clock, theme, passwords,
            public_url=public_url, second_factor_required=second_factor_required,
        )  # fmt: skip
        app = FastAPI()
        service = StaffService(storage, clock, passwords, staff_guard(deps), app, public_url)
        app.include_router(guarded_pages(service))
        app.include_router(staff_router(deps))
        app.get(STYLE)(style_sheet)
        yield service


def guarded_pages(service: StaffService) -> APIRouter:
    """A desk, a review, a form, a page that breaks."""

    async def desk(_request: Request, visit: Visit) -> Response:
        return PlainTextResponse(f"desk of {visit.account.id}")

    async def save(request: Request, visit: Visit) -> Response:
        form = await read_form(request.headers, request.stream())
        if not visit.form_ok(form, request):
            raise RefusedError(NOT_OURS)
        service.told.append(form["note"])
        return PlainTextResponse("saved")

    async def review(_request: Request, _visit: Visit) -> Response:
        return PlainTextResponse("review")

    async def breaks(_request: Request, _visit: Visit) -> Response:
        raise ValueError("12 rue de Rome")

    router = APIRouter()
    router.add_route("/desk", service.guard.guarded(desk, Right.DESK))
    router.add_route("/desk/note", service.guard.guarded(save, Right.DESK), methods=["POST"])
    router.add_route("/desk/live", service.guard.guarded(desk, Right.DESK, counts=False))
    router.add_route("/desk/breaks", service.guard.guarded(breaks, Right.DESK))
    router.add_route("/admin", service.guard.guarded(review, Right.REVIEW))
    return router


class Staff:
    """A browser without scripts."""

    def __init__(self, service: StaffService, address: str = "203.0.113.9") -> None:
        self.service = service
        transport = httpx.ASGITransport(service.app, client=(address, 40000))
        origin = {"origin": service.public_url}
        self.client = httpx.AsyncClient(transport=transport, base_url=service.public_url, headers=origin)
        self.page: Page

    async def get(self, path: str, **headers: str) -> Page:
        """The page, wherever it leads."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.page = Page(await self.client.get(path, headers=named, follow_redirects=True))
        return self.page

    async def press(self, button: str, **more: str) -> Page:
        """Presses a button of the page after ``more`` was filled in."""
        form = self.form(button)
        answer = await self.client.post(form.action, data={**form.fields, **more}, follow_redirects=True)
        self.page = Page(answer)
        return self.page

    async def sign_in(self, login: str, password: str = OWN, code: str = "") -> Page:
        """Through the page of signing in."""
        await self.get("/agents/connexion")
        return await self.press("Se connecter", identifiant=login, mot_de_passe=password, code=code)

    def form(self, button: str) -> Form:
        return next(form for form in self.page.forms if button in form.buttons)

    def box(self, name: str) -> str:
        """What the box of this name sends when it is ticked."""
        return self.page.html.split(f'name="{name}"')[1].split('value="')[1].split('"')[0]

    @property
    def cookie(self) -> str:
        """What the browser holds."""
        return self.client.cookies.get("__Host-agents") or ""
