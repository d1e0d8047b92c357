"""Webhooks as a receiver sees them, judged by the library of Standard Webhooks."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from standardwebhooks import Webhook

from callbot.booking.announcements import RECEIVER
from callbot.messages.ports import UndeliverableError
from callbot.messages.webhooks import WebhookFailedError, WebhookSettingsError, webhook_sender
from tests.booking.sample import PinnedClock

SECRET = "whsec_" + base64.b64encode(bytes(range(24))).decode()
BODY = '{"type":"booking.booked","commune":"Marseille 6e"}'


class Receiver(HTTPServer):
    """Answers with ``status`` and keeps what it got."""

    status = 204

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook?from=callbot"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((dict(self.headers.items()), body))
        self.send_response(self.server.status)
        self.send_header("location", self.server.url)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on the console."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


async def test_the_library_believes_the_signature(receiver: Receiver) -> None:
    clock = PinnedClock(datetime.now(UTC))
    sender = webhook_sender(receiver.url, SECRET, clock)
    assert await sender.send("webhook:booking.booked:AAAAA:0", RECEIVER, BODY) == "webhook:booking.booked:AAAAA:0"
    headers, body = receiver.got[0]
    assert Webhook(SECRET).verify(body, headers)["type"] == "booking.booked"
    assert headers["webhook-id"] == "webhook:booking.booked:AAAAA:0"


@pytest.mark.parametrize(
    ("status", "error"),
    [(302, WebhookFailedError), (410, UndeliverableError), (429, WebhookFailedError), (500, WebhookFailedError)],
)
async def test_what_is_not_taken_is_tried_again_or_dead(
    receiver: Receiver, status: int, error: type[Exception]
) -> None:
    receiver.status = status
    with pytest.raises(error):
        await webhook_sender(receiver.url, SECRET, PinnedClock()).send("id", RECEIVER, BODY)
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("http://example.org/hook", SECRET),
        ("ftp://127.0.0.1/hook", SECRET),
        ("https://someone@example.org/hook", SECRET),
        ("https://[bad", SECRET),
        ("https://example.org/hook", "whsec_c2hvcnQ="),
        ("https://example.org/hook", "not base64"),
    ],
)
def test_unsafe_settings_are_refused(url: str, secret: str) -> None:
    with pytest.raises(WebhookSettingsError):
        webhook_sender(url, secret, PinnedClock())
