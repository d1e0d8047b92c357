"""The public register in a real Chromium: axe, a phone, the dark, no script; pictures for people to look at."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import ViewportSize

from callbot.web.register import paths
from tests.web.browser import axe_source, chromium, faults, served
from tests.web.register_world import last_run, public_pages

pytestmark = pytest.mark.peer
PHONE, WIDE = ViewportSize(width=320, height=640), ViewportSize(width=1280, height=900)
SHOTS = os.environ.get("CALLBOT_SCREENSHOTS", "")
"""folder for pictures of the pages, for people to look at"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
async def test_the_register_is_for_everybody(scheme: Literal["light", "dark"], size: ViewportSize) -> None:
    axe = axe_source()
    kind = f"{'phone' if size == PHONE else 'wide'}-{scheme}"
    async with chromium() as browser, served(public_pages(last_run())) as base:
        page = await browser.new_page(viewport=size, color_scheme=scheme)
        for name, path in {"register": paths.REGISTER, "charter": paths.CHARTER}.items():
            await page.goto(base + path)
            assert await faults(page, axe) == [], name
            assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
            if SHOTS:
                await page.screenshot(path=Path(SHOTS) / f"{name}-{kind}.png", full_page=True)
