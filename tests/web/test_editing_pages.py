"""The switch, proposed entries, files, versions: by two administrators without scripts."""

from __future__ import annotations

import asyncio
import html
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from callbot.access import Role
from callbot.domain.events import CallAnswered, GapNoted
from callbot.editing.content import Status
from callbot.knowledge import load_knowledge
from tests.web.editing_world import FOLDER, EditingService, editing_service
from tests.web.resident_world import Page
from tests.web.staff_world import Staff

ENTRY = {
    "id": "camion_electrique",
    "variants": "est-ce que le camion est électrique\nvos camions roulent à l'électricité\nc'est un camion électrique",
    "answer": "Une partie de nos camions roule au gaz. Aucun n'est électrique pour l'instant.",
    "source": "Fiche d'essai",
    "owner": "Service d'essai",
    "note": "demandé par des appelants",
}
KNOWN = load_knowledge(FOLDER)
NEW, HOURS = "/admin/connaissances/nouvelle", "/admin/regles/fichier?nom=opening_hours.yaml"


@pytest.fixture
async def editing(migrated: Path, tmp_path: Path) -> AsyncIterator[EditingService]:
    async with editing_service(migrated, tmp_path) as running:
        yield running
    # aiosqlite ends its threads a moment after the close; the loop has to turn once more for them.
    await asyncio.sleep(0)


def written(page: Page) -> str:
    """What is in the large field."""
    return html.unescape(page.html.split('<textarea id="texte"')[1].split(">\n", 1)[1].split("</textarea>")[0])


@asynccontextmanager
async def signed_in(editing: EditingService, login: str, role: Role) -> AsyncIterator[Staff]:
    await editing.account(login, role)
    someone = Staff(editing)
    async with someone.client:
        await someone.sign_in(login)
        yield someone


@pytest.fixture
async def one(editing: EditingService) -> AsyncIterator[Staff]:
    async with signed_in(editing, "a.premiere", Role.ADMINISTRATOR) as someone:
        yield someone


@pytest.fixture
async def other(editing: EditingService) -> AsyncIterator[Staff]:
    async with signed_in(editing, "b.seconde", Role.ADMINISTRATOR) as someone:
        yield someone


async def test_the_switch_is_thrown_with_a_reason_and_thrown_back(one: Staff, editing: EditingService) -> None:
    page = await one.get("/admin/interrupteur")
    assert "En service : l'assistant répond" in page.text
    assert "Appels avec une panne en 10 minutes : 3." in page.text
    page = await one.press("Envoyer tous les appels aux conseillers", raison="non")
    assert page.status == 422
    assert await editing.storage.switches.current() is None
    page = await one.press("Envoyer tous les appels aux conseillers", raison="panne du réseau", vers="people")
    assert "Arrêté : les nouveaux appels vont aux conseillers." in page.text
    assert "panne du réseau" in page.text
    assert "Camille Essai" in page.text
    current = await editing.storage.switches.current()
    assert current is not None
    assert current.to_people
    page = await one.press("Remettre l'assistant en service", raison="le réseau est revenu", vers="bot")
    assert "En service" in page.text
    assert len(await editing.storage.switches.history(9)) == 2


@pytest.mark.parametrize("role", [Role.AGENT, Role.READ_ONLY, Role.DATA_PROTECTION_OFFICER])
async def test_others_change_nothing(editing: EditingService, role: Role) -> None:
    async with signed_in(editing, "c.autre", role) as someone:
        for path in ("/admin/interrupteur", "/admin/connaissances", "/admin/regles", "/admin/connaissances/versions"):
            assert (await someone.get(path)).status == 403
        answer = await someone.client.post("/admin/interrupteur", data={"vers": "people", "raison": "sans droit"})
        assert answer.status_code == 403
    assert await editing.storage.switches.current() is None


async def test_a_supervisor_throws_the_switch_and_proposes_but_does_not_publish(editing: EditingService) -> None:
    async with signed_in(editing, "d.superviseur", Role.SUPERVISOR) as someone:
        assert (await someone.get("/admin/interrupteur")).status == 200
        assert (await someone.get("/admin/connaissances")).status == 200
        assert (await someone.get("/admin/connaissances/versions")).status == 403
        assert (await someone.get(HOURS)).status == 403


