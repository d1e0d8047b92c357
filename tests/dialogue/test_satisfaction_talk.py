"""The one question at the end: only where it is switched on, only to who was served, never in anybody's way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbot.dialogue.acts import Act, HandOver, HangUp, KeepCallBack, KeepRating
from callbot.dialogue.state import State
from callbot.domain.events import (
    CallAnswered,
    Channel,
    EndReason,
    Event,
    HandOverReason,
    KeysPressed,
    NothingHeard,
    NoWords,
    PartFailed,
    Understood,
)
from callbot.domain.meaning import Intent, Meaning, YesNo
from tests.dialogue.strategies import events, failures
from tests.dialogue.test_nobody_is_trapped import Watched, lived_through, talks
from tests.dialogue.world import FIRST, MOBILE, WORLD, Talk, booking

ASKING = replace(WORLD, asks_satisfaction=True)
DONE = HangUp(EndReason.DONE)


def talk(**values: object) -> Talk:
    return Talk(state=State("CA1", ASKING), **values)  # type: ignore[arg-type]


def booked(**values: object) -> Talk:
    """A booking was made: the question waits."""
    return talk(**values).to_recap().yes()


def ratings(talk: Talk) -> list[int]:
    return [act.rating for act in talk.asked_for if isinstance(act, KeepRating)]


@pytest.mark.parametrize(
    ("answer", "rating"),
    [
        (KeysPressed("1"), 1),
        (KeysPressed("2"), 2),
        (KeysPressed("3#"), 3),
        (Understood(Meaning(yes_no=YesNo.YES)), 1),
        (Understood(Meaning(yes_no=YesNo.NO)), 3),
        (Understood(Meaning(choice=2)), 2),
    ],
)
def test_keys_and_words_are_kept_and_the_call_ends(answer: Event, rating: int) -> None:
    rated = booked().feed(answer)
    assert ratings(rated) == [rating]
    assert (rated.ended, rated.asks()) == (DONE, Act.GOODBYE)


@pytest.mark.parametrize(
    "event",
    [
        NothingHeard(), NoWords(), Understood(Meaning()), KeysPressed("7"), KeysPressed("4"), PartFailed("speech"),
        Understood(Meaning(intent=Intent.GOODBYE)), Understood(Meaning(intent=Intent.INSULT)),
        Understood(Meaning(intent=Intent.BACK)), Understood(Meaning(choice=4)),
    ],
)  # fmt: skip
def test_who_does_not_answer_is_thanked_and_nothing_is_guessed(event: Event) -> None:
    silent = booked().feed(event)
    assert ratings(silent) == []
    assert (silent.ended, silent.asks()) == (DONE, Act.GOODBYE)
    assert silent.acts.count(Act.ASK_SATISFACTION) == 1


def test_the_reference_is_said_before_the_question_and_the_sms_after_it() -> None:
    after = booked()
    assert after.acts.index(Act.GIVE_REFERENCE) < after.acts.index(Act.ASK_SATISFACTION)
    assert "SMS" in after.keys("1").last.text


@pytest.mark.parametrize("plea", [KeysPressed("0"), Understood(Meaning(wants_human=True))])
def test_a_person_is_one_word_away_at_the_last_question_too(plea: Event) -> None:
    asked = booked().feed(plea)
    assert asked.ended == HandOver(HandOverReason.ASKED)


def test_a_danger_comes_first() -> None:
    assert booked().hear(intent=Intent.EMERGENCY).ended == HandOver(HandOverReason.EMERGENCY)


def test_it_is_repeated_only_when_asked_for() -> None:
    again = booked().hear(intent=Intent.REPEAT)
    assert again.asks() is Act.ASK_SATISFACTION
    other = again.hear(intent=Intent.NOT_HEARING)
    assert "Tapez 1" in other.last.text
    assert ratings(other.keys("2")) == [2]


def test_a_status_that_was_told_is_served_too() -> None:
    asked = talk(of_caller=(booking(),)).start().hear(intent=Intent.STATUS).no()
    assert asked.asks() is Act.ASK_SATISFACTION
    assert asked.yes().ended == DONE


def test_nobody_is_asked_unless_it_is_switched_on() -> None:
    quiet = Talk().to_recap().yes()
    assert Act.ASK_SATISFACTION not in quiet.acts
    assert quiet.ended == DONE


@pytest.mark.parametrize("channel", [Channel.TEXT, Channel.SMS])
def test_nobody_is_asked_in_writing(channel: Channel) -> None:
    assert Act.ASK_SATISFACTION not in booked(channel=channel).acts


def test_who_was_angry_or_takes_leave_is_not_asked() -> None:
    angry = talk().to_recap().hear(intent=Intent.INSULT).yes()
    assert (angry.ended, Act.ASK_SATISFACTION in angry.acts) == (DONE, False)
    hurried = talk(of_caller=(booking(),)).start().hear(intent=Intent.STATUS).hear(intent=Intent.GOODBYE)
    assert (hurried.ended, Act.ASK_SATISFACTION in hurried.acts) == (DONE, False)


def test_who_was_served_nothing_is_not_asked() -> None:
    nothing = talk().start().no().no()
    assert (nothing.ended, Act.ASK_SATISFACTION in nothing.acts) == (DONE, False)


def test_who_is_given_to_a_person_is_not_asked() -> None:
    assert Act.ASK_SATISFACTION not in talk().to_recap().keys("0").acts


def test_a_call_that_comes_back_is_not_asked_again() -> None:
    back = booked()
    back.feed(CallAnswered(MOBILE, resumed=True))
    assert back.acts.count(Act.ASK_SATISFACTION) == 1
    assert back.ended == DONE


def test_an_answer_that_cannot_be_kept_ends_no_differently() -> None:
    class Lost(Talk):
        def _answer(self, act: object) -> Event:
            return PartFailed("KeepRating") if isinstance(act, KeepRating) else super()._answer(act)  # type: ignore[arg-type]

    lost = Lost(state=State("CA1", ASKING)).to_recap().yes().keys("1")
    assert (lost.ended, lost.asks()) == (DONE, Act.GOODBYE)


asking = talks.map(lambda each: replace(each, state=State("CA1", ASKING)))


@settings(max_examples=150, deadline=None)
@given(asking, st.lists(events | failures, max_size=25))
def test_a_question_waits_or_the_call_has_ended_well(talk: Watched, stream: list[Event]) -> None:
    lived_through(talk, stream)
    assert talk.ended is not None or talk.state.asked is not None
    assert talk.acts.count(Act.ASK_SATISFACTION) - _asked_again(stream) <= 1


@settings(max_examples=150, deadline=None)
@given(st.lists(events | failures, min_size=1, max_size=6))
def test_from_the_last_question_everything_leads_out(stream: list[Event]) -> None:
    last = booked()
    for event in stream:
        last.feed(event)
    for _ in range(4):
        if last.ended is None:
            last.feed(Understood(Meaning(yes_no=YesNo.YES, phone="+33698765432")))
    kept = any(isinstance(act, KeepCallBack) for act in last.asked_for)
    assert last.ended is not None or kept
    assert len(ratings(last)) <= 1
    assert last.state.booked is not None
    assert last.state.booked.day in (FIRST, *[offer.day for offer in last.state.when.offered])


def _asked_again(stream: list[Event]) -> int:
    again = {Intent.REPEAT, Intent.SLOWER, Intent.NOT_HEARING}
    return sum(isinstance(event, Understood) and event.meaning.intent in again for event in stream) + sum(
        isinstance(event, KeysPressed) and event.keys == "*" for event in stream
    )
