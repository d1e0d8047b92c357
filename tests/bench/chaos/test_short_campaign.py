"""The short campaign: an outage of PostgreSQL and lost answers of the phone company under calls."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import httpx
import pytest

from callbot.domain.references import make_reference, spoken_reference
from tests.bench.chaos.__main__ import report, run
from tests.bench.chaos.callers import End, references_in
from tests.bench.chaos.faults import FAULTS
from tests.bench.chaos.hosts import CannotError
from tests.bench.chaos.twilio import Mood, Twilio

LINES = 4
HOLD_S = 3.0


@pytest.mark.process
@pytest.mark.postgres
async def test_nothing_is_lost_or_doubled_when_things_break_under_calls() -> None:
    chosen = [replace(fault, hold_s=HOLD_S) for fault in FAULTS if fault.name in ("connections", "database")]
    try:
        results = await run(chosen, LINES)
    except CannotError as missing:
        pytest.skip(str(missing))
    page = report(results, "short")
    assert [result.losses for result in results] == [0, 0], page
    for result in results:
        assert result.verdict is not None
        assert result.verdict.ends.total() == result.calls >= LINES
        assert result.verdict.ends[End.WELL] > 0, page
        assert result.fault.title in page


def test_references_are_heard_as_they_are_said() -> None:
    draw = Random(8)
    for _ in range(200):
        reference = make_reference(draw.randrange)
        said = f"C'est réservé. Votre référence est {spoken_reference(reference)}. Je répète : 12 rue de Rome."
        assert references_in(said) == {reference}
    assert references_in("Le 2, 3, 4, 5 et 7 mai, 12 comme 13.") == set()


@pytest.mark.parametrize(
    ("mood", "taken"),
    [(Mood.WELL, 2), (Mood.TOO_MANY, 0), (Mood.FAILING, 1), (Mood.CUT, 1)],
    ids=str,
)
async def test_the_phone_company_takes_what_its_mood_lets_it_take(mood: Mood, taken: int) -> None:
    async with Twilio(mood).open() as twilio, httpx.AsyncClient(trust_env=False) as client:
        for _ in range(2):
            try:
                answer = await client.post(f"{twilio.url}/Messages.json", data={"To": "+33639980001", "Body": "A2"})
            except httpx.RemoteProtocolError:
                assert mood is Mood.CUT
            else:
                assert answer.is_success == (mood is Mood.WELL)
        assert twilio.sms_of("+33639980001", "A2") == taken
        assert twilio.sms_of("+33639980002", "A2") == 0
