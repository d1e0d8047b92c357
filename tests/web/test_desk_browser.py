"""The desk in a real Chromium: axe on every page, by keyboard alone, on a phone, in the dark, and lists that go on."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Page, ViewportSize

from callbot.access import Role
from callbot.desk import Talk
from callbot.web.scripts import Scripts
from tests.web.browser import axe_source, chromium, faults, served
from tests.web.desk_world import AGENT, DeskService, desk_service
from tests.web.staff_world import OWN
from tests.web.test_desk_telephone import Phone, promise

pytestmark = pytest.mark.peer
PHONE, WIDE = ViewportSize(width=320, height=640), ViewportSize(width=1280, height=900)
SHOTS = os.environ.get("CALLBOT_SCREENSHOTS", "")
"""folder for pictures of the pages, for people to look at"""


async def enter(page: Page, base: str) -> None:
    await page.goto(f"{base}/agents/connexion")
    await page.get_by_label("Identifiant").fill(AGENT)
    await page.get_by_label("Mot de passe").fill(OWN)
    await page.get_by_role("button", name="Se connecter").click()
    await page.get_by_role("heading", name="Accueil d'appels").wait_for()


async def shown(page: Page, name: str) -> None:
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
async def test_every_page_is_for_everybody(
    desk_of_loopback: DeskService, scheme: Literal["light", "dark"], size: ViewportSize
) -> None:
    desk, axe = desk_of_loopback, axe_source()
    await desk.account(AGENT)
    await desk.waits("CA1")
    async with chromium() as browser, served(desk.app) as base:
        page = await browser.new_page(viewport=size, color_scheme=scheme)
        kind = f"{'phone' if size == PHONE else 'wide'}-{scheme}"
        await enter(page, base)
        assert await faults(page, axe) == []
        await shown(page, f"desk-{kind}")
        await page.get_by_role("button", name="Prendre").click()
        await page.get_by_role("heading", name="Ce qui est déjà dit").wait_for()
        assert await faults(page, axe) == []
        await shown(page, f"call-{kind}")
        await page.get_by_role("link", name="Prendre un rendez-vous, prérempli").click()
        await page.get_by_label("jeudi 26 novembre").check()
        await page.get_by_role("button", name="Voir le récapitulatif").click()
        await page.get_by_text("À lire à l'appelant").wait_for()
        assert await faults(page, axe) == []
        await shown(page, f"booking-{kind}")
        assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        await page.get_by_label("Je l'ai lu à l'appelant").check()
        await page.get_by_role("button", name="Réserver").click()
        await page.get_by_role("status").get_by_text("Le rendez-vous est pris.").wait_for()
        await page.get_by_role("link", name=(await desk.storage.bookings())[0].reference).click()
        assert await faults(page, axe) == []
        for path in ("/desk/rendez-vous", "/desk/documents?q=sortir"):
            await page.goto(base + path)
            assert await faults(page, axe) == []
            assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]


async def test_a_call_is_taken_and_finished_by_keyboard_alone(desk_of_loopback: DeskService) -> None:
    desk = desk_of_loopback
    await desk.account(AGENT)
    await desk.waits("CA1")
    async with chromium() as browser, served(desk.app) as base:
        page = await browser.new_page(viewport=WIDE)
        await enter(page, base)
        await _tab_to(page, "Prendre :")
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="Terminer").wait_for()
        await _tab_to(page, "booked")
        await page.keyboard.press("Space")
        await _tab_to(page, "Terminer l'appel")
        await page.keyboard.press("Enter")
        await page.get_by_text("C'est terminé.").wait_for()
    work = await desk.storage.desk_work.of_call("CA1")
    assert work is not None
    assert work.ended_at is not None


async def test_lists_go_on_by_themselves_where_scripts_are(migrated: Path, tmp_path: Path) -> None:
    scripts = await asyncio.to_thread(Scripts.read, Path("var"))
    if not scripts.addresses:
        pytest.skip("no scripts in var/scripts: make setup brings them where npm is")
    async with desk_service(migrated, tmp_path, "", scripts) as desk, chromium() as browser, served(desk.app) as base:
        await desk.account(AGENT)
        page = await browser.new_page(viewport=WIDE)
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if "Content Security" in said.text else None)
        await enter(page, base)
        await page.get_by_text("Personne n'attend.").wait_for()
        await desk.waits("CA1")
        await page.get_by_role("button", name="Prendre").wait_for()
        assert (await page.title()).startswith("(1) Accueil d'appels")
        assert await page.locator("audio").count() == 1
        assert problems == []


async def _tab_to(page: Page, wanted: str) -> None:
    """Tab until what has the focus is called so, or has that value."""
    for _ in range(80):
        await page.keyboard.press("Tab")
        focused = await page.evaluate(
            "w => (e => (e.textContent || '').trim().startsWith(w) || e.value === w)(document.activeElement)", wanted
        )
        if focused:
            return
    pytest.fail(f"no way by keyboard to {wanted}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
async def test_pages_by_telephone_are_for_everybody(
    migrated: Path, tmp_path: Path, scheme: Literal["light", "dark"], size: ViewportSize
) -> None:
    phone = Phone(listening=True)
    async with (
        desk_service(migrated, tmp_path, "", phone=phone) as desk,
        chromium() as browser,
        served(desk.app) as base,
    ):
        await desk.account(AGENT, Role.SUPERVISOR)
        await promise(desk)
        await desk.waits("CA2")
        phone.going_on = [Talk("CA2", desk.clock.now())]
        page = await browser.new_page(viewport=size, color_scheme=scheme)
        kind = f"{'phone' if size == PHONE else 'wide'}-{scheme}"

        async def is_for_everybody(name: str) -> None:
            assert await faults(page, axe_source()) == []
            assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]
            await shown(page, f"{name}-{kind}")

        await enter(page, base)
        await page.get_by_label("Votre téléphone").fill("0892 12 34 56")
        await page.get_by_role("button", name="Je suis disponible").click()
        await page.get_by_role("alert").wait_for()
        await is_for_everybody("line-refused")
        await page.get_by_label("Votre téléphone").fill("06 12 34 00 00")
        await page.get_by_role("button", name="Je suis disponible").click()
        await page.get_by_role("button", name="Garder ce téléphone").wait_for()
        await is_for_everybody("line")
        await page.get_by_role("button", name="Rappeler").click()
        await page.get_by_role("button", name="Appeler par le service").wait_for()
        await is_for_everybody("call-back")
        await page.goto(f"{base}/desk")
        await page.get_by_role("button", name="Prendre").click()
        await page.get_by_role("button", name="Sans écoute").wait_for()
        await is_for_everybody("rings")
        await page.goto(f"{base}/desk/ecoute")
        await page.get_by_role("button", name="Écouter").wait_for()
        await is_for_everybody("listening")
