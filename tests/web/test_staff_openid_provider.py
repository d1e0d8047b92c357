"""Signing in at an OpenID Connect provider nobody here wrote (npm: oidc-provider), in a real Chromium."""

from __future__ import annotations

import asyncio
import fcntl
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.async_api import Page

from callbot.access import ExternalEntry, Role, SessionTimes
from callbot.bootstrap import SystemClock
from callbot.web.staff.directory import DirectoryDeps
from callbot.web.staff.oidc import Directory, Provider
from callbot.web.staff.paths import OIDC_BACK
from callbot.web.staff.router import StaffDeps, staff_guard, staff_router
from tests.web.browser import chromium, served
from tests.web.openid_world import CLIENT, MAPPING, SECRET
from tests.web.staff_world import KEYS, THEME, StaffService, guarded_pages, staff_service

pytestmark = pytest.mark.peer

HERE = Path(__file__).parent / "openid"


def _install() -> None:
    """The provider from its lock file, once, however many test processes ask."""
    with (HERE / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (HERE / "node_modules" / "oidc-provider").exists():
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(command, cwd=HERE, check=True, capture_output=True, timeout=300)


@contextmanager
def running(redirect_uri: str) -> Iterator[str]:
    """The provider's issuer; it sends people back to ``redirect_uri``."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("npm and node are needed to run oidc-provider")
    _install()
    command = ["node", str(HERE / "provider.mjs"), redirect_uri]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as provider:
        try:
            assert provider.stdout is not None
            said = next((line for line in provider.stdout if line.startswith("listening ")), "")
            assert said, "oidc-provider did not start"
            yield said.split()[1]
        finally:
            provider.terminate()


@pytest.fixture
async def office(migrated: Path, tmp_path: Path) -> AsyncIterator[StaffService]:
    async with staff_service(migrated, tmp_path, "") as running_office:
        yield running_office
    await asyncio.sleep(0)


def pages(office: StaffService, here: str, issuer: str) -> FastAPI:
    """The pages of staff that know the provider; its tokens are of the real time."""
    clock = SystemClock()
    provider = Provider(issuer, CLIENT, here + OIDC_BACK, SECRET)
    entry = ExternalEntry(office.storage.staff, clock, SessionTimes(), MAPPING)
    directory = DirectoryDeps(Directory(provider, clock), entry, KEYS, clock)
    deps = StaffDeps(office.storage.staff, clock, THEME, office.passwords, directory=directory)
    app = FastAPI()
    office.guard = staff_guard(deps)
    app.include_router(guarded_pages(office))
    app.include_router(staff_router(deps))
    return app


async def signs_in(page: Page, here: str, who: str) -> None:
    """From a page of ours, over the provider's own pages, and back."""
    await page.goto(f"{here}/admin?vue=jour")
    await page.get_by_role("link", name="Se connecter avec l'annuaire").click()
    await page.fill("input[name=login]", who)
    await page.fill("input[name=password]", "any")
    await page.get_by_role("button", name="Sign-in").click()
    await page.get_by_role("button", name="Continue").click()


async def test_people_of_the_provider_come_in_by_their_role(office: StaffService) -> None:
    front = FastAPI()
    async with served(front) as here, chromium() as browser:
        with running(here + OIDC_BACK) as issuer:
            front.mount("/", await asyncio.to_thread(pages, office, here, issuer))
            officer = await browser.new_page()
            await signs_in(officer, here, "u-1")
            await officer.wait_for_url(f"{here}/admin?vue=jour")
            assert await officer.inner_text("body") == "review"
            await officer.goto(f"{here}/agents/compte")
            assert "Dominique Essai, protection des données" in await officer.inner_text("header")
            nobody = await (await browser.new_context()).new_page()
            await signs_in(nobody, here, "u-2")
            await nobody.wait_for_selector("h1:has-text('Votre compte n\\'ouvre pas ce service')")
            agent = await (await browser.new_context()).new_page()
            await signs_in(agent, here, "u-3")
            await agent.wait_for_selector("h1:has-text('Cette page n\\'est pas ouverte à votre compte')")
    roles = [account.role for account in await office.administration.all()]
    assert roles == [Role.DATA_PROTECTION_OFFICER, Role.AGENT]
