"""Silence, noise, misunderstandings, a person at any moment, resumption; and that no event leads to a dead end."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbot.dialogue.acts import Act, Book, HandOver, HangUp, Say
from callbot.dialogue.prompts import FIXED, MEANINGS, QUESTIONS
from callbot.dialogue.step import step
from callbot.domain.events import (
    CallAnswered,
    Channel,
    Ended,
    EndReason,
    Event,
    HandedOver,
    HandOverReason,
    KeysPressed,
    NothingHeard,
    NoWords,
    PartFailed,
    Prompted,
    PromptHeard,
    Understood,
)
from callbot.domain.items import ItemLine
from callbot.domain.meaning import HeardAddress, HeardDate, Intent, Meaning, YesNo
from tests.dialogue.world import FIRST, MOBILE, RUBBLE, SECOND, SOFA, TWO_ITEMS, Talk

PLACES = ["start", "to_address", "to_dates", "to_recap"]


def at(place: str) -> Talk:
    talk: Talk = getattr(Talk(), place)()
    return talk


@pytest.mark.parametrize("place", PLACES)
def test_a_person_by_word_at_any_moment(place: str) -> None:
    assert at(place).hear(wants_human=True).ended == HandOver(HandOverReason.ASKED)


@pytest.mark.parametrize("place", PLACES)
def test_a_person_by_key_zero_at_any_moment(place: str) -> None:
    assert at(place).keys("0").ended == HandOver(HandOverReason.ASKED)


@pytest.mark.parametrize("place", PLACES)
def test_two_misses_change_the_way_of_asking_and_three_offer_a_person(place: str) -> None:
    talk = at(place)
    asked = [talk.last.text, talk.hear().last.text, talk.hear().last.text]
    assert len(set(asked)) == 3
    assert talk.hear().asks() is Act.OFFER_HUMAN


@pytest.mark.parametrize("place", PLACES)
def test_offered_person_accepted_declined_or_met_with_silence(place: str) -> None:
    def offered() -> Talk:
        return at(place).hear().hear().hear()

    question = at(place).asks()
    assert offered().yes().ended == HandOver(HandOverReason.NOT_UNDERSTOOD)
    assert offered().no().asks() is question
    assert offered().hear().ended == HandOver(HandOverReason.NOT_UNDERSTOOD)


def test_silence_from_the_start_takes_leave_with_a_named_reason() -> None:
    talk = Talk().start()
    for _ in range(4):
        talk.feed(NothingHeard())
    assert talk.ended == HangUp(EndReason.SILENCE)


def test_silence_of_somebody_who_spoke_goes_to_a_person() -> None:
    talk = Talk().to_address()
    for _ in range(4):
        talk.feed(NothingHeard())
    assert talk.ended == HandOver(HandOverReason.NO_ANSWER)


def test_noise_alone_goes_to_a_person() -> None:
    talk = Talk().start()
    for _ in range(4):
        talk.feed(NoWords())
    assert talk.ended == HandOver(HandOverReason.NOT_UNDERSTOOD)


def test_repeat_says_the_question_again_and_counts_for_nothing() -> None:
    talk = Talk().to_address()
    question = talk.last.text
    for _ in range(5):
        talk.hear(intent=Intent.REPEAT)
    assert talk.last.text == f"Je répète. {question}"
    assert talk.keys("*").last.text == f"Je répète. {question}"


def test_wait_is_granted() -> None:
    assert "prenez votre temps" in Talk().to_address().hear(intent=Intent.WAIT).last.text


def test_emergency_names_the_numbers_and_goes_to_a_person() -> None:
    talk = Talk().to_dates().hear(intent=Intent.EMERGENCY)
    assert "18 ou le 112" in talk.last.text
    assert talk.ended == HandOver(HandOverReason.EMERGENCY)


def test_goodbye_ends_the_call() -> None:
    assert Talk().start().hear(intent=Intent.GOODBYE).ended == HangUp(EndReason.DONE)


def test_a_failed_part_goes_to_a_person() -> None:
    assert Talk().to_dates().feed(PartFailed("booking")).ended == HandOver(HandOverReason.TECHNICAL)


def test_without_ears_the_stream_is_left_for_turns_and_the_question_waits() -> None:
    talk = Talk().to_dates().feed(PartFailed("speech"))
    assert talk.ended == HangUp(EndReason.BROKEN_STREAM)
    before = len(talk.said)
    talk.feed(CallAnswered(MOBILE, Channel.TURNS, resumed=True))
    assert [say.act for say in talk.said[before:]] == [Act.RESUME, Act.OFFER_DATES]
    assert talk.feed(PartFailed("speech")).ended == HandOver(HandOverReason.TECHNICAL)


def test_a_call_that_broke_before_a_word_was_said_hears_the_notice() -> None:
    state, _ = step(Talk().state, CallAnswered(MOBILE))
    _, acts = step(state, CallAnswered(MOBILE, resumed=True))
    assert next(act.act for act in acts if isinstance(act, Say)) is Act.NOTICE


def test_a_resumed_call_goes_on_at_the_same_question() -> None:
    talk = Talk().to_dates()
    before = len(talk.said)
    talk.feed(CallAnswered(MOBILE, resumed=True))
    assert [say.act for say in talk.said[before:]] == [Act.RESUME, Act.OFFER_DATES]


def test_a_call_resumed_after_the_booking_hears_its_reference_again() -> None:
    talk = Talk().to_recap().yes()
    before = len(talk.said)
    talk.feed(CallAnswered(MOBILE, resumed=True))
    assert [say.act for say in talk.said[before:]] == [Act.RESUME, *[Act.GIVE_REFERENCE] * 3, Act.PUT_OUT, Act.GOODBYE]
    assert len([act for act in talk.asked_for if isinstance(act, Book)]) == 1


def test_nothing_is_said_after_the_end() -> None:
    talk = Talk().to_recap().feed(HandedOver(HandOverReason.ASKED))
    before = len(talk.said)
    talk.yes().feed(NothingHeard()).feed(Ended(EndReason.DONE)).feed(CallAnswered(MOBILE))
    assert len(talk.said) == before


@pytest.mark.parametrize(
    ("keys", "insee"),
    [("1", "13201"), ("16", "13216"), ("13006", "13206"), ("13400", "13005"), ("99999", None), ("17", None)],
)
def test_commune_by_keys(keys: str, insee: str | None) -> None:
    assert Talk().start().hear(items=TWO_ITEMS).keys(keys).state.insee == insee


@pytest.mark.parametrize(
    ("keys", "phone"), [("0698765432", "+33698765432"), ("0098765432", None), ("06987654", None), ("12", None)]
)
def test_phone_by_keys(keys: str, phone: str | None) -> None:
    talk = Talk(caller=None).to_dates().hear(choice=1).keys(keys)
    assert (talk.state.contact.phone.reveal() if talk.state.contact.phone else None) == phone


def test_yes_and_no_by_key() -> None:
    assert Talk().to_recap().keys("1").ended == HangUp(EndReason.DONE)
    assert Talk().to_recap().keys("2").asks() is Act.ASK_CORRECTION
    assert Talk().to_recap().keys("2").keys("4").asks() is Act.ASK_PHONE
    assert Talk().to_dates().keys("9").asks() is Act.OFFER_DATES


def test_every_act_has_a_meaning_and_every_question_another_wording() -> None:
    assert set(MEANINGS) == set(Act)
    for wordings in QUESTIONS.values():
        assert len(set(wordings)) == len(wordings) >= 2


@pytest.mark.parametrize("act", list(QUESTIONS))
def test_questions_are_two_short_sentences_at_most(act: Act) -> None:
    for wording in QUESTIONS[act]:
        assert 1 <= len(re.findall(r"[.?!](?= |$)", " ".join(wording))) <= 2


def test_fixed_phrases_hold_no_variable() -> None:
    assert FIXED
    assert not any(set("{}") & set(phrase) for phrase in FIXED)


meanings = st.builds(
    Meaning,
    intent=st.sampled_from([Intent.UNKNOWN, Intent.BOOK, Intent.REPEAT, Intent.WAIT, Intent.BACK]),
    yes_no=st.sampled_from([None, YesNo.YES, YesNo.NO]),
    items=st.sampled_from([(), (ItemLine(SOFA, 1),), (ItemLine(RUBBLE, 2),)]),
    address=st.none() | st.builds(
        HeardAddress,
        number=st.none() | st.integers(1, 300),
        repetition=st.none(),
        street_heard=st.sampled_from([None, "rue de rome"]),
        insee=st.sampled_from([None, "13206", "13005"]),
        commune_doubt=st.sampled_from([(), ("13005",), ("13201", "13202")]),
    ),
    date=st.none() | st.just(HeardDate(FIRST, SECOND)),
    choice=st.none() | st.integers(1, 4),
    phone=st.sampled_from([None, "+33698765432"]),
)  # fmt: skip
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Understood, meanings),
    st.builds(KeysPressed, st.text(string.digits + "*#", min_size=1, max_size=11)),
    st.just(NothingHeard()),
    st.just(NoWords()),
    st.just(PromptHeard("ask_need", 1)),
    st.just(Prompted("ask_need", 1, "?")),
    st.just(CallAnswered(MOBILE, resumed=True)),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(events, max_size=25))
def test_whatever_happens_a_question_waits_or_the_call_has_ended_well(stream: list[Event]) -> None:
    talk = Talk().start()
    for event in stream:
        talk.feed(event)
    assert (talk.ended is not None) or talk.state.asked is not None
    assert all(act.draft.readback_accepted for act in talk.asked_for if isinstance(act, Book))
    assert all(len(say.text) > 0 for say in talk.said if isinstance(say, Say))
    if talk.ended is None:
        assert talk.keys("0").ended == HandOver(HandOverReason.ASKED)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.builds(Understood, meanings), max_size=12))
def test_the_state_is_a_fold_over_the_events(stream: list[Event]) -> None:
    once, twice = Talk().start(), Talk().start()
    for event in stream:
        once.feed(event)
        twice.feed(event)
    assert once.state == twice.state
