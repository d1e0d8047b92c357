"""The world outside: a phone company, a mail server and a request system that keep what they took.

Each worker has a line of its own to them. A line can be the death of its worker: before a message is taken, after it
was taken and before that is said, or right after it was said.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.booking.sample import PinnedClock

ACCOUNT = "AC" + "1" * 32
_MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
HOOK = "/hook"


@dataclass
class Outside:
    """What was taken, in order."""

    clock: PinnedClock
    sms: list[tuple[str, str]] = field(default_factory=list)
    """number and text; its place in the list is its id"""
    mails: list[tuple[str, str]] = field(default_factory=list)
    """Message-ID and subject"""
    webhooks: list[tuple[str, bytes]] = field(default_factory=list)
    """webhook-id and body"""

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[HTTPStatus, object]:
        """What an HTTP request gets."""
        place = urlsplit(target)
        if place.path == HOOK:
            self.webhooks.append((headers["webhook-id"], body))
            return HTTPStatus.NO_CONTENT, None
        assert place.path == _MESSAGES
        if method == "GET":
            [to] = parse_qs(place.query)["To"]
            return HTTPStatus.OK, {"messages": self._sent_to(to), "next_page_uri": None}
        asked = parse_qs(body.decode())
        self.sms.append((asked["To"][0], asked["Body"][0]))
        return HTTPStatus.CREATED, {"sid": f"SM{len(self.sms)}", "status": "queued"}

    def _sent_to(self, number: str) -> list[dict[str, str]]:
        """The messages to a number, latest first, as Twilio lists them."""
        made = self.clock.now().strftime("%a, %d %b %Y %H:%M:%S %z")
        return [
            {"sid": f"SM{place}", "body": body, "status": "sent", "date_created": made}
            for place, (to, body) in reversed(list(enumerate(self.sms, 1)))
            if to == number
        ]


class Line:
    """The way of one worker to the outside. ``moments``: how many it has left, None: as many as it likes."""

    def __init__(self, outside: Outside, moments: int | None) -> None:
        self._outside = outside
        self._moments = moments
        self.kill: Callable[[], None] = lambda: None
        """kills the worker"""

    def is_the_last(self) -> bool:
        """One more moment has come; when it is the last one the worker dies in it."""
        if self._moments is None:
            return False
        self._moments -= 1
        if self._moments == 0:
            self.kill()
        return self._moments <= 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[tuple[int, int]]:
        """The ports for HTTP and SMTP."""
        loop = asyncio.get_running_loop()
        web = await asyncio.start_server(self._http, "127.0.0.1", 0)
        mail = await loop.create_server(lambda: SMTP(self, hostname="localhost", loop=loop), "127.0.0.1", 0)
        async with web, mail:
            yield web.sockets[0].getsockname()[1], mail.sockets[0].getsockname()[1]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """A mail has come in."""
        if self.is_the_last():
            return "451 nobody is there any more"
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content)
        self._outside.mails.append((str(mail["Message-ID"]), str(mail["Subject"])))
        self.is_the_last()
        return "250 OK"

    async def _http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._answered(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the worker died while it spoke or was spoken to
        finally:
            writer.close()

    async def _answered(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        method, target, _ = first.split()
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        if self.is_the_last():
            return
        status, told = self._outside.answer(method, target, headers, body)
        if self.is_the_last():
            return
        payload = b"" if told is None else json.dumps(told).encode()
        writer.write(
            f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: application/json\r\n"
            f"content-length: {len(payload)}\r\nconnection: close\r\n\r\n".encode()
            + payload
        )
        await writer.drain()
        self.is_the_last()
