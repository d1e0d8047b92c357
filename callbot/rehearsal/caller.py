"""The caller on the line: a mind with a voice, and the mouth that lets it out in frames of 20 ms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from callbot.rehearsal.clips import Clips, last_voiced_byte, mixed, room_noise, with_gain
from callbot.rehearsal.mind import Intention, Leave, MakeNoise, Mind, PressKeys, StayQuiet, Words
from callbot.rehearsal.scenario import Call, Interruption, Scenario
from callbot.rehearsal.truth import HeardPrompt
from callbot.speech.codec import BYTES_PER_MS, FRAME_BYTES, SILENCE, TELEPHONE_RATE

_LOUD_DBFS: Final = -24.0


@dataclass(frozen=True, slots=True)
class Speak:
    """Let ``sound`` be heard; ``words`` "" when it is noise."""

    sound: bytes
    words: str


Deed = Speak | PressKeys | StayQuiet | Leave


@dataclass(slots=True)
class Caller:
    """One caller in one call of a scenario; ``seed`` chooses between ways to answer."""

    scenario: Scenario
    call: Call
    clips: Clips
    seed: int = 0
    references: tuple[str, ...] = ()
    mind: Mind = field(init=False)

    def __post_init__(self) -> None:
        draw = Random(f"{self.scenario.name}:{self.seed}")  # noqa: S311 - chooses words, guards nothing
        self.mind = Mind(self.scenario, self.call, draw, self.references)

    @property
    def unplanned(self) -> list[str]:
        """Acts that were asked and have no answer in the scenario."""
        return self.mind.unplanned

    @property
    def has_words(self) -> bool:
        """True when the scenario foresees that this caller speaks."""
        return self.mind.has_words

    def answer(self, act: str, prompt: HeardPrompt | None) -> Deed:
        """What to do now that question ``act`` was heard to its end; ``prompt`` its words where somebody noted them."""
        return self._deed(self.mind.answer(act, prompt))

    def interruption(self, after: str) -> Interruption | None:
        """The one that follows prompt ``after``, once."""
        return self.mind.interruption(after)

    def interrupt(self, interruption: Interruption) -> Speak:
        """The words of it."""
        return self._speak((interruption.say,))

    def _deed(self, intention: Intention) -> Deed:
        match intention:
            case Words(parts):
                return self._speak(parts)
            case MakeNoise(seconds):
                loud = room_noise(_LOUD_DBFS) * (int(seconds) // 10 + 1)
                return Speak(loud[: int(seconds * TELEPHONE_RATE)], "")
            case _:
                return intention

    def _speak(self, parts: Sequence[str | int]) -> Speak:
        return Speak(b"".join(self._sound(part) for part in parts), Words(tuple(parts)).text)

    def _sound(self, part: str | int) -> bytes:
        if isinstance(part, int):
            return SILENCE * (part * BYTES_PER_MS)
        return with_gain(self.clips.of(self.scenario.speaker, part), self.scenario.manners.gain_db)


class Mouth:
    """Gives a frame every 20 ms, always: silence or surroundings, with the clip that is being spoken on top."""

    def __init__(self, noise_db: float | None) -> None:
        self._noise = room_noise(noise_db) if noise_db is not None else b""
        self._noise_at = 0
        self._clip = b""
        self._voice_ends = 0
        self._spoken = 0
        self.finished_at: float | None = None
        """when the last voiced sample of the clip before left; taken away by whoever measures from it"""

    @property
    def speaking(self) -> bool:
        """True until the last sample of the clip left."""
        return self._spoken < len(self._clip)

    def speak(self, deed: Speak) -> None:
        """Begin ``deed`` with the next frame."""
        self._clip, self._spoken = deed.sound, 0
        self._voice_ends = last_voiced_byte(deed.sound) if deed.words else 0
        self.finished_at = None

    def frame(self, now: float) -> bytes:
        """The next 20 ms, sent at ``now``."""
        spoken = self._clip[self._spoken : self._spoken + FRAME_BYTES].ljust(FRAME_BYTES, SILENCE)
        if self._spoken < self._voice_ends <= self._spoken + FRAME_BYTES:
            self.finished_at = now
        self._spoken += FRAME_BYTES
        return mixed(spoken, self._surroundings()) if self._noise else spoken

    def _surroundings(self) -> bytes:
        start = self._noise_at
        self._noise_at = (start + FRAME_BYTES) % len(self._noise)
        return self._noise[start : start + FRAME_BYTES]
