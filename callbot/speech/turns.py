"""When the caller speaks, and when it is our turn again. Time is counted in frames, never read from a clock."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final, Protocol

from callbot.speech.codec import FRAME_BYTES, FRAME_MS, SILENT_FRAME
from callbot.speech.patience import Patience

LOOK_BACK_MS: Final = 400
"""kept before the onset: the first consonant is softer than what the detector calls a voice"""
ONSET_MS: Final = 60
"""voice within the last 120 ms that makes an onset; a click is shorter"""
EARLY_MS: Final = 260
"""silence after which the words may already be read; also the silence kept at the end of an utterance"""
GOES_ON_MS: Final = 40
"""voice after a pause that shows the caller goes on"""
BARGE_IN_MS: Final = 240
"""voice that interrupts a prompt: accumulated voice, not energy. With the detector's delay it stays below 300 ms"""
LEAST_VOICED_MS: Final = 120
"""an utterance with less is a noise and is dropped"""
LONGEST_MS: Final = 25_000
"""an utterance is cut here: the engine reads 28 s"""


@dataclass(frozen=True, slots=True)
class VoiceStarted:
    """The caller began to speak."""


@dataclass(frozen=True, slots=True)
class BargedIn:
    """The caller has spoken for 240 ms over the bot's voice; said once an utterance."""


@dataclass(frozen=True, slots=True)
class MayHaveEnded:
    """A pause: the words may already be read. ``audio`` (mu-law) is what ``TurnEnded`` brings unless ``WentOn``."""

    audio: bytes
    voiced_ms: int


