"""Workers that can be killed, and a phone company that asks the next one, as Twilio does."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

import callbot
from callbot.dialogue.acts import Act
from callbot.domain.events import Event, Prompted
from callbot.privacy import load_key_ring
from callbot.rehearsal.carrier import Messages, new_sid
from callbot.settings import Settings
from callbot.speech.codec import SILENT_FRAME
from callbot.storage import Storage
from tests.e2e.worker import SPOKEN
from tests.telephony.fakes import VOICE_FRAME

ROOT = Path(callbot.__file__).parents[1]
CALLER = "+33612345678"
OTHER_PHONE = "0698765432"
ANSWERS_WITHIN_S = 30.0
SECOND = 50
"""frames"""

TYPED = {
    Act.ASK_COMMUNE: "13006",
    Act.ASK_NUMBER: "12#",
    Act.CONFIRM_ADDRESS: "1",
    Act.OFFER_DATES: "1",
    Act.RECAP: "1",
    Act.ASK_WHOSE: "2",  # asked where a neighbour of the house has booked
}
QUESTIONS = (
    Act.ASK_NEED, Act.ASK_COMMUNE, Act.ASK_ADDRESS, Act.ASK_NUMBER, Act.CONFIRM_ADDRESS, Act.OFFER_DATES,
    Act.CONFIRM_PHONE, Act.ASK_PHONE, Act.RECAP,
)  # fmt: skip
"""of the call these tests make, in order; the phone is confirmed again after it was asked"""

T = TypeVar("T")


@dataclass(frozen=True)
class Worker:
    """A running worker."""

    pid: int
    port: int

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    def kill(self) -> None:
        """``kill -9``."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def post(self, path: str, **form: str) -> ET.Element | None:
        """A webhook; None when the worker died over it."""
        try:
            response = httpx.post(f"http://127.0.0.1:{self.port}{path}", data=form, timeout=ANSWERS_WITHIN_S)
        except (httpx.RemoteProtocolError, httpx.ReadError):
            return None
        response.raise_for_status()
        return ET.fromstring(response.text or "<Response/>")  # noqa: S314 - our own answer


@dataclass
class Mother:
    """Forks workers."""

    process: subprocess.Popen[str]

    def worker(self, url: str, deadly: str = "") -> Worker:
        """Another worker on the database; ``deadly``: see ``worker.py``."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{url} {deadly}\n")
        self.process.stdin.flush()
        pid, port = self.process.stdout.readline().split()
        return Worker(int(pid), int(port))


@contextmanager
def mother(data_dir: Path) -> Iterator[Mother]:
    """The process that forks workers."""
    command = [sys.executable, "-m", "tests.e2e.worker", str(data_dir)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": "."},
    ) as process:
        try:
            yield Mother(process)
        finally:
            process.kill()


@contextmanager
def served() -> Iterator[Worker]:
    """``callbot serve`` on a free port; killed in the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-c", "from callbot.cli import main; main()", "serve"]
    environment = {**os.environ, "CALLBOT_SERVER__PORT": str(port)}
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stderr is not None
            assert any("is listening" in line for line in process.stderr), "callbot serve did not start"
            yield Worker(process.pid, port)
        finally:
            process.kill()


@dataclass
class Town:
    """Workers on one database, of which one at a time answers."""

    mother: Mother | None
    """None: workers come from elsewhere"""
    data_dir: Path
    url: str
    workers: list[Worker] = field(default_factory=list)

    def start(self, deadly: str = "") -> Worker:
        """Another worker answers from now on."""
        assert self.mother is not None
        self.workers.append(self.mother.worker(self.url, deadly))
        return self.workers[-1]

    @property
    def worker(self) -> Worker:
        """The one that answers."""
        return self.workers[-1]

    def kill_and_replace(self) -> None:
        """``kill -9``, and another one answers."""
        self.worker.kill()
        self.start()

    def read(self, reading: Callable[[Storage], Awaitable[T]]) -> T:
        """What the database says."""

        keys = load_key_ring(Settings(data_dir=self.data_dir))

        async def read() -> T:
            async with await Storage.open(self.url, keys) as storage:
                found = await reading(storage)
            await asyncio.sleep(0)  # aiosqlite ends its threads a moment after the close
            return found

        return asyncio.run(read())

    def events(self, call_id: str) -> list[Event]:
        """What is stored of a call."""
        return self.read(lambda storage: storage.events.events(call_id))


