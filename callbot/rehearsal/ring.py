"""Rings the service from outside, over HTTP and the media socket, in real time, as the phone company does."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from callbot.rehearsal.caller import Caller, Deed, Mouth, Speak
from callbot.rehearsal.carrier import Carrier, Messages, RingError
from callbot.rehearsal.clips import Clips
from callbot.rehearsal.mind import STATEMENTS, Leave, PressKeys
from callbot.rehearsal.playback import Playback
from callbot.rehearsal.recording import Recording
from callbot.rehearsal.report import CallReport, End, Line, Turn, Who
from callbot.rehearsal.scenario import Interruption, Scenario
from callbot.rehearsal.truth import HeardPrompt, Observer
from callbot.rehearsal.twiml import ConnectStream, Dial
from callbot.speech.codec import FRAME_MS, mulaw_to_pcm, pcm_to_samples

OnLine = Callable[[Line], None]

_VOICED_DBFS: Final = -45.0
_STREAMS_AT_MOST: Final = 3
_FRAME_S: Final = FRAME_MS / 1000


async def ring(
    url: str,
    scenario: Scenario,
    clips: Clips,
    observer: Observer | None = None,
    on_line: OnLine = lambda line: None,
    *,
    call: int = 0,
    seed: int = 0,
    references: tuple[str, ...] = (),
    token: str = "",
    recording: Recording | None = None,
) -> CallReport:
    """Ring the service at ``url`` as ``scenario`` says, its ``call``-th call, and live through it to the end.

    ``observer`` notes the bot's words for the caller (None: read-backs are trusted); ``token`` signs as Twilio does;
    ``recording`` takes the sound of both; ``seed`` chooses between ways to answer, ``references`` are those of bookings
    given. Raises ``RingError`` when the service does not answer as a service should.
    """
    carrier = Carrier(url, scenario.caller, token=token)
    caller = Caller(scenario, scenario.calls[call], clips, seed, references)
    ringing = _Ringing(carrier, caller, observer, on_line, recording)
    try:
        await ringing.live_through()
    finally:
        ringing.report.seconds = ringing.elapsed()
        ringing.report.unplanned = caller.unplanned
    await carrier.completed(ringing.report.seconds)
    return ringing.report


def is_voiced(sound: bytes) -> bool:
    """True when this piece of mu-law is more than the hiss of a line."""
    samples = pcm_to_samples(mulaw_to_pcm(sound)).astype(np.float64)
    return bool(samples.size) and float((samples**2).mean()) > 10 ** (_VOICED_DBFS / 10)


@dataclass(slots=True)
class _Ringing:
    """One call from the ringing to its end; streams follow each other in it."""

    carrier: Carrier
    caller: Caller
    observer: Observer | None
    on_line: OnLine
    recording: Recording | None
    report: CallReport = field(init=False)
    began: float = field(init=False)
    _noted: int = 0

    def __post_init__(self) -> None:
        self.report = CallReport(self.carrier.call_sid)
        self.began = _now()

    def elapsed(self) -> float:
        """Seconds since the phone rang."""
        return _now() - self.began

    def say(self, who: Who, text: str, act: str = "") -> None:
        """One more line of the transcript."""
        line = Line(who, self.elapsed(), text, act)
        self.report.lines.append(line)
        self.on_line(line)

    async def words_of(self, number: int) -> HeardPrompt | None:
        """The words of a prompt that was heard; those before it that were cut off are noted on the way."""
        if self.observer is None:
            return None
        for missing in range(self._noted + 1, number):
            if cut := await self.observer.prompt(self.carrier.call_sid, missing):
                self.say(Who.BOT, f"{cut.text} [coupé]", cut.act)
        self._noted = number
        return await self.observer.prompt(self.carrier.call_sid, number)

    async def live_through(self) -> None:
        verb = await self.carrier.incoming()
        while isinstance(verb, ConnectStream):
            if self.report.streams == _STREAMS_AT_MOST:
                raise RingError("the service opens one stream after the other")
            self.report.streams += 1
            end = await _Stream(self, verb).run()
            if not verb.action:
                raise RingError("<Connect> without an action: the line would be dead after the stream")
            verb = await self.carrier.after_stream(verb.action, caller_left=end is not None)
            if end is not None:
                self._over(end, "L'appelant raccroche.")
                return
        if isinstance(verb, Dial):
            self._over(End.DIAL, "Mise en relation avec une personne.")
        else:
            self._over(End.HANG_UP, "Fin de l'appel.")

    def _over(self, end: End, text: str) -> None:
        self.report.end = end
        self.say(Who.LINE, text)


class _Stream:
    """One media stream: a clock that sends a frame every 20 ms, a reader, and a mind that follows the marks."""

    def __init__(self, ringing: _Ringing, connect_to: ConnectStream) -> None:
        self._ringing = ringing
        self._connect_to = connect_to
        self._caller = ringing.caller
        self._report = ringing.report
        self._recording = ringing.recording
        self._messages = Messages(ringing.carrier.call_sid, ringing.carrier.account_sid)
        self._playback = Playback()
        self._mouth = Mouth(ringing.caller.scenario.manners.noise_db)
        self._heard: asyncio.Queue[str] = asyncio.Queue()
        self._intends: tuple[Deed, float] | None = None
        self._interruption: Interruption | None = None
        self._answering = ""
        self._opened = 0.0

    async def run(self) -> End | None:
        """Live through the stream; None when the service closed it, else why the caller left."""
        url = self._connect_to.url
        try:
            async with connect(
                url,
                additional_headers=self._ringing.carrier.socket_headers(url),
                ping_interval=None,
                proxy=None,
                max_size=2**20,
            ) as socket:
                return await self._talk(socket)
        except ConnectionClosed:
            return None
        except (OSError, WebSocketException) as error:
            raise RingError(f"the stream at {url} cannot be opened: {type(error).__name__}") from None

    async def _talk(self, socket: ClientConnection) -> End | None:
        await socket.send(self._messages.connected())
        await socket.send(self._messages.start(self._connect_to.parameters))
        self._opened = _now()
        helpers = [asyncio.create_task(self._receive(socket)), asyncio.create_task(self._follow())]
        clock = asyncio.create_task(self._keep_time(socket))
        try:
            await asyncio.wait([clock, *helpers], return_when=asyncio.FIRST_COMPLETED)
            for task in (*helpers, clock):
                if task.done():
                    return task.result()
            return None
        finally:
            for task in (clock, *helpers):
                task.cancel()
            await asyncio.gather(clock, *helpers, return_exceptions=True)

    async def _keep_time(self, socket: ClientConnection) -> End | None:
        """The phone company's clock: marks that are due, what the caller does, and a frame, every 20 ms."""
        ticks = 0
        while True:
            now = _now()
            for mark in self._playback.played(now):
                await self._return_mark(socket, mark)
                self._heard.put_nowait(mark)
            if (end := await self._act(socket, now)) is not None:
                await socket.send(self._messages.stop())
                return end
            frame = self._mouth.frame(now)
            if self._recording:
                self._recording.said(self._opened + ticks * _FRAME_S - self._ringing.began, frame)
            await socket.send(self._messages.media(frame, ticks * FRAME_MS))
            ticks += 1
            await asyncio.sleep(max(0.0, self._opened + ticks * _FRAME_S - _now()))

    async def _act(self, socket: ClientConnection, now: float) -> End | None:
        if self._ringing.elapsed() > self._caller.scenario.longest_s:
            return End.TOO_LONG
        self._maybe_interrupt(now)
        if self._intends is None or self._mouth.speaking:
            return None
        deed, due = self._intends
        if now < due or self._playback.playing(now):
            return None
        self._intends = None
        return await self._do(socket, deed)

    def _maybe_interrupt(self, now: float) -> None:
        planned = self._interruption
        if planned and self._playback.playing(now) and now >= self._playback.began_at + planned.ms / 1000:
            self._interruption = None
            self._speak(self._caller.interrupt(planned))

    async def _do(self, socket: ClientConnection, deed: Deed) -> End | None:
        match deed:
            case Speak():
                self._speak(deed)
            case PressKeys(keys):
                self._report.deeds += 1
                self._ringing.say(Who.LINE, f"[touche {' '.join(keys)}]")
                for key in keys:
                    await socket.send(self._messages.dtmf(key))
            case Leave():
                self._report.deeds += 1
                return End.CALLER_LEFT
        return None

    def _speak(self, deed: Speak) -> None:
        self._mouth.speak(deed)
        if deed.words:
            self._report.utterances += 1
            self._report.deeds += 1
        self._ringing.say(Who.CALLER, deed.words or "[bruit]")

    async def _receive(self, socket: ClientConnection) -> None:
        """Everything the service sends, until it closes."""
        async for message in socket:
            now = _now()
            match _read(message):
                case "media", payload:
                    self._take_sound(base64.b64decode(payload), now)
                case "mark", name:
                    self._playback.mark(name, now)
                case _:
                    self._report.clears += 1
                    if self._recording:
                        self._recording.cleared(now - self._ringing.began)
                    for mark in self._playback.clear(now):
                        await self._return_mark(socket, mark)

    async def _return_mark(self, socket: ClientConnection, name: str) -> None:
        with contextlib.suppress(ConnectionClosed):
            await socket.send(self._messages.mark(name))

    def _take_sound(self, sound: bytes, now: float) -> None:
        starts = self._playback.add(sound, now)
        if self._recording:
            self._recording.played(starts - self._ringing.began, sound)
        if not is_voiced(sound):
            return
        if self._report.greeting_ms is None:
            self._report.greeting_ms = (now - self._opened) * 1000
        if self._mouth.finished_at is not None:
            self._report.turns.append(Turn(self._answering, (now - self._mouth.finished_at) * 1000))
            self._mouth.finished_at = None

    async def _follow(self) -> None:
        """The caller's mind: hears prompt after prompt and makes up an answer to each question."""
        while True:
            mark = await self._heard.get()
            self._report.marks.append(mark)
            act, _, number = mark.partition(":")
            prompt = await self._ringing.words_of(int(number)) if number.isdigit() else None
            self._ringing.say(Who.BOT, prompt.text if prompt else f"[{act}]", act)
            self._interruption = self._caller.interruption(act) or self._interruption
            if act not in STATEMENTS:
                self._answering = act
                due = _now() + self._caller.scenario.manners.delay_ms / 1000
                self._intends = self._caller.answer(act, prompt), due


def _read(message: str | bytes) -> tuple[str, str]:
    """Event and its content: the sound in base64, or the name of the mark."""
    try:
        body = json.loads(message)
        match body["event"]:
            case "media":
                return "media", str(body["media"]["payload"])
            case "mark":
                return "mark", str(body["mark"]["name"])
            case "clear":
                return "clear", ""
    except (ValueError, KeyError, TypeError):
        pass
    raise RingError("the service sends what Twilio does not understand")


def _now() -> float:
    return asyncio.get_running_loop().time()
