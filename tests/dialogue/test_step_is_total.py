"""Any event in any state has an answer: the fold over an event log never stops, whatever the log holds."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbot.dialogue.acts import Say
from callbot.dialogue.state import State, World
from callbot.dialogue.step import step
from callbot.domain.events import (
    Amended,
    BookingsFound,
    CallAnswered,
    Event,
    ItemsJudged,
    KeysPressed,
    Reported,
    Understood,
)
from callbot.domain.items import ItemLine, Ruling, Verdict
from callbot.domain.meaning import HeardAddress, Intent, Meaning, YesNo
from callbot.domain.people import ReportKind
from tests.dialogue.any_events import EVENTS, anything, leading_on
from tests.dialogue.world import FIRST, MOBILE, SOFA, TODAY, WORLD, booking

WORLDS = (WORLD, replace(WORLD, asks_name=True, asks_satisfaction=True), replace(WORLD, answers={}, rings=False))
GONE = ItemLine("objet_retire", 2, "deux machins")


def folded(world: World, stream: list[Event]) -> tuple[State, list[str]]:
    """The state behind a stream, and what the last event made the bot say."""
    state, said = State("CA1", world), []
    for event in stream:
        state, acts = step(state, event)
        said = [act.text for act in acts if isinstance(act, Say)]
    return state, said


def test_every_kind_of_event_is_tried() -> None:
    assert set(EVENTS) == set(get_args(Event))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(WORLDS), st.lists(leading_on | anything, max_size=25))
def test_no_order_of_events_stops_the_fold(world: World, stream: list[Event]) -> None:
    state, said = folded(world, stream)
    assert state.call_id == "CA1"
    assert not any("{" in text for text in said), "every value of a prompt is filled in"


ANSWERED = CallAnswered(MOBILE, today=TODAY)
YES = Understood(Meaning(yes_no=YesNo.YES))
STATUS = Understood(Meaning(intent=Intent.STATUS))


@pytest.mark.parametrize(
    ("stream", "words"),
    [
        ([ANSWERED, Reported(ReportKind.MISSED)], "passage manqué. Je viens de le signaler"),
        ([ANSWERED, Amended("AC47K", FIRST, sms=True)], "C'est changé. Votre référence reste la même."),
        ([ANSWERED, STATUS, YES, BookingsFound((booking(items=(GONE,)),))], "deux objets"),
        ([ANSWERED, STATUS, YES, BookingsFound((booking(items=()),))], "des objets"),
        (
            [
                ANSWERED,
                Understood(Meaning(items=(GONE,))),
                ItemsJudged((Ruling(GONE.item, Verdict.REFUSED, "Voyez la mairie."),), 0.0),
            ],
            "deux objets",
        ),
        (
            [
                ANSWERED,
                Understood(Meaning(items=(ItemLine(SOFA, 1),), address=HeardAddress(commune_doubt=("13999",)))),
                ItemsJudged((Ruling(SOFA, Verdict.ACCEPTED),), 1.0),
                KeysPressed(""),
            ],
            "commune",
        ),
    ],
    ids=["report of no booking", "change of no booking", "item gone", "no items", "item gone before", "commune gone"],
)
def test_what_was_asked_about_something_that_is_gone_is_told_all_the_same(stream: list[Event], words: str) -> None:
    _, said = folded(WORLD, stream)
    assert words in " ".join(said)


def test_who_goes_on_behind_such_an_order_is_led_on() -> None:
    state, _ = folded(WORLD, [ANSWERED, Reported(ReportKind.MISSED), YES])
    assert state.asked is not None