@dataclass
class Caller:
    """Books by phone: answers each question once it was asked."""

    town: Town
    call_id: str = field(default_factory=lambda: new_sid("CA"))
    asked: list[Act] = field(default_factory=list)
    number: str = CALLER
    phone: str = OTHER_PHONE
    """to be called at, another one than ``number``"""

    def typed(self, act: Act) -> str:
        """The keys that answer ``act``; the first number read back is refused."""
        if act is Act.CONFIRM_PHONE:
            return "1" if Act.ASK_PHONE in self.asked else "2"
        return self.phone if act is Act.ASK_PHONE else TYPED[act]

    def post(self, path: str, **form: str) -> ET.Element | None:
        """A webhook of this call."""
        return self.town.worker.post(
            path, **{"CallSid": self.call_id, "From": self.number, "CallStatus": "in-progress", **form}
        )

    def sure(self, path: str, **form: str) -> ET.Element:
        """A webhook; when the worker dies over it, the next one is asked the same."""
        answer = self.post(path, **form)
        if answer is None:
            self.town.start()
            answer = self.post(path, **form)
        assert answer is not None
        return answer


@dataclass
class TurnCaller(Caller):
    """Turn by turn over webhooks."""

    answer: ET.Element = field(default_factory=lambda: ET.Element("Response"))

    def ring(self) -> Act:
        """The first turn; gives the question."""
        self.answer = self.sure("/voice/turn")
        return self._question()

    def reply(self, act: Act) -> Act:
        """Answers ``act``; gives the next question, or the last thing said."""
        self.asked.append(act)
        action = self.answer.findall("Gather")[-1].get("action") or ""
        path = "/voice/turn" + action.partition("/voice/turn")[2]
        if act in SPOKEN:
            self.answer = self.sure(path, SpeechResult=SPOKEN[act])
        else:
            self.answer = self.sure(path, Digits=self.typed(act).rstrip("#"))
        return self._question()

    @property
    def over(self) -> bool:
        """True when nothing more is asked."""
        return self.answer.find("Hangup") is not None or self.answer.find("Dial") is not None

    @property
    def said(self) -> str:
        """What the last answer said."""
        return " ".join(sentence.text or "" for sentence in self.answer.iter("Say"))

    def _question(self) -> Act:
        prompts = [event for event in self.town.events(self.call_id) if isinstance(event, Prompted)]
        return Act(prompts[-1].act)


@dataclass
class StreamCaller(Caller):
    """Over the media stream; what the bot says is heard at once, and marked as heard."""

    heard: list[Act] = field(default_factory=list)

    def ring(self) -> ET.Element:
        """The call comes in."""
        return self.sure("/voice/incoming")

    @contextmanager
    def connected(self, answer: ET.Element) -> Iterator[ClientConnection]:
        """The stream that ``answer`` asks for."""
        stream, parameter = answer.find("Connect/Stream"), answer.find("Connect/Stream/Parameter")
        assert stream is not None
        assert parameter is not None
        url = f"ws://127.0.0.1:{self.town.worker.port}/voice/stream"
        self._messages = Messages(self.call_id, new_sid("AC"))
        with connect(url, proxy=None) as socket:
            socket.send(self._messages.connected())
            socket.send(self._messages.start({"token": parameter.get("value") or ""}))
            yield socket

    def talk(self, socket: ClientConnection, until: Act | None = None) -> None:
        """Answers questions until ``until`` is heard, or the bot closes the stream."""
        while True:
            try:
                act = self._next_mark(socket)
            except ConnectionClosed:
                return
            self.heard.append(act)
            if act is until:
                return
            self.reply(socket, act)

    def reply(self, socket: ClientConnection, act: Act) -> None:
        """Answers ``act`` if it is a question."""
        if act not in QUESTIONS and act is not Act.ASK_WHOSE:
            return
        self.asked.append(act)
        if act in SPOKEN:
            for frame in [VOICE_FRAME] * SECOND + [SILENT_FRAME] * (3 * SECOND):
                socket.send(self._messages.media(frame, 0))
        else:
            for key in self.typed(act):
                socket.send(self._messages.dtmf(key))

    def breathe(self, socket: ClientConnection) -> None:
        """A frame of silence: the line is there."""
        socket.send(self._messages.media(SILENT_FRAME, 0))

    def _next_mark(self, socket: ClientConnection) -> Act:
        while True:
            message = httpx.Response(200, content=socket.recv(timeout=ANSWERS_WITHIN_S)).json()
            if message["event"] == "mark":
                socket.send(self._messages.mark(message["mark"]["name"]))
                return Act(message["mark"]["name"].partition(":")[0])
