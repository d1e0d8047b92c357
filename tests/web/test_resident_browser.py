"""The page of a booking in a real Chromium: judged by axe-core, by keyboard, at 320 px, without scripts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, ViewportSize

from callbot.domain.bookings import BookingStatus, Changer, NotConform
from callbot.settings import LOCAL_ZONE
from tests.booking.sample import NEXT_TUESDAY, THURSDAY
from tests.web.browser import axe_source, chromium, faults, served
from tests.web.resident_world import ResidentService, a_draft, a_photo, resident_service

pytestmark = pytest.mark.peer

NARROW, WIDE = ViewportSize(width=320, height=256), ViewportSize(width=1280, height=1024)
"""320 px: 1280 px at 400 %, and more than the 200 % of text size"""
CHECK = "Relire avant de changer"
PHOTO = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}
TEXT_SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }"
    "p { margin-bottom: 2em !important }"
)
"""WCAG 1.4.12"""


class Visit:
    """Somebody with the link, in a browser."""

    def __init__(self, page: Page, service: ResidentService, reference: str, url: str) -> None:
        self.page = page
        self.service = service
        self.reference = reference
        self.url = url

    async def go(self, path: str = "") -> None:
        await self.page.goto(self.url + path)

    async def press(self, label: str) -> None:
        await self.page.get_by_role("button", name=label, exact=True).click()
        await self.page.wait_for_load_state()

    async def ended(self, status: BookingStatus, why: NotConform | None = None) -> None:
        """The crew has been there."""
        self.service.clock.at = datetime.combine(THURSDAY, time(9), LOCAL_ZONE).astimezone(UTC)
        await self.service.desk.record_outcome(self.reference, status, not_conform=why, by=Changer.CREW)
        await self.go()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


async def _home(visit: Visit) -> None:
    await visit.go()


async def _dates(visit: Visit) -> None:
    await visit.go("/date")


async def _same_date(visit: Visit) -> None:
    await visit.go("/date")
    await visit.press(CHECK)


async def _date_read_back(visit: Visit) -> None:
    await visit.go("/date")
    await visit.page.locator(f"input[value='{NEXT_TUESDAY}']").check()
    await visit.press(CHECK)


async def _date_changed(visit: Visit) -> None:
    await _date_read_back(visit)
    await visit.press("Oui, changer la date")


async def _things(visit: Visit) -> None:
    await visit.go("/objets")
    await visit.page.fill("#cherche", "frigo")
    await visit.press("Chercher")


async def _refused_thing(visit: Visit) -> None:
    await visit.go("/objets")
    await visit.page.select_option("#ajouter", "gravats")
    await visit.page.fill("#n_matelas", "beaucoup")
    await visit.press(CHECK)
    await visit.page.fill("#n_matelas", "200")
    await visit.press(CHECK)


async def _address(visit: Visit) -> None:
    await visit.go("/adresse")
    await visit.page.fill("#numero", "douze")
    await visit.press("Chercher l'adresse")


async def _choices(visit: Visit) -> None:
    await visit.go("/adresse")
    await visit.page.fill("#numero", "999")
    await visit.page.fill("#rue", "rue de rome")
    await visit.press("Chercher l'adresse")
    await visit.press("Choisir cette adresse")


async def _other_day(visit: Visit) -> None:
    await visit.go("/adresse")
    await visit.page.fill("#rue", "rue de rome")
    await visit.page.select_option("#commune", "13211")
    await visit.press("Chercher l'adresse")
    await visit.page.locator("#choix-1").check()
    await visit.press("Choisir cette adresse")


async def _note(visit: Visit) -> None:
    await visit.go("/note")
    await visit.page.fill("#note", "a" * 260)
    await visit.press("Relire avant de garder")


async def _email(visit: Visit) -> None:
    await visit.go("/courriel")
    await visit.page.fill("#courriel", "nobody")
    await visit.press("Relire avant de garder")


async def _opinion(visit: Visit) -> None:
    await visit.go("/avis")
    await visit.press("Relire avant de garder")


async def _photos(visit: Visit) -> None:
    await visit.go("/photos")
    await visit.page.set_input_files("#photo", PHOTO)  # type: ignore[arg-type]
    await visit.press("Envoyer la photo")
    await visit.go("/photos")
    await visit.press("Envoyer la photo")


async def _photo_away(visit: Visit) -> None:
    await _photos(visit)
    await visit.press("Retirer la photo 1")


async def _cancel(visit: Visit) -> None:
    await visit.go("/annuler")


async def _cancelled(visit: Visit) -> None:
    await _cancel(visit)
    await visit.press("Oui, annuler le rendez-vous")


async def _not_conform(visit: Visit) -> None:
    await visit.ended(BookingStatus.NOT_CONFORM, NotConform.TOO_MUCH)


async def _missed(visit: Visit) -> None:
    await visit.ended(BookingStatus.MISSED)


async def _too_late(visit: Visit) -> None:
    visit.service.clock.at = datetime(2026, 11, 25, 12, tzinfo=LOCAL_ZONE).astimezone(UTC)
    await visit.go("/date")


async def _expired(visit: Visit) -> None:
    visit.service.clock.at += timedelta(days=60)
    await visit.go()


async def _unknown(visit: Visit) -> None:
    await visit.go("x")


SCREENS: dict[str, tuple[Callable[[Visit], Awaitable[None]], str]] = {
    "home": (_home, "Votre rendez-vous"),
    "dates": (_dates, "Changer la date"),
    "same date": (_same_date, "Erreur : Changer la date"),
    "date read back": (_date_read_back, "Est-ce la bonne date"),
    "date changed": (_date_changed, "Votre rendez-vous"),
    "things": (_things, "Changer les objets"),
    "refused thing": (_refused_thing, "Erreur : Changer les objets"),
    "address": (_address, "Erreur : Corriger l'adresse"),
    "choices": (_choices, "Erreur : Corriger l'adresse"),
    "other day": (_other_day, "Corriger l'adresse"),
    "note": (_note, "Erreur : Écrire une note"),
    "email": (_email, "Erreur : Donner une adresse"),
    "opinion": (_opinion, "Erreur : Donner votre avis"),
    "photos": (_photos, "Erreur : Photos pour l'équipe"),
    "photo away": (_photo_away, "Voulez-vous retirer cette photo"),
    "cancel": (_cancel, "Voulez-vous vraiment annuler"),
    "cancelled": (_cancelled, "Votre rendez-vous"),
    "not conform": (_not_conform, "Votre rendez-vous"),
    "missed": (_missed, "Votre rendez-vous"),
    "too late": (_too_late, "Changement impossible ici"),
    "expired": (_expired, "Ce lien ne fonctionne plus"),
    "unknown": (_unknown, "Page introuvable"),
}


def _keep(heard: list[str], said: ConsoleMessage) -> None:
    heard.append(said.text)


async def visit(browser: Browser, service: ResidentService, base: str, **options: object) -> Visit:
    context = await browser.new_context(**options)  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    reference, token = await service.booked(a_draft())
    return Visit(await context.new_page(), service, reference, f"{base}/r/{token}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_no_fault_on_any_screen_and_nothing_needs_sideways_scrolling(
    browser: Browser, migrated: Path, tmp_path: Path, scheme: Literal["light", "dark"]
) -> None:
    axe = axe_source()
    for name, (reach, title) in SCREENS.items():
        async with resident_service(migrated, tmp_path, public_url="") as service, served(service.app) as base:
            guest = await visit(browser, service, base, color_scheme=scheme)
            heard: list[str] = []
            guest.page.on("console", partial(_keep, heard))
            await reach(guest)
            assert (await guest.page.title()).startswith(title), name
            for size in (WIDE, NARROW):
                await guest.page.set_viewport_size(size)
                assert await faults(guest.page, axe) == [], (name, size)
            await guest.page.evaluate(
                "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s] }",
                TEXT_SPACING,
            )
            overflow = await guest.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert overflow <= 0, name
            assert [text for text in heard if "policy" in text.lower()] == [], name
            await guest.page.context.close()
    await asyncio.sleep(0)


async def test_a_date_is_changed_with_scripts_switched_off(browser: Browser, migrated: Path, tmp_path: Path) -> None:
    async with resident_service(migrated, tmp_path, public_url="") as service, served(service.app) as base:
        guest = await visit(browser, service, base, java_script_enabled=False)
        await _date_changed(guest)
        assert "La date est changée." in await guest.page.locator("[role=status]").inner_text()
        assert (await service.booking(guest.reference)).day == NEXT_TUESDAY
        await guest.page.context.close()
    await asyncio.sleep(0)


async def test_everything_is_reached_and_done_by_keyboard_and_the_focus_is_seen(
    browser: Browser, migrated: Path, tmp_path: Path
) -> None:
    async with resident_service(migrated, tmp_path, public_url="") as service, served(service.app) as base:
        guest = await visit(browser, service, base)
        await guest.go()
        keyboard, page = guest.page.keyboard, guest.page
        reached: list[str] = []
        for _ in range(30):
            await keyboard.press("Tab")
            if reached and await page.evaluate("document.activeElement === document.body"):
                break
            name, width, style = await page.evaluate(
                "() => { const e = document.activeElement; const style = getComputedStyle(e);"
                " return [e.innerText || e.id, parseFloat(style.outlineWidth), style.outlineStyle] }"
            )
            assert (width >= 2, style) == (True, "solid"), name
            reached.append(name)
        assert reached[0] == "Aller au contenu"
        for stop in ("Changer la date", "Changer les objets", "Corriger l'adresse", "Annuler le rendez-vous"):
            assert stop in reached
        await guest.go("/date")
        await page.locator("input[type=radio]:checked").focus()
        await keyboard.press("ArrowDown")
        await keyboard.press("Tab")
        await keyboard.press("Enter")
        await page.wait_for_load_state()
        await page.get_by_role("button", name="Oui, changer la date").focus()
        await keyboard.press("Enter")
        await page.wait_for_url("**?fait=date")
        assert (await service.booking(guest.reference)).day == NEXT_TUESDAY
        await page.context.close()
    await asyncio.sleep(0)


async def test_targets_are_large_enough_for_a_finger(browser: Browser, migrated: Path, tmp_path: Path) -> None:
    async with resident_service(migrated, tmp_path, public_url="") as service, served(service.app) as base:
        guest = await visit(browser, service, base, viewport={"width": 390, "height": 844})
        for path in ("", "/date", "/objets", "/adresse", "/photos", "/annuler"):
            await guest.go(path)
            for target in await guest.page.locator("button, a.button, select, .choice").all():
                box = await target.bounding_box()
                assert box is not None
                assert min(box["height"], box["width"]) >= 44, path
        await guest.page.context.close()
    await asyncio.sleep(0)