async def test_a_form_of_elsewhere_changes_nothing(one: Staff, editing: EditingService) -> None:
    for path in ("/admin/interrupteur", NEW, "/admin/regles/fichier", "/admin/connaissances/versions/0/reprendre"):
        answer = await one.client.post(path, data={"jeton": "faux", "vers": "people", "raison": "essai de force"})
        assert answer.status_code == 403
    assert await editing.storage.switches.current() is None


async def test_gaps_are_ranked_with_where_to_read_them(one: Staff, editing: EditingService) -> None:
    for call, nearest in (("CA1", ("horaires",)), ("CA2", ("prix",)), ("CA3", ("prix", "horaires")), ("CA4", ())):
        await editing.storage.events.append(call, CallAnswered(None))
        await editing.storage.events.append(call, GapNoted(nearest))
    page = await one.get("/admin/connaissances")
    assert page.html.index("pres=prix") < page.html.index("pres=horaires")
    assert "puis horaires" in page.text
    assert "aucune fiche proche" in page.text
    assert 'href="/admin/calls/CA3"' in page.html


async def test_a_gap_leads_to_what_the_nearest_entry_says(one: Staff) -> None:
    known = next(entry for entry in KNOWN.questions if entry.id == "quels_objets")
    page = await one.get(f"{NEW}?pres={known.id}")
    assert known.answer in page.text
    assert known.variants[0] in page.text
    assert "/admin/regles/fichier?nom=questions%2Frendez_vous.yaml" in page.html
    assert "La fiche la plus proche" not in (await one.get(f"{NEW}?pres=inconnue")).text


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/admin/interrupteur", {"raison": "é" * 5000, "vers": "people"}),
        ("/admin/interrupteur", {"raison": "\u202e\x00" * 9, "vers": "people"}),
        (NEW, {"id": "x", "variants": "a\n" * 900, "answer": "<script>alert(1)</script>", "faire": "proposer"}),
        (NEW, {"id": "__proto__", "answer": "{{ 7 * 7 }}", "owner": "o" * 900, "faire": "proposer"}),
        ("/admin/regles/fichier", {"nom": "opening_hours.yaml", "texte": "&a [*a, *a]", "faire": "proposer"}),
        ("/admin/regles/fichier", {"nom": "opening_hours.yaml", "texte": "!!python/object:os.system x"}),
        ("/admin/regles/fichier", {"nom": "opening_hours.yaml", "texte": "\x07\ufeff\ud7ff" * 3}),
        ("/admin/regles/fichier", {"nom": "opening_hours.yaml", "texte": "a: " + "[" * 3000}),
    ],
)
async def test_what_is_sent_to_harm_is_told_and_not_kept(
    one: Staff, editing: EditingService, path: str, fields: dict[str, str]
) -> None:
    await one.get("/admin/interrupteur")
    token = one.form("Envoyer tous les appels aux conseillers").fields["jeton"]
    answer = await one.client.post(path, data={"jeton": token, **fields})
    assert answer.status_code in (413, 422), answer.status_code
    assert "<script>" not in answer.text
    assert await editing.storage.content.proposals(9) == []
    assert await editing.storage.switches.current() is None


