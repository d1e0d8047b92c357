"""A conversation turn by turn over webhooks: answered once, on any worker, and never a dead line."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from callbot.dialogue.acts import Act, ChannelAct, HandOver, HangUp, Say
from callbot.domain.events import (
    CallAnswered,
    CallerSpoke,
    Channel,
    Ended,
    EndReason,
    Event,
    HandedOver,
    HandOverReason,
    KeysPressed,
    NothingHeard,
    PartFailed,
    Prompted,
)
from callbot.domain.meaning import Expectation, Language
from callbot.domain.personal import PhoneNumber
from callbot.telephony.turns import MOST_HINTS, MOST_REMEMBERED, answer_of_keys, waits_for
from callbot.telephony.twiml import TRANSFER_SENTENCE
from tests.telephony.fakes import CALL, say
from tests.telephony.turn_bench import AGENTS, CALLER, PUBLIC, Bench, action, gather, spoken, verbs

NOTICE = say(Act.NOTICE, "Bonjour.", interruptible=False)
NEED = say(Act.ASK_NEED, "Que faut-il enlever ?", expect=Expectation.ANY)
PHONE = say(Act.ASK_PHONE, "Quel numéro ?", expect=Expectation.PHONE)
RESUME = say(Act.RESUME, "Je suis de nouveau là.", interruptible=False)
GOODBYE = say(Act.GOODBYE, "Au revoir.", interruptible=False)
ANSWERS = (CallerSpoke, KeysPressed, NothingHeard)


def two_questions(event: Event) -> Sequence[ChannelAct]:
    """The need, then the phone number, then the end; after a break the need."""
    match event:
        case CallAnswered(resumed=True):
            return [RESUME, NEED]
        case CallAnswered():
            return [NOTICE, NEED]
        case CallerSpoke("un conseiller"):
            return [say(Act.HAND_OVER, "Je vous passe un conseiller."), HandOver(HandOverReason.ASKED)]
        case CallerSpoke():
            return [PHONE]
        case KeysPressed("0"):
            return [HandOver(HandOverReason.ASKED)]
        case KeysPressed():
            return [GOODBYE, HangUp(EndReason.DONE)]
        case NothingHeard():
            return [say(Act.ASK_NEED, "Quels objets ?", expect=Expectation.ANY)]
        case _:
            return []


def asking(question: Say, *before: Say) -> Bench:
    return Bench(lambda event: [*before, question] if isinstance(event, CallAnswered) else [])


def answers_taken(bench: Bench) -> list[Event]:
    return [event for event in bench.log.stored[CALL] if isinstance(event, ANSWERS)]


async def test_the_first_turn_greets_and_asks() -> None:
    bench = Bench(two_questions)
    answer = await bench.call("/voice/turn")
    assert verbs(answer) == ["Gather", "Gather", "Redirect"]
    keys_alone, asked = answer.findall("Gather")
    assert [keys_alone.get("input"), asked.get("input")] == ["dtmf", "dtmf speech"]
    assert [element.text for element in keys_alone] == ["Bonjour."]
    assert [element.text for element in asked] == ["Que faut-il enlever ?"]
    assert (asked.get("language"), asked.get("actionOnEmptyResult"), asked.get("speechTimeout")) == (
        "fr-FR",
        "true",
        "auto",
    )
    assert action(answer) == "/voice/turn?n=2&e=any"
    assert keys_alone.get("action") == asked.get("action") == answer.findtext("Redirect")
    assert bench.log.stored[CALL][0] == CallAnswered(PhoneNumber(CALLER), Channel.TURNS)


async def test_words_keys_and_silence_are_what_they_are() -> None:
    bench = Bench(two_questions)
    answer = await bench.call("/voice/turn")
    silent = await bench.follow(answer)
    spoke = await bench.follow(silent, SpeechResult=" un canapé ", Confidence="0.82")
    ended = await bench.follow(spoke, Digits="0612345678")
    assert [spoken(each) for each in (silent, spoke, ended)] == [["Quels objets ?"], ["Quel numéro ?"], ["Au revoir."]]
    assert answers_taken(bench) == [
        NothingHeard(),
        CallerSpoke("un canapé", ("un canapé",), 0.82),
        KeysPressed("0612345678"),
    ]
    assert verbs(ended) == ["Gather", "Hangup"]
    assert bench.log.stored[CALL][-1] == Ended(EndReason.DONE)


@pytest.mark.parametrize("confidence", ["", "viele", "-1", "7", "nan"])
async def test_a_strange_confidence_is_none(confidence: str) -> None:
    bench = Bench(two_questions)
    await bench.follow(await bench.call("/voice/turn"), SpeechResult="un canapé", Confidence=confidence)
    assert answers_taken(bench) == [CallerSpoke("un canapé", ("un canapé",), 1.0)]


async def test_a_request_that_twilio_repeats_is_answered_once() -> None:
    bench = Bench(two_questions)
    first = await bench.call("/voice/turn")
    assert spoken(await bench.call("/voice/turn")) == spoken(first)
    then = await bench.follow(first, SpeechResult="un canapé")
    again = await bench.follow(first, SpeechResult="un canapé")
    assert (spoken(again), action(again)) == (spoken(then), action(then))
    assert len(answers_taken(bench)) == 1
    assert len([event for event in bench.log.stored[CALL] if isinstance(event, CallAnswered)]) == 1


async def test_two_requests_at_once_are_answered_once() -> None:
    bench = Bench(two_questions)
    first = await bench.call("/voice/turn")
    one, other = await asyncio.gather(*(bench.follow(first, SpeechResult="un canapé") for _ in range(2)))
    assert spoken(one) == spoken(other) == ["Quel numéro ?"]
    assert len(answers_taken(bench)) == 1


async def test_another_worker_takes_the_next_turn_as_if_nothing_had_happened() -> None:
    bench = Bench(two_questions)
    first = await bench.call("/voice/turn")
    other = bench.worker()
    assert spoken(await other.follow(first, SpeechResult="un canapé")) == ["Quel numéro ?"]
    assert len(answers_taken(bench)) == 1


async def test_a_worker_that_knows_less_than_the_log_does_not_ask_an_old_question_again() -> None:
    bench = Bench(two_questions)
    other = bench.worker()
    first = await bench.call("/voice/turn")
    then = await other.follow(first, SpeechResult="un canapé")
    assert spoken(await bench.follow(then, Digits="0612345678")) == ["Au revoir."]


async def test_an_answer_that_was_lost_with_its_worker_is_not_taken_twice() -> None:
    """The words are stored, the worker died before it answered; Twilio asks another one with the same turn."""
    bench = Bench(two_questions)
    first = await bench.call("/voice/turn")
    await bench.stored(CallerSpoke("un canapé"))
    answer = await bench.worker().follow(first, SpeechResult="un canapé")
    assert spoken(answer) == ["Je suis de nouveau là.", "Que faut-il enlever ?"]
    assert len(answers_taken(bench)) == 1
    assert CallAnswered(PhoneNumber(CALLER), Channel.TURNS, resumed=True) in bench.log.stored[CALL]


async def test_a_call_that_comes_from_a_stream_is_resumed() -> None:
    bench = Bench(two_questions)
    await bench.stored(CallAnswered(PhoneNumber(CALLER)), Prompted("ask_need", 1, "Que faut-il enlever ?"))
    answer = await bench.call("/voice/turn")
    assert spoken(answer) == ["Je suis de nouveau là.", "Que faut-il enlever ?"]
    assert bench.log.stored[CALL][2] == CallAnswered(PhoneNumber(CALLER), Channel.TURNS, resumed=True)


async def test_a_person_takes_over_with_what_was_said() -> None:
    bench = Bench(two_questions)
    answer = await bench.follow(await bench.call("/voice/turn"), SpeechResult="un conseiller")
    assert spoken(answer) == ["Je vous passe un conseiller."]
    number = answer.find("Dial/Number")
    assert number is not None
    assert (number.text, number.get("url")) == (AGENTS, f"{PUBLIC}/voice/whisper?call={CALL}")
    assert bench.log.stored[CALL][-1] == Ended(EndReason.HANDED_OVER)


@pytest.mark.parametrize("keys", ["0", "0#", "00", "000"])
@pytest.mark.parametrize("expect", list(Expectation))
async def test_zero_is_a_person_whatever_was_asked(keys: str, expect: Expectation) -> None:
    def asks(event: Event) -> Sequence[ChannelAct]:
        return [say(Act.ASK_NEED, expect=expect)] if isinstance(event, CallAnswered) else two_questions(event)

    bench = Bench(asks)
    answer = await bench.follow(await bench.call("/voice/turn"), Digits=keys)
    assert verbs(answer) == ["Dial"]


async def test_a_person_can_still_be_had_while_the_last_words_are_said() -> None:
    bench = Bench(two_questions)
    phone = await bench.follow(await bench.call("/voice/turn"), SpeechResult="un canapé")
    last = await bench.follow(phone, Digits="0612345678")
    assert spoken(await bench.follow(last, Digits="0")) == [TRANSFER_SENTENCE]
    assert spoken(await bench.follow(last, Digits="1")) == spoken(last)
    assert verbs(await bench.follow(last)) == ["Hangup"]


async def test_when_the_database_is_gone_a_person_answers() -> None:
    bench = Bench(two_questions)
    first = await bench.call("/voice/turn")
    bench.log.broken = True
    with capture_logs() as logs:
        answer = await bench.follow(first, SpeechResult="un canapé")
    assert verbs(answer) == ["Say", "Dial"]
    assert spoken(answer) == [TRANSFER_SENTENCE]
    assert [entry["event"] for entry in logs] == ["webhook_failed", "close_failed"]
    assert CALLER not in str(logs)
    assert "canapé" not in str(logs)


async def test_a_conversation_that_breaks_goes_to_a_person_and_is_closed_as_failed() -> None:
    def breaks(event: Event) -> Sequence[ChannelAct]:
        if isinstance(event, CallerSpoke):
            raise ValueError("12 rue de Rome")
        return two_questions(event)

    bench = Bench(breaks)
    answer = await bench.follow(await bench.call("/voice/turn"), SpeechResult="un canapé")
    assert verbs(answer) == ["Say", "Dial"]
    assert bench.log.stored[CALL][-1] == Ended(EndReason.FAILURE)


@pytest.mark.parametrize(
    ("end", "verb"),
    [
        (Ended(EndReason.DONE), "Hangup"),
        (Ended(EndReason.CALL_BACK), "Hangup"),
        (Ended(EndReason.FAILURE), "Say"),
        (Ended(EndReason.TOO_LONG), "Say"),
        (HandedOver(HandOverReason.ASKED), "Dial"),
        (Ended(EndReason.HANDED_OVER), "Dial"),
    ],
)
async def test_a_conversation_that_is_over_is_not_begun_again(end: Event, verb: str) -> None:
    bench = Bench(two_questions)
    await bench.stored(CallAnswered(None), Prompted("ask_need", 1, "?"), end)
    before = len(bench.log.stored[CALL])
    answer = await bench.call("/voice/turn?n=1&e=any", SpeechResult="un canapé")
    assert verbs(answer)[0] == verb
    assert len(bench.log.stored[CALL]) == before


@pytest.mark.parametrize("reason", list(EndReason))
async def test_every_end_closes_the_line_or_reaches_a_person(reason: EndReason) -> None:
    bench = Bench(lambda event: [GOODBYE, HangUp(reason)] if isinstance(event, CallAnswered) else [])
    answer = await bench.call("/voice/turn")
    assert verbs(answer)[-1] in ("Hangup", "Dial")
    assert "Au revoir." in spoken(answer)


async def test_a_conversation_that_says_nothing_goes_to_a_person() -> None:
    assert verbs(await Bench(lambda _event: []).call("/voice/turn")) == ["Say", "Dial"]


async def test_who_hung_up_is_not_talked_to() -> None:
    bench = Bench(two_questions)
    assert verbs(await bench.call("/voice/turn", CallStatus="completed")) == ["Hangup"]
    assert CALL not in bench.log.stored


@pytest.mark.parametrize("signature", ["", "bm90IGE="])
async def test_a_wrong_signature_is_refused(signature: str) -> None:
    bench = Bench(two_questions)
    assert (await bench.post("/voice/turn?n=2&e=any", signature, CallSid=CALL, Digits="0")).status_code == 403
    assert bench.log.stored == {}


@pytest.mark.parametrize("query", ["?n=x&e=any", "?n=-1", "?n=9999999", "?e=dancing", "?%ff", "?n="])
async def test_a_strange_turn_number_asks_the_question_again(query: str) -> None:
    bench = Bench(two_questions)
    first = await bench.call("/voice/turn")
    other = bench.worker()
    answer = await other.call("/voice/turn" + query, Digits="1")
    assert spoken(answer)[-1] == spoken(first)[-1]


@pytest.mark.parametrize(
    ("expect", "keys", "finish"),
    [
        (Expectation.YES_NO, "1", ""),
        (Expectation.DATE, "1", ""),
        (Expectation.COMMUNE, "5", "#"),
        (Expectation.NUMBER, "4", "#"),
        (Expectation.PHONE, "10", ""),
    ],
)
async def test_one_key_answers_at_once_and_longer_answers_have_their_length(
    expect: Expectation, keys: str, finish: str
) -> None:
    question = gather(await asking(say(Act.ASK_NEED, expect=expect)).call("/voice/turn"))
    assert (question.get("numDigits"), question.get("finishOnKey")) == (keys, finish)


async def test_hints_go_to_the_recognition_and_insults_are_heard() -> None:
    hints = ("le mardi 24 novembre", "Rue de Rome, Marseille", *(f"rue {number}" for number in range(100)))
    bench = asking(Say(Act.OFFER_DATES, ("Quand ?",), Expectation.DATE, hints=hints))
    question = gather(await bench.call("/voice/turn"))
    given = (question.get("hints") or "").split(", ")
    assert given[:2] == ["le mardi 24 novembre", "Rue de Rome  Marseille"]
    assert len(given) == MOST_HINTS
    assert question.get("profanityFilter") == "false"


async def test_keys_alone_where_words_must_not_leave_the_house() -> None:
    bench = Bench(two_questions, speech=False)
    question = gather(await bench.call("/voice/turn"))
    assert question.get("input") == "dtmf"
    assert {"hints", "speechTimeout"} & set(question.keys()) == set()


async def test_the_voice_is_the_one_that_was_chosen_and_other_languages_have_their_own() -> None:
    english = Say(Act.OTHER_LANGUAGE, ("One moment.",), language=Language.ENGLISH)
    bench = Bench(lambda event: [english, NEED] if isinstance(event, CallAnswered) else [], voice="Polly.Lea")
    sentences = list((await bench.call("/voice/turn")).iter("Say"))
    assert [(each.get("language"), each.get("voice")) for each in sentences] == [
        ("en-GB", None),
        ("fr-FR", "Polly.Lea"),
    ]


async def test_who_asked_for_time_has_it() -> None:
    patient = asking(Say(Act.ASK_NEED, ("Prenez votre temps.",), Expectation.ANY, waiting=True))
    asked = gather(await patient.call("/voice/turn")).get("timeout")
    usual = gather(await asking(NEED).call("/voice/turn")).get("timeout")
    assert int(asked or 0) > 3 * int(usual or 0)


async def test_what_may_be_spoken_over_stands_in_the_question() -> None:
    ruling = say(Act.TELL_RULING, "Pas de gravats.", interruptible=False)
    lead = say(Act.ANSWER, "Voilà.")
    answer = await asking(NEED, ruling, lead).call("/voice/turn")
    assert [[element.text for element in each] for each in answer.findall("Gather")] == [
        ["Pas de gravats."],
        ["Voilà.", "Que faut-il enlever ?"],
    ]


async def test_text_cannot_become_an_instruction() -> None:
    bench = asking(say(Act.ASK_NEED, "</Say><Dial>+33899000000</Dial>", expect=Expectation.ANY))
    answer = await bench.call("/voice/turn")
    assert answer.findall(".//Dial") == []
    assert spoken(answer) == ["</Say><Dial>+33899000000</Dial>"]


async def test_a_broken_second_stream_goes_on_turn_by_turn() -> None:
    bench = Bench(two_questions)
    await bench.stored(CallAnswered(None), PartFailed("speech"))
    answer = await bench.call("/voice/after-stream", CallStatus="in-progress")
    assert [(verb.tag, verb.text) for verb in answer] == [("Redirect", f"{PUBLIC}/voice/turn")]
    assert spoken(await bench.call("/voice/turn")) == ["Je suis de nouveau là.", "Que faut-il enlever ?"]
    broken = await bench.call("/voice/after-stream", CallStatus="in-progress")
    assert verbs(broken) == ["Say", "Dial"]


async def test_the_turns_of_many_calls_do_not_fill_the_memory() -> None:
    bench = asking(NEED)
    first = await bench.call("/voice/turn")
    for number in range(MOST_REMEMBERED):
        await bench.post("/voice/turn", CallSid=f"CA{number}")
    await bench.stored(CallerSpoke("un canapé"))
    # forgotten here, so the log decides: the answer is not taken again
    assert verbs(await bench.follow(first, SpeechResult="un canapé"))[0] == "Gather"
    assert len(answers_taken(bench)) == 1


@given(st.text("0123456789*#", max_size=14), st.sampled_from(list(Expectation)))
def test_the_keys_of_a_turn_are_one_answer_of_the_keypad(pressed: str, expect: Expectation) -> None:
    keys = answer_of_keys(pressed, expect)
    assert keys in ("", "*", "#") or keys.isdigit()
    if pressed and not pressed.strip("0"):
        assert keys == "0"
    if pressed.isdigit() and len(pressed) == 10 and pressed.startswith("06") and expect is Expectation.PHONE:
        assert keys == pressed


@pytest.mark.parametrize(
    ("events", "waits"),
    [
        ([], False),
        ([Prompted("ask_need", 1, "?")], False),
        ([Prompted("ask_need", 1, "?"), Prompted("ask_need", 2, "?")], True),
        ([Prompted("ask_need", 2, "?"), NothingHeard()], False),
        ([Prompted("ask_need", 2, "?"), KeysPressed("1"), CallAnswered(None, resumed=True)], False),
        ([KeysPressed("1"), CallAnswered(None, resumed=True), Prompted("ask_need", 2, "?")], True),
    ],
)
def test_a_question_waits_until_something_was_stored_after_it(events: list[Event], waits: bool) -> None:
    assert waits_for(events, 2) is waits
    assert waits_for(events, None) is False
