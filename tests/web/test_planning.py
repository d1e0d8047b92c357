"""The page of the plan: a whole small simulation, bad input told, nobody without the right."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import time
from pathlib import Path

import pytest
from fastapi import FastAPI

from callbot.access import Role
from callbot.bootstrap.planning import centre_of
from callbot.domain.events import HandOverReason
from callbot.domain.opening import Span
from callbot.insight.staffing import Assumed, Counted, Estimate, Fall, InventedProfile, Outcomes, Plan, Wait, plan
from callbot.storage import Storage
from callbot.web.planning import words
from callbot.web.planning.asked import Asked, WrongPlanError, read_plan
from callbot.web.planning.router import PlanningDeps, planning_router
from callbot.web.rendering import STYLE, style_sheet
from callbot.web.staff.router import StaffDeps, staff_guard, staff_router
from tests.booking.sample import PinnedClock
from tests.web.browser import axe_source, chromium, faults, served
from tests.web.staff_world import KEYS, OWN, PUBLIC, THEME, Staff, StaffService, cheap_passwords

HOURS = {weekday: (Span(time(8), time(18)),) for weekday in range(5)}
ASKED = {"appels": "20000", "agents": "2", "regles": "50", "passes": "45"}


async def small(asked: Asked) -> Plan:
    """Two years, in this process."""
    return plan(InventedProfile(asked.volume), centre_of(asked, HOURS), years=2, sized=False)


async def shares() -> Outcomes:
    """Enough calls of our own."""
    return Counted(300, {HandOverReason.ASKED: 100}, 100, Assumed()).outcomes()


async def service(template: Path, folder: Path, public_url: str) -> AsyncIterator[StaffService]:
    clock, path = PinnedClock(), folder / "plan.db"
    shutil.copyfile(template, path)
    async with await Storage.open(f"sqlite+aiosqlite:///{path}", KEYS, clock.now) as storage:
        passwords = cheap_passwords()
        staff = StaffDeps(storage.staff, clock, THEME, passwords, public_url=public_url)
        app = FastAPI()
        app.include_router(planning_router(PlanningDeps(small, staff_guard(staff), THEME, shares)))
        app.include_router(staff_router(staff))
        app.get(STYLE)(style_sheet)
        running = StaffService(storage, clock, passwords, staff_guard(staff), app, public_url)
        await running.account("s.vision", Role.SUPERVISOR)
        yield running


@pytest.fixture
async def planner(migrated: Path, tmp_path: Path) -> AsyncIterator[Staff]:
    """A supervisor, signed in."""
    async for running in service(migrated, tmp_path, PUBLIC):
        someone = Staff(running)
        async with someone.client:
            await someone.sign_in("s.vision")
            yield someone


async def test_a_plan_answers_for_every_way_of_counting_the_wait(planner: Staff) -> None:
    page = await planner.get("/admin/plan")
    fields = planner.form("Calculer").fields
    assert (fields["appels"], fields["regles"], fields["passes"]) == ("180000", "60", "20")
    assert "Parts comptées sur 500 appels de l'année écoulée" in page.text
    assert "passée à une personne de 16,7" in page.text
    page = await planner.press("Calculer", **ASKED)
    assert page.status == 200
    assert "dans la file des agents" in page.text
    assert "jusqu'à une réponse (robot ou personne)" in page.text
    assert "pour ceux qui en veulent une" in page.text
    assert "2 années simulées" in page.text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"appels": "beaucoup"}, "Écrivez le nombre d'appels par an"),
        ({"appels": "0"}, "Écrivez le nombre d'appels par an"),
        ({"agents": "=IMPORT()"}, "Écrivez un nombre d'agents"),
        ({"agents": "8-7=3"}, "Écrivez un nombre d'agents"),
        ({"regles": "101"}, "font 100 au plus ensemble"),
        ({"regles": "60", "passes": "41"}, "font 100 au plus ensemble"),
    ],
)
async def test_bad_input_is_told(planner: Staff, wrong: dict[str, str], sentence: str) -> None:
    await planner.get("/admin/plan")
    page = await planner.press("Calculer", **{**ASKED, **wrong})
    assert page.status == 422
    assert sentence in page.text


def test_shares_may_make_a_whole() -> None:
    assert read_plan({**ASKED, "regles": "60", "passes": "40"}).settled == 0.6
    with pytest.raises(WrongPlanError):
        read_plan({})


async def test_agents_have_no_plan(planner: Staff) -> None:
    assert isinstance(planner.service, StaffService)
    await planner.service.account("a.gent", Role.AGENT)
    other = Staff(planner.service)
    async with other.client:
        await other.sign_in("a.gent")
        assert (await other.get("/admin/plan")).status == 403


@pytest.mark.peer
async def test_the_page_is_for_everybody(migrated: Path, tmp_path: Path) -> None:
    axe = axe_source()
    async for running in service(migrated, tmp_path, ""):
        async with chromium() as browser, served(running.app) as base:
            page = await browser.new_page(viewport={"width": 320, "height": 640}, color_scheme="dark")
            await page.goto(f"{base}/agents/connexion?vers=/admin/plan")
            await page.get_by_label("Identifiant").fill("s.vision")
            await page.get_by_label("Mot de passe").fill(OWN)
            await page.get_by_role("button", name="Se connecter").click()
            await page.get_by_label("Appels par an").fill("20000")
            await page.get_by_role("button", name="Calculer").click()
            await page.get_by_role("heading", name="Avant et avec le robot").wait_for()
            assert await faults(page, axe) == []
            assert await page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize(
    ("low", "value", "high", "said"),
    [
        (0.83, 0.85, 0.86, "Oui : dans la file des agents, l'attente baisse de 85 % (entre 83 et 86 %"),
        (0.20, 0.31, 0.42, "On ne peut pas le dire : dans la file des agents, l'attente baisse de 31 %"),
        (-0.54, -0.48, -0.43, "Non : dans la file des agents, l'attente augmente de 48 % (entre 43 et 54 %"),
        (-0.02, 0.01, 0.04, "Non : dans la file des agents, l'attente reste à peu près la même"),
    ],
)
def test_a_wait_that_grows_is_said_to_grow(low: float, value: float, high: float, said: str) -> None:
    assert words.answer(Fall(Wait.QUEUE, Estimate(value, low, high))).startswith(said)


def test_where_nobody_waits_there_is_no_answer() -> None:
    assert words.answer(Fall(Wait.QUEUE, None)) == "Sans objet : dans la file des agents, personne n'attend."
