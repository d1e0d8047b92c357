"""SMS and rescue through Twilio's library, against a scripted Twilio on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from callbot.domain.personal import PhoneNumber
from callbot.messages.ports import UndeliverableError
from callbot.settings import Twilio
from callbot.telephony.rescue import TwilioRescue
from callbot.telephony.sms import SendFailed, TwilioSender

ACCOUNT = "AC" + "1" * 32
TO = PhoneNumber("+33600000000")
SINCE = datetime(2026, 11, 21, 9, 0, 0, 400_000, UTC)


@dataclass
class FakeTwilio:
    """Answers every request with ``status`` and ``body`` and keeps what it was asked."""

    status: int = 201
    body: object = field(default_factory=lambda: {"sid": "SM1", "status": "queued"})
    asked: list[tuple[str, str, dict[str, list[str]]]] = field(default_factory=list)
    url: str = ""

    def settings(self, sender: str = "+33700000000") -> Twilio:
        return Twilio(account_sid=ACCOUNT, auth_token=SecretStr("t"), sender=sender, api_url=self.url)


@dataclass
class WrittenDown:
    """What is written down for which messages; conforms to ``KnowsSent``."""

    keys: dict[str, str] = field(default_factory=dict)

    def mark(self, key: str) -> str:
        return f"mark-of-{len(key)}"

    async def owners(self, provider_ids: Collection[str]) -> dict[str, str]:
        return {sid: key for sid, key in self.keys.items() if sid in provider_ids}


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    fake = FakeTwilio()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            place = urlsplit(self.path)
            given = place.query or self.rfile.read(length).decode()
            fake.asked.append((self.command, place.path, parse_qs(given)))
            payload = json.dumps(fake.body).encode()
            self.send_response(fake.status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = _answer  # noqa: N815 - the names http.server looks for

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server uses
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        fake.url = f"http://127.0.0.1:{server.server_address[1]}/"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield fake
        finally:
            server.shutdown()
            thread.join()


async def test_an_sms_goes_to_the_configured_address_with_a_way_to_report_back(twilio: FakeTwilio) -> None:
    sender = TwilioSender(twilio.settings(), "https://bot.example.fr/")
    assert await sender.send("m1", TO, "Rendez-vous noté.") == "SM1"
    assert twilio.asked == [
        (
            "POST",
            f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json",
            {
                "To": ["+33600000000"],
                "From": ["+33700000000"],
                "Body": ["Rendez-vous noté."],
                "StatusCallback": ["https://bot.example.fr/sms/status"],
            },
        )
    ]


async def test_a_messaging_service_sends_in_place_of_a_number(twilio: FakeTwilio) -> None:
    await TwilioSender(twilio.settings("MG" + "2" * 32)).send("m1", TO, "Bonjour")
    assert twilio.asked[0][2] == {"To": ["+33600000000"], "MessagingServiceSid": ["MG" + "2" * 32], "Body": ["Bonjour"]}


@pytest.mark.parametrize("status", [401, 404, 429, 500, 503])
async def test_an_answer_about_us_or_about_twilio_may_be_tried_again(twilio: FakeTwilio, status: int) -> None:
    twilio.status, twilio.body = status, {"message": "to +33600000000", "code": 20429}
    with pytest.raises(SendFailed) as failure:
        await TwilioSender(twilio.settings()).send("m1", TO, "Bonjour")
    assert failure.value.status == status
    assert "+336" not in str(failure.value)


async def test_a_number_that_takes_no_sms_is_given_up(twilio: FakeTwilio) -> None:
    twilio.status, twilio.body = 400, {"message": "'To' +33600000000 is not a mobile number", "code": 21614}
    with pytest.raises(UndeliverableError) as refusal:
        await TwilioSender(twilio.settings()).send("m1", TO, "Bonjour")
    assert "+336" not in str(refusal.value)


async def test_without_an_answer_nothing_is_known() -> None:
    nowhere = Twilio(
        account_sid=ACCOUNT, auth_token=SecretStr("t"), sender="+33700000000", api_url="http://127.0.0.1:9"
    )
    with pytest.raises(SendFailed) as failure:
        await TwilioSender(nowhere).send("m1", TO, "Bonjour")
    assert failure.value.status is None
    with pytest.raises(SendFailed):
        await TwilioSender(nowhere).find("m1", TO, "Bonjour", SINCE)


def message(sid: str, body: str = "Bonjour", status: str = "sent", seconds: float = 0) -> dict[str, object]:
    created = SINCE.replace(microsecond=0) + timedelta(seconds=seconds)
    return {"sid": sid, "body": body, "status": status, "date_created": created.strftime("%a, %d %b %Y %H:%M:%S +0000")}


@pytest.mark.parametrize(
    ("messages", "found"),
    [
        ([], None),
        ([message("SM1", body="Autre texte")], None),
        ([message("SM1", status="failed")], None),
        ([message("SM1", seconds=-301)], None),
        ([message("SM1", seconds=-60)], "SM1"),
        ([message("SM1", seconds=0)], "SM1"),
        ([message("SM1", status="undelivered"), message("SM2", status="queued", seconds=5)], "SM2"),
    ],
)
async def test_an_sms_sent_already_is_found_again(
    twilio: FakeTwilio, messages: list[dict[str, object]], found: str | None
) -> None:
    twilio.status, twilio.body = 200, {"messages": messages, "next_page_uri": None}
    assert await TwilioSender(twilio.settings()).find("m1", TO, "Bonjour", SINCE) == found
    assert twilio.asked[0][:2] == ("GET", f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json")
    assert twilio.asked[0][2]["To"] == ["+33600000000"]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ({}, "SM9"),
        ({"SM9": "m0"}, "SM8"),
        ({"SM9": "m0", "SM8": "m0"}, None),
        ({"SM8": "m1"}, "SM8"),
    ],
    ids=["none", "the latest", "both", "ours"],
)
async def test_one_that_reads_alike_is_not_taken_for_ours(
    twilio: FakeTwilio, written: dict[str, str], found: str | None
) -> None:
    twilio.status, twilio.body = 200, {"messages": [message("SM9"), message("SM8")], "next_page_uri": None}
    sender = TwilioSender(twilio.settings(), known=WrittenDown(written))
    assert await sender.find("m1", TO, "Bonjour", SINCE) == found


async def test_twilio_tells_of_a_message_by_its_mark(twilio: FakeTwilio) -> None:
    await TwilioSender(twilio.settings(), "https://bot.example.fr", WrittenDown()).send("m1", TO, "Bonjour")
    assert twilio.asked[0][2]["StatusCallback"] == ["https://bot.example.fr/sms/status/mark-of-2"]


@pytest.mark.parametrize(("status", "taken"), [(200, True), (404, False), (500, False)])
async def test_a_call_on_a_dead_socket_is_taken_back(twilio: FakeTwilio, status: int, taken: bool) -> None:
    twilio.status, twilio.body = status, {"sid": "CA1"}
    rescue = TwilioRescue(twilio.settings(), "https://bot.example.fr/voice/after-stream")
    assert await rescue.rescue("CA1") is taken
    assert twilio.asked == [
        (
            "POST",
            f"/2010-04-01/Accounts/{ACCOUNT}/Calls/CA1.json",
            {"Url": ["https://bot.example.fr/voice/after-stream"], "Method": ["POST"]},
        )
    ]
