"""The caller's turn: sound -> ear -> words.

Words are read during a pause already, and thrown away when the caller goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

from callbot.dialogue.acts import Say
from callbot.domain.meaning import Expectation
from callbot.speech.codec import FRAME_BYTES, FRAME_MS
from callbot.speech.patience import PATIENCE
from callbot.speech.turns import EARLY_MS, BargedIn, EarEvent, MayHaveEnded, StayedSilent, TurnEnded, WentOn
from callbot.telephony.ports import Ear, Heard, JudgesAnswers, Listens
from callbot.telephony.timing import TimingPart

READING_LIMIT_S = 20.0
"""an engine that takes longer has failed: people hang up before"""


class Noticed(Enum):
    """What the ear tells the call at once."""

    BARGED_IN = "barged_in"
    STAYED_SILENT = "stayed_silent"


@dataclass(eq=False, slots=True)
class Reading:
    """One attempt to read an utterance; ``final`` once the turn is over and its words are awaited."""

    question: Say | None
    voiced_ms: int
    started_at: float
    heard: Heard | None = None
    failure: str | None = None
    done_at: float | None = None
    turn_ended_at: float | None = None
    silence_ms: int = 0
    task: asyncio.Task[None] | None = None
    taken: bool = False
    """its utterance was given to the call"""

    @property
    def final(self) -> bool:
        """True once the caller's turn is over."""
        return self.turn_ended_at is not None


@dataclass(frozen=True, slots=True)
class ReadingDone:
    """News for the call: ``reading`` has its words or its failure."""

    reading: Reading


@dataclass(frozen=True, slots=True)
class Utterance:
    """A finished turn. ``heard`` None: the engine failed (``failure`` names how)."""

    heard: Heard | None
    voiced_ms: int
    decode_ms: int
    timing: tuple[TimingPart, ...]
    ready_at: float
    failure: str = ""


class Hearing:
    """One call's ears. ``tell`` takes news from readings; ``clock`` is monotonic, in seconds."""

    def __init__(
        self,
        ear: Ear,
        listener: Listens,
        answers: JudgesAnswers,
        tell: Callable[[ReadingDone], Awaitable[None]],
        clock: Callable[[], float],
    ) -> None:
        self._ear = ear
        self._listener = listener
        self._answers = answers
        self._tell = tell
        self._clock = clock
        self._question: Say | None = None
        self.waiting = False
        """silence would be noticed"""
        self._early: Reading | None = None
        self._pause_began = 0
        self._frames = 0
        self._rest = b""
        self._running: set[Reading] = set()

    @property
    def busy(self) -> bool:
        """True while words of a finished turn are being read."""
        return any(reading.final for reading in self._running)

    def ask(self, question: Say | None) -> None:
        """Wait for the answer to ``question`` from now on; None: the bot is busy."""
        self._question = question or self._question
        self.waiting = question is not None
        self._ear.expect(PATIENCE[question.expect or Expectation.ANY] if question else None)

    def bot_speaks(self, speaking: bool) -> None:
        """Whether a voice heard now is a barge-in."""
        if self._ear.bot_speaking != speaking:
            self._ear.bot_speaking = speaking

    def hear(self, sound: bytes) -> list[Noticed | Utterance]:
        """Take the caller's sound (any length) and tell what it brought about."""
        found: list[Noticed | Utterance] = []
        self._rest += sound
        while len(self._rest) >= FRAME_BYTES:
            frame, self._rest = self._rest[:FRAME_BYTES], self._rest[FRAME_BYTES:]
            self._frames += 1
            for event in self._ear.hear(frame):
                found += self._on(event)
        return found

    def finished(self, done: ReadingDone) -> Utterance | None:
        """The utterance, when ``done`` was the reading of a finished turn; else it may end the turn early."""
        reading = done.reading
        self._running.discard(reading)
        if reading.final:
            return None if reading.taken else self._utterance(reading)
        if reading is self._early and self._answers_in_full(reading):
            self._ear.finish_early()
        return None

    def so_far(self, done: ReadingDone) -> Heard | None:
        """The words after which the caller paused, while the turn may go on; None when the turn is over or went on."""
        heard = done.reading.heard
        return heard if done.reading is self._early and heard and heard.text.strip() else None

    def _answers_in_full(self, reading: Reading) -> bool:
        heard, question = reading.heard, reading.question
        return bool(heard and heard.text and question and self._answers(heard.text, question))

    async def stop(self) -> None:
        """Read nothing more."""
        tasks = [reading.task for reading in self._running if reading.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _on(self, event: EarEvent) -> list[Noticed | Utterance]:
        match event:
            case BargedIn():
                return [Noticed.BARGED_IN]
            case StayedSilent():
                self.ask(None)
                return [Noticed.STAYED_SILENT]
            case MayHaveEnded(audio, voiced_ms):
                self._drop_early()
                self._pause_began = self._frames
                self._early = self._read(audio, voiced_ms)
            case WentOn():
                self._drop_early()
            case TurnEnded(audio, voiced_ms):
                return self._end_turn(audio, voiced_ms)
        return []

    def _end_turn(self, audio: bytes, voiced_ms: int) -> list[Noticed | Utterance]:
        self.ask(None)
        reading, self._early = self._early, None
        waited = (self._frames - self._pause_began) * FRAME_MS if reading else 0
        reading = reading or self._read(audio, voiced_ms)
        reading.silence_ms = EARLY_MS + waited
        reading.turn_ended_at = self._clock()
        return [self._utterance(reading)] if reading.done_at is not None else []

    def _drop_early(self) -> None:
        reading, self._early = self._early, None
        if reading is not None and reading.task is not None:
            reading.task.cancel()

    def _read(self, audio: bytes, voiced_ms: int) -> Reading:
        reading = Reading(self._question, voiced_ms, self._clock())
        reading.task = asyncio.create_task(self._listen(reading, audio), name="reading")
        self._running.add(reading)
        return reading

    async def _listen(self, reading: Reading, audio: bytes) -> None:
        try:
            async with asyncio.timeout(READING_LIMIT_S):
                reading.heard = await self._listener.listen(audio, reading.voiced_ms, reading.question)
        except Exception as failure:  # noqa: BLE001 - the edge to the speech engine: its failure is news, not the end
            reading.failure = type(failure).__name__
        reading.done_at = self._clock()
        await self._tell(ReadingDone(reading))

    def _utterance(self, reading: Reading) -> Utterance:
        reading.taken = True
        done, ended = reading.done_at or self._clock(), reading.turn_ended_at or self._clock()
        timing = (
            TimingPart("end of turn", reading.silence_ms, "speech.patience"),
            TimingPart("transcription", max(0.0, done - ended) * 1000, "speech.model, speech.beam, speech.threads"),
        )
        decode_ms = round((done - reading.started_at) * 1000)
        return Utterance(reading.heard, reading.voiced_ms, decode_ms, timing, max(done, ended), reading.failure or "")
