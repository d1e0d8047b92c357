"""Accounts in a real Chromium, by keyboard alone: made, entered with codes, then without the telephone."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pyotp
import pytest
from playwright.async_api import Browser, Page, ViewportSize

from callbot.access import Role
from tests.web.browser import axe_source, chromium, faults, served
from tests.web.staff_world import OWN, staff_service

pytestmark = pytest.mark.peer

NARROW, WIDE = ViewportSize(width=320, height=640), ViewportSize(width=1280, height=900)
NEW = "tulipe radar bocal sept"
SHOTS = os.environ.get("CALLBOT_SHOTS", "")
"""a folder for pictures of every page, to be looked at"""


class Walker:
    """Somebody without a mouse; every page passed is judged by axe-core, wide and narrow, light and dark."""

    def __init__(self, page: Page, url: str, axe: str) -> None:
        self.page = page
        self.url = url
        self.axe = axe
        self.judged: list[str] = []

    async def go(self, path: str, name: str) -> None:
        await self.page.goto(self.url + path)
        await self.judge(name)

    async def type(self, selector: str, text: str) -> None:
        """Tab by tab to a field."""
        await self.reach(selector)
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.type(text)

    async def enter(self, selector: str, name: str) -> None:
        """Tab by tab to a button or link, then Enter; a page without a name is not one of ours."""
        await self.reach(selector)
        async with self.page.expect_navigation():
            await self.page.keyboard.press("Enter")
        if name:
            await self.judge(name)

    async def reach(self, selector: str) -> None:
        for _ in range(90):
            if await self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"not reached by keyboard: {selector}")

    async def judge(self, name: str) -> None:
        self.judged.append(name)
        for scheme, size in (("light", WIDE), ("dark", NARROW)):
            await self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            await self.page.set_viewport_size(size)
            if SHOTS:
                await self.page.screenshot(path=f"{SHOTS}/accounts-{name}-{scheme}.png", full_page=True)
            assert await faults(self.page, self.axe) == [], name
            assert await self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        await self.page.set_viewport_size(WIDE)

    async def sign_in(self, login: str, password: str, code: str, name: str) -> None:
        await self.page.goto(self.url + "/agents/connexion")
        for selector, text in (("#identifiant", login), ("#mot_de_passe", password), ("#code", code)):
            await self.type(selector, text)
        await self.enter("form button", name)

    async def sign_out(self) -> None:
        await self.enter(".who-is-in button", "left")

    async def text(self, selector: str) -> str:
        return await self.page.locator(selector).first.inner_text()


async def walker(browser: Browser, url: str, axe: str) -> Walker:
    """A browser of its own."""
    return Walker(await (await browser.new_context()).new_page(), url, axe)


async def make_account(admin: Walker) -> str:
    """The administrator makes an account for an agent; its one-time password."""
    await admin.sign_in("chef.essai", OWN, "", "")
    await admin.go("/admin/comptes", "accounts")
    await admin.type("main #identifiant", "n.essai")
    await admin.type("#nom", "Nouvelle Personne")
    await admin.reach("#role")
    await admin.page.keyboard.type("accueil")
    await admin.enter("main form button", "given")
    return await admin.text("main strong.key")


async def set_up(agent: Walker, password: str) -> str:
    """Another password, then a key for the second factor, as it is shown."""
    for selector, text in (("#actuel", password), ("#nouveau", NEW), ("#encore", NEW)):
        await agent.type(selector, text)
    await agent.enter("[action$=mot-de-passe] button", "password")
    await agent.type("#preuve", NEW)
    await agent.enter("[action$=second-facteur] button", "key")
    return (await agent.text("strong.key")).replace(" ", "")


async def test_an_account_is_made_and_entered_with_codes_by_keyboard_alone(migrated: Path, tmp_path: Path) -> None:
    axe = await asyncio.to_thread(axe_source)
    async with staff_service(migrated, tmp_path, "") as office, chromium() as browser, served(office.app) as url:
        await office.account("chef.essai", Role.ADMINISTRATOR)
        admin, agent = await walker(browser, url, axe), await walker(browser, url, axe)
        password = await make_account(admin)
        await agent.sign_in("n.essai", password, "", "first entry")
        codes = pyotp.TOTP(await set_up(agent, password))
        await agent.type("#code", codes.at(office.clock.now()))
        await agent.enter("[action$=code] button", "recovery codes")
        spare = await agent.page.locator(".codes li").all_inner_texts()
        assert len(spare) == 10
        await agent.enter("main a.button", "own account")
        await agent.sign_out()
        office.clock.advance(seconds=30)
        await agent.sign_in("n.essai", NEW, codes.at(office.clock.now()), "")
        assert agent.page.url.endswith("/desk")
        await agent.page.goto(f"{url}/agents/compte")
        await agent.sign_out()
        await agent.sign_in("n.essai", NEW, spare[0], "entered by a recovery code")
        assert "il en reste 9" in (await agent.text("main")).lower()
        await admin.go("/admin/comptes", "two accounts")
        # both accounts were made in one second of the pinned clock: the list has them in any order
        there = await admin.page.locator(".cards li", has_text="n.essai").locator("a").get_attribute("href")
        await admin.enter(f'.cards a[href="{there}"]', "one account")
        assert "Code de secours utilisé : il en reste 9" in (await admin.text("main")).replace("\u00a0", " ")
        await admin.enter("[action$=verrouiller] button", "locked")
        assert "Le compte est verrouillé" in await admin.text("[role=status]")
        await admin.go("/admin/comptes/journal", "journal")
        assert "Compte verrouillé" in await admin.text("main")
        assert len(admin.judged) + len(agent.judged) == 14
    await asyncio.sleep(0)
