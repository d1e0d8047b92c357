"""Scripted stand-ins at the seams of a phone call, and a clock that jumps."""

from __future__ import annotations

import asyncio
import base64
import json
import selectors
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from callbot.dialogue.acts import Act, ChannelAct, Say
from callbot.dialogue.completeness import Completeness
from callbot.domain.events import CallAnswered, CallerSpoke, Ended, EndReason, Event, Prompted
from callbot.domain.meaning import Expectation
from callbot.domain.personal import PhoneNumber
from callbot.speech.codec import FRAME_BYTES, SILENT_FRAME
from callbot.speech.turns import CallerEar
from callbot.speech.voice import PLAIN, Manner
from callbot.telephony.frames import FrameOrder, Start
from callbot.telephony.media_call import CallParts, Incoming, Limits, MediaCall
from callbot.telephony.ports import Ticket
from callbot.telephony.timing import ListTimings

T = TypeVar("T")

STREAM = "MZ00000000000000000000000000000001"
CALL = "CA00000000000000000000000000000001"
VOICE_FRAME = b"\x10" * FRAME_BYTES


class _JumpingSelector(selectors.SelectSelector):
    """Nothing real is ever waited for: time jumps to the next timer."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "every task waits for ever"
            self.now += max(0.0, timeout)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock jumps: seconds of a call pass in milliseconds."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


def in_virtual_time(main: Coroutine[Any, Any, T]) -> T:
    """Run ``main`` and check that it leaves no task behind."""

    async def watched() -> T:
        result = await main
        await asyncio.sleep(0)
        left = [task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        assert left == [], f"tasks left behind: {left}"
        return result

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(watched())


def say(act: Act, *parts: str, expect: Expectation | None = None, interruptible: bool = True) -> Say:
    """A prompt."""
    return Say(act, parts or (f"{act.value} ?",), expect, interruptible)


Answer = Callable[[Event], Sequence[ChannelAct]]


class ScriptedConversation:
    """Answers events with what the test's function says and keeps them all."""

    def __init__(self, answer: Answer, call_id: str = CALL, prompt_count: int = 0) -> None:
        self._answer = answer
        self._call_id = call_id
        self.prompt_count = prompt_count
        self.events: list[Event] = []
        self.sounds: list[object | None] = []
        self.foreseen: list[tuple[CallerSpoke, object]] = []
        self.closed: list[EndReason] = []
        self.is_closed = asyncio.Event()

    @property
    def call_id(self) -> str:
        return self._call_id

    async def begin(self, caller: PhoneNumber | None, *, resumed: bool = False) -> list[ChannelAct]:
        return await self.handle(CallAnswered(caller, resumed=resumed))

    async def handle(self, event: Event, sound: object | None = None) -> list[ChannelAct]:
        self.events.append(event)
        self.sounds.append(sound)
        if isinstance(event, Prompted):
            self.prompt_count += 1
        return list(self._answer(event))

    def foresee(self, spoke: CallerSpoke, sound: object) -> None:
        self.foreseen.append((spoke, sound))

    async def close(self, reason: EndReason) -> None:
        if not self.closed:
            self.closed.append(reason)
            self.events.append(Ended(reason))
        self.is_closed.set()

    def of(self, kind: type[Event]) -> list[Event]:
        """Events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]


class Conversations:
    """Opens scripted conversations, one an id, and reads their events."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.known: dict[str, ScriptedConversation] = {}

    async def open(self, call_id: str) -> ScriptedConversation:
        return self.known.setdefault(call_id, ScriptedConversation(self._answer, call_id))

    async def events(self, call_id: str) -> list[Event]:
        return list(self.known[call_id].events) if call_id in self.known else []


class LoudDetector:
    """Every frame that is not silence is a voice."""

    def hear(self, frame: bytes | None) -> bool:
        return frame not in (None, SILENT_FRAME)


def new_ear() -> CallerEar:
    """The real ear with a detector that needs no model."""
    return CallerEar(LoudDetector())


@dataclass(frozen=True)
class Words:
    """What the scripted engine heard."""

    text: str
    hypotheses: Sequence[str] = ()
    confidence: float = 0.9
    sound: object | None = None
    language: str = ""


@dataclass
class ScriptedListener:
    """Gives ``words`` one after the other, each after ``takes_s``; an exception is raised."""

    words: Iterable[str | Exception]
    takes_s: float = 0.1
    asked: list[Say | None] = field(default_factory=list)
    given_up: int = 0

    def __post_init__(self) -> None:
        self._words = iter(self.words)

    async def listen(self, audio: bytes, voiced_ms: int, question: Say | None) -> Words:
        self.asked.append(question)
        try:
            await asyncio.sleep(self.takes_s)
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        text = next(self._words)
        if isinstance(text, Exception):
            raise text
        return Words(text, (text,), sound=f"sound of {text}")


@dataclass
class ScriptedVoice:
    """Speaks each part for ``part_s`` seconds, after ``takes_s`` of rendering; parts in ``fails`` raise."""

    part_s: float = 1.0
    takes_s: float = 0.0
    fails: frozenset[str] = frozenset()
    said: list[tuple[str, Manner]] = field(default_factory=list)

    def breaths(self, parts: Sequence[str], manner: Manner = PLAIN) -> tuple[str, ...]:
        return tuple(parts)

    async def render(self, text: str, manner: Manner = PLAIN) -> bytes:
        self.said.append((text, manner))
        if self.takes_s:
            await asyncio.sleep(self.takes_s)
        if text in self.fails or "*" in self.fails:
            raise RuntimeError("voice broken")
        return b"\x55" * round(self.part_s * 8000)


