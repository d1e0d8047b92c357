"""What a voice is, and how its raw sound becomes telephone sound of equal loudness with natural joins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol, Self, runtime_checkable

import numpy as np

from callbot.domain.meaning import Language
from callbot.speech.codec import BYTES_PER_MS, SILENCE, TELEPHONE_RATE, Samples, pcm_to_mulaw, resample, samples_to_pcm

LOUDNESS_DBFS: Final = -20.0
"""RMS of the voiced part, below full scale: loud enough on any phone, with 17 dB left for peaks"""
_LEAD_MS: Final = 20
_PAUSES_MS: Final = {".": 260, "!": 260, "?": 260, ":": 140, ";": 160, ",": 120}
_PAUSE_MS: Final = 40
"""after a part that ends in the middle of a clause: the next one follows closely"""
_WINDOW_MS: Final = 10
_FLOOR_DB: Final = -38.0
"""below the loudest window this is breath and hiss, not voice"""
_FADE_MS: Final = 4


@dataclass(frozen=True, slots=True)
class Manner:
    """How a prompt is said. A language we have no voice for (``OTHER``) is said in French."""

    slow: bool = False
    language: Language = Language.FRENCH


PLAIN: Final = Manner()
SLOW_SPEED: Final = 0.85
"""of the usual, for callers who had to have things repeated"""


class VoiceError(Exception):
    """The voice could not speak; the text says why, never what was to be said."""


class VoiceUnavailableError(VoiceError):
    """The voice is not on this machine; the text says what to run."""


class Voice(Protocol):
    """Text -> sound."""

    @property
    def name(self) -> str:
        """Stable id with every parameter that changes the sound: it keys the cache."""
        ...

    @property
    def fast(self) -> bool:
        """True when a sentence is rendered in a few hundredths of the time it takes to say."""
        ...

    def render(self, text: str) -> bytes:
        """``text`` (French, as written) spoken: mu-law 8 kHz, ``LOUDNESS_DBFS``, a pause by its last sign at the end.

        Blocks for as long as it takes. A text with nothing to say gives b"". Raises ``VoiceError``.
        """
        ...


@runtime_checkable
class Paced(Protocol):
    """A voice that can speak slower."""

    def slower(self) -> Self:
        """The same voice at ``SLOW_SPEED``."""
        ...


def telephone_sound(samples: Samples, rate: int, text: str) -> bytes:
    """Raw speech at ``rate`` Hz as prompts are kept: trimmed, equally loud, mu-law, with the pause ``text`` ends on."""
    narrow = resample(samples, rate, TELEPHONE_RATE)
    voice = _equally_loud(_trimmed(narrow))
    if voice.size == 0:
        return b""
    pause = _PAUSES_MS.get(text.rstrip()[-1:], _PAUSE_MS)
    return _quiet(_LEAD_MS) + pcm_to_mulaw(samples_to_pcm(_faded(voice))) + _quiet(pause)


def voiced_windows(samples: Samples, rate: int = TELEPHONE_RATE) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which windows of 10 ms hold voice, judged against the loudest one; empty for less than a window."""
    size = rate * _WINDOW_MS // 1000
    windows = samples[: samples.size // size * size].reshape(-1, size)
    power = np.asarray((windows.astype(np.float64) ** 2).mean(axis=1))
    if power.size == 0 or power.max() <= 1e-9:
        return np.zeros(power.size, dtype=np.bool_)
    voiced: np.ndarray[tuple[int], np.dtype[np.bool_]] = power > power.max() * 10 ** (_FLOOR_DB / 10)
    return voiced


def _trimmed(samples: Samples) -> Samples:
    where = np.flatnonzero(voiced_windows(samples))
    size = TELEPHONE_RATE * _WINDOW_MS // 1000
    return samples[where[0] * size : (where[-1] + 1) * size] if where.size else samples[:0]


def _equally_loud(samples: Samples) -> Samples:
    voiced = np.repeat(voiced_windows(samples), TELEPHONE_RATE * _WINDOW_MS // 1000)
    if not voiced.any():
        return samples
    rms = float(np.sqrt((samples[: voiced.size][voiced].astype(np.float64) ** 2).mean()))
    return np.asarray(samples * (10 ** (LOUDNESS_DBFS / 20) / rms), dtype=np.float32)


def _faded(samples: Samples) -> Samples:
    """Soft edges: a cut in the middle of a wave is heard as a click."""
    count = min(_FADE_MS * BYTES_PER_MS, samples.size // 2)
    faded = samples.copy()
    ramp = np.linspace(0, 1, count, dtype=np.float32)
    faded[:count] *= ramp
    faded[faded.size - count :] *= ramp[::-1]
    return faded


def _quiet(ms: int) -> bytes:
    return SILENCE * (ms * BYTES_PER_MS)