@dataclass(frozen=True, slots=True)
class WentOn:
    """The caller goes on after that pause: what was read early is to be thrown away."""


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The caller has finished. ``audio`` is mu-law with 400 ms before the onset, ``voiced_ms`` the voice in it."""

    audio: bytes
    voiced_ms: int


@dataclass(frozen=True, slots=True)
class StayedSilent:
    """No voice for the patience of the question."""


EarEvent = VoiceStarted | BargedIn | MayHaveEnded | WentOn | TurnEnded | StayedSilent


class Detector(Protocol):
    """Tells a voice frame by frame."""

    def hear(self, frame: bytes | None) -> bool:
        """True when the frame belongs to a voice."""
        ...


class _Utterance:
    """Frames of one utterance, from the look-back on."""

    def __init__(self, look_back: deque[tuple[bytes, bool]]) -> None:
        self._sound = bytearray(b"".join(frame for frame, _ in look_back))
        self.voiced_ms = FRAME_MS * sum(voiced for _, voiced in look_back)
        self.over_bot_ms = self.voiced_ms
        self.silence_ms = 0
        self.complete = False
        self.read_early = False
        self.barged_in = False
        self._resumed_ms = 0
        self._bytes_at_pause: int | None = None

    def add(self, frame: bytes, voiced: bool, over_bot: bool) -> None:
        self._sound += frame
        self._resumed_ms = self._resumed_ms + FRAME_MS if voiced else 0
        self.voiced_ms += FRAME_MS * voiced
        self.over_bot_ms = self.over_bot_ms + FRAME_MS * voiced if over_bot else 0
        if not voiced:
            self.silence_ms += FRAME_MS
        elif not self.paused or self._resumed_ms >= GOES_ON_MS:
            self.silence_ms = 0

    def pause(self) -> None:
        """The silence is long enough for the words to be read."""
        self._bytes_at_pause = len(self._sound)

    def go_on(self) -> None:
        """It was a pause only."""
        self._bytes_at_pause, self.complete, self.read_early = None, False, False

    @property
    def paused(self) -> bool:
        return self._bytes_at_pause is not None

    @property
    def milliseconds(self) -> int:
        return len(self._sound) // FRAME_BYTES * FRAME_MS

    @property
    def audio(self) -> bytes:
        """The sound up to the pause, so that what is read early is what the turn ends with."""
        return bytes(self._sound[: self._bytes_at_pause])


class CallerEar:
    """The ear of one call. Feed it one frame every 20 ms; tell it when the bot speaks and what it waits for."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._recent: deque[tuple[bytes, bool]] = deque(maxlen=LOOK_BACK_MS // FRAME_MS)
        self._utterance: _Utterance | None = None
        self._patience: Patience | None = None
        self._bot_speaking = False
        self._waited_ms = 0

    @property
    def bot_speaking(self) -> bool:
        """While True a voice is a barge-in, and silence is not counted."""
        return self._bot_speaking

    @bot_speaking.setter
    def bot_speaking(self, speaking: bool) -> None:
        self._bot_speaking = speaking
        self._waited_ms = 0

    @property
    def hearing_voice(self) -> bool:
        """True within an utterance."""
        return self._utterance is not None

    def expect(self, patience: Patience | None) -> None:
        """What the caller is given from now on; None: the bot is busy and silence is no answer to anything."""
        self._patience = patience
        self._waited_ms = 0

    def finish_early(self) -> None:
        """The words read during the pause answer the question: end the turn at ``complete_ms``."""
        if self._utterance is not None and self._utterance.paused:
            self._utterance.complete = True

    def hear(self, frame: bytes | None) -> tuple[EarEvent, ...]:
        """The next 20 ms (None: the frame did not come, which counts as silence) and what it brought about."""
        voiced = self._detector.hear(frame)
        sound = frame or SILENT_FRAME
        if self._utterance is None:
            return self._while_silent(sound, voiced)
        self._utterance.add(sound, voiced, self._bot_speaking)
        return self._within(self._utterance)

    def _while_silent(self, sound: bytes, voiced: bool) -> tuple[EarEvent, ...]:
        self._recent.append((sound, voiced))
        lately = list(self._recent)[-2 * ONSET_MS // FRAME_MS :]
        if voiced and FRAME_MS * sum(was for _, was in lately) >= ONSET_MS:
            self._utterance = _Utterance(self._recent)
            self._recent.clear()
            return (VoiceStarted(),)
        return self._count_silence()

    def _count_silence(self) -> tuple[EarEvent, ...]:
        if self._patience is None or self._bot_speaking:
            return ()
        before, self._waited_ms = self._waited_ms, self._waited_ms + FRAME_MS
        return (StayedSilent(),) if before < self._patience.no_input_ms <= self._waited_ms else ()

    def _within(self, utterance: _Utterance) -> tuple[EarEvent, ...]:
        if utterance.silence_ms >= self._end_ms(utterance) or utterance.milliseconds >= LONGEST_MS:
            return self._end(utterance)
        events: list[EarEvent] = []
        if not utterance.barged_in and utterance.over_bot_ms >= BARGE_IN_MS:
            utterance.barged_in = True
            events.append(BargedIn())
        if utterance.paused and utterance.silence_ms == 0:
            if utterance.read_early:
                events.append(WentOn())
            utterance.go_on()
        elif not utterance.paused and utterance.silence_ms >= EARLY_MS:
            utterance.pause()
            if utterance.voiced_ms >= LEAST_VOICED_MS:
                utterance.read_early = True
                events.append(MayHaveEnded(utterance.audio, utterance.voiced_ms))
        return tuple(events)

    def _end_ms(self, utterance: _Utterance) -> int:
        patience = self._patience or _WITHOUT_QUESTION
        return patience.complete_ms if utterance.complete else patience.end_ms

    def _end(self, utterance: _Utterance) -> tuple[EarEvent, ...]:
        self._utterance = None
        if utterance.voiced_ms < LEAST_VOICED_MS:
            return ()
        self._waited_ms = 0
        return (TurnEnded(utterance.audio, utterance.voiced_ms),)


_WITHOUT_QUESTION: Final = Patience(end_ms=800, complete_ms=500, no_input_ms=8_000)
