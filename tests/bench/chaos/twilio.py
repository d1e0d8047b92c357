"""The phone company's REST interface at the network's edge: keeps what it took, can be slow, cut off or cross."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

ACCOUNT = "AC" + "c" * 32
TOKEN = "token-of-nobody"
SENDER = "+33491000000"
SLOW_S = 25.0
"""longer than anybody waits: the service gives up on it, and the message was taken all the same"""


_NETWORK_S = 0.2
"""on the way to it; two who send the same at once would both have sent it"""


class Mood(StrEnum):
    """How requests are answered."""

    WELL = "well"
    SLOW = "slow"
    """taken at once, the answer comes when nobody waits for it any more"""
    CUT = "cut"
    """the line breaks: before the message is taken, or when it was and only the answer is lost, in turn"""
    TOO_MANY = "too many"
    """429, nothing is taken"""
    FAILING = "failing"
    """500: nothing is taken, or the message was, in turn"""


@dataclass
class Twilio:
    """What was taken, in order: number, text and moment; its place in the list is its id."""

    mood: Mood = Mood.WELL
    taken: list[tuple[str, str, datetime]] = field(default_factory=list)
    asked: int = 0
    """requests that came while it did not answer well"""
    url: str = ""

    def sms_of(self, number: str, words: str) -> int:
        """How many SMS to ``number`` hold ``words``."""
        return sum(to == number and words in body for to, body, _ in self.taken)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Twilio]:
        """Listens at ``url`` until the block ends."""
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._answered(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # who asked died while it spoke or was spoken to, or did not wait
        finally:
            writer.close()

    async def _answered(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        method, target, _ = first.split()
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines if line)}
        body = (await reader.readexactly(int(headers.get("content-length", "0")))).decode()
        status, told = await self._answer(method, target, body)
        if status is None:
            return
        payload = json.dumps(told).encode()
        writer.write(
            f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: application/json\r\n"
            f"content-length: {len(payload)}\r\nconnection: close\r\n\r\n".encode()
            + payload
        )
        await writer.drain()

    async def _answer(self, method: str, target: str, body: str) -> tuple[HTTPStatus | None, object]:
        """Status and JSON; without a status the line is cut."""
        mood = self.mood
        self.asked += mood is not Mood.WELL
        await asyncio.sleep(_NETWORK_S)
        takes_it = mood in (Mood.WELL, Mood.SLOW) or (mood in (Mood.CUT, Mood.FAILING) and self.asked % 2 == 0)
        told = self._done(method, target, body) if takes_it else {}
        match mood:
            case Mood.SLOW:
                await asyncio.sleep(SLOW_S)
            case Mood.CUT:
                return None, {}
            case Mood.TOO_MANY:
                return HTTPStatus.TOO_MANY_REQUESTS, {"code": 20429, "status": 429, "message": "Too Many Requests"}
            case Mood.FAILING:
                return HTTPStatus.INTERNAL_SERVER_ERROR, {"code": 20500, "status": 500, "message": "Server Error"}
            case Mood.WELL:
                pass
        return (HTTPStatus.OK if method == "GET" else HTTPStatus.CREATED), told

    def _done(self, method: str, target: str, body: str) -> object:
        if method == "GET":
            [to] = parse_qs(urlsplit(target).query)["To"]
            return {"messages": self._sent_to(to), "next_page_uri": None}
        asked = parse_qs(body)
        self.taken.append((asked["To"][0], asked["Body"][0], datetime.now(UTC)))
        return {"sid": f"SM{len(self.taken):032d}", "status": "queued"}

    def _sent_to(self, number: str) -> list[dict[str, str]]:
        """The messages to a number, latest first, as Twilio lists them."""
        return [
            {"sid": f"SM{place:032d}", "body": body, "status": "sent", "date_created": f"{at:%a, %d %b %Y %H:%M:%S %z}"}
            for place, (to, body, at) in reversed(list(enumerate(self.taken, 1)))
            if to == number
        ]
