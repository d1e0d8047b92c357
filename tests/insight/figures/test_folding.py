"""The fold of a call's events into its facts."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.dialogue.acts import Act
from callbot.dialogue.prompts import EXPECTS
from callbot.domain.events import (
    Amended,
    CallAnswered,
    CallBackKept,
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
    Rated,
    Reported,
    Understood,
)
from callbot.domain.meaning import Intent, Meaning
from callbot.domain.people import ReportKind
from callbot.insight.figures import Beside, Motive, Outcome, facts_of
from callbot.insight.figures.folding import is_question
from tests.dialogue.strategies import events
from tests.dialogue.world import FIRST, WINDOW
from tests.insight.figures.stories import NINE, NO, asked, booking_call, facts, handed_call, heard, told


def test_a_booking_is_folded() -> None:
    call = facts(booking_call(), received=NINE - timedelta(seconds=3), caller_index="i")
    assert (call.motive, call.outcome, call.verified, call.booked) == (Motive.BOOK, Outcome.BOOKED, True, True)
    assert (call.insee, call.territory) == ("13206", "marseille")
    assert (call.turns, call.read_backs, call.corrections) == (6, 3, 1)
    assert call.lowest_confidence == 0.4
    assert call.pick_up_s == 3
    assert call.talk_s == 5 * (len(booking_call()) - 1)
    assert call.abandoned_at == ""
    assert not call.had_person


def test_the_answer_time_is_reading_plus_what_follows() -> None:
    assert facts([CallAnswered(None), *heard(Meaning()), asked("ask_need")]).answer_times == (10.4,)


def test_a_call_given_to_a_person() -> None:
    call = facts(handed_call(), received=NINE, person_answered=NINE + timedelta(seconds=80))
    assert (call.outcome, call.hand_over_reason, call.asked_person) == (Outcome.HANDED_OVER, HandOverReason.ASKED, True)
    assert call.motive is Motive.PERSON
    assert call.person_wait_s == 60
    assert call.end_to_end_s == 80
    assert not call.verified


def test_who_asks_for_a_person_by_key() -> None:
    assert facts([CallAnswered(None), KeysPressed("00")]).asked_person
    assert not facts([CallAnswered(None), KeysPressed("10")]).asked_person


@pytest.mark.parametrize(
    ("before_the_end", "left_at"),
    [
        ([], ""),
        ([asked("notice")], "notice"),
        (
            [asked("notice"), asked("ask_need"), *heard(Meaning(intent=Intent.BOOK)), asked("ask_address")],
            "ask_address",
        ),
    ],
)
def test_where_a_caller_hung_up(before_the_end: list[Event], left_at: str) -> None:
    call = facts([CallAnswered(None), *before_the_end, Ended(EndReason.CALLER_HUNG_UP)])
    assert call.outcome is Outcome.ABANDONED
    assert call.abandoned_at == left_at


def test_who_hangs_up_after_the_goodbye_or_the_booking_abandoned_nothing() -> None:
    booked = [*booking_call()[:-1], Ended(EndReason.CALLER_HUNG_UP)]
    assert facts(booked).outcome is Outcome.BOOKED
    gone = facts([CallAnswered(None), asked("goodbye"), Ended(EndReason.CALLER_HUNG_UP)])
    assert (gone.outcome, gone.abandoned_at) == (Outcome.NOTHING, "")


def test_an_answer_counts_as_served_only_when_nothing_else_was_wanted() -> None:
    told_an_answer = [
        CallAnswered(None),
        asked("ask_need"),
        *heard(Meaning(question="prix")),
        asked("answer"),
        asked("ask_more"),
    ]
    served = facts([*told_an_answer, Ended(EndReason.DONE)])
    assert (served.outcome, served.verified, served.motive) == (Outcome.ANSWERED, True, Motive.QUESTION)
    hung_up = facts([*told_an_answer, Ended(EndReason.CALLER_HUNG_UP)])
    assert (hung_up.outcome, hung_up.verified) == (Outcome.ANSWERED, False)


def test_misunderstandings_in_a_row() -> None:
    missed: list[Event] = [NoWords(), Understood(Meaning()), NothingHeard()]
    call = facts([CallAnswered(None), *missed, KeysPressed("1"), NoWords()])
    assert (call.misunderstandings, call.longest_streak) == (3, 2)


def test_a_read_back_put_again_in_other_words_is_one_and_after_a_no_another_one() -> None:
    twice = [
        asked("confirm_address"),
        NoWords(),
        asked("confirm_address"),
        *heard(NO),
        asked("confirm_address"),
        *heard(NO),
    ]
    call = facts([CallAnswered(None), *twice])
    assert (call.read_backs, call.corrections) == (2, 2)


@pytest.mark.parametrize(
    ("event", "outcome", "verified"),
    [
        (Amended("AC47K", FIRST, sms=True), Outcome.AMENDED, True),
        (Reported(ReportKind.FLY_TIP), Outcome.REPORTED, True),
        (Reported(ReportKind.COMPLAINT), Outcome.REPORTED, False),
        (CallBackKept(WINDOW, sms=True), Outcome.CALL_BACK, False),
        (asked("tell_status"), Outcome.STATUS_TOLD, True),
    ],
)
def test_what_is_a_verified_end(event: Event, outcome: Outcome, *, verified: bool) -> None:
    call = facts([CallAnswered(None), event, Ended(EndReason.DONE)])
    assert (call.outcome, call.verified) == (outcome, verified)


@pytest.mark.parametrize("broken", [PartFailed("booking"), Ended(EndReason.BROKEN_STREAM)])
def test_failures_are_counted(broken: Event) -> None:
    assert facts([CallAnswered(None), broken]).failed


def test_what_the_caller_said_of_the_call() -> None:
    call = facts([CallAnswered(None), asked("ask_satisfaction"), Rated(2), Ended(EndReason.DONE)])
    assert (call.rating_asked, call.rating) == (True, 2)
    by_sms = facts([CallAnswered(None)], sms_asked=True, sms_rating=3)
    assert (by_sms.rating_asked, by_sms.rating) == (True, 3)


def test_a_call_that_was_received_and_never_answered() -> None:
    call = facts_of(Beside("CA9", received=NINE), [])
    assert (call.outcome, call.answered, call.pick_up_s) == (Outcome.UNANSWERED, None, None)
    with pytest.raises(ValueError, match="neither"):
        facts_of(Beside("CA9"), [])


def test_a_call_that_goes_on_turn_by_turn_is_one_call() -> None:
    call = facts([CallAnswered(None), CallAnswered(None, Channel.TURNS, resumed=True)])
    assert (call.channel, call.answered) == (Channel.PHONE, NINE)


def test_questions_are_what_the_dialogue_waits_for_answers_to() -> None:
    assert {act for act in Act if is_question(act)} == set(EXPECTS)


prompts = st.builds(asked, st.sampled_from(["ask_need", "confirm_address", "recap", "goodbye"]))


@given(st.lists(events | prompts, max_size=20))
def test_any_events_have_facts_without_a_word_of_the_caller(stream: list[Event]) -> None:
    call = facts_of(Beside("CA1", received=NINE), told(stream))
    assert call.turns + call.misunderstandings <= len(stream)
    assert call.corrections <= call.read_backs
    assert {field.name for field in fields(call)}.isdisjoint({"text", "words", "caller", "phone"})
    assert call.call_id == "CA1"


def test_a_call_that_people_got_in_the_bots_stead() -> None:
    diverted: list[Event] = [HandedOver(HandOverReason.DIVERTED), Ended(EndReason.DIVERTED)]
    told = facts(diverted, received=NINE, person_answered=NINE + timedelta(seconds=15))
    assert (told.outcome, told.answered, told.diverted) == (Outcome.HANDED_OVER, None, True)
    assert (told.person_wait_s, told.abandoned_at, told.talk_s) == (15.0, "", None)
    called_back = facts([CallBackKept(WINDOW, sms=True), Ended(EndReason.CALL_BACK)], received=NINE)
    assert (called_back.outcome, called_back.diverted) == (Outcome.CALL_BACK, True)
    assert not facts([], received=NINE).diverted
    assert not facts(handed_call()).diverted


def test_a_call_back_promised_after_the_call_is_a_promise() -> None:
    assert not facts(handed_call()).call_back
    assert facts(handed_call(), called_back=True).call_back


@pytest.mark.parametrize(
    ("talked", "closed", "worked"),
    [
        (120, None, 120),
        (120, 120 + 30 * 60, 120 + 30 * 60),
        (120, 120 + 30 * 60 + 1, 120),
        (120, 60, 120),
        (None, 7200, 7200),
        (None, 7201, None),
        (None, None, None),
    ],
)
def test_the_time_of_a_person_ends_with_their_work(talked: int | None, closed: int | None, worked: int | None) -> None:
    def after(seconds: int | None) -> datetime | None:
        return None if seconds is None else NINE + timedelta(seconds=seconds)

    told = facts(handed_call(), person_answered=NINE, talk_ended=after(talked), work_ended=after(closed))
    assert told.person_s == worked
    assert facts(handed_call(), talk_ended=after(talked), work_ended=after(closed)).person_s is None
