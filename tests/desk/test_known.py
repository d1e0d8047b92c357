"""What an agent reads as sure, likely or doubtful."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import pytest

from callbot.desk import Certainty, Fact, Topic, facts, wish_of
from callbot.dialogue.state import State
from callbot.dialogue.step import step
from callbot.domain.addresses import AddressCandidate
from callbot.domain.events import AddressesFound, Event
from tests.booking.sample import MOBILE, address
from tests.desk.sample import WORLD, agreed, opening, wanted


def state(events: Sequence[Event]) -> State:
    return reduce(lambda before, event: step(before, event)[0], events, State("CA1", WORLD))


def by_topic(events: Sequence[Event]) -> dict[Topic, Fact]:
    return {fact.topic: fact for fact in facts(state(events))}


def test_of_a_call_that_has_just_begun_only_the_number_is_known() -> None:
    [phone] = facts(state(opening()))
    assert (phone.topic, phone.certainty) == (Topic.PHONE, Certainty.LIKELY)
    assert phone.text.reveal() == MOBILE.reveal()
    assert wish_of(state(opening())) is None


def test_an_address_is_likely_until_the_caller_says_yes_to_it() -> None:
    before, after = by_topic(wanted()), by_topic(agreed(wanted()))
    assert before[Topic.ADDRESS].certainty is Certainty.LIKELY
    assert after[Topic.ADDRESS].certainty is Certainty.CONFIRMED
    assert after[Topic.ADDRESS].text.reveal() == "12 bis Rue de Rome, 13006 Marseille 6e"
    assert "matelas" in after[Topic.ITEMS].text.reveal()
    assert after[Topic.WISH].text.reveal() == "faire enlever des encombrants"


@pytest.mark.parametrize(("probability", "sure"), [(0.60, Certainty.LIKELY), (0.59, Certainty.DOUBTFUL)])
def test_what_the_bot_would_ask_again_is_doubtful(probability: float, sure: Certainty) -> None:
    found = AddressesFound((AddressCandidate(address(), 0.9, probability),))
    told = facts(replace(state(wanted()[:-1]), where=replace(state([*wanted()[:-1], found]).where, choosing=False)))
    places = [fact for fact in told if fact.topic is Topic.ADDRESS]
    assert [fact.certainty for fact in places] == [sure]


def test_a_street_that_was_only_heard_is_doubtful() -> None:
    place = by_topic(wanted()[:-1])[Topic.ADDRESS]
    assert place.certainty is Certainty.DOUBTFUL
    assert "rue de rome" in place.text.reveal()


def test_nothing_of_it_shows_in_a_log() -> None:
    assert "Rome" not in repr(facts(state(agreed(wanted()))))
    assert MOBILE.reveal() not in repr(facts(state(wanted())))
