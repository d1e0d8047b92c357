"""While new calls go to people, who writes is told where they are, and is called back when they ask for it."""

from __future__ import annotations

import pytest

from callbot.domain.events import CallAnswered, CallBackKept, CallerSpoke, Channel, Ended, EndReason, HandOverReason
from callbot.domain.personal import PhoneNumber
from callbot.messages.texts import sms_segments
from callbot.telephony.texting import MOST_CONVERSATIONS, MOST_SEGMENTS
from callbot.telephony.texting_people import wants_call_back
from tests.telephony.test_sms_incoming import echoes, text
from tests.telephony.turn_bench import CALLER, WINDOW, Bench

TOLD = [
    "L'assistant automatique est arreté pour le moment. Un conseiller répond au 0491000000, du lundi au vendredi de 8 h"
    " à 18 h 30. Pour etre rappelé, répondez RAPPEL."
]


@pytest.fixture
def bench() -> Bench:
    return Bench(echoes, to_people=lambda: True)


async def test_who_writes_is_told_where_people_are_and_when(bench: Bench) -> None:
    assert await text(bench, "un canapé", sid="SM1") == TOLD
    assert sms_segments(TOLD[0]) <= MOST_SEGMENTS
    events = bench.log.stored["SM1"]
    assert events[0] == CallAnswered(PhoneNumber(CALLER), Channel.SMS)
    assert Ended(EndReason.DONE) in events
    assert bench.desk.kept == []


async def test_who_asks_is_called_back_once(bench: Bench) -> None:
    await text(bench, "un canapé", sid="SM1")
    told = ["C'est noté : un conseiller vous rappelle demain, entre 8 heures et 10 heures."]
    for _ in range(2):
        assert await text(bench, "Rappel", sid="SM2") == told
    assert bench.desk.kept == [("SM2", PhoneNumber(CALLER), HandOverReason.DIVERTED)]
    assert CallBackKept(WINDOW, sms=True) in bench.log.stored["SM2"]


async def test_where_no_call_back_can_be_kept_that_is_said(bench: Bench) -> None:
    bench.desk.window = None
    [answer] = await text(bench, "rappelez-moi", sid="SM1")
    assert answer.startswith("Je n'ai pas pu noter de rappel. Appelez le 0491000000, du lundi")


async def test_a_conversation_going_on_goes_on() -> None:
    switched = False
    bench = Bench(echoes, to_people=lambda: switched)
    await text(bench, "un canapé")
    switched = True
    assert await text(bench, "oui") == ["J'ai lu : oui ?"]


async def test_two_machines_do_not_write_to_each_other_for_ever(bench: Bench) -> None:
    answers = [await text(bench, "bonjour", sid=f"SM{count}") for count in range(MOST_CONVERSATIONS + 1)]
    assert answers == [TOLD] * MOST_CONVERSATIONS + [[]]


async def test_what_was_written_is_kept_with_its_message(bench: Bench) -> None:
    await text(bench, "un canapé", sid="SM1")
    assert CallerSpoke("un canapé", ("un canapé",), message="SM1") in bench.log.stored["SM1"]


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("RAPPEL", True),
        (" rappelez-moi svp", True),
        ("Merci de me rappeler", True),
        ("je voudrais être rappelé", True),
        ("je ne veux pas de rappel", False),
        ("un canapé", False),
        ("", False),
    ],
)
def test_asking_to_be_called_back(body: str, *, wanted: bool) -> None:
    assert wants_call_back(body) is wanted
