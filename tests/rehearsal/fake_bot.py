"""A tiny service that speaks the phone company's protocol: it plays tones for prompts and hears only loud or quiet."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import uvicorn
from fastapi import FastAPI, Request, Response, WebSocket

from callbot.rehearsal.ring import is_voiced
from callbot.speech.codec import pcm_to_mulaw, samples_to_pcm

QUIET_FRAMES = 10


def tone(ms: int) -> bytes:
    samples = 0.2 * np.sin(2 * np.pi * 500 * np.arange(8 * ms) / 8000)
    return pcm_to_mulaw(samples_to_pcm(samples.astype(np.float32)))


@dataclass
class FakeBot:
    """``script``: prompts (mark and ms of tone) said at the start and after each answer or key; then it closes.

    ``afterwards``: the TwiML of ``/voice/after-stream``, one for each stream that ends. ``clears_on_voice``: barge-in.
    """

    script: list[list[tuple[str, int]]]
    afterwards: list[str] = field(default_factory=lambda: ["<Response><Hangup/></Response>"])
    clears_on_voice: bool = False
    posts: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    frames: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    def app(self) -> FastAPI:
        app = FastAPI()
        app.post("/voice/incoming")(self.incoming)
        app.post("/voice/after-stream")(self.after_stream)
        app.post("/voice/status")(self.status)
        app.websocket("/voice/stream")(self.stream)
        return app

    async def incoming(self, request: Request) -> Response:
        await self._note(request)
        return self._xml(self.connect())

    async def after_stream(self, request: Request) -> Response:
        await self._note(request)
        return self._xml(self.afterwards.pop(0))

    async def status(self, request: Request) -> Response:
        await self._note(request)
        return Response(status_code=204)

    def connect(self) -> str:
        stream = self.url.replace("http", "ws") + "/voice/stream"
        parameter = '<Parameter name="token" value="once"/>'
        connect = f'<Connect action="/voice/after-stream"><Stream url="{stream}">{parameter}</Stream></Connect>'
        return f"<Response>{connect}</Response>"

    async def stream(self, socket: WebSocket) -> None:
        await socket.accept()
        talk = _Talk(self, socket)
        async for text in socket.iter_text():
            frame = json.loads(text)
            if frame["event"] != "media":
                self.frames.append(frame)
            if frame["event"] == "stop" or await talk.take(frame):
                break
        await socket.close()

    async def _note(self, request: Request) -> None:
        form = {name: str(value) for name, value in (await request.form()).items()}
        self.posts.append((request.url.path, form, request.headers.get("x-twilio-signature", "")))

    def _xml(self, text: str) -> Response:
        return Response(text, media_type="application/xml")

    def events(self, name: str) -> list[dict[str, Any]]:
        return [frame for frame in self.frames if frame["event"] == name]


class _Talk:
    """One stream."""

    def __init__(self, bot: FakeBot, socket: WebSocket) -> None:
        self._bot, self._socket = bot, socket
        self._rest = list(bot.script)
        self._awaited = ""
        self._voiced, self._quiet = False, 0

    async def take(self, frame: dict[str, Any]) -> bool:
        """True when the call is over."""
        match frame["event"]:
            case "start":
                await self._say()
            case "dtmf":
                await self._say()
            case "mark":
                return not self._rest and frame["mark"]["name"] == self._awaited
            case "media":
                await self._hear(base64.b64decode(frame["media"]["payload"]))
        return False

    async def _hear(self, sound: bytes) -> None:
        if is_voiced(sound):
            if not self._voiced and self._bot.clears_on_voice:
                await self._send({"event": "clear"})
            self._voiced, self._quiet = True, 0
            return
        self._quiet += 1
        if self._voiced and self._quiet == QUIET_FRAMES and self._rest:
            self._voiced = False
            await self._say()

    async def _say(self) -> None:
        for mark, ms in self._rest.pop(0):
            payload = base64.b64encode(tone(ms)).decode()
            await self._send({"event": "media", "media": {"payload": payload}})
            await self._send({"event": "mark", "mark": {"name": mark}})
            self._awaited = mark

    async def _send(self, body: dict[str, Any]) -> None:
        await self._socket.send_text(json.dumps(body))


@asynccontextmanager
async def serving(bot: FakeBot) -> AsyncIterator[FakeBot]:
    config = uvicorn.Config(
        bot.app(), port=0, log_level="error", ws="websockets-sansio", lifespan="off", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    sockets = [config.bind_socket()]
    bot.url = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
    task = asyncio.create_task(server.serve(sockets))
    try:
        yield bot
    finally:
        server.should_exit = True
        await task
