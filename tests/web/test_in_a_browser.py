"""The text page in a real Chromium: judged by axe-core (WCAG 2.2 A and AA), by keyboard, at 320 px, without scripts."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.async_api import Browser, Page, ViewportSize

from callbot.web.instead import Instead
from callbot.web.router import WebDeps
from callbot.web.talk import LAPSE
from tests.web.browser import axe_source, chromium, faults, served
from tests.web.world import TO_RECAP, ScriptedServices, TextService

pytestmark = pytest.mark.peer

SHOTS = os.environ.get("CALLBOT_SCREENSHOTS", "")
"""folder for pictures of the pages, for people to look at"""
Scheme = Literal["light", "dark"]
NARROW = ViewportSize(width=320, height=256)
"""1280 px at 400 %"""
WIDE = ViewportSize(width=1280, height=1024)
TEXT_SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }"
    "p { margin-bottom: 2em !important }"
)
"""WCAG 1.4.12"""


@dataclass
class Visit:
    """One visitor; ``errors``: what the browser complained about, a broken policy among others."""

    page: Page
    base: str
    services: ScriptedServices
    errors: list[str]

    async def begin(self) -> None:
        await self.page.goto(self.base + "/texte")
        await self.press("Commencer")

    async def press(self, label: str) -> None:
        await self.page.get_by_role("button", name=label, exact=True).click()
        await self.page.wait_for_load_state()

    async def write(self, *texts: str) -> None:
        for text in texts:
            await self.page.locator("textarea").fill(text)
            await self.press("Envoyer")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


async def visit(browser: Browser, base: str, services: ScriptedServices, **options: object) -> Visit:
    context = await browser.new_context(**options)  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    page = await context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return Visit(page, base, services, errors)


async def _welcome(visit: Visit) -> None:
    await visit.page.goto(visit.base + "/texte")


async def _help(visit: Visit) -> None:
    await visit.page.goto(visit.base + "/texte/aide")


async def _accessibility(visit: Visit) -> None:
    await visit.page.goto(visit.base + "/accessibilite")


async def _dates(visit: Visit) -> None:
    await visit.begin()
    await visit.write(*TO_RECAP)
    await visit.press("Oui")


async def _error(visit: Visit) -> None:
    await visit.begin()
    await visit.write("a" * 700)


async def _booked(visit: Visit) -> None:
    await _dates(visit)
    for label in ("Jeudi 3 décembre", "Pas de portable", "Oui"):
        await visit.press(label)


async def _person(visit: Visit) -> None:
    await visit.begin()
    await visit.press("Parler à une personne")


async def _lapsed(visit: Visit) -> None:
    await visit.begin()
    visit.services.clock.pass_time(seconds=LAPSE.total_seconds())
    await visit.page.reload()


async def _back(visit: Visit) -> None:
    await visit.begin()
    await visit.page.goto(visit.base + "/texte")


SCREENS: dict[str, Callable[[Visit], Awaitable[None]]] = {
    "welcome": _welcome,
    "help": _help,
    "accessibility": _accessibility,
    "dates": _dates,
    "error": _error,
    "booked": _booked,
    "person": _person,
    "lapsed": _lapsed,
    "back": _back,
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_no_fault_on_any_screen_and_nothing_needs_sideways_scrolling(
    browser: Browser, scheme: Scheme
) -> None:
    axe = axe_source()
    for name, reach in SCREENS.items():
        services = ScriptedServices()
        async with served(TextService(services, public_url="").app) as base:
            guest = await visit(browser, base, services, color_scheme=scheme)
            await reach(guest)
            for size in (WIDE, NARROW):
                await guest.page.set_viewport_size(size)
                assert await faults(guest.page, axe) == [], (name, size)
            await guest.page.evaluate(
                "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s] }",
                TEXT_SPACING,
            )
            overflow = await guest.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert overflow <= 0, name
            assert [text for text in guest.errors if "422" not in text] == [], name
            await guest.page.context.close()


async def test_the_judge_does_find_faults_where_there_are_some(browser: Browser) -> None:
    page = await browser.new_page()
    await page.set_content('<html lang="fr"><title>x</title><main><input><p style="color:#aaa">pâle</p></main></html>')
    found = {fault.partition(":")[0] for fault in await faults(page, axe_source())}
    assert {"label", "color-contrast"} <= found


async def test_a_pickup_is_booked_with_scripts_switched_off(browser: Browser) -> None:
    services = ScriptedServices()
    async with served(TextService(services, public_url="").app) as base:
        guest = await visit(browser, base, services, java_script_enabled=False)
        await _booked(guest)
        assert (await guest.page.title()).startswith("Conversation terminée")
        assert "AC47K" in await guest.page.locator("[role=log]").inner_text()


async def test_everything_is_reached_by_keyboard_and_the_focus_is_seen(browser: Browser) -> None:
    services = ScriptedServices()
    async with served(TextService(services, public_url="").app) as base:
        guest = await visit(browser, base, services)
        await _dates(guest)
        keyboard, page = guest.page.keyboard, guest.page
        await page.goto(base + "/texte/conversation")
        reached: list[str] = []
        for _ in range(30):
            await keyboard.press("Tab")
            if reached and await page.evaluate("document.activeElement === document.body"):
                break
            focused = await page.evaluate(
                "() => { const e = document.activeElement; const style = getComputedStyle(e);"
                " return [e.innerText || e.id, parseFloat(style.outlineWidth), style.outlineStyle] }"
            )
            assert focused[1] >= 2, focused
            assert focused[2] == "solid", focused
            reached.append(focused[0])
        assert reached[0] == "Aller au contenu"
        for stop in ("Mardi premier décembre", "message", "Envoyer", "Parler à une personne"):
            assert stop in reached
        await page.goto(base + "/texte/conversation")
        await keyboard.press("Tab")
        await keyboard.press("Enter")
        await keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.innerText") == "Mardi premier décembre"
        await keyboard.press("Enter")
        await page.wait_for_url("**#derniere")
        assert "portable" in await page.evaluate("document.activeElement.innerText")


async def test_the_latest_words_have_the_focus_and_are_in_sight_after_each_message(browser: Browser) -> None:
    services = ScriptedServices()
    async with served(TextService(services, public_url="").app) as base:
        guest = await visit(browser, base, services, viewport={"width": 320, "height": 568})
        await _dates(guest)
        box = await guest.page.locator("#derniere").bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 300
        assert await guest.page.evaluate("document.activeElement.id") == "derniere"


async def test_targets_are_large_and_nothing_moves(browser: Browser) -> None:
    services = ScriptedServices()
    async with served(TextService(services, public_url="").app) as base:
        guest = await visit(browser, base, services, viewport={"width": 320, "height": 568})
        await _dates(guest)
        for button in await guest.page.get_by_role("button").all():
            box = await button.bounding_box()
            assert box is not None
            assert box["height"] >= 44
            assert box["width"] >= 44
        moving = await guest.page.evaluate(
            "[...document.querySelectorAll('*')].filter(e => getComputedStyle(e).transitionDuration !== '0s'"
            " || getComputedStyle(e).animationName !== 'none').length"
        )
        assert moving == 0


@pytest.mark.parametrize("policy", ["no-referrer", "unsafe-url"])
async def test_a_form_sent_from_elsewhere_is_refused_though_the_browser_sends_the_cookie(
    browser: Browser, policy: str
) -> None:
    services = ScriptedServices()
    elsewhere = FastAPI()
    async with served(TextService(services, public_url="").app) as base, served(elsewhere) as other_port:

        @elsewhere.get("/")
        async def trap() -> HTMLResponse:
            form = f'<form method="post" action="{base}/texte"><button>x</button></form>'
            return HTMLResponse(form, headers={"Referrer-Policy": policy})

        guest = await visit(browser, base, services)
        await guest.begin()
        before = {call: list(events) for call, events in services.stored.items()}
        await guest.page.goto(other_port)
        await guest.press("x")
        assert await guest.page.locator("h1").inner_text() == "Demande refusée"
        assert services.stored == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_way_to_people_while_the_bot_is_off(browser: Browser, scheme: Scheme) -> None:
    async def switched() -> bool:
        return True

    axe, services = axe_source(), ScriptedServices()
    instead = Instead(switched, lambda: "du lundi au vendredi de 8 h à 18 h 30, le samedi de 7 h 30 à 17 h 30")
    deps = WebDeps(services.conversations(), services, services.clock, "", instead=instead)
    async with served(TextService(services, deps=deps).app) as base:
        guest = await visit(browser, base, services, color_scheme=scheme, viewport=NARROW)
        await guest.page.goto(base + "/texte")
        assert await faults(guest.page, axe) == []
        await guest.page.get_by_label("Votre numéro de téléphone").fill("12")
        await guest.page.keyboard.press("Enter")
        await guest.page.get_by_role("alert").wait_for()
        assert await faults(guest.page, axe) == []
        assert await guest.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert [text for text in guest.errors if "422" not in text] == []
        if SHOTS:
            await guest.page.screenshot(path=f"{SHOTS}/text-switched-{scheme}.png", full_page=True)
