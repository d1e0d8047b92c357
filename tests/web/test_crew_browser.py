"""The page of a crew in a real Chromium on a narrow phone, without scripts of its own: axe, and an outcome by touch."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.async_api import ViewportSize

from tests.booking.sample import THURSDAY
from tests.web.browser import axe_source, chromium, faults, served
from tests.web.crew_world import LINKS, booked, crew_app
from tests.web.resident_world import ResidentService
from tests.web.test_crew_page import NOON

pytestmark = pytest.mark.peer
PHONE = ViewportSize(width=320, height=640)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_page_is_for_everybody_and_fits_a_phone(
    rdv: ResidentService, scheme: Literal["light", "dark"]
) -> None:
    axe = axe_source()
    reference = await booked(rdv, "CA1", photo=True)
    await booked(rdv, "CA2")
    rdv.clock.at = NOON
    async with chromium() as browser, served(crew_app(rdv, "")) as base:
        page = await browser.new_page(viewport=PHONE, color_scheme=scheme)
        await page.goto(base + LINKS.link("centre", THURSDAY).path)
        assert await faults(page, axe) == []
        await page.get_by_role("button", name=f"Collecté ({reference})").click()
        await page.get_by_role("status").wait_for()
        assert await faults(page, axe) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert (await rdv.booking(reference)).status == "collected"
