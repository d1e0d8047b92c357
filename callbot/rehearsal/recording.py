"""A rehearsed call as it sounded: the caller on the left, the bot on the right, for people to listen to."""

from __future__ import annotations

import wave
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from callbot.speech.codec import TELEPHONE_RATE, Pcm, mulaw_to_pcm


@dataclass(slots=True)
class Recording:
    """Sounds with the second at which each began to be heard. Simulated callers only: nobody real is recorded."""

    _said: list[tuple[float, bytes]] = field(default_factory=list)
    _played: list[tuple[float, bytes]] = field(default_factory=list)

    def said(self, at_s: float, sound: bytes) -> None:
        """The caller's mu-law."""
        self._said.append((at_s, sound))

    def played(self, at_s: float, sound: bytes) -> None:
        """The bot's mu-law, to be heard from ``at_s`` on."""
        self._played.append((at_s, sound))

    def cleared(self, at_s: float) -> None:
        """What the bot wanted to be heard after ``at_s`` was thrown away."""
        kept = [(start, sound[: max(0, round((at_s - start) * TELEPHONE_RATE))]) for start, sound in self._played]
        self._played = [(start, sound) for start, sound in kept if sound]

    def write(self, path: Path) -> None:
        """A stereo wav of 16 bits at 8 kHz; the folder is made."""
        path.parent.mkdir(parents=True, exist_ok=True)
        left, right = _track(self._said), _track(self._played)
        both = np.zeros((max(left.size, right.size), 2), dtype=np.int16)
        both[: left.size, 0], both[: right.size, 1] = left, right
        with wave.open(str(path), "wb") as wav:
            wav.setnchannels(2)
            wav.setsampwidth(2)
            wav.setframerate(TELEPHONE_RATE)
            wav.writeframes(both.tobytes())


def _track(sounds: list[tuple[float, bytes]]) -> Pcm:
    length = max((round(at * TELEPHONE_RATE) + len(sound) for at, sound in sounds), default=0)
    track = np.zeros(length, dtype=np.int16)
    for at, sound in sounds:
        start = round(at * TELEPHONE_RATE)
        track[start : start + len(sound)] = mulaw_to_pcm(sound)
    return track
