"""The way to a person: put through in opening hours, called back outside them, never a dead end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from callbot.dialogue.acts import Act, HandOver, HangUp, KeepCallBack
from callbot.domain.events import (
    CallAnswered,
    Channel,
    DatesFound,
    Ended,
    EndReason,
    HandedBack,
    HandedOver,
    HandOverReason,
    NothingHeard,
    NoWords,
    PartFailed,
)
from callbot.domain.meaning import HeardAddress, Intent, Language, Meaning
from callbot.domain.people import Window
from callbot.domain.personal import PhoneNumber
from tests.dialogue.world import LANDLINE, MOBILE, WINDOW, Talk

OTHER = PhoneNumber("+33698765432")


def closed(caller: PhoneNumber | None = MOBILE, channel: Channel = Channel.PHONE) -> Talk:
    return Talk(caller=caller, channel=channel, people_open=False).start().hear(wants_human=True)


def kept(talk: Talk) -> KeepCallBack | None:
    return next((act for act in talk.asked_for if isinstance(act, KeepCallBack)), None)


def test_in_opening_hours_the_caller_is_put_through_at_once() -> None:
    assert Talk().start().hear(wants_human=True).ended == HandOver(HandOverReason.ASKED)
    assert Talk().start().keys("0").ended == HandOver(HandOverReason.ASKED)


@pytest.mark.parametrize("caller", [MOBILE, LANDLINE])
def test_outside_them_a_call_back_is_offered_with_its_window_and_one_yes_is_enough(caller: PhoneNumber) -> None:
    talk = closed(caller)
    assert talk.asks() is Act.OFFER_CALL_BACK
    assert "demain, entre 8 heures et 10 heures" in talk.last.text
    talk.yes()
    assert kept(talk) == KeepCallBack(caller, HandOverReason.ASKED, WINDOW)
    assert talk.ended == HangUp(EndReason.CALL_BACK)


def test_the_number_that_calls_is_named_by_its_end_only() -> None:
    assert "finissant par 56, 78" in closed().last.text
    assert "06" not in closed().last.text


def test_another_number_is_read_back_in_full() -> None:
    talk = closed().hear(phone=OTHER.reveal())
    assert "06, 98, 76, 54, 32" in talk.last.text
    assert kept(talk.yes()) == KeepCallBack(OTHER, HandOverReason.ASKED, WINDOW)


def test_a_no_asks_for_another_number_and_a_second_no_goes_on_with_the_bot() -> None:
    talk = closed().no()
    assert talk.asks() is Act.ASK_CALL_BACK_NUMBER
    assert talk.no().asks() is Act.ASK_NEED
    assert kept(talk) is None


def test_what_the_bot_could_not_do_before_is_not_tried_again_without_a_person() -> None:
    talk = Talk(people_open=False).start().hear(intent=Intent.ASSISTED).no().no()
    assert talk.ended == HangUp(EndReason.DONE)


def test_a_withheld_number_is_asked_for() -> None:
    talk = closed(caller=None)
    assert talk.asks() is Act.ASK_CALL_BACK_NUMBER
    assert kept(talk.keys("0491123456").yes()) == KeepCallBack(LANDLINE, HandOverReason.ASKED, WINDOW)
    assert closed(caller=None).keys("#").asks() is Act.ASK_NEED


@pytest.mark.parametrize("event", [NothingHeard(), NoWords()])
def test_who_asked_and_answers_no_more_is_called_back_all_the_same(event: NothingHeard | NoWords) -> None:
    talk = Talk(people_open=False).to_address().hear(wants_human=True)
    for _ in range(3):
        talk.feed(event)
    assert kept(talk) is not None


def test_asking_again_for_a_person_does_not_lose_the_call_back() -> None:
    talk = closed().keys("0").keys("0").keys("0").keys("0")
    assert talk.asks() is Act.OFFER_CALL_BACK
    assert talk.yes().ended == HangUp(EndReason.CALL_BACK)


@pytest.mark.parametrize("channel", [Channel.TEXT, Channel.SMS])
def test_who_writes_is_called_back_since_nobody_can_put_a_text_through(channel: Channel) -> None:
    talk = Talk(caller=None, channel=channel).start().hear(wants_human=True)
    assert talk.asks() is Act.ASK_CALL_BACK_NUMBER
    assert "ne répondent pas" not in talk.last.text + talk.hear(phone=OTHER.reveal()).last.text


def test_without_known_hours_the_line_is_tried() -> None:
    assert Talk(people_open=False, window=None).start().hear(wants_human=True).ended == HandOver(HandOverReason.ASKED)


def test_a_danger_is_told_whom_to_call_at_any_hour() -> None:
    talk = Talk(people_open=False).to_dates().hear(intent=Intent.EMERGENCY)
    assert "18 ou le 112" in talk.last.text
    assert talk.ended == HangUp(EndReason.DONE)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.ENGLISH, "person"),
        (Language.SPANISH, "persona"),
        (Language.GERMAN, "Person"),
        (Language.OTHER, "conseiller"),
    ],
)
def test_another_language_is_answered_in_it_and_goes_to_a_person(language: Language, words: str) -> None:
    talk = Talk().start().hear(intent=Intent.LANGUAGE, language=language)
    assert words in talk.last.text
    assert talk.last.language is (Language.FRENCH if language is Language.OTHER else language)
    assert talk.ended == HandOver(HandOverReason.LANGUAGE)


def test_outside_opening_hours_another_language_is_asked_nothing() -> None:
    talk = Talk(people_open=False).start().hear(intent=Intent.LANGUAGE, language=Language.ENGLISH)
    assert talk.last.text == "A person will call you back."
    assert kept(talk) == KeepCallBack(MOBILE, HandOverReason.LANGUAGE, WINDOW)
    unknown = Talk(caller=None, people_open=False).start().hear(intent=Intent.LANGUAGE, language=Language.ENGLISH)
    assert unknown.ended == HangUp(EndReason.DONE)


def test_when_the_way_to_people_fails_the_line_is_tried_and_a_lost_call_back_is_said() -> None:
    talk = Talk().start()
    talk.state = replace(talk.state, leaving=closed().state.leaving)
    assert talk.feed(PartFailed("KeepCallBack")).ended == HangUp(EndReason.DONE)
    assert "Rappelez-nous" in talk.last.text
    fresh = Talk().start()
    leaving = closed().state.leaving
    assert leaving is not None
    fresh.state = replace(fresh.state, leaving=replace(leaving, window=None))
    assert fresh.feed(PartFailed("CheckPeople")).ended == HandOver(HandOverReason.ASKED)


def test_a_call_that_breaks_on_the_way_goes_on_with_the_call_back() -> None:
    talk = closed()
    before = len(talk.said)
    talk.feed(CallAnswered(MOBILE, resumed=True))
    assert [say.act for say in talk.said[before:]] == [Act.RESUME, Act.OFFER_CALL_BACK]


@pytest.mark.parametrize(
    ("days", "words"), [(0, "aujourd'hui, entre"), (1, "demain, entre"), (3, "jeudi 26 novembre, entre")]
)
def test_a_window_is_named_by_its_day(days: int, words: str) -> None:
    first = datetime(2026, 11, 23, 9, 30, tzinfo=UTC) + timedelta(days=days)
    talk = Talk(people_open=False, window=Window(first, first + timedelta(hours=2))).start().hear(wants_human=True)
    assert f"{words} 9 heures 30 et 11 heures 30" in talk.last.text


def test_meaning_of_a_person_twice_is_not_a_misunderstanding() -> None:
    assert closed().hear(Meaning(wants_human=True)).state.misses == 1


@pytest.mark.parametrize("keys", ["0", "000"])
def test_an_impatient_key_is_a_plea_too(keys: str) -> None:
    assert Talk().to_dates().keys(keys).ended == HandOver(HandOverReason.ASKED)


def test_the_reason_for_a_person_is_said_when_nobody_is_there() -> None:
    talk = Talk(people_open=False, calendar=[DatesFound(())]).to_address()
    talk.hear(address=HeardAddress(12, None, "rue de rome")).yes()
    assert [say.act for say in talk.said[-3:]] == [Act.HAND_OVER, Act.CALL_BACK, Act.OFFER_CALL_BACK]
    assert "plus de date" in talk.said[-3].text


def test_ears_that_fail_on_the_way_leave_the_call_back_to_turns() -> None:
    talk = closed().feed(PartFailed("speech"))
    assert talk.ended == HangUp(EndReason.BROKEN_STREAM)
    before = len(talk.said)
    talk.feed(CallAnswered(MOBILE, Channel.TURNS, resumed=True))
    assert [say.act for say in talk.said[before:]] == [Act.RESUME, Act.OFFER_CALL_BACK]


def test_after_a_booking_a_refused_call_back_takes_leave() -> None:
    talk = Talk(people_open=False).to_recap().yes()
    talk.ended = None
    talk.keys("0").no().no()
    assert talk.ended == HangUp(EndReason.DONE)


@pytest.mark.parametrize("intent", [Intent.GOODBYE])
def test_leave_is_taken_of_every_question_on_the_way(intent: Intent) -> None:
    assert closed().hear(intent=intent).ended == HangUp(EndReason.DONE)
    offered = Talk().to_address().hear().hear().hear()
    assert offered.asks() is Act.OFFER_HUMAN
    assert offered.hear(intent=intent).ended == HangUp(EndReason.DONE)


def test_a_step_back_from_a_call_back_keeps_what_was_won() -> None:
    talk = Talk(people_open=False).to_recap().hear(wants_human=True).hear(intent=Intent.BACK)
    assert talk.asks() is Act.RECAP
    assert talk.state.when.held is not None


def test_who_shows_no_number_is_not_promised_an_answer_about_their_data() -> None:
    assert Talk(caller=None).start().hear(intent=Intent.DATA_RIGHTS).ended == HandOver(HandOverReason.OTHER_REQUEST)


def test_a_line_that_breaks_after_the_promise_has_it_said_again() -> None:
    talk = closed().yes()
    talk.ended = None
    before = len(talk.said)
    talk.feed(CallAnswered(MOBILE, resumed=True))
    assert [say.act for say in talk.said[before:]] == [Act.RESUME, Act.CALL_BACK]
    assert talk.ended == HangUp(EndReason.CALL_BACK)


@pytest.mark.parametrize("answers", ["y", "nn"])
def test_the_reference_that_the_key_for_a_person_cut_is_said_again(answers: str) -> None:
    talk = Talk(people_open=False).to_recap().yes()
    talk.ended = None
    talk.keys("0")
    before = len(talk.said)
    for answer in answers:
        talk = talk.yes() if answer == "y" else talk.no()
    assert Act.GIVE_REFERENCE in [say.act for say in talk.said[before:]]
    assert isinstance(talk.ended, HangUp)


@pytest.mark.parametrize("ended", [True, False])
def test_who_is_given_back_by_a_person_goes_on_at_the_same_question(ended: bool) -> None:
    talk = Talk().to_dates().keys("0").feed(HandedOver(HandOverReason.ASKED))
    if ended:
        talk.feed(Ended(EndReason.HANDED_OVER))
    talk.feed(HandedBack()).feed(CallAnswered(MOBILE, resumed=True))
    assert any("de nouveau l'assistant automatique" in say.text for say in talk.said)
    assert talk.asks() is Act.OFFER_DATES


def test_nothing_is_said_to_a_caller_who_is_still_with_a_person() -> None:
    talk = Talk().to_dates().keys("0").feed(HandedOver(HandOverReason.ASKED))
    said = len(talk.said)
    talk.feed(HandedBack())
    assert len(talk.said) == said
