"""Sound for the tests of the ears: Pico through a telephone band, noise, music."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from callbot.speech.codec import ENGINE_RATE, Samples, samples_to_mulaw
from callbot.speech.models import WHISPER_BASE
from callbot.speech.voice_light import LightVoice

WEIGHTS = Path("var/models") / WHISPER_BASE
needs_weights = pytest.mark.skipif(
    not (WEIGHTS / "model.bin").is_file(), reason="no Whisper weights here: run 'callbot models fetch'"
)
_BAND = butter(4, [300, 3400], btype="band", fs=ENGINE_RATE, output="sos")


def telephone(samples: Samples, *, lead_ms: int = 300, tail_ms: int = 260) -> bytes:
    """mu-law through a band of 300 to 3400 Hz, with silence around, at the usual level."""
    lead, tail = (np.zeros(ms * ENGINE_RATE // 1000, dtype=np.float32) for ms in (lead_ms, tail_ms))
    filtered = np.asarray(sosfilt(_BAND, np.concatenate((lead, samples, tail))), dtype=np.float32)
    loudest = float(np.abs(filtered).max())
    return samples_to_mulaw(filtered * np.float32(0.5 / loudest) if loudest else filtered, ENGINE_RATE)


def speak(text: str, *, speed: float = 1.0, pitch: float = 1.0) -> Samples:
    """One short sentence in Pico's French voice, without the silence around it."""
    samples = LightVoice(speed=speed, pitch=pitch).raw(text)
    loud = np.flatnonzero(np.abs(samples) > 0.005)
    return samples[loud[0] : loud[-1] + 1]


def say(text: str, *, speed: float = 1.0, pitch: float = 1.0, tail_ms: int = 260) -> bytes:
    """The same over the telephone."""
    return telephone(speak(text, speed=speed, pitch=pitch), tail_ms=tail_ms)


def noise(seconds: float, level: float) -> Samples:
    """White noise of ``level`` rms."""
    generator = np.random.default_rng(7)
    return (generator.standard_normal(int(seconds * ENGINE_RATE)) * level).astype(np.float32)


def music(seconds: float) -> Samples:
    """A chord that swells three times a second."""
    time = np.arange(int(seconds * ENGINE_RATE)) / ENGINE_RATE
    chord = sum(np.sin(2 * np.pi * pitch * time) for pitch in (440.0, 554.4, 659.3))
    return np.asarray(chord * 0.1 * (1 + np.sin(6 * np.pi * time)), dtype=np.float32)
