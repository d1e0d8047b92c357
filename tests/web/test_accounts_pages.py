"""The pages about everybody's accounts, and recovery codes on one's own."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from callbot.access import Change, ChangeNote, NotDone, Role
from callbot.access.changes import COMMAND, NOBODY
from callbot.access.throttling import Burst
from callbot.web.staff.account_words import NOT_DONE, change_words, said_detail, who_words
from callbot.web.staff.accounts import Action
from tests.web.staff_world import OWN, Staff, StaffService

NEW = "tulipe radar bocal sept"
MADE = "Créer le compte"


def given(page_html: str) -> str:
    """The one-time password a page shows."""
    found = re.search(r'class="key">([a-z0-9-]+)<', page_html)
    assert found is not None
    return found[1]


def codes_of(page_html: str) -> list[str]:
    return re.findall(r'<li class="key">([0-9 ]+)</li>', page_html)


async def administrator(staff: Staff, office: StaffService) -> Staff:
    await office.account("chef.essai", Role.ADMINISTRATOR)
    await staff.sign_in("chef.essai")
    return staff


async def make(admin: Staff, login: str = "n.essai", role: Role = Role.AGENT) -> str:
    """A new account; its one-time password."""
    await admin.get("/admin/comptes")
    page = await admin.press(MADE, identifiant=login, nom="Nouvelle Personne", role=role)
    assert page.status == 200
    return given(page.html)


async def open_account(admin: Staff, login: str = "n.essai") -> str:
    """Opens the page of an account; its path."""
    page = await admin.get("/admin/comptes")
    rows = re.findall(r'<a href="(/admin/comptes/[0-9a-f]{16})">.*?class="as-is">([^<]*)<', page.html, re.DOTALL)
    path = str(next(path for path, shown in rows if shown == login))
    await admin.get(path)
    return path


async def test_a_new_account_signs_in_with_its_one_time_password(staff: Staff, office: StaffService) -> None:
    admin = await administrator(staff, office)
    password = await make(admin)
    assert password not in (await admin.get("/admin/comptes")).html
    assert (
        "Identifiant n.essai Rôle accueil d'appels État jamais entré, sans double authentification" in admin.page.text
    )
    other = Staff(office)
    async with other.client:
        page = await other.sign_in("n.essai", password)
        assert page.url.endswith("/agents/compte")
        await other.press("Changer le mot de passe", actuel=password, nouveau=NEW, encore=NEW)
        assert (await other.get("/desk")).status == 200
        assert (await other.get("/admin/comptes")).status == 403
    page = await admin.get("/admin/comptes/journal")
    assert "Compte créé : accueil d'appels Compte : Nouvelle Personne Par : Camille Essai" in page.text
    assert "Mot de passe changé par son titulaire Compte : Nouvelle Personne Par : Nouvelle Personne" in page.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"identifiant": "x", "nom": "X", "role": "agent"}, "3 à 64 lettres"),
        ({"identifiant": "n.essai", "nom": " ", "role": "agent"}, "1 à 80 caractères"),
        ({"identifiant": "chef.essai", "nom": "X", "role": "agent"}, "déjà celui d'un compte"),
        ({"identifiant": "n.essai", "nom": "<b>X", "role": "king"}, "Choisissez un rôle"),
    ],
)
async def test_what_makes_no_account_says_why_and_keeps_what_was_typed(
    staff: Staff, office: StaffService, fields: dict[str, str], words: str
) -> None:
    admin = await administrator(staff, office)
    await admin.get("/admin/comptes")
    page = await admin.press(MADE, **fields)
    assert page.status == 422
    assert words in page.text
    assert "<b>" not in page.html
    assert f'value="{fields["identifiant"]}"' in page.html
    assert len(await office.administration.all()) == 1


async def test_role_lock_password_and_sessions_are_changed_on_its_page(staff: Staff, office: StaffService) -> None:
    admin = await administrator(staff, office)
    account = await office.account("n.essai")
    other = Staff(office)
    async with other.client:
        await other.sign_in("n.essai")
        await open_account(admin)
        assert "Le rôle est changé" in (await admin.press("Changer le rôle", role="supervisor")).text
        assert (await other.get("/admin")).status == 200
        assert "sessions de ce compte sont fermées" in (await admin.press("Fermer ses sessions")).text
        assert "/agents/connexion" in (await other.get("/desk")).url
        assert "est verrouillé" in (await admin.press("Verrouiller le compte")).text
        assert (await other.sign_in("n.essai")).status == 422
        assert "est déverrouillé" in (await admin.press("Déverrouiller le compte")).text
        page = await admin.press("Donner un mot de passe à usage unique")
        assert (await other.sign_in("n.essai", given(page.html))).url.endswith("/agents/compte")
    page = await admin.get(f"/admin/comptes/{account.id}")
    assert "Rôle changé : accueil d'appels → supervision Par : Camille Essai" in page.text
    assert page.text.index("Mot de passe à usage unique donné") < page.text.index("Compte verrouillé")


async def test_the_own_account_and_the_last_administrator_stay(staff: Staff, office: StaffService) -> None:
    admin = await administrator(staff, office)
    path = await open_account(admin, "chef.essai")
    token = admin.page.forms[0].fields["jeton"]
    assert "Verrouiller le compte" not in admin.page.html
    for action in Action:
        answer = await admin.client.post(f"{path}/{action}", data={"jeton": token, "role": "agent"})
        assert answer.status_code == 409
        assert "votre propre compte" in answer.text
    assert (await office.administration.all())[0].role is Role.ADMINISTRATOR


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.DATA_PROTECTION_OFFICER, Role.READ_ONLY])
async def test_nobody_else_administers(staff: Staff, office: StaffService, role: Role) -> None:
    account = await office.account("c.essai", role)
    await staff.sign_in("c.essai")
    page = await staff.get("/agents/compte")
    token = page.forms[0].fields["jeton"]
    for path in ("/admin/comptes", "/admin/comptes/journal", f"/admin/comptes/{account.id}"):
        assert (await staff.get(path)).status == 403
    posted = ["/admin/comptes", *(f"/admin/comptes/{account.id}/{action}" for action in Action)]
    for path in posted:
        assert (await staff.client.post(path, data={"jeton": token, "role": "administrator"})).status_code == 403
    assert [one.role for one in await office.administration.all()] == [role]


@pytest.mark.parametrize("named", ["c.essai", "0123456789abcdef", "0123456789ABCDEF", "x" * 400])
async def test_an_address_without_an_account_is_no_page(staff: Staff, office: StaffService, named: str) -> None:
    admin = await administrator(staff, office)
    await office.account("c.essai")
    assert (await admin.get(f"/admin/comptes/{named}")).status == 404


async def test_a_form_of_another_session_changes_nobody(staff: Staff, office: StaffService) -> None:
    admin = await administrator(staff, office)
    account = await office.account("c.essai")
    for path in ("/admin/comptes", *(f"/admin/comptes/{account.id}/{action}" for action in Action)):
        answer = await admin.client.post(path, data={"jeton": "", "role": "administrator"})
        assert answer.status_code == 403
    assert [note.change for note in await office.administration.changes(9)] == [Change.MADE] * 2


async def test_recovery_codes_are_shown_once_and_open_at_the_page_of_signing_in(
    staff: Staff, office: StaffService
) -> None:
    account = await office.account("c.essai")
    await staff.sign_in("c.essai")
    await staff.get("/agents/compte")
    await staff.press("Préparer une clé", actuel=OWN)
    page = await staff.press("Activer", code=(await office.key_of(account)).at(office.clock.now()))
    first = codes_of(page.html)
    assert len(first) == 10
    page = await staff.get("/agents/compte")
    assert "Codes de secours il en reste 10" in page.text
    assert not any(code in page.html for code in first)
    await staff.press("Se déconnecter")
    page = await staff.sign_in("c.essai", OWN, first[0])
    assert page.url.endswith("/agents/compte?dit=secours")
    assert "il en reste 9" in page.text
    page = await staff.press("Faire de nouveaux codes", actuel="wrong")
    assert (page.status, "n'est pas le bon" in page.text) == (422, True)
    page = await staff.press("Faire de nouveaux codes", actuel=OWN)
    second = codes_of(page.html)
    assert len(second) == 10
    await staff.get("/agents/compte")
    await staff.press("Se déconnecter")
    assert (await staff.sign_in("c.essai", OWN, first[1])).status == 422
    assert "il en reste 9" in (await staff.sign_in("c.essai", OWN, second[0])).text


async def test_bursts_of_failures_are_on_the_page_of_the_journal(staff: Staff, office: StaffService) -> None:
    await office.account("c.essai")
    other = Staff(office, "198.51.100.7")
    async with other.client:
        for _ in range(5):
            await other.sign_in("c.essai", "wrong")
    admin = await administrator(staff, office)
    page = await admin.get("/admin/comptes/journal")
    assert (
        "Série d'essais de connexion manqués : cinq en un quart d'heure Compte : Camille Essai Par : le service"
        in page.text
    )


def test_every_change_and_every_refusal_has_words() -> None:
    assert len({change_words(change) for change in Change}) == len(Change)
    assert set(NOT_DONE) == set(NotDone)
    assert who_words(NOBODY, {}) != NOBODY
    assert who_words("0123456789abcdef", {}) == "0123456789abcdef"


@pytest.mark.parametrize("burst", Burst)
def test_every_burst_has_words(burst: Burst) -> None:
    note = ChangeNote(datetime(2026, 11, 23, tzinfo=UTC), Change.FAILURES, COMMAND, NOBODY, burst)
    assert said_detail(note) not in ("", burst)
