"""The review in a real Chromium: axe on every page, a wrong address annotated until its case passes, one field
unmasked and seen in the journal, by keyboard, on a phone, in the dark."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Page, ViewportSize

from callbot.access import Role
from callbot.bootstrap import load_facts
from callbot.rehearsal.by_text import Stage
from callbot.rehearsal.regressions import read_case, replay
from callbot.settings import Settings
from tests.rehearsal.test_regressions import CALL, STREET, write_streets
from tests.web.browser import axe_source, chromium, faults, served
from tests.web.review_world import ReviewService, review_service
from tests.web.staff_world import KEYS, OWN

pytestmark = pytest.mark.peer
PHONE, WIDE = ViewportSize(width=320, height=640), ViewportSize(width=1280, height=900)
SHOTS = os.environ.get("CALLBOT_SCREENSHOTS", "")
"""folder for pictures of the pages, for people to look at"""
REASON = "Réclamation reçue le 23 novembre"


@pytest.fixture
async def review(migrated: Path, tmp_path: Path) -> AsyncIterator[ReviewService]:
    """The review on loopback, for a browser of this machine."""
    async with review_service(migrated, tmp_path, "") as running:
        yield running
    await asyncio.sleep(0)


async def enter(page: Page, base: str, login: str) -> None:
    await page.goto(f"{base}/agents/connexion")
    await page.get_by_label("Identifiant").fill(login)
    await page.get_by_label("Mot de passe").fill(OWN)
    await page.get_by_role("button", name="Se connecter").click()
    await page.get_by_role("heading", name="Relecture des appels").wait_for()


async def shown(page: Page, name: str) -> None:
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"review-{name}.png", full_page=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
async def test_every_page_is_for_everybody(
    review: ReviewService, scheme: Literal["light", "dark"], size: ViewportSize
) -> None:
    axe = axe_source()
    await review.account("admin", Role.ADMINISTRATOR)
    await review.two_calls()
    kind = f"{'phone' if size == PHONE else 'wide'}-{scheme}"
    async with chromium() as browser, served(review.app) as base:
        page = await browser.new_page(viewport=size, color_scheme=scheme)

        async def judged(name: str) -> None:
            await shown(page, f"{name}-{kind}")
            assert await faults(page, axe) == []
            assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]

        await enter(page, base, "admin")
        await judged("list")
        await page.goto(f"{base}/admin?text=canap%C3%A9&asked=1&outcome=handed_over")
        await judged("found")
        await page.goto(f"{base}/admin/calls/CA1")
        await judged("call")
        await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        await judged("beliefs")
        await page.goto(f"{base}/admin/calls/CA1?ligne=12#annoter")
        await judged("annotating")
        await page.get_by_role("button", name="Enregistrer l'annotation").click()
        await page.get_by_text("choisissez une sorte d'erreur").wait_for()
        await judged("annotation-wrong")
        await page.get_by_label("Adresse").check()
        await page.get_by_label("Rue, comme l'écrit la base").fill("Rue Dragon")
        await page.get_by_label("Numéro dans la rue").fill("12")
        await page.get_by_role("button", name="Enregistrer l'annotation").click()
        await page.get_by_role("status").wait_for()
        await judged("annotated")
        await page.goto(f"{base}/admin/calls/CA1?champ=14.candidate1.1#demasquer")
        await judged("unmasking")
        await page.get_by_label("Motif").fill(REASON)
        await page.get_by_role("button", name="Voir ce champ").click()
        await page.get_by_text("Rue Dragon").wait_for()
        await judged("unmasked")
        for path in ("annotations", "journal"):
            await page.goto(f"{base}/admin/{path}")
            await judged(path)


async def test_a_wrong_address_is_found_annotated_fails_as_a_case_and_passes_after_the_mend(
    review: ReviewService, tmp_path: Path
) -> None:
    await review.account("admin", Role.ADMINISTRATOR)
    await review.tells("CA7", CALL)
    review.clock.advance(minutes=11)
    await review.indexed()
    async with chromium() as browser, served(review.app) as base:
        page = await browser.new_page(viewport=WIDE)
        await enter(page, base, "admin")
        await page.get_by_text("Chercher et filtrer").click()
        await page.get_by_label("Mots dits pendant l'appel").fill("canapés")
        await page.get_by_label("Paroles mal reconnues").check()
        await page.get_by_role("button", name="Chercher").click()
        await page.get_by_role("link", name="lundi 23 novembre").click()
        spoken = page.locator("#l-9")
        await spoken.get_by_role("link", name="L'assistant s'est trompé ici").click()
        await page.get_by_label("Adresse", exact=True).check()
        await page.get_by_label("Numéro dans la rue").fill("100")
        await page.get_by_label("Rue, comme l'écrit la base").fill(STREET)
        await page.get_by_label("Commune").select_option("Marseille 6e")
        await page.get_by_role("button", name="Enregistrer l'annotation").click()
        await page.get_by_role("button", name="En faire un cas de régression").click()
        await page.get_by_text("Le cas de régression est enregistré").wait_for()
    (name,) = await review.case_names()
    assert review.cases is not None
    case = read_case(name, await asyncio.to_thread(review.cases.read, name))
    settings = Settings(data_dir=tmp_path)
    await asyncio.to_thread(write_streets, settings, without=STREET)
    before = await replay(case, Stage(settings, await asyncio.to_thread(load_facts, settings), KEYS))
    assert [fault.split(":")[0] for fault in before.faults] == ["street"]
    await asyncio.to_thread(write_streets, settings)
    after = await replay(case, Stage(settings, await asyncio.to_thread(load_facts, settings), KEYS))
    assert after.passed


async def test_a_data_protection_officer_unmasks_one_field_and_sees_it_in_the_journal(review: ReviewService) -> None:
    await review.account("dpo", Role.DATA_PROTECTION_OFFICER)
    await review.two_calls()
    async with chromium() as browser, served(review.app) as base:
        page = await browser.new_page(viewport=WIDE)
        await enter(page, base, "dpo")
        await page.goto(f"{base}/admin/calls/CA1")
        assert "Dragon" not in await page.content()
        await page.locator("#l-12").locator("p.words").get_by_role("link", name="voie masquée").click()
        await page.get_by_label("Motif").fill(REASON)
        await page.get_by_role("button", name="Voir ce champ").click()
        assert await page.locator("mark").all_text_contents() == ["rue Dragon"]
        assert page.url.endswith("/admin/calls/CA1/demasquer")
        await page.get_by_role("link", name="Journal").click()
        row = page.get_by_role("listitem").filter(has_text=REASON)
        assert "Camille Essai" in await row.inner_text()
        assert "Dragon" not in await page.content()


async def test_a_line_is_annotated_by_keyboard_alone(review: ReviewService) -> None:
    await review.account("sup", Role.SUPERVISOR)
    await review.two_calls()
    async with chromium() as browser, served(review.app) as base:
        page = await browser.new_page(viewport=WIDE)
        await enter_by_keyboard(page, base)
        await page.goto(f"{base}/admin/calls/CA1")
        await tab_to(page, "L'assistant s'est trompé ici")
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="L'assistant s'est trompé ici").wait_for()
        await tab_to(page, "hearing")
        await page.keyboard.press("Space")
        await tab_to(page, "Enregistrer l'annotation")
        await page.keyboard.press("Enter")
        await page.get_by_text("L'annotation est enregistrée.").wait_for()
    assert len(await review.storage.annotations.of_call("CA1")) == 1


async def enter_by_keyboard(page: Page, base: str) -> None:
    await page.goto(f"{base}/agents/connexion?vers=%2Fadmin")
    await tab_to(page, "", "identifiant")
    await page.keyboard.type("sup")
    await page.keyboard.press("Tab")
    await page.keyboard.type(OWN)
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="Relecture des appels").wait_for()


async def tab_to(page: Page, wanted: str, name: str = "") -> None:
    """Tab until what has the focus begins with that, has that value, or that name."""
    for _ in range(80):
        await page.keyboard.press("Tab")
        focused = await page.evaluate(
            "([w, n]) => (e => n ? e.name === n : (e.innerText || '').trim().startsWith(w) || e.value === w)"
            "(document.activeElement)",
            [wanted, name],
        )
        if focused:
            return
    pytest.fail(f"no way by keyboard to {wanted}{name}")
