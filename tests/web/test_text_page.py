"""The text page as a person uses it, without a script: pages read, forms sent."""

from __future__ import annotations

import pytest

from callbot.domain.events import (
    Booked,
    CallAnswered,
    CallerSpoke,
    Channel,
    Ended,
    EndReason,
    HandedOver,
    HandOverReason,
    KeysPressed,
)
from callbot.web.talk import LAPSE, MOST_MESSAGES
from tests.web.world import TO_RECAP, Reader, ScriptedServices, TextService


def events_of(services: ScriptedServices) -> list[object]:
    [events] = services.stored.values()
    return list(events)


async def test_the_first_page_says_that_it_is_a_machine_what_is_kept_and_how_to_reach_a_person(reader: Reader) -> None:
    page = await reader.get("/texte")
    assert page.status == 200
    assert "une intelligence artificielle" in page.html
    assert "gardés le temps nécessaire" in page.html
    assert "écrivez «&nbsp;conseiller&nbsp;»" in page.html
    assert page.buttons == ["Commencer"]
    assert 'href="tel:0800949408"' in page.html


async def test_a_slash_too_many_leads_to_the_first_page(reader: Reader) -> None:
    assert (await reader.get("/texte/")).buttons == ["Commencer"]


async def test_nothing_is_stored_before_somebody_begins(reader: Reader, services: ScriptedServices) -> None:
    await reader.get("/texte")
    assert services.stored == {}
    assert not reader.client.cookies


async def test_a_pickup_is_booked_by_words_and_buttons(reader: Reader, services: ScriptedServices) -> None:
    await reader.begin()
    await reader.write(*TO_RECAP)
    for button in ("Oui", "Jeudi 3 décembre", "Pas de portable", "Oui"):
        await reader.press(button)
    events = events_of(services)
    assert [type(event) for event in events].count(Booked) == 1
    assert Ended(EndReason.DONE) in events
    assert reader.page.title.startswith("Conversation terminée")
    assert any("Votre référence est : AC47K." in text for text in reader.page.said)
    assert "Envoyer" not in reader.page.buttons


async def test_the_conversation_is_a_written_one_of_nobody_known(reader: Reader, services: ScriptedServices) -> None:
    await reader.begin()
    first = events_of(services)[0]
    assert isinstance(first, CallAnswered)
    assert (first.caller, first.channel) == (None, Channel.TEXT)


async def test_buttons_offer_what_the_question_asks(reader: Reader) -> None:
    await reader.begin()
    always = ["Parler à une personne", "Recommencer une conversation", "Effacer de cet appareil et quitter"]
    assert reader.page.buttons[-4:] == ["Envoyer", *always]
    await reader.write(*TO_RECAP)
    assert reader.page.buttons == ["Oui", "Non", "Envoyer", *always]
    await reader.press("Oui")
    days = ["Mardi premier décembre", "Jeudi 3 décembre", "Lundi 7 décembre", "Une autre date"]
    assert reader.page.buttons == [*days, "Envoyer", *always]


async def test_the_log_tells_in_words_who_wrote_and_shows_choices_as_they_were_named(reader: Reader) -> None:
    await reader.begin()
    await reader.write(*TO_RECAP)
    await reader.press("Oui")
    await reader.press("Jeudi 3 décembre")
    said = reader.page.said
    assert [said[at + 1] for at, text in enumerate(said) if text == "Vous :"] == [*TO_RECAP, "Oui", "Jeudi 3 décembre"]
    assert said.count("Assistant automatique :") == 6


async def test_keys_written_out_count_as_keys(reader: Reader, services: ScriptedServices) -> None:
    await reader.begin()
    await reader.write(*TO_RECAP, "1", "2", "06 12 34 56 78")
    assert events_of(services)[-4:].count(KeysPressed("0612345678")) == 1
    assert "Jeudi 3 décembre" in reader.page.said


async def test_a_person_is_one_button_away_from_every_question(
    services: ScriptedServices, service: TextService
) -> None:
    steps = (*TO_RECAP, "Oui", "Jeudi 3 décembre", "Pas de portable")
    for taken in range(len(steps) + 1):
        reader = Reader(service)
        async with reader.client:
            await reader.begin()
            for at, answer in enumerate(steps[:taken]):
                await (reader.write(answer) if at < len(TO_RECAP) else reader.press(answer))
            await reader.press("Parler à une personne")
            assert reader.page.title.startswith("Un conseiller prend la suite"), taken
            assert "0800 94 94 08" in reader.page.html
    assert len(services.asked_people) == len(steps) + 1


