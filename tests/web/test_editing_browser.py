"""The switch and the knowledge base in a real Chromium: axe on every page, on a phone, in the dark, by keyboard."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Page, ViewportSize

from callbot.access import Role
from callbot.domain.events import CallAnswered, GapNoted
from tests.web.browser import axe_source, chromium, faults, served
from tests.web.editing_world import EditingService, editing_service
from tests.web.staff_world import OWN
from tests.web.test_editing_pages import ENTRY

pytestmark = pytest.mark.peer
PHONE, WIDE = ViewportSize(width=320, height=640), ViewportSize(width=1280, height=900)
SHOTS = os.environ.get("CALLBOT_SCREENSHOTS", "")
"""folder for pictures of the pages, for people to look at"""
LABELS = {
    "id": "Identifiant", "variants": "Façons de poser la question", "answer": "Réponse dite à l'appelant",
    "source": "Source", "owner": "Qui en répond", "note": "Pourquoi cette fiche",
}  # fmt: skip


@pytest.fixture
async def editing(migrated: Path, tmp_path: Path) -> AsyncIterator[EditingService]:
    async with editing_service(migrated, tmp_path, "") as running:
        yield running
    await asyncio.sleep(0)


async def enter(page: Page, base: str, login: str) -> None:
    await page.goto(f"{base}/agents/connexion?vers=%2Fadmin%2Finterrupteur")
    await page.get_by_label("Identifiant").fill(login)
    await page.get_by_label("Mot de passe").fill(OWN)
    await page.get_by_role("button", name="Se connecter").click()
    await page.get_by_role("heading", name="Interrupteur", exact=True).wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
async def test_every_page_is_for_everybody(
    editing: EditingService, scheme: Literal["light", "dark"], size: ViewportSize
) -> None:
    axe, kind = axe_source(), f"{'phone' if size == PHONE else 'wide'}-{scheme}"
    for login in ("a.premiere", "b.seconde"):
        await editing.account(login, Role.ADMINISTRATOR)
    await editing.storage.events.append("CA1", CallAnswered(None))
    await editing.storage.events.append("CA1", GapNoted(("horaires", "prix")))

    async def judged(page: Page, name: str) -> None:
        assert await faults(page, axe) == [], name
        assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
        if SHOTS:
            await page.screenshot(path=Path(SHOTS) / f"{name}-{kind}.png", full_page=True)

    async with chromium() as browser, served(editing.app) as base:
        page = await browser.new_page(viewport=size, color_scheme=scheme)
        await enter(page, base, "a.premiere")
        await judged(page, "switch")
        await page.get_by_label("Pourquoi").fill("panne du réseau")
        await page.get_by_role("button", name="Envoyer tous les appels").click()
        await page.get_by_text("Arrêté : les nouveaux appels").wait_for()
        await judged(page, "switched")
        await page.goto(f"{base}/admin/connaissances/nouvelle")
        await judged(page, "entry")
        for field, label in LABELS.items():
            await page.get_by_label(label, exact=True).fill(ENTRY[field])
        await page.get_by_role("button", name="Voir l'aperçu").click()
        await page.get_by_role("heading", name="Aperçu").wait_for()
        await judged(page, "preview")
        await page.get_by_role("button", name="Proposer", exact=True).click()
        await page.get_by_role("heading", name="Proposition 1").wait_for()
        await editing.settled()
        for path in ("connaissances", "connaissances/propositions/1", "connaissances/versions", "regles"):
            await page.goto(f"{base}/admin/{path}")
            await judged(page, path.replace("/", "-"))
        await page.goto(f"{base}/admin/regles/fichier?nom=opening_hours.yaml")
        text = await page.get_by_label("Texte du fichier").input_value()
        await page.get_by_label("Texte du fichier").fill(text.replace("samedi:", "samdi:"))
        await page.get_by_role("button", name="Contrôler").click()
        await page.get_by_role("heading", name="À corriger").wait_for()
        await judged(page, "file-problems")
        await page.get_by_label("Texte du fichier").fill(text + "# revu")
        await page.get_by_role("button", name="Contrôler").click()
        await page.get_by_label("J'ai lu ce qui change").wait_for()
        await judged(page, "file-difference")
        other = await (await browser.new_context(viewport=size, color_scheme=scheme)).new_page()
        await enter(other, base, "b.seconde")
        await other.goto(f"{base}/admin/connaissances/propositions/1")
        await judged(other, "approve")
        await other.get_by_label("en répond et j'approuve").check()
        await other.get_by_role("button", name="Approuver et publier").click()
        await other.get_by_text("C'est publié.").wait_for()
        await judged(other, "versions")


async def test_the_switch_is_thrown_by_keyboard_alone(editing: EditingService) -> None:
    await editing.account("a.premiere", Role.SUPERVISOR)
    async with chromium() as browser, served(editing.app) as base:
        page = await browser.new_page(viewport=WIDE)
        await enter(page, base, "a.premiere")
        await _tab_to(page, "raison")
        await page.keyboard.type("panne du réseau")
        await page.keyboard.press("Enter")
        await page.get_by_text("Arrêté : les nouveaux appels").wait_for()
    current = await editing.storage.switches.current()
    assert current is not None
    assert current.to_people


async def _tab_to(page: Page, wanted: str) -> None:
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await page.evaluate("w => document.activeElement.id === w", wanted):
            return
    pytest.fail(f"no way by keyboard to {wanted}")
