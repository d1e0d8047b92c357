"""The phone company does not wait for ever: a turn that thinks too long ends with a person, not with an error page."""

from __future__ import annotations

import asyncio
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from callbot.dialogue.acts import Act, ChannelAct
from callbot.domain.events import CallAnswered, Ended, EndReason, Event, KeysPressed
from callbot.domain.meaning import Expectation
from callbot.settings import Calls
from callbot.telephony.turns import GIVE_UP_LIMIT_S, TURN_LIMIT_S
from callbot.telephony.twiml import TRANSFER_SENTENCE
from tests.telephony.fakes import CALL, in_virtual_time, say
from tests.telephony.turn_bench import Bench, spoken, verbs

RECAP = say(Act.RECAP, "C'est bien cela ?", expect=Expectation.YES_NO)
DATES = say(Act.OFFER_DATES, "Quel jour ?", expect=Expectation.DATE)
PHONE_COMPANY_WAITS_S = 15.0
"""Twilio's limit for an answer to a webhook of a call; after it the caller hears an error and the line is dead"""


def asks(event: Event) -> list[ChannelAct]:
    match event:
        case CallAnswered():
            return [RECAP]
        case KeysPressed():
            return [DATES]
    return []


def answered_after(thinks_s: float) -> tuple[Bench, ET.Element, float]:
    """The answer to a key whose consequences take ``thinks_s``, and the seconds it took."""

    async def turn() -> tuple[Bench, ET.Element, float]:
        bench = Bench(asks)
        first = await bench.call("/voice/turn")
        bench.talks.thinks_s = thinks_s
        began = asyncio.get_running_loop().time()
        answer = await bench.follow(first, Digits="1")
        await bench.client.aclose()
        return bench, answer, asyncio.get_running_loop().time() - began

    return in_virtual_time(turn())


def test_a_turn_within_the_limit_is_answered() -> None:
    bench, answer, _ = answered_after((TURN_LIMIT_S - 0.1) / 3)  # the key, and the prompt that is said and heard
    assert spoken(answer) == ["Quel jour ?"]
    assert Ended(EndReason.FAILURE) not in bench.log.stored[CALL]


@pytest.mark.parametrize("thinks_s", [TURN_LIMIT_S + 0.1, 3_600.0])
def test_a_turn_that_thinks_too_long_ends_with_a_person_while_the_phone_company_waits(thinks_s: float) -> None:
    with capture_logs() as logs:
        bench, answer, took_s = answered_after(thinks_s)
    assert (spoken(answer), verbs(answer)) == ([TRANSFER_SENTENCE], ["Say", "Dial"])
    assert took_s <= TURN_LIMIT_S + GIVE_UP_LIMIT_S + 0.1 < PHONE_COMPANY_WAITS_S
    assert [entry["event"] for entry in logs] == ["webhook_failed", "close_failed"]
    assert bench.log.stored[CALL][-1] == KeysPressed("1")


@pytest.mark.parametrize(("beyond_s", "heard"), [(0, ["Quel jour ?"]), (1, [TRANSFER_SENTENCE])])
async def test_a_call_turn_by_turn_lasts_no_longer_than_one_over_the_stream(beyond_s: int, heard: list[str]) -> None:
    bench = Bench(asks)
    first = await bench.call("/voice/turn")
    bench.at += timedelta(seconds=Calls().longest_s + beyond_s)
    assert spoken(await bench.follow(first, Digits="1")) == heard
    assert (bench.log.stored[CALL][-1] == Ended(EndReason.TOO_LONG)) is bool(beyond_s)