def never_complete(text: str, question: Say) -> Completeness:
    """No answer ends its turn early."""
    return Completeness.OPEN


@dataclass(frozen=True)
class Sent:
    """A message of ours and when it went out."""

    at: float
    body: dict[str, Any]

    @property
    def event(self) -> str:
        return str(self.body["event"])


class PhoneCompany:
    """The other side of the line: plays what it gets in real time, returns marks, sends the caller's frames."""

    def __init__(self, *, marks: bool = True, marks_on_clear: bool = True) -> None:
        self._marks = marks
        self._marks_on_clear = marks_on_clear
        self._to_bot: asyncio.Queue[str | bytes | None] = asyncio.Queue()
        self._plays_until = 0.0
        self._pending: list[str] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.sent: list[Sent] = []

    # ---- as a Line ----

    async def receive(self) -> str | bytes | None:
        return await self._to_bot.get()

    async def send(self, message: str) -> None:
        body = json.loads(message)
        now = asyncio.get_running_loop().time()
        self.sent.append(Sent(now, body))
        match body["event"]:
            case "media":
                duration = len(base64.b64decode(body["media"]["payload"])) / 8000
                self._plays_until = max(self._plays_until, now) + duration
            case "mark" if self._marks:
                self._pending.append(body["mark"]["name"])
                self._task(self._return_mark(body["mark"]["name"], max(0.0, self._plays_until - now)))
            case "clear":
                self._plays_until = now
                cleared, self._pending = self._pending, []
                for name in cleared if self._marks_on_clear else ():
                    self._frame("mark", mark={"name": name})

    # ---- as the test's hand ----

    async def speak(self, seconds: float, frame: bytes = VOICE_FRAME) -> None:
        """The caller's sound in real time."""
        for _ in range(round(seconds * 50)):
            self.media(frame)
            await asyncio.sleep(0.02)

    async def quiet(self, seconds: float) -> None:
        """Silence in real time."""
        await self.speak(seconds, SILENT_FRAME)

    def media(self, sound: bytes) -> None:
        """One frame of sound."""
        payload = base64.b64encode(sound).decode()
        self._frame("media", media={"track": "inbound", "chunk": "1", "timestamp": "20", "payload": payload})

    def press(self, keys: str) -> None:
        """Keys, one right after the other."""
        for key in keys:
            self._frame("dtmf", dtmf={"track": "inbound_track", "digit": key})

    def stop(self) -> None:
        """The caller hangs up."""
        self._frame("stop", stop={"callSid": CALL})

    def raw(self, message: str | bytes | None) -> None:
        """Anything; None closes the socket."""
        self._to_bot.put_nowait(message)

    async def until(self, condition: Callable[[], object], within_s: float = 60.0) -> None:
        """Stream silence until ``condition`` holds."""
        loop = asyncio.get_running_loop()
        limit = loop.time() + within_s
        while not condition():
            assert loop.time() < limit, "it never happened"
            await self.quiet(0.02)

    def count(self, event: str) -> int:
        """Messages of ours of this kind."""
        return sum(sent.event == event for sent in self.sent)

    @property
    def marks(self) -> list[str]:
        """Names of the marks we sent, in order."""
        return [str(sent.body["mark"]["name"]) for sent in self.sent if sent.event == "mark"]

    async def hang_up(self) -> None:
        """Forget what is still to come."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _return_mark(self, name: str, after_s: float) -> None:
        await asyncio.sleep(after_s)
        if name in self._pending:
            self._pending.remove(name)
            self._frame("mark", mark={"name": name})

    def _frame(self, event: str, **fields: object) -> None:
        self._to_bot.put_nowait(json.dumps({"event": event, "sequenceNumber": "1", "streamSid": STREAM, **fields}))

    def _task(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


@dataclass
class Bench:
    """A call set up for a test: parts that may be changed before ``run``."""

    conversation: ScriptedConversation
    line: PhoneCompany = field(default_factory=PhoneCompany)
    listener: ScriptedListener = field(default_factory=lambda: ScriptedListener(()))
    voice: ScriptedVoice = field(default_factory=ScriptedVoice)
    answers: Callable[[str, Say], Completeness] = never_complete
    timings: ListTimings = field(default_factory=ListTimings)
    limits: Limits = field(default_factory=lambda: Limits(longest_s=900, silent_stream_s=10))
    resumed: bool = False
    caller: PhoneNumber | None = None

    def call(self) -> MediaCall:
        """The call, not yet running."""
        order = FrameOrder()
        order.admit(Start(STREAM, CALL, {}))
        clock = asyncio.get_running_loop().time
        parts = CallParts(new_ear, self.listener, self.answers, self.voice, self.timings, self.limits, clock)
        incoming = Incoming(self.line, order, STREAM, Ticket(CALL, self.caller, self.resumed))
        return MediaCall(incoming, self.conversation, parts)

    def run(self, caller: Callable[[], Awaitable[None]]) -> EndReason:
        """The whole call in virtual time, ``caller`` acting on the other side."""

        async def both() -> EndReason:
            running = asyncio.create_task(self.call().run())
            acting = asyncio.ensure_future(caller())
            reason = await running
            acting.cancel()
            results = await asyncio.gather(acting, return_exceptions=True)
            for result in results:
                if isinstance(result, AssertionError):
                    raise result
            await self.line.hang_up()
            return reason

        return in_virtual_time(both())
