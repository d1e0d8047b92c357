"""STOP and START are answered by us where Twilio does not answer, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from callbot.bootstrap.bookings import stop_answers
from callbot.domain.personal import PhoneNumber
from callbot.knowledge import load_knowledge
from callbot.messages.stop import StopAnswer
from callbot.settings import Settings, Twilio
from callbot.telephony.texting import StopAnswers
from tests.telephony.turn_bench import CALLER, Bench, xml


@dataclass
class Stops:
    """Keeps what it was told."""

    told: list[tuple[str, StopAnswer | None]] = field(default_factory=list)

    async def stop(self, phone: PhoneNumber, at: datetime, answer: StopAnswer | None = None) -> bool:
        self.told.append(("stop", answer))
        return True

    async def start(self, phone: PhoneNumber, at: datetime, answer: StopAnswer | None = None) -> bool:
        self.told.append(("start", answer))
        return True


async def said(body: str, *, by_twilio: bool, told: str = "") -> tuple[str, StopAnswer | None]:
    """What is remembered of one message, and answered to it; nothing is answered in the response itself."""
    stops = Stops()
    bench = Bench(lambda event: [], opt_outs=stops, stop_answers=StopAnswers("Arrêté.", "Repris.", by_twilio))
    form = {"MessageSid": "SM1", "From": CALLER, "Body": body} | ({"OptOutType": told} if told else {})
    assert xml(await bench.post("/sms/incoming", **form)).findall("Message") == []
    assert bench.log.stored == {}
    (only,) = stops.told
    return only


ARRET = ("stop", StopAnswer("stopped:SM1", "Arrêté."))
REPRISE = ("start", StopAnswer("started:SM1", "Repris."))


@pytest.mark.parametrize("body", ["STOP", "stop.", "StopAll", "ARRET", "Arrêt !", "STOP SMS"])
async def test_where_twilio_answers_nothing_we_answer_every_stop(body: str) -> None:
    assert await said(body, by_twilio=False) == ARRET


@pytest.mark.parametrize("body", ["START", "unstop", "Reprendre", "reprise."])
async def test_where_twilio_answers_nothing_we_answer_every_start(body: str) -> None:
    assert await said(body, by_twilio=False) == REPRISE


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("STOP", ("stop", None)),
        ("unsubscribe", ("stop", None)),
        ("ARRET", ARRET),
        ("stop sms", ARRET),
        ("START", ("start", None)),
        ("Reprendre", REPRISE),
    ],
)
async def test_where_twilio_answers_its_own_words_we_answer_the_others(
    body: str, expected: tuple[str, StopAnswer | None]
) -> None:
    assert await said(body, by_twilio=True) == expected


@pytest.mark.parametrize(("body", "told", "kind"), [("ARRET", "STOP", "stop"), ("Reprendre", "START", "start")])
@pytest.mark.parametrize("by_twilio", [True, False])
async def test_what_twilio_says_it_has_answered_is_not_answered_again(
    body: str, told: str, kind: str, *, by_twilio: bool
) -> None:
    assert await said(body, by_twilio=by_twilio, told=told) == (kind, None)


@pytest.mark.parametrize("answers", [True, False])
def test_the_words_are_those_of_the_knowledge_base(*, answers: bool) -> None:
    knowledge = load_knowledge(Path(__file__).parents[2] / "knowledge_base")
    found = stop_answers(Settings(twilio=Twilio(answers_stop=answers)), knowledge)
    assert found == StopAnswers(knowledge.messages["stopped"].text, knowledge.messages["started"].text, answers)
