"""The webhooks over HTTP: signed forms in, TwiML out, never a dead line."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from structlog.testing import capture_logs

from callbot.dialogue.acts import Act
from callbot.domain.events import CallAnswered, Ended, EndReason, Event, HandedOver, HandOverReason
from callbot.domain.personal import PhoneNumber
from callbot.settings import Server, Settings, Twilio
from callbot.telephony.people import KEPT_SENTENCE, NOBODY_FREE_SENTENCE
from callbot.telephony.ports import Ticket
from callbot.telephony.router import Telephony, TelephonyDeps
from callbot.telephony.signatures import SIGNATURE_HEADER, sign
from callbot.telephony.tickets import LIFETIME_S, MAX_OPEN, MemoryTickets
from callbot.telephony.twiml import TRANSFER_SENTENCE
from tests.telephony.fakes import CALL, Conversations, ScriptedListener, ScriptedVoice, never_complete, new_ear

PUBLIC = "https://bot.example.fr"
KEY = "secret-of-the-account"
AGENTS = "+33491000000"
CALLER = "+33612345678"


class Parts:
    """The service under test with its fakes."""

    def __init__(self) -> None:
        self.conversations = Conversations(lambda event: [])
        self.tickets = MemoryTickets()
        self.healthy = {"speech": True, "storage": True}
        settings = Settings(
            server=Server(public_url=PUBLIC),
            twilio=Twilio(auth_token=SecretStr(KEY), agents_number=AGENTS),
        )
        self.telephony = Telephony(
            TelephonyDeps(
                settings=settings,
                conversations=self.conversations,
                calls=self.conversations,
                new_ear=new_ear,
                listener=ScriptedListener(()),
                answers=never_complete,
                voice=ScriptedVoice(),
                ready=self.ready,
                tickets=self.tickets,
            )
        )
        app = FastAPI()
        app.include_router(self.telephony.router)
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://anything.internal")

    async def ready(self) -> Mapping[str, bool]:
        return self.healthy

    async def post(self, path: str, form: Mapping[str, str], signature: str | None = None) -> httpx.Response:
        """A form as Twilio posts it, signed over the public address unless told otherwise."""
        given = sign(KEY, PUBLIC + path, form.items()) if signature is None else signature
        return await self.client.post(path, data=dict(form), headers={SIGNATURE_HEADER: given})

    async def stored(self, *events: Event) -> None:
        (await self.conversations.open(CALL)).events += events


@pytest.fixture
async def parts() -> AsyncIterator[Parts]:
    made = Parts()
    async with made.client:
        yield made


async def gone(call_id: str) -> list[Event]:
    """The database is away."""
    raise OSError(f"no database, {CALLER}")


def xml(response: httpx.Response) -> ET.Element:
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/xml"
    return ET.fromstring(response.text)  # noqa: S314 - our own answer


async def test_an_incoming_call_is_connected_to_the_stream(parts: Parts) -> None:
    answer = xml(await parts.post("/voice/incoming", {"CallSid": CALL, "From": CALLER, "CallStatus": "ringing"}))
    connect = answer.find("Connect")
    stream = answer.find("Connect/Stream")
    parameter = answer.find("Connect/Stream/Parameter")
    assert connect is not None
    assert connect.get("action") == f"{PUBLIC}/voice/after-stream"
    assert stream is not None
    assert stream.get("url") == "wss://bot.example.fr/voice/stream"
    assert parameter is not None
    token = parameter.get("value") or ""
    assert await parts.tickets.redeem(token) == Ticket(CALL, PhoneNumber(CALLER))
    assert await parts.tickets.redeem(token) is None


@pytest.mark.parametrize(
    "caller", ["anonymous", "+266696687", "+7378742833", "", "junk", "+33", "client:bob", "+" + "9" * 40, "0612345678"]
)
async def test_a_withheld_or_strange_number_is_no_number(parts: Parts, caller: str) -> None:
    answer = xml(await parts.post("/voice/incoming", {"CallSid": CALL, "From": caller}))
    parameter = answer.find("Connect/Stream/Parameter")
    assert parameter is not None
    assert await parts.tickets.redeem(parameter.get("value") or "") == Ticket(CALL, None)


@pytest.mark.parametrize("path", ["/voice/incoming", "/voice/after-stream", "/voice/after-dial", "/voice/status"])
@pytest.mark.parametrize("signature", ["", "bm90IGE=", sign(KEY, f"{PUBLIC}/elsewhere", [("CallSid", CALL)])])
async def test_a_wrong_signature_is_refused(parts: Parts, path: str, signature: str) -> None:
    response = await parts.post(path, {"CallSid": CALL, "CallStatus": "completed"}, signature)
    assert response.status_code == 403
    assert parts.conversations.known == {}


async def test_the_host_header_does_not_decide(parts: Parts) -> None:
    form = {"CallSid": CALL}
    forged = sign(KEY, "https://evil.example/voice/incoming", form.items())
    response = await parts.client.post(
        "/voice/incoming", data=form, headers={"host": "evil.example", SIGNATURE_HEADER: forged}
    )
    assert response.status_code == 403
    good = sign(KEY, f"{PUBLIC}/voice/incoming", form.items())
    response = await parts.client.post(
        "/voice/incoming", data=form, headers={"host": "[broken", SIGNATURE_HEADER: good}
    )
    assert "wss://bot.example.fr/voice/stream" in response.text


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"From": CALLER}, 400),
        ({"CallSid": ""}, 400),
        ({"CallSid": "<Dial>+1</Dial>"}, 400),
        ({"CallSid": "C" * 65}, 400),
        ({"CallSid": CALL, "Junk": "x" * 3_000}, 400),
        ({"CallSid": CALL, **{f"f{n}": "x" for n in range(120)}}, 400),
        ({"CallSid": CALL, **{f"f{n}": "x" * 2_000 for n in range(40)}}, 413),
    ],
)
async def test_a_bad_form_gets_a_clear_answer(parts: Parts, form: dict[str, str], code: int) -> None:
    response = await parts.post("/voice/incoming", form)
    assert response.status_code == code
    assert response.json()["detail"]


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b'{"CallSid": "CA1"}', "application/json", 415),
        (b"", "", 415),
        (b"\xff\xfe=\x00", "application/x-www-form-urlencoded", 400),
        (b"CallSid=%ff%fe", "application/x-www-form-urlencoded", 400),
        (b"CallSid=CA1&CallSid=CA2", "application/x-www-form-urlencoded", 403),
    ],
)
async def test_what_is_no_form_gets_a_clear_answer(parts: Parts, body: bytes, content_type: str, code: int) -> None:
    response = await parts.client.post("/voice/incoming", content=body, headers={"content-type": content_type})
    assert response.status_code == code


async def test_a_call_id_given_twice_is_refused(parts: Parts) -> None:
    pairs = [("CallSid", "CA1"), ("CallSid", "CA2")]
    headers = {
        SIGNATURE_HEADER: sign(KEY, f"{PUBLIC}/voice/incoming", pairs),
        "content-type": "application/x-www-form-urlencoded",
    }
    response = await parts.client.post("/voice/incoming", content=urlencode(pairs), headers=headers)
    assert response.status_code == 400


async def test_after_a_finished_call_the_line_is_closed(parts: Parts) -> None:
    await parts.stored(CallAnswered(None), Ended(EndReason.DONE))
    answer = xml(await parts.post("/voice/after-stream", {"CallSid": CALL, "CallStatus": "in-progress"}))
    assert [verb.tag for verb in answer] == ["Hangup"]


async def test_after_a_hand_over_the_agents_are_dialled(parts: Parts) -> None:
    await parts.stored(CallAnswered(None), HandedOver(HandOverReason.ASKED), Ended(EndReason.HANDED_OVER))
    answer = xml(await parts.post("/voice/after-stream", {"CallSid": CALL}))
    assert [(verb.tag, verb.text, verb.get("action")) for verb in answer] == [
        ("Dial", AGENTS, f"{PUBLIC}/voice/after-dial")
    ]


@pytest.mark.parametrize("status", ["completed", "answered"])
async def test_after_a_talk_with_a_person_the_line_is_closed(parts: Parts, status: str) -> None:
    answer = xml(await parts.post("/voice/after-dial", {"CallSid": CALL, "DialCallStatus": status}))
    assert [verb.tag for verb in answer] == ["Hangup"]


@pytest.mark.parametrize(
    "form", [{"DialCallStatus": status} for status in ("no-answer", "busy", "failed", "canceled", "dancing")] + [{}]
)
async def test_when_nobody_is_free_the_caller_is_told(parts: Parts, form: dict[str, str]) -> None:
    answer = xml(await parts.post("/voice/after-dial", {"CallSid": CALL, **form}))
    assert [(verb.tag, verb.text, verb.get("language")) for verb in answer] == [
        ("Say", NOBODY_FREE_SENTENCE, "fr-FR"),
        ("Hangup", None, None),
    ]
    assert parts.conversations.known == {}


async def test_a_caller_in_the_queue_is_told_that_the_request_is_kept(parts: Parts) -> None:
    await parts.stored(CallAnswered(None), HandedOver(HandOverReason.ASKED), Ended(EndReason.HANDED_OVER))
    answer = xml(await parts.post("/voice/after-dial", {"CallSid": CALL, "DialCallStatus": "no-answer"}))
    assert [(verb.tag, verb.text) for verb in answer] == [("Say", KEPT_SENTENCE), ("Hangup", None)]


async def test_nothing_is_promised_while_the_database_is_gone(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts.conversations, "events", gone)
    answer = xml(await parts.post("/voice/after-dial", {"CallSid": CALL, "DialCallStatus": "busy"}))
    assert [(verb.tag, verb.text) for verb in answer] == [("Say", NOBODY_FREE_SENTENCE), ("Hangup", None)]


async def test_a_broken_stream_is_resumed_once_then_a_person_answers(parts: Parts) -> None:
    await parts.stored(CallAnswered(None))
    again = xml(await parts.post("/voice/after-stream", {"CallSid": CALL, "From": CALLER}))
    connect, parameter = again.find("Connect"), again.find("Connect/Stream/Parameter")
    assert connect is not None
    assert connect.get("action") == f"{PUBLIC}/voice/after-stream?resumed=1"
    assert parameter is not None
    assert await parts.tickets.redeem(parameter.get("value") or "") == Ticket(CALL, PhoneNumber(CALLER), resumed=True)
    person = xml(await parts.post("/voice/after-stream?resumed=1", {"CallSid": CALL}))
    assert [(verb.tag, verb.text, verb.get("language")) for verb in person] == [
        ("Say", TRANSFER_SENTENCE, "fr-FR"),
        ("Dial", AGENTS, None),
    ]


async def test_after_stream_of_a_caller_who_hung_up_closes_the_conversation(parts: Parts) -> None:
    await parts.stored(CallAnswered(None))
    answer = xml(await parts.post("/voice/after-stream", {"CallSid": CALL, "CallStatus": "completed"}))
    assert [verb.tag for verb in answer] == ["Hangup"]
    assert parts.conversations.known[CALL].closed == [EndReason.CALLER_HUNG_UP]


async def test_after_a_stop_with_the_caller_still_there_a_person_answers(parts: Parts) -> None:
    await parts.stored(CallAnswered(None), Ended(EndReason.CALLER_HUNG_UP))
    answer = xml(await parts.post("/voice/after-stream", {"CallSid": CALL, "CallStatus": "in-progress"}))
    assert [verb.tag for verb in answer] == ["Say", "Dial"]


async def test_when_the_database_is_gone_a_person_answers(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts.conversations, "events", gone)
    answer = xml(await parts.post("/voice/after-stream", {"CallSid": CALL}))
    assert [verb.tag for verb in answer] == ["Say", "Dial"]


@pytest.mark.parametrize(
    ("status", "closed"),
    [("completed", [EndReason.CALLER_HUNG_UP]), ("failed", [EndReason.CALLER_HUNG_UP]), ("in-progress", [])],
)
async def test_the_end_of_the_call_closes_its_conversation(parts: Parts, status: str, closed: list[EndReason]) -> None:
    await parts.stored(CallAnswered(None))
    response = await parts.post("/voice/status", {"CallSid": CALL, "CallStatus": status})
    assert response.status_code == 204
    assert parts.conversations.known[CALL].closed == closed


async def test_a_status_that_could_not_be_stored_is_answered_and_noted_without_personal_data(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts.conversations, "events", gone)
    with capture_logs() as logs:
        response = await parts.post("/voice/status", {"CallSid": CALL, "CallStatus": "completed", "From": CALLER})
    assert (response.status_code, response.text) == (503, "")
    assert logs == [{"event": "webhook_failed", "log_level": "error", "call": CALL, "kind": "OSError"}]


async def test_the_status_of_an_unknown_call_opens_nothing(parts: Parts) -> None:
    response = await parts.post("/voice/status", {"CallSid": CALL, "CallStatus": "completed"})
    assert response.status_code == 204
    assert parts.conversations.known == {}


async def test_a_status_that_twilio_does_not_know_is_refused(parts: Parts) -> None:
    response = await parts.post("/voice/status", {"CallSid": CALL, "CallStatus": "dancing"})
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("became", "code", "level"),
    [("delivered", 204, "info"), ("undelivered", 204, "warning"), ("dancing", 400, None), ("", 400, None)],
)
@pytest.mark.parametrize("path", ["/sms/status", "/sms/status/AAxx_9-zz"])
async def test_what_became_of_an_sms_is_noted(
    parts: Parts, path: str, became: str, code: int, level: str | None
) -> None:
    with capture_logs() as logs:
        response = await parts.post(path, {"MessageSid": "SM1", "MessageStatus": became, "To": CALLER})
    assert response.status_code == code
    noted = [entry["log_level"] for entry in logs if entry["event"] == "sms_status"]
    assert noted == ([level] if level else [])
    assert CALLER not in str(logs)


async def test_every_act_is_listed_with_its_meaning(parts: Parts) -> None:
    listed = (await parts.client.get("/voice/acts")).json()
    assert {entry["act"] for entry in listed} == {act.value for act in Act}
    assert all(entry["meaning"] for entry in listed)


async def test_health_tells_what_is_missing(parts: Parts) -> None:
    assert (await parts.client.get("/health/live")).json() == {"status": "live"}
    assert (await parts.client.get("/health/ready")).status_code == 200
    parts.healthy["speech"] = False
    sick = await parts.client.get("/health/ready")
    assert (sick.status_code, sick.json()) == (503, {"ready": False, "parts": {"speech": False, "storage": True}})
    assert (await parts.client.get("/health/active-calls")).json() == {"active_calls": 0}


async def test_a_token_lives_for_a_minute_and_the_oldest_give_way() -> None:
    now = [0.0]
    tickets = MemoryTickets(lambda: now[0])
    young, old = await tickets.issue(Ticket("CA1", None)), await tickets.issue(Ticket("CA2", None))
    now[0] = LIFETIME_S - 0.01
    assert await tickets.redeem(young) == Ticket("CA1", None)
    now[0] = LIFETIME_S
    assert await tickets.redeem(old) is None
    first = await tickets.issue(Ticket("CA3", None))
    for _ in range(MAX_OPEN):
        await tickets.issue(Ticket("CA4", None))
    assert await tickets.redeem(first) is None