async def test_a_person_is_one_word_away(reader: Reader, services: ScriptedServices) -> None:
    await reader.begin()
    await reader.write("conseiller")
    assert HandedOver(HandOverReason.ASKED) in events_of(services)
    assert reader.page.title.startswith("Un conseiller prend la suite")


async def test_words_of_another_language_are_marked_as_such(reader: Reader) -> None:
    await reader.begin()
    await reader.write("english please")
    assert '<p lang="en">One moment, please.' in reader.page.html


async def test_a_restart_of_the_service_loses_nothing(reader: Reader, services: ScriptedServices) -> None:
    await reader.begin()
    await reader.write(*TO_RECAP)
    said = reader.page.said
    again = Reader(TextService(services))
    async with again.client:
        again.client.cookies = reader.client.cookies
        await again.get("/texte/conversation")
        assert again.page.said == said
        await again.press("Oui")
        assert "Quelle date vous convient ?" in again.page.said[-1]


async def test_a_service_killed_between_message_and_answer_asks_again(
    reader: Reader, services: ScriptedServices
) -> None:
    await reader.begin()
    await reader.write(TO_RECAP[0])
    for kept in range(len(events_of(services)), len(events_of(services)) + 3):
        services.fails_after = kept
        await reader.write(TO_RECAP[1])
        assert reader.page.status == 503
        services.fails_after = None
        page = await Reader.get(reader, "/texte/conversation")
        assert page.title.startswith("À vous de répondre")
        assert page.said[-1].endswith(("?", "commune."))


async def test_the_same_answer_sent_twice_is_taken_once(reader: Reader, services: ScriptedServices) -> None:
    await reader.begin()
    form = reader.form
    await reader.send(form, message=TO_RECAP[0])
    before = events_of(services)
    await reader.send(form, message=TO_RECAP[0])
    assert reader.page.status == 200
    assert events_of(services) == before


async def test_yes_sent_twice_says_yes_to_one_question_only(reader: Reader, services: ScriptedServices) -> None:
    await reader.begin()
    await reader.write(*TO_RECAP)
    yes = reader.page.forms[0]
    await reader.send(yes, touche="1")
    await reader.send(yes, touche="1")
    assert [event for event in events_of(services) if isinstance(event, KeysPressed)] == [KeysPressed("1")]


async def test_an_answer_to_an_older_question_is_not_taken_and_not_lost(
    reader: Reader, services: ScriptedServices
) -> None:
    await reader.begin()
    old = reader.form
    await reader.write(TO_RECAP[0])
    before = events_of(services)
    page = await reader.send(old, message="deux frigos")
    assert page.status == 409
    assert page.title.startswith("Erreur")
    assert "La question a changé" in page.html
    assert "deux frigos</textarea>" in page.html
    assert events_of(services) == before


@pytest.mark.parametrize("text", ["", "   \n ", "\x00\x07\u200b\u202e"])
async def test_a_message_without_a_word_is_refused_beside_its_field(
    reader: Reader, services: ScriptedServices, text: str
) -> None:
    await reader.begin()
    page = await reader.write(text)
    assert page.status == 422
    assert 'aria-invalid="true"' in page.html
    assert 'aria-describedby="indication erreur"' in page.html
    assert "Écrivez votre message avant de l&#39;envoyer." in page.html
    assert not any(isinstance(event, CallerSpoke) for event in events_of(services))


async def test_six_hundred_characters_are_read_and_one_more_is_told_and_kept_in_the_field(
    reader: Reader, services: ScriptedServices
) -> None:
    await reader.begin()
    await reader.write("🛋" * 600)
    assert CallerSpoke("🛋" * 600, ("🛋" * 600,)) in events_of(services)
    page = await reader.write("a" * 601)
    assert page.status == 422
    assert "Votre message a 601 caractères." in page.html
    assert "a" * 601 + "</textarea>" in page.html


