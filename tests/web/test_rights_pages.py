"""The rights desk without a script: a code, a copy, the register, and who may do what."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from callbot.access import Role
from callbot.domain.data_rights import DataRight
from callbot.privacy.journal import Noted
from tests.web.rights_world import TYPED, RightsService, rights_service
from tests.web.staff_world import Staff

REASON = "trois conversations à relire"


@pytest.fixture
async def rights(migrated: Path, tmp_path: Path) -> AsyncIterator[RightsService]:
    async with rights_service(migrated, tmp_path) as running:
        yield running
    await asyncio.sleep(0)


@pytest.fixture
async def person(rights: RightsService) -> AsyncIterator[Staff]:
    """A resident's browser."""
    someone = Staff(rights)
    yield someone
    await someone.client.aclose()


async def officer(rights: RightsService, login: str = "d.po", role: Role = Role.DATA_PROTECTION_OFFICER) -> Staff:
    await rights.account(login, role)
    someone = Staff(rights)
    await someone.sign_in(login)
    return someone


async def ask(person: Staff, right: str = "access", **more: str) -> None:
    await person.get("/mes-donnees")
    await person.press("Recevoir un code par SMS", droit=right, telephone=TYPED, **more)


async def test_a_person_reads_and_downloads_their_own_data(rights: RightsService, person: Staff) -> None:
    number = await rights.by_telephone(DataRight.ACCESS)
    await ask(person)
    page = await person.press("Valider", code=await rights.code())
    assert number in page.text, "the request made by telephone is the same one"
    access = page.forms[0].fields["acces"]
    page = await person.press("Voir mes données", forme="page")
    assert "Vos demandes sur vos données : 1" in page.text
    answer = await person.client.post("/mes-donnees/copie", data={"acces": access, "forme": "fichier"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == ["donnees.txt", "donnees.json"]
    assert answer.headers["cache-control"] == "no-store"
    assert rights.desk is not None
    assert await rights.desk.open_ones() == []
    assert len(await rights.storage.journal.entries(Noted.EXPORT)) == 2
    rights.clock.advance(minutes=10)
    assert (await person.client.post("/mes-donnees/copie", data={"acces": access})).status_code == 410


async def test_every_number_gets_the_same_page(rights: RightsService, person: Staff) -> None:
    await rights.by_telephone(DataRight.ACCESS)
    pages = []
    for typed in (TYPED, "06 99 99 99 99", "04 91 00 00 00", "+44 7700 900123"):
        await person.get("/mes-donnees")
        page = await person.press("Recevoir un code par SMS", droit="access", telephone=typed)
        pages.append(page.html.replace(page.forms[0].fields["demande"], ""))
    assert len(set(pages)) == 1


async def test_a_wrong_code_is_told_beside_its_field(rights: RightsService, person: Staff) -> None:
    await ask(person, "erasure")
    right = await rights.code()
    wrong = f"{(int(right) + 1) % 10**6:06}"
    page = await person.press("Valider", code=wrong)
    assert page.status == 422
    assert "n'est pas le bon" in page.text
    page = await person.press("Valider", code=f" {right[:3]} {right[3:]} ")
    assert "Votre demande est notée" in page.text
    assert not any("acces" in form.fields for form in page.forms), "only who wants a copy is given one"


async def test_what_is_missing_is_told_and_nothing_is_sent(rights: RightsService, person: Staff) -> None:
    await person.get("/mes-donnees")
    page = await person.press("Recevoir un code par SMS", telephone="douze")
    assert page.status == 422
    assert {"#droit-access", "#telephone"} <= set(page.links)
    page = await person.press("Recevoir un code par SMS", droit="rectification", telephone=TYPED)
    assert "#precisions" in page.links
    assert await rights.texts() == []


async def test_forms_of_other_sites_and_floods_are_refused(rights: RightsService, person: Staff) -> None:
    form = {"droit": "access", "telephone": TYPED}
    elsewhere = await person.client.post("/mes-donnees", data=form, headers={"origin": "https://evil.example"})
    assert elsewhere.status_code == 403
    statuses = [(await person.client.post("/mes-donnees", data={"droit": ""})).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert await rights.texts() == []


async def test_no_number_and_no_code_is_logged(rights: RightsService, person: Staff) -> None:
    with capture_logs() as logs:
        await ask(person, "rectification", precisions="je m'appelle Zébulon")
        code = await rights.code()
        await person.press("Valider", code=code)
    said = str(logs)
    assert not any(secret in said for secret in ("0612340001", "612340001", code, "Zébulon"))


async def test_a_storage_that_is_away_is_a_page(
    rights: RightsService, person: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_args: object, **_values: object) -> bool:
        raise OSError("gone")

    monkeypatch.setattr("callbot.storage.queued_messages.QueuedMessages.queue_sms", fails)
    await ask(person)
    assert person.page.status == 503
    assert "Rien n'est gardé" in person.page.text


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.READ_ONLY])
async def test_other_roles_do_not_see_the_register(rights: RightsService, role: Role) -> None:
    someone = await officer(rights, "autre", role)
    page = await someone.get("/admin/droits")
    assert page.status == 403
    assert "/admin/droits" not in page.links
    await someone.client.aclose()


async def test_an_officer_leads_an_erasure_to_its_certificate(rights: RightsService) -> None:
    number = await rights.by_telephone(DataRight.ERASURE)
    dpo = await officer(rights)
    page = await dpo.get("/admin/droits")
    assert "dans les temps" in page.text
    page = await dpo.get(f"/admin/droits/{number}")
    assert "+33612340001" not in page.html
    page = await dpo.press("Voir le numéro et les précisions")
    assert "+33612340001" in page.html
    await dpo.press("J'ai rappelé ce numéro, c'est la personne")
    await dpo.press("Je m'en occupe")
    page = await dpo.press("Effacer, avec certificat")
    assert page.status == 422, "asked twice: nothing can be brought back"
    page = await dpo.press("Effacer, avec certificat", sur="1")
    assert "Certificat E-" in page.text
    assert "effacé" in page.text
    notes = await rights.storage.journal.entries(Noted.DATA_REQUEST)
    assert [note.what for note in notes][:2] == ["erasure: taken -> answered", "erasure: identified -> taken"]
    assert "number and words shown" in {note.what for note in notes}
    await dpo.client.aclose()


async def test_what_another_officer_did_meanwhile_is_told(rights: RightsService) -> None:
    number = await rights.by_telephone(DataRight.OBJECTION)
    first, second = await officer(rights), await officer(rights, "autre")
    await first.get(f"/admin/droits/{number}")
    await first.press("J'ai rappelé ce numéro, c'est la personne")
    await second.get(f"/admin/droits/{number}")
    await first.press("Je m'en occupe")
    page = await second.press("Je m'en occupe")
    assert page.status == 409
    assert "Camille Essai" in page.text
    for someone in (first, second):
        await someone.client.aclose()


async def test_a_code_read_aloud_identifies(rights: RightsService) -> None:
    number = await rights.by_telephone(DataRight.RECTIFICATION)
    dpo = await officer(rights)
    await dpo.get(f"/admin/droits/{number}")
    await dpo.press("Envoyer un code par SMS")
    page = await dpo.press("Vérifier le code lu", code="12")
    assert page.status == 422
    page = await dpo.press("Vérifier le code lu", code=await rights.code())
    assert "par un code envoyé à son numéro" in page.text
    await dpo.client.aclose()


async def test_a_letter_is_noted_extended_and_refused_with_reasons(rights: RightsService) -> None:
    dpo = await officer(rights)
    await dpo.get("/admin/droits")
    page = await dpo.press("Noter la demande", droit="access", telephone="douze")
    assert page.status == 422
    page = await dpo.press("Noter la demande", droit="access", telephone=TYPED, precisions="mon nom est faux")
    assert "par courrier" in page.text
    assert "mon nom" not in page.text
    page = await dpo.press("Prolonger à trois mois", motif="non")
    assert page.status == 422
    page = await dpo.press("Prolonger à trois mois", motif=REASON)
    assert "délai prolongé" in page.text
    assert "Prolonger à trois mois" not in page.text
    await dpo.press("Refuser la demande", motif="demande déjà satisfaite hier")
    assert [REASON in text for text in await rights.texts()] == [True, False]
    await dpo.client.aclose()


async def test_what_is_overdue_is_said_first(rights: RightsService) -> None:
    number = await rights.by_telephone(DataRight.ACCESS)
    assert rights.desk is not None
    due = (await rights.desk.show(number)).request.due_on
    rights.clock.at = rights.clock.at.replace(year=due.year, month=due.month, day=due.day)
    dpo = await officer(rights)
    assert "en retard" not in (await dpo.get("/admin/droits")).text
    rights.clock.at += timedelta(days=1)
    await dpo.sign_in("d.po")
    page = await dpo.get("/admin/droits")
    assert "1 demande en retard" in page.text
    await dpo.client.aclose()


async def test_forms_without_their_token_and_unknown_requests_do_nothing(rights: RightsService) -> None:
    number = await rights.by_telephone(DataRight.ACCESS)
    dpo = await officer(rights)
    bare = await dpo.client.post(f"/admin/droits/{number}/faire", data={"quoi": "retirer"})
    assert bare.status_code == 403
    page = await dpo.get("/admin/droits/D-20200101-000000")
    assert page.status == 404
    assert rights.desk is not None
    assert (await rights.desk.show(number)).request.state.open
    await dpo.client.aclose()
