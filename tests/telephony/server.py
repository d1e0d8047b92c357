"""The telephony router behind a real server on loopback, with scripted parts."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

import httpx
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr

from callbot.settings import Calls, Server, Settings, Twilio
from callbot.telephony.router import Telephony, TelephonyDeps
from callbot.telephony.signatures import SIGNATURE_HEADER, sign
from tests.telephony.fakes import CALL, Answer, Conversations, ScriptedListener, ScriptedVoice, never_complete, new_ear

PUBLIC = "https://bot.example.fr"
KEY = "secret-of-the-account"


@dataclass
class Service:
    """A running service. ``signed``: with an account, so that every request must carry a signature."""

    answer: Answer
    signed: bool = False
    words: list[str | Exception] = field(default_factory=list)
    voice: ScriptedVoice = field(default_factory=lambda: ScriptedVoice(part_s=0.3))
    silent_stream_s: float = 10.0
    port: int = 0

    def __post_init__(self) -> None:
        account = Twilio(auth_token=SecretStr(KEY)) if self.signed else Twilio()
        self.conversations = Conversations(self.answer)
        self.telephony = Telephony(
            TelephonyDeps(
                settings=Settings(
                    server=Server(public_url=PUBLIC if self.signed else ""),
                    twilio=account,
                    calls=Calls(silent_stream_s=self.silent_stream_s),
                ),
                conversations=self.conversations,
                calls=self.conversations,
                new_ear=new_ear,
                listener=ScriptedListener(self.words, takes_s=0.01),
                answers=never_complete,
                voice=self.voice,
                ready=self._ready,
            )
        )
        self.app = FastAPI()
        self.app.include_router(self.telephony.router)

    async def _ready(self) -> Mapping[str, bool]:
        return {}

    @property
    def stream_url(self) -> str:
        """Where the socket is really reached."""
        return f"ws://127.0.0.1:{self.port}/voice/stream"

    def socket_headers(self) -> dict[str, str]:
        """What the phone company signs a handshake with."""
        return {SIGNATURE_HEADER: sign(KEY, PUBLIC.replace("https", "wss") + "/voice/stream")}

    async def post(self, path: str, **form: str) -> httpx.Response:
        """A signed webhook."""
        headers = {SIGNATURE_HEADER: sign(KEY, PUBLIC + path, form.items())} if self.signed else {}
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}") as client:
            return await client.post(path, data=form, headers=headers)

    async def ring(self, path: str = "/voice/incoming", call_id: str = CALL) -> str:
        """Twilio's request for a call; gives the token for the socket."""
        answer = ET.fromstring((await self.post(path, CallSid=call_id)).text)  # noqa: S314 - our own answer
        stream, parameter = answer.find("Connect/Stream"), answer.find("Connect/Stream/Parameter")
        assert stream is not None
        assert parameter is not None
        assert (stream.get("url") or "").endswith("/voice/stream")
        return parameter.get("value") or ""


class _Announced(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


@asynccontextmanager
async def running(service: Service) -> AsyncIterator[Service]:
    """Serve until the test is done."""
    config = uvicorn.Config(service.app, host="127.0.0.1", port=0, log_level="error", lifespan="off")
    server = _Announced(config)
    serving = asyncio.create_task(server.serve())
    await server.up.wait()
    service.port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield service
    finally:
        server.should_exit = True
        await serving
        await service.telephony.aclose()
