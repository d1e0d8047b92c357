"""Who sees a page that is not for everybody, and who is sent where."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from callbot.access import Role
from tests.web.staff_world import FIRST, OWN, Staff, StaffService, staff_service


async def test_who_is_not_signed_in_signs_in_and_comes_where_they_wanted(staff: Staff, office: StaffService) -> None:
    await office.account("c.essai")
    page = await staff.get("/desk?vue=attente")
    assert page.url.endswith("/agents/connexion?vers=%2Fdesk%3Fvue%3Dattente")
    page = await staff.press("Se connecter", identifiant="c.essai", mot_de_passe=OWN)
    assert page.url.endswith("/desk?vue=attente")
    assert page.text.startswith("desk of")


@pytest.mark.parametrize(
    ("role", "desk", "review"),
    [
        (Role.AGENT, 200, 403),
        (Role.SUPERVISOR, 200, 200),
        (Role.ADMINISTRATOR, 403, 200),
        (Role.DATA_PROTECTION_OFFICER, 403, 200),
        (Role.READ_ONLY, 403, 200),
    ],
)
async def test_each_role_sees_its_pages(staff: Staff, office: StaffService, role: Role, desk: int, review: int) -> None:
    await office.account("c.essai", role)
    await staff.sign_in("c.essai")
    assert ((await staff.get("/desk")).status, (await staff.get("/admin")).status) == (desk, review)


async def test_a_page_that_is_not_for_somebody_says_so_with_a_way_on(staff: Staff, office: StaffService) -> None:
    await office.account("c.essai")
    await staff.sign_in("c.essai")
    page = await staff.get("/admin")
    assert "Cette page n'est pas ouverte à votre compte" in page.text
    assert "/desk" in page.links
    assert "/admin" not in page.links, "the navigation shows only what opens"


async def test_a_role_that_changes_counts_at_the_next_page(staff: Staff, office: StaffService) -> None:
    account = await office.account("c.essai")
    await staff.sign_in("c.essai")
    async with office.storage.staff.writing() as work:
        await work.set_identity(account.id, account.name, Role.READ_ONLY)
    assert (await staff.get("/desk")).status == 403


async def test_a_part_of_a_page_asked_for_by_script_sends_the_whole_page_away(staff: Staff) -> None:
    here = f"{staff.service.public_url}/desk?vue=attente"
    answer = await staff.client.get("/desk/live", headers={"hx-request": "true", "hx-current-url": here})
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/agents/connexion?vers=%2Fdesk%3Fvue%3Dattente"
    assert answer.content == b""


async def test_live_parts_keep_no_session_alive(staff: Staff, office: StaffService) -> None:
    await office.account("c.essai")
    await staff.sign_in("c.essai")
    for minutes in (20, 9):
        office.clock.advance(minutes=minutes)
        assert (await staff.client.get("/desk/live")).status_code == 200
    office.clock.advance(minutes=1)
    assert (await staff.client.get("/desk/live")).status_code == 303
    assert "vers=" in (await staff.get("/desk")).url


async def test_a_page_keeps_a_session_alive_and_tells_when_it_ends(staff: Staff, office: StaffService) -> None:
    await office.account("c.essai")
    await staff.sign_in("c.essai")
    page = await staff.get("/agents/compte")
    assert "votre session se ferme à 10 h 30. Elle se ferme à 20 h 00 dans tous les cas" in page.text
    office.clock.advance(minutes=29)
    await staff.get("/desk")
    office.clock.advance(minutes=29)
    page = await staff.get("/agents/compte")
    assert "votre session se ferme à 11 h 28" in page.text
    assert "Votre session se termine" not in page.text


async def test_the_end_that_nothing_puts_off_is_told_before(staff: Staff, office: StaffService) -> None:
    await office.account("c.essai")
    await staff.sign_in("c.essai")
    for _ in range(39):
        office.clock.advance(minutes=15)
        page = await staff.get("/agents/compte")
    assert "Votre session se termine à 20 h 00." in page.text


async def test_a_link_from_elsewhere_takes_one_step_for_the_strict_cookie(staff: Staff) -> None:
    page = await staff.get("/desk?vue=attente", sec_fetch_site="cross-site")
    assert page.status == 200
    assert '<meta http-equiv="refresh" content="0;url=/desk?vue=attente">' in page.html
    assert "/agents/connexion" in (await staff.get("/desk?vue=attente", sec_fetch_site="same-origin")).url


async def test_a_page_that_breaks_tells_nothing_of_why(staff: Staff, office: StaffService) -> None:
    await office.account("c.essai")
    await staff.sign_in("c.essai")
    with capture_logs() as logs:
        page = await staff.get("/desk/breaks")
    assert page.status == 503
    assert "n'est peut-être pas gardé" in page.text
    assert "rue de Rome" not in page.html + repr(logs)
    assert logs == [{"event": "page_failed", "log_level": "error", "kind": "ValueError"}]


async def test_a_password_somebody_else_chose_is_changed_before_anything_opens(
    staff: Staff, office: StaffService
) -> None:
    await office.administration.add("c.essai", "Camille Essai", Role.AGENT, FIRST)
    page = await staff.sign_in("c.essai", FIRST)
    assert "Choisissez d'abord votre mot de passe" in page.text
    assert (await staff.get("/desk")).url.endswith("/agents/compte")
    page = await staff.press("Changer le mot de passe", actuel=FIRST, nouveau=OWN, encore=OWN)
    assert "Votre mot de passe est changé." in page.text
    assert (await staff.get("/desk")).text.startswith("desk of")


async def test_roles_with_power_get_nowhere_without_codes_where_they_are_required(
    migrated: Path, tmp_path: Path
) -> None:
    async with staff_service(migrated, tmp_path, second_factor_required=True) as office:
        officer = await office.account("d.essai", Role.DATA_PROTECTION_OFFICER)
        await office.account("c.essai", Role.AGENT)
        agent, staff = Staff(office), Staff(office)
        async with agent.client, staff.client:
            await agent.sign_in("c.essai")
            assert (await agent.get("/desk")).status == 200, "an agent may go without"
            await staff.sign_in("d.essai")
            assert (await staff.get("/admin")).url.endswith("/agents/compte")
            await staff.press("Préparer une clé", actuel=OWN)
            codes = await office.key_of(officer)
            await staff.press("Activer", code=codes.at(office.clock.now()))
            assert (await staff.get("/admin")).text == "review"
    await asyncio.sleep(0)
