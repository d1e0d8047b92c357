"""Signing in and out, one's own account, the face of the authority."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from pydantic import ValidationError

from callbot.access import Role
from callbot.settings import Theme, contrast
from callbot.web.staff.rendering import ROLE_WORDS
from callbot.web.staff.theme import lighter, load_theme, style_of
from tests.web.staff_world import OWN, Staff, StaffService

NEW = "tulipe radar bocal sept"


async def test_signing_in_and_out(staff: Staff, office: StaffService) -> None:
    await office.account("c.essai", Role.SUPERVISOR)
    page = await staff.sign_in("c.essai")
    assert page.url.endswith("/desk")
    page = await staff.get("/agents/compte")
    assert "Camille Essai , supervision" in page.text
    assert [link for link in page.links if link.startswith(("/desk", "/admin", "/agents"))] == [
        "/desk", "/admin", "/admin/connaissances", "/admin/figures", "/admin/interrupteur", "/agents/compte",
    ]  # fmt: skip
    assert '<a href="/agents/compte" aria-current="page">' in page.html
    page = await staff.press("Se déconnecter")
    assert "Vous êtes déconnecté." in page.text
    assert staff.cookie == ""
    assert "/agents/connexion" in (await staff.get("/desk")).url


async def test_who_is_signed_in_goes_on_from_the_page_of_signing_in(staff: Staff, office: StaffService) -> None:
    await office.account("c.essai", Role.READ_ONLY)
    await staff.sign_in("c.essai")
    assert (await staff.get("/agents/connexion")).url.endswith("/admin")
    assert (await staff.get("/agents/connexion?vers=/agents/compte")).url.endswith("/agents/compte")


async def test_what_is_wrong_is_never_said_apart(staff: Staff, office: StaffService) -> None:
    account = await office.account("c.essai")
    await staff.sign_in("c.essai")
    await staff.get("/agents/compte")
    await staff.press("Préparer une clé", actuel=OWN)
    codes = await office.key_of(account)
    await staff.press("Activer", code=codes.at(office.clock.now()))
    await staff.press("Se déconnecter")
    tries = [("c.essai", "wrong", ""), ("c.essai", OWN, ""), ("nobody", OWN, ""), ("c.essai", OWN, "000000")]
    pages = [await staff.sign_in(*one) for one in tries]
    assert {page.status for page in pages} == {422}
    assert len({page.html for page in pages}) == 1
    assert "n'est pas le bon" in pages[0].text
    office.clock.advance(seconds=30)
    assert (await staff.sign_in("c.essai", OWN, codes.at(office.clock.now()))).url.endswith("/desk")


async def test_a_form_refused_shows_no_password_again(staff: Staff, office: StaffService) -> None:
    page = await staff.sign_in("c.essai", "un mot de passe tapé")
    assert "tapé" not in page.html
    assert "c.essai" not in page.html


async def test_too_many_attempts_are_told_with_the_time_to_wait(staff: Staff, office: StaffService) -> None:
    await office.account("c.essai")
    for _ in range(5):
        await staff.sign_in("c.essai", "wrong")
    page = await staff.sign_in("c.essai")
    assert page.status == 429
    assert page.headers["retry-after"] == "900"
    assert "Attendez quinze minutes" in page.text


async def test_the_key_is_drawn_and_written_and_gone_once_it_counts(staff: Staff, office: StaffService) -> None:
    account = await office.account("c.essai")
    await staff.sign_in("c.essai")
    await staff.get("/agents/compte")
    page = await staff.press("Préparer une clé", actuel=OWN)
    codes = await office.key_of(account)
    written = re.search(r'class="key">([A-Z2-7 ]+)<', page.html)
    assert written is not None
    assert written[1].replace(" ", "") == codes.secret
    assert '<svg class="qr" role="img" aria-label="Dessin de la clé' in page.html
    assert "style=" not in page.html, "the policy would refuse it"
    page = await staff.press("Activer", code="000000")
    assert (page.status, "Ce code n'est pas le bon" in page.text) == (422, True)
    page = await staff.press("Activer", code=codes.at(office.clock.now()))
    assert "La double authentification est activée." in page.text
    assert codes.secret not in (await staff.get("/agents/compte")).html.replace(" ", "")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"actuel": OWN, "nouveau": NEW, "encore": "autre"}, "ne sont pas les mêmes"),
        ({"actuel": "wrong", "nouveau": NEW, "encore": NEW}, "Le mot de passe actuel n'est pas le bon"),
        ({"actuel": OWN, "nouveau": "court", "encore": "court"}, "au moins 12 caractères"),
    ],
)
async def test_a_password_not_taken_says_why_beside_its_form(
    staff: Staff, office: StaffService, fields: dict[str, str], words: str
) -> None:
    await office.account("c.essai")
    await staff.sign_in("c.essai")
    await staff.get("/agents/compte")
    page = await staff.press("Changer le mot de passe", **fields)
    assert page.status == 422
    assert words in page.text
    assert "Rien n'a été changé" in page.text


async def test_another_password_counts_and_this_session_goes_on(staff: Staff, office: StaffService) -> None:
    await office.account("c.essai")
    await staff.sign_in("c.essai")
    await staff.get("/agents/compte")
    page = await staff.press("Changer le mot de passe", actuel=OWN, nouveau=NEW, encore=NEW)
    assert "Votre mot de passe est changé." in page.text
    await staff.press("Se déconnecter")
    assert (await staff.sign_in("c.essai", OWN)).status == 422
    assert (await staff.sign_in("c.essai", NEW)).url.endswith("/desk")


def test_every_role_has_words() -> None:
    assert set(ROLE_WORDS) == set(Role)


@pytest.mark.parametrize("colour", ["#0b4a7d", "#00695c", "#7a1f5c", "#000000", "#767676", "#8a0000"])
def test_a_colour_that_is_taken_is_readable_in_both_schemes(colour: str) -> None:
    assert Theme(colour=colour).colour == colour
    dark = lighter(colour)
    assert contrast(dark, "#14181d") >= 7
    assert contrast("#0b1c2c", dark) >= 4.5
    assert f"--action: {colour}" in style_of(colour)
    assert f"--action: {dark}" in style_of(colour)


@pytest.mark.parametrize("colour", ["#777777", "#ffcc00", "#0B4A7D", "red", "#0b4a7d; }"])
def test_a_colour_on_which_white_cannot_be_read_is_refused(colour: str) -> None:
    with pytest.raises(ValidationError):
        Theme(colour=colour)


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_a_logo_is_a_picture(tmp_path: Path, kind: str, media_type: str) -> None:
    path = tmp_path / "logo"
    Image.new("RGB", (40, 20), "red").save(path, kind)
    theme = load_theme(Theme(logo=path))
    assert theme.logo is not None
    assert (theme.logo.media_type, theme.logo.content) == (media_type, path.read_bytes())


@pytest.mark.parametrize("content", [b"<svg onload='alert(1)'/>", b"\x89PNG" + bytes(200_000), b""])
def test_what_is_no_small_picture_is_no_logo(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "logo"
    path.write_bytes(content)
    with pytest.raises(OSError, match="CALLBOT_THEME__LOGO"):
        load_theme(Theme(logo=path))
