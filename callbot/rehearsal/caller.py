"""The caller: what to do about a question, and the mouth that does it in frames of 20 ms."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from callbot.rehearsal.clips import Clips, last_voiced_byte, mixed, room_noise, with_gain
from callbot.rehearsal.scenario import (
    CHOICES,
    DONT_KNOW,
    Answer,
    Call,
    HangUp,
    Interruption,
    Judge,
    Noise,
    Press,
    Say,
    Scenario,
    Silence,
)
from callbot.rehearsal.truth import HeardPrompt, agrees, wanted_choice
from callbot.speech.codec import BYTES_PER_MS, FRAME_BYTES, SILENCE, TELEPHONE_RATE

STATEMENTS: Final = frozenset(
    {"notice", "tell_ruling", "searching", "give_reference", "put_out", "hand_over", "emergency", "goodbye", "resume"}
)
"""acts after which nobody waits for an answer; every other one is a question"""
_LOUD_DBFS: Final = -24.0
_NONE_OF_THESE: Final = 9


@dataclass(frozen=True, slots=True)
class Speak:
    """Let ``sound`` be heard; ``words`` "" when it is noise."""

    sound: bytes
    words: str


@dataclass(frozen=True, slots=True)
class PressKeys:
    """Press ``keys``."""

    keys: str


@dataclass(frozen=True, slots=True)
class StayQuiet:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Hang up."""


Deed = Speak | PressKeys | StayQuiet | Leave


@dataclass(slots=True)
class Caller:
    """One caller in one call of a scenario."""

    scenario: Scenario
    call: Call
    clips: Clips
    unplanned: list[str] = field(default_factory=list)
    """acts that were asked and have no answer in the scenario"""
    _asked: Counter[str] = field(default_factory=Counter)
    _interrupted: set[int] = field(default_factory=set)

    def answer(self, act: str, prompt: HeardPrompt | None) -> Deed:
        """What to do now that question ``act`` was heard to its end; ``prompt`` its words where somebody noted them."""
        answers = self.call.answers.get(act)
        if answers is None:
            self.unplanned.append(act)
            return self._speak(DONT_KNOW)
        chosen = answers[min(self._asked[act], len(answers) - 1)]
        self._asked[act] += 1
        return self._deed(chosen, prompt)

    def interruption(self, after: str) -> Interruption | None:
        """The one that follows prompt ``after``, once."""
        for place, each in enumerate(self.call.interrupts):
            if each.after == after and place not in self._interrupted:
                self._interrupted.add(place)
                return each
        return None

    def interrupt(self, interruption: Interruption) -> Speak:
        """The words of it."""
        return self._speak(interruption.say)

    @property
    def has_words(self) -> bool:
        """True when the scenario foresees that this caller speaks."""
        answers = (each for answers in self.call.answers.values() for each in answers)
        return bool(self.call.interrupts) or any(isinstance(each, Say | Judge) for each in answers)

    def _deed(self, answer: Answer, prompt: HeardPrompt | None) -> Deed:
        match answer:
            case Say():
                return Speak(b"".join(self._sound(part) for part in answer.say), answer.words)
            case Press(keys=keys):
                return PressKeys(keys)
            case Silence():
                return StayQuiet()
            case Noise(noise=seconds):
                loud = room_noise(_LOUD_DBFS) * (int(seconds) // 10 + 1)
                return Speak(loud[: int(seconds * TELEPHONE_RATE)], "")
            case HangUp():
                return Leave()
            case Judge():
                return self._judged(answer, prompt)

    def _judged(self, judge: Judge, prompt: HeardPrompt | None) -> Deed:
        """The truthful answer, with keys where the bot asks for keys; without anybody who noted the words, the caller
        trusts the bot."""
        if prompt is None:
            return self._speak(judge.right)
        goal, by_keys = self.scenario.goal, "tapez 1" in prompt.text
        if prompt.act == "choose_address":
            choice = wanted_choice(goal, prompt.text)
            return PressKeys(str(choice or _NONE_OF_THESE)) if by_keys else self._speak(CHOICES[choice])
        agreed = agrees(goal, prompt)
        if by_keys:
            return PressKeys("1" if agreed else "2")
        return self._speak(judge.right if agreed else judge.wrong)

    def _speak(self, words: str) -> Speak:
        return Speak(self._sound(words), words)

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
