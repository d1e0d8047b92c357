"""The rights desk in a real Chromium: axe on every page, small and dark screens, the keyboard alone."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Page, ViewportSize

from callbot.access import Role
from callbot.domain.data_rights import DataRight
from tests.web.browser import axe_source, chromium, faults, served
from tests.web.rights_world import TYPED, RightsService, rights_service
from tests.web.staff_world import OWN

pytestmark = pytest.mark.peer
PHONE, WIDE = ViewportSize(width=320, height=640), ViewportSize(width=1280, height=900)
SHOTS = os.environ.get("CALLBOT_SCREENSHOTS", "")
"""folder for pictures of the pages, for people to look at"""


@pytest.fixture
async def rights(migrated: Path, tmp_path: Path) -> AsyncIterator[RightsService]:
    """The pages on loopback, for a browser of this machine."""
    async with rights_service(migrated, tmp_path, "") as running:
        yield running
    await asyncio.sleep(0)


async def enter(page: Page, base: str) -> None:
    await page.goto(f"{base}/agents/connexion?vers=%2Fadmin%2Fdroits")
    await page.get_by_label("Identifiant").fill("d.po")
    await page.get_by_label("Mot de passe").fill(OWN)
    await page.get_by_role("button", name="Se connecter").click()
    await page.get_by_role("heading", name="Demandes sur les données").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
async def test_every_page_is_for_everybody(
    rights: RightsService, scheme: Literal["light", "dark"], size: ViewportSize
) -> None:
    axe = axe_source()
    await rights.account("d.po", Role.DATA_PROTECTION_OFFICER)
    kind = f"{'phone' if size == PHONE else 'wide'}-{scheme}"
    async with chromium() as browser, served(rights.app) as base:
        page = await browser.new_page(viewport=size, color_scheme=scheme)

        async def judged(name: str) -> None:
            if SHOTS:
                await page.screenshot(path=Path(SHOTS) / f"rights-{name}-{kind}.png", full_page=True)
            assert await faults(page, axe) == []
            assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]

        await page.goto(f"{base}/mes-donnees")
        await judged("own")
        await page.get_by_role("button", name="Recevoir un code").click()
        await judged("own-wrong")
        await page.get_by_label("Voir mes données").check()
        await page.get_by_label("Votre numéro de mobile").fill(TYPED)
        await page.get_by_role("button", name="Recevoir un code").click()
        await judged("code")
        await page.get_by_role("button", name="Valider").click()
        await judged("code-wrong")
        await page.get_by_label("Code reçu par SMS").fill(await rights.code())
        await page.get_by_role("button", name="Valider").click()
        await judged("done")
        await page.get_by_role("button", name="Voir mes données").click()
        await judged("copy")
        await rights.by_telephone(DataRight.ERASURE)
        rights.clock.at += timedelta(days=30)
        number = await rights.by_telephone(DataRight.RECTIFICATION, "CA2")
        rights.clock.at += timedelta(days=5)
        await enter(page, base)
        await judged("register")
        await page.goto(f"{base}/admin/droits/{number}")
        await judged("received")
        await page.get_by_role("button", name="J'ai rappelé ce numéro").click()
        await page.get_by_role("button", name="Je m'en occupe").click()
        await page.get_by_role("button", name="Prolonger").click()
        await judged("taken-wrong")
        await page.get_by_role("button", name="Lire la copie").click()
        await judged("officer-copy")
        await page.goto(f"{base}/admin/droits/{number}")
        await page.get_by_role("button", name="C'est corrigé").click()
        await judged("answered")


async def test_a_person_asks_by_keyboard_alone(rights: RightsService) -> None:
    async with chromium() as browser, served(rights.app) as base:
        page = await browser.new_page(viewport=WIDE)
        await page.goto(f"{base}/mes-donnees")
        await tab_to(page, "droit-access")
        for _ in range(2):
            await page.keyboard.press("ArrowDown")
        await tab_to(page, "telephone")
        await page.keyboard.type(TYPED)
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="Votre code").wait_for()
        await tab_to(page, "code")
        await page.keyboard.type(await rights.code())
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="Votre demande est notée").wait_for()
    assert rights.desk is not None
    (listed,) = await rights.desk.open_ones()
    assert listed.request.right is DataRight.ERASURE


async def test_an_officer_erases_by_keyboard_alone(rights: RightsService) -> None:
    await rights.account("d.po", Role.DATA_PROTECTION_OFFICER)
    number = await rights.by_telephone(DataRight.ERASURE)
    async with chromium() as browser, served(rights.app) as base:
        page = await browser.new_page(viewport=WIDE)
        await enter(page, base)
        await page.goto(f"{base}/admin/droits/{number}")
        for button in ("J'ai rappelé ce numéro", "Je m'en occupe"):
            await tab_to(page, "", button)
            await page.keyboard.press("Enter")
            await page.get_by_role("status").wait_for()
        await tab_to(page, "sur")
        await page.keyboard.press("Space")
        await tab_to(page, "", "Effacer, avec certificat")
        await page.keyboard.press("Enter")
        await page.get_by_text("Certificat", exact=True).wait_for()


async def tab_to(page: Page, wanted: str, words: str = "") -> None:
    """Tab until what has the focus has that id, or begins with these words."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        focused = await page.evaluate(
            "([i, w]) => (e => w ? (e.innerText || '').trim().startsWith(w) : e.id === i)(document.activeElement)",
            [wanted, words],
        )
        if focused:
            return
    pytest.fail(f"no way by keyboard to {wanted}{words}")
