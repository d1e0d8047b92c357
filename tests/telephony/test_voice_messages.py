"""A message said by a call: twice, at a decent hour, to a number once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from callbot.domain.personal import PhoneNumber
from callbot.messages.ports import UndeliverableError
from callbot.telephony import twiml
from callbot.telephony.sms import SendFailed
from callbot.telephony.voice_messages import TwilioCaller
from tests.booking.sample import PinnedClock
from tests.telephony.test_twilio_sms import FakeTwilio, twilio

__all__ = ["twilio"]

TO = PhoneNumber("+33491123456")
TEXT = "Demain, un matelas."
SINCE = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


def caller(twilio: FakeTwilio, hour: int = 18, minute: int = 0) -> TwilioCaller:
    return TwilioCaller(twilio.settings(), PinnedClock(datetime(2026, 11, 23, hour - 1, minute, tzinfo=UTC)))


async def test_it_rings_once_and_says_it_twice(twilio: FakeTwilio) -> None:
    twilio.body = {"sid": "CA1", "status": "queued"}
    assert await caller(twilio).send("reminder:voice", TO, TEXT) == "CA1"
    ((method, path, asked),) = twilio.asked
    assert (method, path.endswith("/Calls.json"), asked["To"]) == ("POST", True, [TO.reveal()])
    assert asked["Twiml"][0].count(TEXT) == 2


@pytest.mark.parametrize(("hour", "minute", "rings"), [(8, 59, False), (9, 0, True), (19, 59, True), (20, 0, False)])
async def test_nobody_is_rung_early_or_late(twilio: FakeTwilio, hour: int, minute: int, *, rings: bool) -> None:
    twilio.body = {"sid": "CA1", "status": "queued"}
    if rings:
        assert await caller(twilio, hour, minute).send("reminder:voice", TO, TEXT) == "CA1"
        return
    with pytest.raises(UndeliverableError):
        await caller(twilio, hour, minute).send("reminder:voice", TO, TEXT)
    assert twilio.asked == []


@pytest.mark.parametrize(("status", "error"), [(400, UndeliverableError), (429, SendFailed), (500, SendFailed)])
async def test_a_number_that_cannot_be_rung_is_given_up_all_else_is_tried_again(
    twilio: FakeTwilio, status: int, error: type[Exception]
) -> None:
    twilio.status, twilio.body = status, {"code": 20001, "message": "no"}
    with pytest.raises(error):
        await caller(twilio).send("reminder:voice", TO, TEXT)


@pytest.mark.parametrize(("status", "found"), [("completed", "CA9"), ("in-progress", "CA9"), ("no-answer", None)])
async def test_who_was_rung_already_is_not_rung_again(twilio: FakeTwilio, status: str, found: str | None) -> None:
    twilio.status = 200
    made = {"sid": "CA9", "status": status, "date_created": "Mon, 23 Nov 2026 16:05:00 +0000"}
    twilio.body = {"calls": [made], "page": 0, "page_size": 20}
    assert await caller(twilio).find("reminder:voice", TO, TEXT, SINCE) == found


def test_what_is_said_cannot_become_a_command() -> None:
    document = twiml.say_twice("<Dial>+33899000000</Dial>", "")
    assert "<Dial>" not in document
