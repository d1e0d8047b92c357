"""The same conversation by SMS: answered once, in ordinary letters, and never for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from callbot.calls.leftovers import LAPSE
from callbot.dialogue.acts import Act, ChannelAct, HangUp
from callbot.domain.events import CallAnswered, CallerSpoke, Channel, Ended, EndReason, Event, Prompted
from callbot.domain.gsm7 import BASIC, EXTENDED, plain
from callbot.domain.meaning import Expectation
from callbot.domain.personal import PhoneNumber
from callbot.messages.texts import sms_segments
from callbot.telephony.texting import (
    LONGEST_TEXT,
    MOST_CONVERSATIONS,
    MOST_MESSAGES,
    MOST_SEGMENTS,
    NO_WORDS_SENTENCE,
    PICTURE_SENTENCE,
    TOO_LONG_SENTENCE,
    in_messages,
    replies_to,
)
from tests.telephony.fakes import say
from tests.telephony.turn_bench import CALLER, Bench, xml

LAST_WORDS = "Je m'arrete ici, un conseiller verra votre demande. Vous pouvez aussi appeler le 0491000000."
NOTICE = say(Act.NOTICE, "Bonjour, ici l'assistant automatique.", interruptible=False)


def echoes(event: Event) -> Sequence[ChannelAct]:
    """Greets, repeats what was written, ends on "merci"."""
    match event:
        case CallAnswered(resumed=True):
            return [say(Act.RESUME, "Excusez-moi."), say(Act.ASK_NEED, "Que faut-il ?", expect=Expectation.ANY)]
        case CallAnswered():
            return [NOTICE, say(Act.ASK_NEED, "Que faut-il enlever ?", expect=Expectation.ANY)]
        case CallerSpoke("merci"):
            return [say(Act.GOODBYE, "Au revoir."), HangUp(EndReason.DONE)]
        case CallerSpoke(text):
            return [say(Act.ASK_ITEMS, f"J'ai lu : {text} ?", expect=Expectation.ITEMS)]
        case _:
            return []


@pytest.fixture
def bench() -> Bench:
    return Bench(echoes)


async def text(bench: Bench, body: str, sid: str = "", **form: str) -> list[str]:
    """The messages that come back; each message of ours has its own id unless one is given."""
    count = sum(isinstance(event, CallerSpoke) for events in bench.log.stored.values() for event in events)
    sid = sid or f"SM{count:032}"
    answer = xml(await bench.post("/sms/incoming", **{"MessageSid": sid, "From": CALLER, "Body": body, **form}))
    return [message.text or "" for message in answer.findall("Message")]


async def test_the_first_message_is_greeted_and_answered(bench: Bench) -> None:
    assert await text(bench, "un canapé") == ["Bonjour, ici l'assistant automatique. J'ai lu : un canapé ?"]
    assert await text(bench, "oui") == ["J'ai lu : oui ?"]
    (events,) = bench.log.stored.values()
    assert events[0] == CallAnswered(PhoneNumber(CALLER), Channel.SMS)


async def test_no_number_is_in_the_id_of_a_conversation(bench: Bench) -> None:
    await text(bench, "un canapé", sid="SM0123")
    assert list(bench.log.stored) == ["SM0123"]


async def test_a_reference_and_a_yes_reach_the_dialogue_as_they_were_written(bench: Bench) -> None:
    for body in ("ANNULER AB4K2", "OUI"):
        await text(bench, body)
    (events,) = bench.log.stored.values()
    assert [event.text for event in events if isinstance(event, CallerSpoke)] == ["ANNULER AB4K2", "OUI"]


async def test_a_message_that_comes_twice_is_answered_once_with_the_same_words(bench: Bench) -> None:
    first = await text(bench, "un canapé", sid="SM1")
    second = await text(bench, "oui", sid="SM2")
    before = sum(map(len, bench.log.stored.values()))
    assert await text(bench, "oui", sid="SM2") == second
    assert await text(bench.worker(), "un canapé", sid="SM1") == first
    assert sum(map(len, bench.log.stored.values())) == before


async def test_the_last_message_of_a_conversation_that_comes_twice_begins_no_other(bench: Bench) -> None:
    await text(bench, "un canapé", sid="SM1")
    last = await text(bench, "merci", sid="SM2")
    assert last == ["Au revoir."]
    assert await text(bench, "merci", sid="SM2") == last
    assert list(bench.log.stored) == ["SM1"]


async def test_two_deliveries_at_once_are_answered_once(bench: Bench) -> None:
    one, other = await asyncio.gather(*(text(bench, "un canapé", sid="SM1") for _ in range(2)))
    assert one == other
    assert sum(isinstance(event, CallerSpoke) for event in bench.log.stored["SM1"]) == 1


async def test_an_answer_lost_with_its_worker_is_the_question_that_waits(bench: Bench) -> None:
    await text(bench, "un canapé", sid="SM1")
    await bench.log.append("SM1", CallerSpoke("oui", message="SM2"))
    assert await text(bench.worker(), "oui", sid="SM2") == ["Excusez-moi. Que faut-il ?"]
    assert sum(isinstance(event, CallerSpoke) for event in bench.log.stored["SM1"]) == 2


@pytest.mark.parametrize(
    ("later", "conversations"), [(LAPSE - timedelta(seconds=1), 1), (LAPSE + timedelta(seconds=1), 2)]
)
async def test_half_an_hour_without_a_message_ends_a_conversation(
    bench: Bench, later: timedelta, conversations: int
) -> None:
    await text(bench, "un canapé")
    bench.at += later
    await text(bench, "et une table")
    assert len(bench.log.stored) == conversations


async def test_after_the_end_a_new_conversation_begins(bench: Bench) -> None:
    await text(bench, "merci", sid="SM1")
    assert (await text(bench, "un canapé", sid="SM2"))[0].startswith("Bonjour")
    assert list(bench.log.stored) == ["SM1", "SM2"]


async def test_two_numbers_have_two_conversations(bench: Bench) -> None:
    await text(bench, "un canapé", sid="SM1")
    assert (await text(bench, "un canapé", sid="SM2", From="+33698765432"))[0].startswith("Bonjour")


async def test_a_call_on_the_phone_is_no_conversation_by_sms(bench: Bench) -> None:
    await bench.log.append("CA1", CallAnswered(PhoneNumber(CALLER)))
    await text(bench, "un canapé", sid="SM1")
    assert list(bench.log.stored) == ["CA1", "SM1"]


@pytest.mark.parametrize("body", ["STOP", "stop", "Stop.", "ARRET", "arrêt", "STOPALL"])
async def test_stop_is_answered_by_twilio_alone(bench: Bench, body: str) -> None:
    assert await text(bench, body) == []
    assert bench.log.stored == {}


async def test_what_twilio_says_it_answered_is_left_alone(bench: Bench) -> None:
    assert await text(bench, "AIDE", OptOutType="HELP") == []


@pytest.mark.parametrize("sender", ["36665", "ORANGE", "", "anonymous", "+33"])
async def test_machines_get_no_answer(bench: Bench, sender: str) -> None:
    assert await text(bench, "Votre colis est arrivé", From=sender) == []
    assert bench.log.stored == {}


@pytest.mark.parametrize(
    ("body", "form", "sentence"),
    [
        ("", {}, NO_WORDS_SENTENCE),
        ("   ", {"NumMedia": "0"}, NO_WORDS_SENTENCE),
        ("👍🛋", {}, NO_WORDS_SENTENCE),
        ("?!", {}, NO_WORDS_SENTENCE),
        ("", {"NumMedia": "1"}, PICTURE_SENTENCE),
        ("🛋", {"NumMedia": "2"}, PICTURE_SENTENCE),
        ("a" * (LONGEST_TEXT + 1), {}, TOO_LONG_SENTENCE),
    ],
)
async def test_what_cannot_be_read_gets_a_clear_sentence(
    bench: Bench, body: str, form: dict[str, str], sentence: str
) -> None:
    answer = " ".join(await text(bench, body, **form))
    assert answer.startswith(plain(sentence))
    (events,) = bench.log.stored.values()
    assert [event.text for event in events if isinstance(event, CallerSpoke)] == [""]


async def test_a_message_as_long_as_can_be_read_is_read(bench: Bench) -> None:
    await text(bench, "a" * LONGEST_TEXT)
    (events,) = bench.log.stored.values()
    assert CallerSpoke in map(type, events)
    assert any(isinstance(event, CallerSpoke) and len(event.text) == LONGEST_TEXT for event in events)


async def test_a_picture_with_words_is_read_by_its_words(bench: Bench) -> None:
    assert (await text(bench, "ce canapé", NumMedia="1"))[0].endswith("J'ai lu : ce canapé ?")


async def test_two_machines_do_not_write_to_each_other_for_ever(bench: Bench) -> None:
    answers = [await text(bench, "je suis absent", sid=f"SM{number}") for number in range(MOST_MESSAGES + 3)]
    assert all(answers[:MOST_MESSAGES])
    assert answers[MOST_MESSAGES:] == [[LAST_WORDS], [], []]
    (events,) = bench.log.stored.values()
    assert events.count(Ended(EndReason.TOO_LONG)) == 1
    bench.at += LAPSE + timedelta(seconds=1)
    assert (await text(bench, "un canapé", sid="SMnext"))[0].startswith("Bonjour")


async def test_the_last_words_come_again_with_their_message_and_with_no_other(bench: Bench) -> None:
    for number in range(MOST_MESSAGES):
        await text(bench, "une chaise", sid=f"SM{number}")
    for _ in range(2):
        assert await text(bench.worker(), "une table", sid="SMlast") == [LAST_WORDS]
    assert await text(bench, "une table", sid="SMafter") == []


async def test_last_words_lost_with_their_worker_are_still_told(bench: Bench) -> None:
    for number in range(MOST_MESSAGES):
        await text(bench, "une chaise", sid=f"SM{number}")
    await bench.log.append("SM0", Ended(EndReason.TOO_LONG))
    assert await text(bench.worker(), "une table", sid="SMlast") == [LAST_WORDS]


async def test_nor_by_beginning_again_and_again(bench: Bench) -> None:
    answers = [await text(bench, "merci", sid=f"SM{number}") for number in range(MOST_CONVERSATIONS + 2)]
    assert all(answers[:MOST_CONVERSATIONS])
    assert answers[MOST_CONVERSATIONS:] == [[], []]
    bench.at += timedelta(hours=25)
    assert await text(bench, "un canapé", sid="SMnext")


async def test_when_the_database_is_gone_the_number_to_call_is_told(bench: Bench) -> None:
    bench.log.broken = True
    with capture_logs() as logs:
        answer = await text(bench, "un canapé au 12 rue de Rome", sid="SM1")
    assert answer == ["Je ne peux pas vous répondre pour le moment. Vous pouvez appeler le 0491000000."]
    assert logs == [{"event": "webhook_failed", "log_level": "error", "message": "SM1", "kind": "OSError"}]


@pytest.mark.parametrize(("form", "code"), [({}, 400), ({"MessageSid": "<x>"}, 400)])
async def test_a_message_without_an_id_is_refused(bench: Bench, form: dict[str, str], code: int) -> None:
    response = await bench.post("/sms/incoming", From=CALLER, Body="oui", **form)
    assert response.status_code == code


async def test_a_wrong_signature_is_refused(bench: Bench) -> None:
    response = await bench.post("/sms/incoming", "bm90IGE=", MessageSid="SM1", From=CALLER, Body="oui")
    assert response.status_code == 403
    assert bench.log.stored == {}


async def test_a_long_answer_comes_in_several_messages_with_every_word() -> None:
    words = " ".join(f"mot{number}" for number in range(200))
    bench = Bench(lambda event: [say(Act.PUT_OUT, words)] if isinstance(event, CallerSpoke) else [])
    answer = await text(bench, "quand ?")
    assert " ".join(answer) == words
    assert len(answer) > 1
    assert all(sms_segments(message) <= MOST_SEGMENTS for message in answer)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Dites « conseiller », s’il vous plaît…", 'Dites "conseiller", s\'il vous plait...'),
        ("Ça, c’est noté : un œuf à Aÿ", "Ça, c'est noté : un oeuf à Ay"),
        ("Rendez-vous – le 1ᵉʳ décembre 👍", "Rendez-vous - le 1er décembre "),
    ],
)
def test_letters_are_those_of_an_ordinary_sms(text: str, sent: str) -> None:
    assert plain(text).replace("  ", " ") == sent


@given(st.lists(st.text(max_size=400), max_size=6))
def test_any_text_becomes_ordinary_messages_that_are_short_enough(texts: list[str]) -> None:
    for message in in_messages(texts):
        assert (BASIC | EXTENDED).issuperset(message)
        assert sms_segments(message) <= MOST_SEGMENTS or " " not in message


def test_replies_are_those_between_a_message_and_the_next() -> None:
    events: list[Event] = [
        CallAnswered(None, Channel.SMS),
        Prompted(Act.NOTICE, 1, "N"),
        Prompted(Act.ASK_NEED, 2, "Q"),
        CallerSpoke("a", message="SM1"),
        Prompted(Act.ANSWER, 3, "A"),
        Prompted(Act.ASK_NEED, 4, "Q2"),
        CallerSpoke("b", message="SM2"),
        Prompted(Act.ANSWER, 5, "B"),
        Ended(EndReason.DONE),
    ]
    assert replies_to(events, "SM1") == ["N", "A", "Q2"]
    assert replies_to(events, "SM2") == ["B"]
    assert replies_to(events, "SM3") == []


def test_replies_are_worded_for_the_eye() -> None:
    spelled = "F comme François, E comme Eugène, 5, 5, V comme Victor."
    events: list[Event] = [
        CallAnswered(None, Channel.SMS),
        CallerSpoke("oui", message="SM1"),
        Prompted(Act.GIVE_REFERENCE, 1, f"Votre référence est : {spelled}"),
        Prompted(Act.GIVE_REFERENCE, 2, f"Je répète : {spelled}"),
        Prompted(Act.ASK_PHONE, 3, "Tapez les dix chiffres sur le clavier, ou dites-les un par un."),
        Prompted(Act.GOODBYE, 4, "S'il y a un danger, raccrochez et appelez le 18 ou le 112."),
    ]
    assert replies_to(events, "SM1") == [
        "Votre référence est : FE55V.",
        "Tapez les dix chiffres.",
        "S'il y a un danger, appelez le 18 ou le 112, ou envoyez un SMS au 114.",
    ]
