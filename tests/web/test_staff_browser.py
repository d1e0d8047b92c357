"""The pages of staff in a real Chromium: judged by axe-core, by keyboard, at 320 px, in the dark, without scripts."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image
from playwright.async_api import Browser, ConsoleMessage, Page, ViewportSize

from callbot.access import Role
from callbot.settings import Theme
from callbot.web.staff.theme import load_theme
from tests.web.browser import axe_source, chromium, faults, served
from tests.web.staff_world import FIRST, OWN, StaffService, staff_service

pytestmark = pytest.mark.peer

NARROW, WIDE = ViewportSize(width=320, height=640), ViewportSize(width=1280, height=900)
SHOTS = os.environ.get("CALLBOT_SHOTS", "")
"""a folder for pictures of every page, to be looked at"""


class Visitor:
    """Somebody of the staff in a browser."""

    def __init__(self, page: Page, office: StaffService, url: str) -> None:
        self.page = page
        self.office = office
        self.url = url

    async def go(self, path: str) -> None:
        await self.page.goto(self.url + path)

    async def press(self, label: str) -> None:
        await self.page.get_by_role("button", name=label, exact=True).click()
        await self.page.wait_for_load_state()

    async def sign_in(self, login: str = "c.essai", password: str = OWN) -> None:
        await self.go("/agents/connexion")
        await self.page.fill("#identifiant", login)
        await self.page.fill("#mot_de_passe", password)
        await self.press("Se connecter")


async def _form(visitor: Visitor) -> None:
    await visitor.go("/agents/connexion?vers=/desk")


async def _refused(visitor: Visitor) -> None:
    await visitor.sign_in(password="wrong")


async def _left(visitor: Visitor) -> None:
    await visitor.sign_in()
    await visitor.go("/agents/compte")
    await visitor.press("Se déconnecter")


async def _account(visitor: Visitor) -> None:
    await visitor.sign_in()
    await visitor.go("/agents/compte")


async def _first_entry(visitor: Visitor) -> None:
    await visitor.office.administration.add("n.essai", "Nouvelle Personne", Role.READ_ONLY, FIRST)
    await visitor.sign_in("n.essai", FIRST)


async def _key(visitor: Visitor) -> None:
    await _account(visitor)
    await visitor.page.fill("#preuve", OWN)
    await visitor.press("Préparer une clé")


async def _wrong_password(visitor: Visitor) -> None:
    await _account(visitor)
    for field, text in (("#actuel", "wrong"), ("#nouveau", "tulipe radar bocal"), ("#encore", "tulipe radar bocal")):
        await visitor.page.fill(field, text)
    await visitor.press("Changer le mot de passe")


async def _no_right(visitor: Visitor) -> None:
    await visitor.office.account("a.essai", Role.AGENT)
    await visitor.sign_in("a.essai")
    await visitor.go("/admin")


async def _ends_soon(visitor: Visitor) -> None:
    await visitor.sign_in()
    for _ in range(39):
        visitor.office.clock.advance(minutes=15)
        await visitor.page.request.get(visitor.url + "/agents/compte")
    await visitor.go("/agents/compte")


async def _unknown(visitor: Visitor) -> None:
    await visitor.go("/agents/inconnu")


STEPS: dict[str, Callable[[Visitor], Awaitable[None]]] = {
    "form": _form,
    "refused": _refused,
    "left": _left,
    "account": _account,
    "first_entry": _first_entry,
    "key": _key,
    "wrong_password": _wrong_password,
    "no_right": _no_right,
    "ends_soon": _ends_soon,
    "unknown": _unknown,
}


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def with_logo(migrated: Path, tmp_path: Path) -> AsyncIterator[StaffService]:
    """The pages of another authority: its name, its green, its logo."""
    logo = tmp_path / "logo.png"
    Image.new("RGB", (240, 80), "#00695c").save(logo)
    face = Theme(name="Communauté d'essai", colour="#00695c", logo=logo)
    theme = await asyncio.to_thread(load_theme, face)
    async with staff_service(migrated, tmp_path, "", theme=theme) as running:
        await running.account("c.essai", Role.SUPERVISOR)
        yield running
    await asyncio.sleep(0)


@pytest.mark.parametrize("step", STEPS)
async def test_every_page_is_accessible_in_both_schemes_and_at_any_size(
    with_logo: StaffService, browser: Browser, step: str
) -> None:
    axe = await asyncio.to_thread(axe_source)
    async with served(with_logo.app) as url:
        page = await browser.new_page()
        refused: list[ConsoleMessage] = []
        page.on("console", lambda message: refused.append(message) if "Content Security" in message.text else None)
        await STEPS[step](Visitor(page, with_logo, url))
        schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
        for scheme in schemes:
            for name, size in (("wide", WIDE), ("narrow", NARROW)):
                await page.emulate_media(color_scheme=scheme)
                await page.set_viewport_size(size)
                if SHOTS:
                    await page.screenshot(path=f"{SHOTS}/{step}-{scheme}-{name}.png", full_page=True)
                assert await faults(page, axe) == []
                assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert refused == [], "nothing of the page is against its own policy"


async def test_who_has_the_keyboard_alone_signs_in_and_sets_codes_up(with_logo: StaffService, browser: Browser) -> None:
    async with served(with_logo.app) as url:
        context = await browser.new_context(java_script_enabled=False)
        page = await context.new_page()
        await page.goto(f"{url}/desk")
        for word in ("c.essai", OWN):
            await _to_next_field(page)
            await page.keyboard.type(word)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/desk")
        await page.goto(f"{url}/agents/compte")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.className") == "skip"
        await page.keyboard.press("Enter")
        for _ in range(5):
            await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.id") == "preuve"
        await page.keyboard.type(OWN)
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".qr")


async def _to_next_field(page: Page) -> None:
    """Tab by tab, past links and buttons."""
    for _ in range(12):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.tagName") == "INPUT":
            return
    raise AssertionError("no field by keyboard")


async def test_the_drawing_says_what_the_key_says(with_logo: StaffService, browser: Browser) -> None:
    async with served(with_logo.app) as url:
        page = await browser.new_page()
        await _key(Visitor(page, with_logo, url))
        colours = await page.evaluate(
            "[getComputedStyle(document.querySelector('.qr .dark')).stroke,"
            " getComputedStyle(document.querySelector('.qr .back')).fill]"
        )
        box = await page.locator(".qr").bounding_box()
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    assert box is not None
    assert box["width"] == pytest.approx(box["height"])
