"""The pages of figures in a real Chromium: axe, a phone, the dark, no script; pictures for people to look at."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Page, ViewportSize

from callbot.access import Role
from callbot.web.figures import paths
from tests.web.browser import axe_source, chromium, faults, served
from tests.web.figures_world import FiguresService, figures_service, fill, invented
from tests.web.staff_world import OWN

pytestmark = pytest.mark.peer
PHONE, WIDE = ViewportSize(width=320, height=640), ViewportSize(width=1280, height=900)
ADMINISTRATOR = "a.essai"
FOLDED_PHONE, FOLDED_WIDE = 4_100, 2_400
"""pixels of the whole page before anything is opened: read with a thumb, it has an end"""
SHOTS = os.environ.get("CALLBOT_SCREENSHOTS", "")
"""folder for pictures of the pages, for people to look at"""


@pytest.fixture
async def figures(migrated: Path, tmp_path: Path) -> AsyncIterator[FiguresService]:
    async with figures_service(migrated, tmp_path, "") as running:
        await running.account(ADMINISTRATOR, Role.ADMINISTRATOR)
        await fill(running.storage, invented())
        yield running
    await asyncio.sleep(0)


async def shown(page: Page, name: str) -> None:
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"figures-{name}.png", full_page=True)


_TEXTS = """() => [...document.querySelectorAll("svg.chart text")].map(text => getComputedStyle(text).fill)"""
_INK = "() => getComputedStyle(document.body).color"


async def wrong(page: Page, axe: str) -> list[str]:
    """What axe finds. It cannot decide on the contrast of letters in a drawing: they have the page's ink and stand
    beside the bars, never on them.
    """
    assert set(await page.evaluate(_TEXTS)) <= {await page.evaluate(_INK)}
    return [fault for fault in await faults(page, axe) if not fault.startswith("color-contrast: <text ")]


async def enter(page: Page, base: str) -> None:
    await page.goto(base + paths.HOME)
    await page.get_by_label("Identifiant").fill(ADMINISTRATOR)
    await page.get_by_label("Mot de passe").fill(OWN)
    await page.get_by_role("button", name="Se connecter").click()
    await page.get_by_role("heading", name="Chiffres").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
async def test_the_figures_are_for_everybody(
    figures: FiguresService, scheme: Literal["light", "dark"], size: ViewportSize
) -> None:
    axe = axe_source()
    kind = f"{'phone' if size == PHONE else 'wide'}-{scheme}"
    async with chromium() as browser, served(figures.app) as base:
        page = await browser.new_page(viewport=size, color_scheme=scheme)
        await enter(page, base)
        pages = {
            "home": paths.HOME,
            "hours": f"{paths.HOME}?by=hour&figure=pick_up&since=2026-09-28&until=2026-11-23",
            "months": paths.MONTHS,
            "month": f"{paths.MONTHS}/2026-10",
        }
        for name, path in pages.items():
            await page.goto(base + path)
            await shown(page, f"{name}-folded-{kind}")
            if name == "home":
                tall = await page.evaluate("document.documentElement.scrollHeight")
                assert tall <= (FOLDED_PHONE if size == PHONE else FOLDED_WIDE), tall
            assert await wrong(page, axe) == [], f"{name}, folded"
            for summary in await page.locator("details > summary").all():
                await summary.click()
            assert await wrong(page, axe) == [], name
            assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
            await shown(page, f"{name}-{kind}")
        await page.get_by_label("Remarque publique").fill("Panne du réseau le 12 octobre.")
        await page.get_by_role("button", name="Publier ces chiffres").click()
        await page.get_by_role("heading", name="Mois publiés").wait_for()
        await page.goto(base + paths.PUBLIC)
        await page.get_by_text("Panne du réseau le 12 octobre.").wait_for()
        assert await faults(page, axe) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        await shown(page, f"public-{kind}")