async def test_an_entry_goes_from_the_form_to_callers(one: Staff, other: Staff, editing: EditingService) -> None:
    await one.get(NEW)
    page = await one.press("Voir l'aperçu", **ENTRY)
    assert "l'assistant dira :" in page.text
    assert await editing.storage.content.proposals(9) == []
    page = await one.press("Proposer", **ENTRY, faire="proposer")
    assert "La proposition est gardée." in page.text
    await editing.settled()
    page = await one.get("/admin/connaissances/propositions/1")
    assert "Toutes réussies." in page.text
    assert "Une autre personne doit l'approuver." in page.text
    assert "Approuver" not in page.text
    await other.get("/admin/connaissances/propositions/1")
    page = await other.press("Approuver et publier")
    assert "Cochez l'accord" in page.text
    page = await other.press("Approuver et publier", accord="oui")
    assert "C'est publié." in page.text
    version = await editing.storage.content.current()
    assert version is not None
    assert version.hash[:12] in page.text
    assert "Aucun n'est électrique" in version.files["questions/camion_electrique.md"]
    page = await other.press("Revenir aux fichiers livrés", raison="réponse fausse")
    assert "Reprend les fichiers livrés." in page.text
    assert await editing.storage.content.number() == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"answer": "Une. Deux. Trois."}, "il faut au plus 2 phrases, il y en a 3"),
        ({"variants": "une seule"}, "variants"),
        ({"valid_from": "2027-01-01", "valid_to": "2026-01-01"}, "valid_to"),
        ({"id": "../../etc"}, "il faut un fichier de la base"),
        ({"id": ""}, "il faut un fichier de la base"),
        ({"note": ""}, "dites pourquoi cette fiche est utile"),
        ({"certainty": "Z"}, "certainty"),
        ({"answer": "---\nsource: autre"}, ""),
    ],
)
async def test_what_is_wrong_is_shown_beside_the_form(
    one: Staff, editing: EditingService, change: dict[str, str], said: str
) -> None:
    await one.get(NEW)
    page = await one.press("Voir l'aperçu", **{**ENTRY, **change, "faire": "proposer"})
    if not said:  # a line that looks like front matter is part of the answer
        [kept] = await editing.storage.content.proposals(9)
        assert "--- source: autre" in kept.draft.text
        return
    assert page.status == 422
    assert said in page.text
    assert await editing.storage.content.proposals(9) == []


async def test_rehearsals_that_fail_block_until_somebody_says_why(
    one: Staff, other: Staff, editing: EditingService
) -> None:
    editing.passes = False
    await one.get(NEW)
    await one.press("Voir l'aperçu", **ENTRY)
    await one.press("Proposer", **ENTRY, faire="proposer")
    await editing.settled()
    page = await other.get("/admin/connaissances/propositions/1")
    assert "how_much : échoué" in page.text
    page = await other.press("Approuver et publier", accord="oui")
    assert "Les répétitions n'ont pas toutes réussi." in page.text
    assert await editing.storage.content.number() == 0
    page = await other.press("Approuver et publier", accord="oui", raison="échec connu, sans rapport")
    assert "C'est publié." in page.text


async def test_opening_hours_are_changed_after_a_look_at_the_difference(
    one: Staff, other: Staff, editing: EditingService
) -> None:
    text = written(await one.get(HOURS))
    broken = text.replace("vendredi:", "vendrdi:")
    page = await one.press("Contrôler et voir ce qui change", texte=broken, note="essai", owner="Accueil")
    assert page.status == 422
    assert "vendrdi" in page.text
    assert "ligne 13" in page.text
    changed = text + "# horaires revus\n"
    page = await one.press("Contrôler et voir ce qui change", texte=changed, note="été", owner="Accueil")
    assert "ajouté : + # horaires revus" in page.text
    page = await one.press("Proposer ce changement", faire="proposer", texte=changed)
    assert "cochez la case" in page.text
    more = changed + "# et encore\n"
    page = await one.press("Proposer ce changement", faire="proposer", lu=one.box("lu"), texte=more)
    assert "cochez la case" in page.text
    page = await one.press("Proposer ce changement", faire="proposer", lu=one.box("lu"), texte=more)
    assert "La proposition est gardée." in page.text
    await editing.settled()
    await other.get("/admin/connaissances/propositions/1")
    await other.press("Approuver et publier", accord="oui")
    assert "# et encore" in (await one.get(HOURS)).html
    assert "changé depuis la livraison" in (await one.get("/admin/regles")).text


@pytest.mark.parametrize("name", ["", "..%2Fsecrets", "README.md", "questions%2Fno.yaml"])
async def test_no_other_file_is_shown(one: Staff, name: str) -> None:
    assert (await one.get(f"/admin/regles/fichier?nom={name}")).status == 404


async def test_one_takes_ones_own_proposal_back(one: Staff, editing: EditingService) -> None:
    await one.get(NEW)
    await one.press("Voir l'aperçu", **ENTRY)
    await one.press("Proposer", **ENTRY, faire="proposer")
    await editing.settled()
    await one.get("/admin/connaissances/propositions/1")
    page = await one.press("Retirer ma proposition")
    assert "La proposition est close." in page.text
    [kept] = await editing.storage.content.proposals(9)
    assert kept.status is Status.WITHDRAWN
