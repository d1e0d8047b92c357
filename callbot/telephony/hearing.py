"""The caller's turn: sound -> ear -> words.

Words are read during a pause already, and thrown away when the caller goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum

from callbot.dialogue.acts import Act, Say
from callbot.dialogue.completeness import Completeness
from callbot.domain.meaning import Expectation
from callbot.speech.codec import FRAME_BYTES, FRAME_MS
from callbot.speech.readers import Claim, Urgency, claimed
from callbot.speech.turn_taking import TURN_TAKING, CallerPace, Patience, Row, is_back_channel
from callbot.speech.turns import (
    EARLY_MS,
    GOES_ON_MS,
    ONSET_MS,
    BargedIn,
    EarEvent,
    MayHaveEnded,
    StayedSilent,
    TurnEnded,
    VoiceStarted,
    WentOn,
)
from callbot.telephony.ports import Ear, Heard, JudgesAnswers, Listens
from callbot.telephony.timing import TimingPart

READING_LIMIT_S = 20.0
"""an engine that takes longer has failed: people hang up before"""
CUT_OFF_MS = 700
"""a voice so soon after the end of a turn, before we said anything, is the same sentence: we were too hasty"""
MOST_ALARMS = 2
"""each false interruption asks for more voice the next time, up to three times as much"""


class Noticed(Enum):
    """What the ear tells the call at once."""

    BARGED_IN = "barged_in"
    STAYED_SILENT = "stayed_silent"


@dataclass(eq=False, slots=True)
class Reading:
    """One attempt to read an utterance; ``final`` once the turn is over and its words are awaited."""

    question: Say | None
    over: Say | None
    """what the bot was saying when the voice began"""
    voiced_ms: int
    started_at: float
    owed_ms: int
    """silence that ends a turn with these words"""
    heard: Heard | None = None
    failure: str | None = None
    done_at: float | None = None
    turn_ended_at: float | None = None
    silence_ms: int = 0
    task: asyncio.Task[None] | None = None
    taken: bool = False
    """its utterance was given to the call"""
    claim: Claim = field(default_factory=lambda: Claim(Urgency.PAUSING))

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
    """A finished turn. ``heard`` None: the engine failed (``failure`` names how).

    ``over``: what the bot was saying when the voice began, None when it was silent.
    """

    heard: Heard | None
    over: Say | None
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
        self._row: Row = TURN_TAKING[Expectation.ANY]
        self._patience: Patience = self._row.patience
        self._pace = CallerPace()
        self._says: Say | None = None
        self._over: Say | None = None
        self._alarms = 0
        self._early: Reading | None = None
        self._pause_began = 0
        self._frames = 0
        self._turn_ended: tuple[int, int] | None = None
        """frames at the end of the last turn, and the silence in ms that ended it"""
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
        if question is None:
            self._ear.expect(None)
            return
        self._row = TURN_TAKING[question.expect or Expectation.ANY]
        self._patience = self._row.patience.stretched(self._pace.factor, slow=question.slow, waiting=question.waiting)
        self._ear.expect(self._patience)

    def bot_says(self, say: Say | None) -> None:
        """What the bot says now, over which a voice may be a barge-in; None: nothing."""
        self._says = say
        if say is not None:
            self._ear.barge_in_ms = TURN_TAKING[say.expect].barge_in_ms * (1 + self._alarms)
        if self._ear.bot_speaking != (say is not None):
            self._ear.bot_speaking = say is not None

    def plays(self, frame: bytes) -> None:
        """The bot says ``frame`` now or within half a second."""
        self._ear.plays(frame)

    def was_interrupted(self, *, falsely: bool) -> None:
        """What became of the last interruption: noise, or words."""
        self._alarms = min(MOST_ALARMS, self._alarms + 1) if falsely else 0

    def hear(self, sound: bytes) -> list[Noticed | Utterance]:
        """Take the caller's sound (any length) and tell what it brought about."""
        found: list[Noticed | Utterance] = []
        self._rest += sound
        while len(self._rest) >= FRAME_BYTES:
            frame, self._rest = self._rest[:FRAME_BYTES], self._rest[FRAME_BYTES:]
            found += self._hear(frame)
        return found

    def miss(self, frames: int) -> list[Noticed | Utterance]:
        """So many frames did not come: silence by the clock."""
        return [each for _ in range(frames) for each in self._hear(None)]

    def _hear(self, frame: bytes | None) -> list[Noticed | Utterance]:
        self._frames += 1
        return [each for event in self._ear.hear(frame) for each in self._on(event)]

    def finished(self, done: ReadingDone) -> Utterance | None:
        """The utterance, when ``done`` was the reading of a finished turn; else its words say how long to wait."""
        reading = done.reading
        self._running.discard(reading)
        if reading.final:
            return None if reading.taken else self._utterance(reading)
        if reading is self._early:
            reading.owed_ms = self._owed_ms(reading)
            self._ear.end_pause_after(reading.owed_ms)
        return None

    def so_far(self, done: ReadingDone) -> Heard | None:
        """The words after which the caller paused, while the turn may go on; None when the turn is over or went on."""
        heard = done.reading.heard
        return heard if done.reading is self._early and heard and heard.text.strip() else None

    def _owed_ms(self, reading: Reading) -> int:
        """The silence that ends a turn with these words."""
        heard, question = reading.heard, reading.question
        how = self._answers(heard.text, question) if heard and heard.text and question else Completeness.OPEN
        match how:
            case Completeness.COMPLETE:
                return self._patience.complete_ms
            case Completeness.HANGING:
                return self._patience.hanging_ms
            case _:
                return self._patience.end_ms

    async def stop(self) -> None:
        """Read nothing more."""
        tasks = [reading.task for reading in self._running if reading.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _on(self, event: EarEvent) -> list[Noticed | Utterance]:
        match event:
            case VoiceStarted():
                self._over = self._says
                self._note_cut_off()
            case BargedIn():
                return [Noticed.BARGED_IN]
            case StayedSilent():
                self.ask(None)
                return [Noticed.STAYED_SILENT]
            case MayHaveEnded(audio, voiced_ms):
                self._drop_early()
                self._pause_began = self._frames
                self._early = self._read(audio, voiced_ms)
                # the words are needed anyway: until they are read nobody knows whether the sentence hangs
                self._ear.end_pause_after(self._patience.hanging_ms)
            case WentOn():
                self._pace.went_on(self._pause_ms() - GOES_ON_MS, self._row.patience.end_ms)
                self._drop_early()
            case TurnEnded(audio, voiced_ms):
                return self._end_turn(audio, voiced_ms)
        return []

    def _pause_ms(self) -> int:
        return EARLY_MS + (self._frames - self._pause_began) * FRAME_MS

    def _note_cut_off(self) -> None:
        """A voice right after the end of a turn goes on with it."""
        ended, self._turn_ended = self._turn_ended, None
        if ended is None or self._says is not None:
            return
        gap_ms = (self._frames - ended[0]) * FRAME_MS - ONSET_MS
        if gap_ms <= CUT_OFF_MS:
            self._pace.went_on(ended[1] + gap_ms, self._row.patience.end_ms)

    def _end_turn(self, audio: bytes, voiced_ms: int) -> list[Noticed | Utterance]:
        self.ask(None)
        reading, self._early = self._early, None
        silence_ms = self._pause_ms() if reading else EARLY_MS
        reading = reading or self._read(audio, voiced_ms)
        reading.claim.urgency = Urgency.WAITING
        reading.silence_ms = silence_ms
        reading.turn_ended_at = self._clock()
        self._turn_ended = (self._frames, silence_ms)
        self._pace.turn_ended()
        return [self._utterance(reading)] if reading.done_at is not None else []

    def _drop_early(self) -> None:
        reading, self._early = self._early, None
        if reading is not None and reading.task is not None:
            reading.task.cancel()

    def _read(self, audio: bytes, voiced_ms: int) -> Reading:
        reading = Reading(self._question, self._over, voiced_ms, self._clock(), self._patience.end_ms)
        with claimed(reading.claim):
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
        owed_ms = min(reading.silence_ms, reading.owed_ms)
        read_ms = reading.silence_ms - owed_ms + max(0.0, done - ended) * 1000
        timing = (
            TimingPart("end of turn", owed_ms, "speech.turn_taking"),
            TimingPart("transcription", read_ms, "speech.model, speech.beam, speech.threads"),
        )
        decode_ms = round((done - reading.started_at) * 1000)
        return Utterance(
            reading.heard, reading.over, reading.voiced_ms, decode_ms, timing, max(done, ended), reading.failure or ""
        )


def interruptible(say: Say) -> bool:
    """By voice; the legal notice never is."""
    return say.interruptible and TURN_TAKING[say.expect].interruptible and say.act is not Act.NOTICE


def nodding(text: str, over: Say | None) -> bool:
    """A "d'accord" over a statement is no answer to anything."""
    return over is not None and TURN_TAKING[over.expect].back_channel and is_back_channel(text)