async def test_a_hundred_messages_are_read_and_then_a_person_takes_over(
    reader: Reader, services: ScriptedServices
) -> None:
    await reader.begin()
    [call_id] = services.stored
    services.stored[call_id] += [CallerSpoke("bla")] * (MOST_MESSAGES - 1)
    await reader.get("/texte/conversation")
    await reader.write(TO_RECAP[0])
    assert reader.page.title.startswith("À vous de répondre")
    await reader.write(TO_RECAP[1])
    assert reader.page.title.startswith("Un conseiller prend la suite")
    assert services.asked_people == [(call_id, HandOverReason.TOO_LONG)]


async def test_a_conversation_lapses_after_half_an_hour_and_not_before(
    reader: Reader, services: ScriptedServices
) -> None:
    await reader.begin()
    await reader.write(TO_RECAP[0])
    services.clock.pass_time(seconds=LAPSE.total_seconds() - 1)
    assert (await reader.get("/texte/conversation")).title.startswith("À vous de répondre")
    services.clock.pass_time(seconds=1)
    page = await reader.get("/texte/conversation")
    assert page.title.startswith("Conversation fermée")
    assert TO_RECAP[0] not in page.html
    assert Ended(EndReason.CALLER_HUNG_UP) in events_of(services)
    assert list(services.stored) == services.released
    await reader.press("Recommencer une conversation")
    assert reader.page.title.startswith("À vous de répondre")


async def test_a_message_that_comes_too_late_is_not_taken(reader: Reader, services: ScriptedServices) -> None:
    await reader.begin()
    services.clock.pass_time(seconds=LAPSE.total_seconds())
    await reader.write(TO_RECAP[0])
    assert reader.page.title.startswith("Conversation fermée")
    assert not any(isinstance(event, CallerSpoke) for event in events_of(services))


async def test_what_was_booked_is_not_shown_for_ever_on_a_shared_device(
    reader: Reader, services: ScriptedServices
) -> None:
    await reader.begin()
    await reader.write("conseiller")
    services.clock.pass_time(seconds=LAPSE.total_seconds())
    page = await reader.get("/texte/conversation")
    assert page.title.startswith("Conversation fermée")
    assert page.said == []


async def test_beginning_again_leaves_the_conversation_before(reader: Reader, services: ScriptedServices) -> None:
    await reader.begin()
    first_words = reader.page.said
    await reader.write(TO_RECAP[0])
    await reader.press("Recommencer une conversation")
    first, second = services.stored.values()
    assert first[-1] == Ended(EndReason.CALLER_HUNG_UP)
    assert not any(isinstance(event, CallerSpoke | Ended) for event in second)
    assert reader.page.said == first_words


async def test_who_quits_leaves_nothing_on_the_device(reader: Reader, services: ScriptedServices) -> None:
    await reader.begin()
    await reader.press("Effacer de cet appareil et quitter")
    assert reader.page.buttons == ["Commencer"]
    assert not reader.client.cookies
    assert events_of(services)[-1] == Ended(EndReason.CALLER_HUNG_UP)
    assert (await reader.get("/texte/conversation")).status == 404


async def test_an_open_conversation_can_be_gone_back_to_from_the_first_page(reader: Reader) -> None:
    await reader.begin()
    page = await reader.get("/texte")
    assert 'href="/texte/conversation">Reprendre ma conversation' in page.html
    await reader.press("Commencer une autre conversation")
    assert reader.page.title.startswith("À vous de répondre")


async def test_a_browser_that_refuses_the_cookie_is_told_so(reader: Reader) -> None:
    await reader.begin()
    reader.client.cookies.clear()
    page = await reader.get("/texte/conversation")
    assert page.status == 404
    assert "votre navigateur refuse le cookie" in page.html
    assert "0800 94 94 08" in page.html


async def test_help_says_how_to_answer_how_to_reach_a_person_and_what_is_kept(reader: Reader) -> None:
    page = await reader.get("/texte/aide")
    assert page.status == 200
    for told in ("conseiller", "114", "Un seul cookie", "effacez mes données"):
        assert told in page.html


async def test_the_declaration_of_accessibility_is_open_to_everybody(reader: Reader) -> None:
    page = await reader.get("/accessibilite")
    assert page.status == 200
    for said in ("partiellement conformes", "RGAA 4.1", "Défenseur des droits", "axe-core"):
        assert said in page.html
    assert "/accessibilite" in (await reader.get("/texte")).html
