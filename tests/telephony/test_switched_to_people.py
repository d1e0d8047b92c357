"""While the switch is thrown, new calls go to people: at once in their hours, by a call-back outside them."""

from __future__ import annotations

import pytest

from callbot.calls.diverted import divert
from callbot.domain.events import (
    CallAnswered,
    CallBackKept,
    Ended,
    EndReason,
    HandedOver,
    HandOverReason,
    PeopleChecked,
)
from callbot.domain.personal import PhoneNumber
from callbot.telephony.people import CALL_BACK_SENTENCE, NOBODY_FREE_SENTENCE
from callbot.telephony.twiml import TRANSFER_SENTENCE
from tests.telephony.fakes import CALL
from tests.telephony.turn_bench import AGENTS, CALLER, WINDOW, Bench, spoken, verbs


@pytest.fixture
def bench() -> Bench:
    return Bench(lambda _event: [], to_people=lambda: True)


async def test_within_their_hours_people_are_dialled(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    async def open_now() -> PeopleChecked:
        return PeopleChecked(True, WINDOW)

    monkeypatch.setattr(bench.desk, "check", open_now)
    answer = await bench.call("/voice/incoming")
    number = answer.find("Dial/Number")
    assert number is not None
    assert number.text == AGENTS
    assert spoken(answer) == [TRANSFER_SENTENCE]
    assert bench.desk.kept == []


async def test_with_a_queue_callers_wait_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(lambda _event: [], queue="conseillers", to_people=lambda: True)

    async def open_now() -> PeopleChecked:
        return PeopleChecked(True, None)

    monkeypatch.setattr(bench.desk, "check", open_now)
    enqueue = (await bench.call("/voice/incoming")).find("Enqueue")
    assert enqueue is not None
    assert enqueue.text == "conseillers"


async def test_outside_their_hours_a_call_back_is_kept_and_told(bench: Bench) -> None:
    answer = await bench.call("/voice/incoming")
    told = CALL_BACK_SENTENCE.format(window="demain, entre 8 heures et 10 heures")
    assert (verbs(answer), spoken(answer)) == (["Say", "Hangup"], [told])
    assert bench.desk.kept == [(CALL, PhoneNumber(CALLER), HandOverReason.DIVERTED)]


@pytest.mark.parametrize("broken", [True, False])
async def test_who_cannot_be_called_back_is_put_through_all_the_same(bench: Bench, *, broken: bool) -> None:
    bench.desk.broken = broken
    answer = await bench.call("/voice/incoming", From=CALLER if broken else "anonymous")
    assert verbs(answer) == ["Say", "Dial"]


async def test_a_call_going_on_goes_on(bench: Bench) -> None:
    await bench.stored(CallAnswered(None))
    answer = await bench.call("/voice/after-stream")
    assert answer.find("Connect/Stream") is not None


async def test_the_bot_answers_where_the_switch_says_so() -> None:
    bench = Bench(lambda _event: [], to_people=lambda: False)
    assert (await bench.call("/voice/incoming")).find("Connect/Stream") is not None


@pytest.mark.parametrize("draining", [False, True])
async def test_who_people_get_is_told_of_without_a_word_of_the_bot(*, draining: bool) -> None:
    bench = Bench(lambda _event: [], to_people=lambda: not draining)
    bench.desk.window = None
    bench.telephony.draining = draining
    await bench.call("/voice/incoming")
    assert bench.diverted == [(CALL, None)]
    assert bench.log.stored == {}


async def test_a_call_back_kept_in_the_bots_stead_is_told_of(bench: Bench) -> None:
    await bench.call("/voice/incoming")
    assert bench.diverted == [(CALL, CallBackKept(WINDOW, sms=True))]


async def test_a_call_the_bot_answers_is_not_diverted() -> None:
    bench = Bench(lambda _event: [])
    await bench.call("/voice/incoming")
    assert bench.diverted == []


@pytest.mark.parametrize(
    ("sender", "told"),
    [(CALLER, CALL_BACK_SENTENCE.format(window="demain, entre 8 heures et 10 heures")), ("", NOBODY_FREE_SENTENCE)],
)
async def test_nobody_answers_who_was_diverted(bench: Bench, sender: str, told: str) -> None:
    await bench.stored(HandedOver(HandOverReason.DIVERTED), Ended(EndReason.DIVERTED))
    answer = await bench.call("/voice/after-dial", DialCallStatus="no-answer", From=sender)
    assert spoken(answer) == [told]


async def test_noted_once_however_often_the_phone_company_tells() -> None:
    bench = Bench(lambda _event: [])
    for _ in range(2):
        await divert(bench.talks, CALL, None)
    assert bench.log.stored[CALL] == [Ended(EndReason.DIVERTED)]
