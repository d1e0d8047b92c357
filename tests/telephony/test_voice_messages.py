"""A message said by a call: twice, at a decent hour, to a number once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from callbot.domain.personal import PhoneNumber
from callbot.messages.ports import UndeliverableError
from callbot.messages.ringing import Rang
from callbot.telephony import twiml
from callbot.telephony.sms import SendFailed
from callbot.telephony.voice_messages import TwilioCaller
from tests.booking.sample import PinnedClock
from tests.telephony.test_twilio_sms import FakeTwilio, WrittenDown, twilio

__all__ = ["twilio"]

TO = PhoneNumber("+33491123456")
TEXT = "Demain, un matelas."
KEY = "reminder:voice"
SINCE = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


def caller(
    twilio: FakeTwilio, hour: int = 18, minute: int = 0, written: dict[str, str] | None = None, url: str = ""
) -> TwilioCaller:
    clock = PinnedClock(datetime(2026, 11, 23, hour - 1, minute, tzinfo=UTC))
    return TwilioCaller(twilio.settings(), clock, WrittenDown(written or {}), url)


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


async def test_twilio_is_told_where_to_tell_of_the_call(twilio: FakeTwilio) -> None:
    twilio.body = {"sid": "CA1", "status": "queued"}
    await caller(twilio, url="https://bot.example.fr/").send(KEY, TO, TEXT)
    ((_, _, asked),) = twilio.asked
    assert asked["StatusCallback"] == [f"https://bot.example.fr/voice/called/mark-of-{len(KEY)}"]


def made(sid: str, status: str = "completed", **other: str) -> dict[str, str]:
    """A call as Twilio lists it: ours, made five minutes after the message was queued."""
    return {
        "sid": sid,
        "status": status,
        "from": "+33700000000",
        "direction": "outbound-api",
        "date_created": "Mon, 23 Nov 2026 16:05:00 +0000",
        **other,
    }


EARLIER = {"date_created": "Mon, 23 Nov 2026 15:54:59 +0000"}


@pytest.mark.parametrize(
    ("calls", "written", "found"),
    [
        ([made("CA9")], {}, "CA9"),
        ([made("CA9", "in-progress")], {}, "CA9"),
        ([made("CA9", "no-answer")], {}, "CA9"),
        ([made("CA9", "busy")], {}, "CA9"),
        ([], {}, None),
        ([made("CA9", direction="outbound-dial")], {}, None),
        ([made("CA9", direction="inbound")], {}, None),
        ([made("CA9", **{"from": "+33491000000"})], {}, None),
        ([made("CA9", **EARLIER)], {}, None),
        ([made("CA9")], {"CA9": "another:voice"}, None),
        ([made("CA9"), made("CA8")], {"CA9": "another:voice"}, "CA8"),
        ([made("CA9"), made("CA8")], {"CA8": "reminder:voice"}, "CA8"),
    ],
    ids=["heard", "goes on", "nobody answered", "busy", "none", "agent", "inbound", "other number", "earlier",
         "of another message", "beside another message", "written down"],
)  # fmt: skip
async def test_our_call_is_known_however_it_ended_and_no_other_is_taken_for_it(
    twilio: FakeTwilio, calls: list[dict[str, str]], written: dict[str, str], found: str | None
) -> None:
    twilio.status, twilio.body = 200, {"calls": calls, "page": 0, "page_size": 50}
    assert await caller(twilio, written=written).find(KEY, TO, TEXT, SINCE) == found
    ((method, _, asked),) = twilio.asked
    assert (method, asked["To"], asked["From"]) == ("GET", [TO.reveal()], ["+33700000000"])


@pytest.mark.parametrize(
    ("status", "rang"),
    [
        ("completed", Rang.HEARD),
        ("busy", Rang.BUSY),
        ("no-answer", Rang.NO_ANSWER),
        ("failed", Rang.FAILED),
        ("canceled", Rang.CANCELED),
        ("ringing", None),
        ("in-progress", None),
        ("unheard-of", None),
    ],
)
async def test_how_a_call_ended_can_be_asked_for(twilio: FakeTwilio, status: str, rang: Rang | None) -> None:
    twilio.status, twilio.body = 200, made("CA9", status)
    assert await caller(twilio).ended("CA9") is rang
    ((method, path, _),) = twilio.asked
    assert (method, path.endswith("/Calls/CA9.json")) == ("GET", True)


async def test_without_an_answer_nothing_is_known_of_a_call(twilio: FakeTwilio) -> None:
    twilio.status, twilio.body = 500, {}
    with pytest.raises(SendFailed):
        await caller(twilio).ended("CA9")
    with pytest.raises(SendFailed):
        await caller(twilio).find(KEY, TO, TEXT, SINCE)


def test_what_is_said_cannot_become_a_command() -> None:
    document = twiml.say_twice("<Dial>+33899000000</Dial>", "")
    assert "<Dial>" not in document
