"""When the caller speaks, and when it is our turn again. Time is counted in frames, never read from a clock."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final, Protocol

from callbot.speech.codec import BYTES_PER_MS, FRAME_BYTES, FRAME_MS, SILENT_FRAME
from callbot.speech.own_voice import OwnVoice
from callbot.speech.surroundings import Surroundings, loudness
from callbot.speech.turn_taking import BARGE_IN_MS, Patience

LOOK_BACK_MS: Final = 400
"""kept before the onset: the first consonant is softer than what the detector calls a voice"""
ONSET_MS: Final = 60
"""voice within the last 120 ms that makes an onset; a click is shorter"""
EARLY_MS: Final = 260
"""silence after which the words may already be read; also the silence kept at the end of an utterance"""
GOES_ON_MS: Final = 40
"""voice after a pause that shows the caller goes on"""
LEAST_VOICED_MS: Final = 120
"""an utterance with less is a noise and is dropped"""
BRIDGED_MS: Final = 60
"""a gap within a word"""
ECHO_WINDOW_MS: Final = 400
"""the last of a voice, which is compared with what we said ourselves"""
LONGEST_MS: Final = 25_000
"""an utterance is cut here: the engine reads 28 s"""


@dataclass(frozen=True, slots=True)
class VoiceStarted:
    """The caller began to speak."""


@dataclass(frozen=True, slots=True)
class BargedIn:
    """The caller has spoken for long enough over the bot's voice; said once an utterance."""


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
        self.ends_after_ms: int | None = None
        """said of this pause by who reads the words"""
        self.read_early = False
        self.barged_in = False
        self._gap_ms = 0
        self._resumed_ms = 0
        self._bytes_at_pause: int | None = None

    def add(self, frame: bytes, voiced: bool, over_bot: bool) -> None:
        self._sound += frame
        self._resumed_ms = self._resumed_ms + FRAME_MS if voiced else 0
        self.voiced_ms += FRAME_MS * voiced
        self._count_over_bot(voiced, over_bot)
        if not voiced:
            self.silence_ms += FRAME_MS
        elif not self.paused or self._resumed_ms >= GOES_ON_MS:
            self.silence_ms = 0

    def _count_over_bot(self, voiced: bool, over_bot: bool) -> None:
        """The stops within a word count too, on a line where nothing else is heard."""
        if not over_bot:
            self.over_bot_ms = self._gap_ms = 0
        elif voiced:
            self.over_bot_ms += FRAME_MS + (self._gap_ms if self._gap_ms <= BRIDGED_MS else 0)
            self._gap_ms = 0
        else:
            self._gap_ms += FRAME_MS

    def pause(self) -> None:
        """The silence is long enough for the words to be read."""
        self._bytes_at_pause = len(self._sound)

    def go_on(self) -> None:
        """It was a pause only."""
        self._bytes_at_pause, self.ends_after_ms, self.read_early = None, None, False

    def forget_voice(self) -> None:
        """What was heard so far was no caller's voice."""
        self.voiced_ms = self.over_bot_ms = self._gap_ms = 0

    @property
    def latest(self) -> bytes:
        """The last sound, the silence after it left out."""
        end = len(self._sound) - self.silence_ms * BYTES_PER_MS
        return bytes(self._sound[max(0, end - ECHO_WINDOW_MS * BYTES_PER_MS) : end])

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
        self._own_voice = OwnVoice()
        self._surroundings = Surroundings()
        self.barge_in_ms = BARGE_IN_MS
        """accumulated voice that interrupts what the bot says now"""
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

    def plays(self, frame: bytes) -> None:
        """The bot says ``frame`` now or within half a second: its echo is no caller's voice."""
        self._own_voice.says(frame)

    def end_pause_after(self, silence_ms: int) -> None:
        """The pause the caller makes now ends the turn after so much silence, whatever the patience of the question."""
        if self._utterance is not None and self._utterance.paused:
            self._utterance.ends_after_ms = silence_ms

    def hear(self, frame: bytes | None) -> tuple[EarEvent, ...]:
        """The next 20 ms (None: the frame did not come, which counts as silence) and what it brought about."""
        voiced = self._detector.hear(frame)
        sound = frame or SILENT_FRAME
        self._surroundings.hear(sound)
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
        if not utterance.barged_in and utterance.over_bot_ms >= self.barge_in_ms:
            return self._over_bot(utterance)
        if utterance.paused and utterance.silence_ms == 0:
            return self._went_on(utterance)
        if not utterance.paused and utterance.silence_ms >= EARLY_MS:
            return self._pause(utterance)
        return ()

    def _over_bot(self, utterance: _Utterance) -> tuple[EarEvent, ...]:
        heard = utterance.latest
        if self._own_voice.explains(heard):
            utterance.forget_voice()
            return ()
        if loudness(heard) < self._surroundings.voice_from_db:
            utterance.over_bot_ms = 0
            return ()
        utterance.barged_in = True
        return (BargedIn(),)

    def _went_on(self, utterance: _Utterance) -> tuple[EarEvent, ...]:
        was_read = utterance.read_early
        utterance.go_on()
        return (WentOn(),) if was_read else ()

    def _pause(self, utterance: _Utterance) -> tuple[EarEvent, ...]:
        utterance.pause()
        if not utterance.barged_in and self._own_voice.explains(utterance.latest):
            utterance.forget_voice()
        if utterance.voiced_ms < LEAST_VOICED_MS:
            return ()
        utterance.read_early = True
        return (MayHaveEnded(utterance.audio, utterance.voiced_ms),)

    def _end_ms(self, utterance: _Utterance) -> int:
        if utterance.ends_after_ms is not None:
            return utterance.ends_after_ms
        return (self._patience or _WITHOUT_QUESTION).end_ms

    def _end(self, utterance: _Utterance) -> tuple[EarEvent, ...]:
        self._utterance = None
        if utterance.voiced_ms < LEAST_VOICED_MS:
            return ()
        self._waited_ms = 0
        return (TurnEnded(utterance.audio, utterance.voiced_ms),)


_WITHOUT_QUESTION: Final = Patience(end_ms=800, complete_ms=500, hanging_ms=1_400, no_input_ms=8_000)
