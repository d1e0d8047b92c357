"""A caller who says sentences to any bot on Twilio's protocol and measures how soon it answers."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect

from callbot.rehearsal.clips import last_voiced_byte
from callbot.rehearsal.ring import is_voiced
from callbot.speech.codec import FRAME_BYTES, FRAME_MS, SILENCE

_FRAME_S: Final = FRAME_MS / 1000
_QUIET: Final = SILENCE * FRAME_BYTES
_GIVES_UP_S: Final = 15.0
_BETWEEN_S: Final = 1.6
"""from the beginning of an answer to the next sentence: the answer lasts a second"""
_STILL_SPEAKING_S: Final = 0.2
_STREAM: Final = "MZ" + "0" * 32


@dataclass(frozen=True, slots=True)
class Sentence:
    """``sound``: mu-law, 8 kHz. It is not said in the first ``not_before_s`` seconds of the call."""

    sound: bytes
    not_before_s: float


async def waits_of(url: str, script: Sequence[Sentence]) -> list[float | None]:
    """Says each sentence once the bot has answered the one before, and its time has come.

    Milliseconds from the last voiced sample sent to the first voiced one received; None for a sentence that was not
    answered within 15 s, or into which the bot spoke: what it answers is not what was said.
    """
    async with connect(url, ping_interval=None, proxy=None, max_size=2**20) as socket:
        await socket.send(_message("connected", protocol="Call", version="1.0.0"))
        start = {"streamSid": _STREAM, "callSid": "CA" + "0" * 32, "accountSid": "AC" + "0" * 32, "tracks": ["inbound"]}
        await socket.send(_message("start", streamSid=_STREAM, start=start))
        line = _Line(socket)
        sending, receiving = asyncio.create_task(line.send()), asyncio.create_task(line.receive())
        try:
            return [await line.say(sentence) for sentence in script]
        finally:
            for task in (sending, receiving):
                task.cancel()
            await asyncio.gather(sending, receiving, return_exceptions=True)


def _message(event: str, **content: Any) -> str:
    return json.dumps({"event": event, **content})


class _Line:
    """Frames every 20 ms in both directions."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._began = asyncio.get_running_loop().time()
        self._left: list[bytes] = []
        self._voice_ends_in = -1
        self._finished_at = 0.0
        self._answered = asyncio.Event()
        self._answered_at = 0.0
        self._waiting = False
        self._bot_spoke_at = 0.0
        self._spoken_into = False

    async def say(self, each: Sentence) -> float | None:
        """One sentence and its answer."""
        await asyncio.sleep(max(1.0, each.not_before_s) - (asyncio.get_running_loop().time() - self._began))
        sentence = each.sound
        self._answered.clear()
        self._voice_ends_in = last_voiced_byte(sentence) // FRAME_BYTES
        self._left = [
            sentence[at : at + FRAME_BYTES].ljust(FRAME_BYTES, SILENCE) for at in range(0, len(sentence), FRAME_BYTES)
        ]
        try:
            async with asyncio.timeout(len(self._left) * _FRAME_S + _GIVES_UP_S):
                await self._answered.wait()
        except TimeoutError:
            return None
        finally:
            self._waiting = False
        await asyncio.sleep(_BETWEEN_S)
        return None if self._spoken_into else (self._answered_at - self._finished_at) * 1000

    async def send(self) -> None:
        """The phone company's clock."""
        loop = asyncio.get_running_loop()
        began, ticks = loop.time(), 0
        while True:
            frame = self._left.pop(0) if self._left else _QUIET
            payload = base64.b64encode(frame).decode()
            media = {"track": "inbound", "chunk": str(ticks), "timestamp": str(ticks * FRAME_MS), "payload": payload}
            await self._socket.send(_message("media", streamSid=_STREAM, media=media))
            if self._voice_ends_in == 0:
                self._finished_at, self._waiting = loop.time(), True
                self._spoken_into = self._finished_at - self._bot_spoke_at < _STILL_SPEAKING_S
            self._voice_ends_in -= 1
            ticks += 1
            await asyncio.sleep(max(0.0, began + ticks * _FRAME_S - loop.time()))

    async def receive(self) -> None:
        """What the bot says."""
        loop = asyncio.get_running_loop()
        async for raw in self._socket:
            message = json.loads(raw)
            if message["event"] != "media" or not is_voiced(base64.b64decode(message["media"]["payload"])):
                continue
            self._bot_spoke_at = loop.time()
            if self._waiting:
                self._waiting, self._answered_at = False, self._bot_spoke_at
                self._answered.set()
