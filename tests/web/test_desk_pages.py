"""An agent at the desk: what waits, one call, its booking, call-backs; two agents never have the same call."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from callbot.access import Role
from callbot.desk import WrapUp
from callbot.domain.bookings import Author, BookingStatus
from callbot.domain.events import Booked, CallAnswered, Channel, HandedBack, HandOverReason
from callbot.domain.people import Window
from callbot.review.annotations import ErrorKind
from tests.booking.sample import LANDLINE, MOBILE, draft
from tests.desk.sample import agreed, opening, wanted
from tests.web.desk_world import AGENT, DeskService, desk_service
from tests.web.staff_world import Staff


async def test_the_queue_shows_why_and_what_is_sure_and_nobody_s_name(agent: Staff, desk: DeskService) -> None:
    await desk.waits("CA1")
    page = await agent.get("/desk")
    assert "L'appelant demande à parler à une personne." in page.text
    assert "un matelas confirmé" in page.text
    assert "Adresse déjà dit confirmé" in page.text
    assert "Rome" not in page.html
    assert "06 12 34 56 78" not in page.html
    assert "(1) Accueil d" in page.html


async def test_the_most_urgent_comes_first(agent: Staff, desk: DeskService) -> None:
    await desk.waits("CA1")
    desk.clock.advance(minutes=5)
    await desk.waits("CA2", reason=HandOverReason.EMERGENCY)
    page = await agent.get("/desk")
    assert page.html.index("attente-CA2") < page.html.index("attente-CA1")
    assert "Danger signalé , depuis 0 s" in page.text
    assert "attente la plus longue : 5 min" in page.text


async def test_a_call_answered_by_telephone_can_be_opened_for_two_hours(agent: Staff, desk: DeskService) -> None:
    await desk.waits("CA1")
    await desk.storage.hand_overs.taken("CA1")
    assert "En communication avec un agent" in (await agent.get("/desk")).text
    desk.clock.advance(hours=2)
    await agent.sign_in(AGENT)
    assert "attente-CA1" in (await agent.get("/desk")).html
    desk.clock.advance(seconds=1)
    assert "attente-CA1" not in (await agent.get("/desk")).html


async def test_a_call_is_taken_finished_and_journaled(agent: Staff, desk: DeskService) -> None:
    await desk.waits("CA1")
    await agent.get("/desk")
    page = await agent.press("Prendre")
    assert "12 bis Rue de Rome, 13006 Marseille 6e confirmé" in page.text
    assert "06 12 34 56 78" in page.text
    assert "un matelas au 12 rue de Rome" in page.text
    page = await agent.press("Terminer l'appel", devenir="informed", note="rappelle demain")
    assert "C'est terminé." in page.text
    work = await desk.storage.desk_work.of_call("CA1")
    assert work is not None
    assert work.wrap_up is WrapUp.INFORMED
    [look] = await desk.storage.reveals.entries()
    assert (look.reason, look.what) == ("prise en charge", "call CA1")
    assert "Personne n'attend." in (await agent.get("/desk")).text


async def test_bookings_of_the_number_and_of_the_address_are_shown(agent: Staff, desk: DeskService) -> None:
    assert desk.booking is not None
    own = await desk.booking.book(draft("CA5"))
    other = await desk.booking.book(replace(draft("CA6"), phone=LANDLINE))
    assert isinstance(own, Booked)
    assert isinstance(other, Booked)
    await desk.waits("CA1")
    await agent.get("/desk")
    page = await agent.press("Prendre")
    number, address = page.text.split("À la même adresse, avec un autre numéro")
    assert own.reference in number
    assert other.reference in address.split("Ce qui a été dit")[0]
    assert own.reference not in address


async def test_two_agents_never_have_the_same_call(agent: Staff, colleague: Staff, desk: DeskService) -> None:
    await desk.waits("CA1")
    await agent.get("/desk")
    await colleague.get("/desk")
    button = "Prendre"
    await agent.press(button)
    page = await colleague.press(button)
    assert "Une autre personne l'a déjà pris." in page.text
    assert (await colleague.get("/desk/appels/CA1")).status == 404
    assert "Rome" not in colleague.page.html


async def test_taking_twice_is_taking_once(agent: Staff, desk: DeskService) -> None:
    await desk.waits("CA1")
    await agent.get("/desk")
    form = agent.form("Prendre")
    for _ in range(2):
        answer = await agent.client.post(form.action, data=form.fields)
        assert answer.headers["location"] == "/desk/appels/CA1"
    assert len(await desk.storage.reveals.entries()) == 1


async def test_a_call_without_an_end_is_not_ended(agent: Staff, desk: DeskService) -> None:
    await desk.waits("CA1")
    await agent.get("/desk")
    await agent.press("Prendre")
    page = await agent.press("Terminer l'appel", note="à garder")
    assert page.status == 422
    assert "Choisissez ce qu'est devenu l'appel." in page.text
    assert "à garder" in page.text
    page = await agent.press("Remettre dans la file")
    assert "L'appel attend de nouveau." in page.text
    assert "attente-CA1" in page.html


async def test_what_the_bot_did_wrong_is_told_to_those_who_review(agent: Staff, desk: DeskService) -> None:
    await desk.waits("CA1")
    await agent.get("/desk")
    await agent.press("Prendre")
    form = agent.form("Noter l'erreur")
    page = await agent.press("Noter l'erreur", erreur="address")
    assert "C'est noté" in page.text
    [noted] = await desk.storage.annotations.of_call("CA1")
    assert (noted.kind, str(noted.seq)) == (ErrorKind.ADDRESS, form.fields["ligne"])
    page = await agent.press("Noter l'erreur", ligne="999", erreur="address")
    assert page.status == 422
    assert len(await desk.storage.annotations.of_call("CA1")) == 1


async def test_a_call_is_given_back_to_the_machine(agent: Staff, desk: DeskService) -> None:
    await desk.waits("CA1")
    await agent.get("/desk")
    await agent.press("Prendre")
    page = await agent.press("Rendre au robot")
    assert "Raccrochez maintenant" in page.text
    events = await desk.storage.events.events("CA1")
    assert events[-1] == HandedBack()
    work = await desk.storage.desk_work.of_call("CA1")
    assert work is not None
    assert work.wrap_up is WrapUp.HANDED_BACK
    summary = await desk.storage.call_summary("CA1")
    assert summary is not None
    assert summary.end_reason is None
    await desk.storage.hand_overs.hand_over("CA1", HandOverReason.UPSET)
    [again] = await desk.storage.desk_work.waiting(desk.clock.now())
    assert (again.reason, again.taken_by, again.wrap_up) == (HandOverReason.UPSET, None, None)


async def test_who_writes_is_not_given_back(agent: Staff, desk: DeskService) -> None:
    await desk.waits("SM1", [CallAnswered(None, Channel.SMS), *agreed(wanted())[3:]])
    await agent.get("/desk")
    page = await agent.press("Prendre")
    assert "Rendre au robot" not in page.text
    form = agent.form("Remettre dans la file")
    answer = await agent.client.post("/desk/appels/SM1/rendre", data=form.fields)
    assert answer.status_code == 404
    assert HandedBack() not in await desk.storage.events.events("SM1")


async def test_a_handed_over_call_becomes_a_booking(agent: Staff, desk: DeskService) -> None:
    await desk.waits("CA1")
    await agent.get("/desk")
    await agent.press("Prendre")
    page = await agent.get("/desk/reserver?appel=CA1")
    assert page.status == 200
    fields = agent.form("Voir le récapitulatif").fields
    assert (fields["numero"], fields["rue"], fields["commune"]) == ("12 bis", "Rue de Rome", "13206")
    assert (fields["n_matelas"], fields["telephone"]) == ("1", "06 12 34 56 78")
    page = await agent.press("Voir le récapitulatif", jour="2026-11-26")
    assert "À lire à l'appelant" in page.text
    assert "jeudi 26 novembre" in page.text
    page = await agent.press("Réserver")
    assert "Je l'ai lu à l'appelant" in page.text
    assert await desk.storage.bookings() == []
    page = await agent.press("Réserver", lu=agent.box("lu"))
    assert "Le rendez-vous est pris." in page.text
    [booking] = await desk.storage.bookings()
    assert (booking.created_by, booking.address.line, booking.phone) == (Author.AGENT, "12 bis Rue de Rome", MOBILE)
    assert booking.reference in page.text


async def test_what_changed_since_it_was_read_is_read_again(agent: Staff, desk: DeskService) -> None:
    await desk.waits("CA1")
    await agent.get("/desk")
    await agent.press("Prendre")
    await agent.get("/desk/reserver?appel=CA1")
    await agent.press("Voir le récapitulatif", jour="2026-11-26")
    page = await agent.press("Réserver", lu=agent.box("lu"), n_matelas="3")
    assert "trois matelas" in page.text
    assert await desk.storage.bookings() == []


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"jour": "2026-11-31"}, "Cette date n'existe pas."),
        ({"jour": "2026-11-20"}, "Cette date est passée."),
        ({"n_matelas": "beaucoup"}, "Écrivez un nombre entier"),
        ({"telephone": "12"}, "Ce numéro n'existe pas."),
        ({"rue": "Nulle part"}, "La base des adresses n'a rien"),
        ({"commune": "75001"}, "dans les communes de la liste"),
        ({"courriel": "<script>"}, "Cette adresse ne peut pas être utilisée."),
    ],
)
async def test_bad_input_is_told_beside_its_field(
    agent: Staff, desk: DeskService, more: dict[str, str], sentence: str
) -> None:
    await desk.waits("CA1")
    await agent.get("/desk")
    await agent.press("Prendre")
    await agent.get("/desk/reserver?appel=CA1")
    page = await agent.press("Voir le récapitulatif", **{"jour": "2026-11-26", **more})
    assert page.status == 422
    assert sentence in page.text
    assert "À lire à l'appelant" not in page.text


async def test_a_booking_without_a_call_is_made_once_however_often_it_is_sent(agent: Staff, desk: DeskService) -> None:
    await agent.get("/desk/reserver")
    place = {"numero": "12", "rue": "Rue de Rome", "commune": "13206", "ajouter": "matelas"}
    await agent.press("Chercher l'adresse", **place)
    key = agent.form("Voir le récapitulatif").choices["choix"][0]
    await agent.press("Voir le récapitulatif", choix=key, jour="2026-11-26")
    form = agent.form("Réserver")
    sent = {**form.fields, "lu": agent.box("lu")}
    answers = [await agent.client.post(form.action, data=sent) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    assert len(await desk.storage.bookings()) == 1


async def test_a_booking_is_found_changed_and_cancelled(agent: Staff, desk: DeskService) -> None:
    await desk.waits("CA1")
    await agent.get("/desk")
    await agent.press("Prendre")
    await agent.get("/desk/reserver?appel=CA1")
    await agent.press("Voir le récapitulatif", jour="2026-11-26")
    await agent.press("Réserver", lu=agent.box("lu"))
    [booking] = await desk.storage.bookings()
    await agent.get("/desk/rendez-vous")
    page = await agent.press("Chercher", cherche="06 12 34 56 78")
    assert booking.reference in page.text
    await agent.get(f"/desk/rendez-vous/{booking.reference}/modifier")
    await agent.press("Voir le récapitulatif", n_matelas="2")
    page = await agent.press("Enregistrer le changement", lu=agent.box("lu"))
    assert "Le rendez-vous est modifié." in page.text
    [booking] = await desk.storage.bookings()
    assert [line.quantity for line in booking.items] == [2]
    page = await agent.press("Annuler le rendez-vous")
    assert "Cochez l'accord de l'appelant pour annuler." in page.text
    page = await agent.press("Annuler le rendez-vous", accord=booking.reference)
    assert "Le rendez-vous est annulé." in page.text
    [booking] = await desk.storage.bookings()
    assert booking.status is BookingStatus.CANCELLED


async def test_a_reference_of_nobody_is_told_so(agent: Staff) -> None:
    assert "Aucun rendez-vous avec cette référence" in (await agent.get("/desk/rendez-vous/AAAAA")).text
    await agent.get("/desk/rendez-vous")
    page = await agent.press("Chercher", cherche="bonjour")
    assert "Écrivez une référence de cinq caractères" in page.text


async def test_a_promised_call_back_is_made(agent: Staff, colleague: Staff, desk: DeskService) -> None:
    await desk.tells("CA1", wanted())
    now = desk.clock.now()
    async with desk.storage.unit_of_work() as work:
        window = Window(now - timedelta(minutes=5), now + timedelta(hours=2))
        await work.call_backs.add("CA1", MOBILE, HandOverReason.ADDRESS_DOUBT, window, now)
    page = await agent.get("/desk")
    assert "À faire maintenant. L'appelant a une adresse introuvable." in page.text
    button = "Rappeler"
    await colleague.get("/desk")
    page = await agent.press(button)
    assert "Appeler le 06 12 34 56 78" in page.text
    assert "Une autre personne l'a déjà pris." in (await colleague.press(button)).text
    await agent.press("Terminer le rappel", devenir="not_reached")
    page = await agent.get("/desk")
    assert "Rappelé 1 fois sans réponse." in page.text
    await agent.press(button)
    await agent.press("Terminer le rappel", devenir="informed")
    assert "Aucun rappel à faire." in (await agent.get("/desk")).text


async def test_calls_with_the_machine_are_shown_without_what_was_said(agent: Staff, desk: DeskService) -> None:
    await desk.tells("CA7", wanted())
    desk.clock.advance(seconds=65)
    page = await agent.get("/desk")
    assert "En ligne avec le robot : 1" in page.text
    assert "1 min téléphone faire enlever des encombrants l'adresse 0" in page.text
    assert "Rome" not in page.html


async def test_presence_is_said_and_nobody_is_ranked(agent: Staff, desk: DeskService) -> None:
    page = await agent.get("/desk")
    assert "Vous êtes en pause ." in page.text
    page = await agent.press("Je suis disponible", presence="present")
    assert "1 agent disponible." in page.text
    page = await agent.press("Passer en pause", presence="pause")
    assert "0 agent disponible." in page.text
    assert "Camille Essai" not in page.html.split("<main")[1]


async def test_documents_are_searched_with_their_source(agent: Staff) -> None:
    page = await agent.get("/desk/documents?q=sortir")
    assert "Sortez vos objets la veille au soir." in page.text
    assert "Règlement, article 4 (source citée)" in page.text
    assert "Aucune fiche n'a ces mots." in (await agent.get("/desk/documents?q=zzz")).text


@pytest.mark.parametrize("path", ["/desk", "/desk/direct", "/desk/appels/CA1", "/desk/reserver", "/desk/rendez-vous"])
async def test_who_reads_only_has_no_desk(desk: DeskService, path: str) -> None:
    await desk.account("l.lecture", Role.READ_ONLY)
    reader = Staff(desk)
    async with reader.client:
        await reader.sign_in("l.lecture")
        page = await reader.get(path)
    assert page.status == 403
    assert "n'est pas ouverte à votre compte" in page.text


@pytest.mark.parametrize("call_id", ["CA9", "../../x", "%00", "a" * 300])
async def test_a_call_that_nobody_has_is_not_shown(agent: Staff, call_id: str) -> None:
    assert (await agent.get(f"/desk/appels/{call_id}")).status in (400, 404)


async def test_a_form_from_elsewhere_changes_nothing(agent: Staff, desk: DeskService) -> None:
    await desk.waits("CA1", opening())
    for fields, headers in [({}, {}), ({"jeton": "x"}, {}), ({"jeton": "x"}, {"origin": "https://elsewhere.example"})]:
        answer = await agent.client.post("/desk/appels/CA1/prendre", data={"a": "b", **fields}, headers=headers)
        assert answer.status_code == 403
    assert len(await desk.storage.desk_work.waiting(desk.clock.now())) == 1


async def test_the_home_page_says_that_all_calls_come_to_people(migrated: Path, tmp_path: Path) -> None:
    async def switched() -> bool:
        return True

    async with desk_service(migrated, tmp_path, switched=switched) as running:
        await running.account(AGENT)
        someone = Staff(running)
        async with someone.client:
            await someone.sign_in(AGENT)
            assert "tous les nouveaux appels viennent à vous" in (await someone.get("/desk")).text
    await asyncio.sleep(0)


async def test_the_home_page_says_nothing_of_it_otherwise(agent: Staff) -> None:
    assert "L'assistant est arrêté" not in (await agent.get("/desk")).text
