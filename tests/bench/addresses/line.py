"""What the telephone makes of a clip: band, noise around the caller, gain, mu-law, lost frames; fixed by a seed."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from callbot.rehearsal.clips import telephone_band
from callbot.speech.codec import (
    BYTES_PER_MS,
    FRAME_BYTES,
    SILENCE,
    TELEPHONE_RATE,
    Samples,
    mulaw_to_pcm,
    pcm_to_mulaw,
    pcm_to_samples,
    samples_to_pcm,
)
from callbot.speech.voice import voiced_windows
from callbot.speech.voice_light import LightVoice

BEFORE_MS: Final = 300
AFTER_MS: Final = 500
"""of line around the words, as a segment cut by voice activity has"""
LOSS: Final = 0.01
"""share of frames of 20 ms that never arrive"""
_GAIN_DB: Final = (-6.0, 3.0)
_WINDOW: Final = TELEPHONE_RATE // 100

_CROWD: Final = tuple(LightVoice(speed=speed, pitch=pitch) for pitch, speed in ((0.75, 0.85), (1.25, 0.9), (1.5, 1.05)))
"""none of them is the voice of a caller that is measured"""
_TALK: Final = (
    "Alors moi je lui ai dit que ce n'était pas la peine de revenir avant la semaine prochaine.",
    "Tu as vu le match hier soir, ils ont encore perdu à la dernière minute.",
    "Il faudrait penser à racheter du pain et du fromage pour les enfants.",
    "On a attendu le train pendant une heure et personne ne savait rien.",
    "Elle travaille maintenant dans un cabinet tout près de la gare, elle est contente.",
)


class Condition(StrEnum):
    """How much noise is around the caller: its distance below the voice, or none."""

    CLEAN = "clean"
    DB20 = "20 dB"
    DB15 = "15 dB"
    DB10 = "10 dB"

    @property
    def snr_db(self) -> float | None:
        """None without noise."""
        return None if self is Condition.CLEAN else float(self.value.removesuffix(" dB"))


class Noise(StrEnum):
    """Even seeds stand in the street, odd ones among people."""

    STREET = "street"
    BABBLE = "babble"


def noise_of(seed: int) -> Noise:
    """Which noise the utterance of ``seed`` (0 or more) has."""
    return Noise.BABBLE if seed % 2 else Noise.STREET


def on_the_line(clip: bytes, condition: Condition, seed: int) -> bytes:
    """``clip`` (mu-law, 8 kHz) as it arrives, with ``BEFORE_MS`` and ``AFTER_MS`` of line around it.

    Gain and lost frames follow from ``seed`` (0 or more) alone: conditions differ in nothing but the noise.
    """
    rng = np.random.default_rng((seed, 0))
    gain = 10 ** (rng.uniform(*_GAIN_DB) / 20)
    heard = voice_on_the_line(clip)
    if condition.snr_db is not None:
        heard = heard + at_snr(noise(noise_of(seed), heard.size, seed), heard, condition.snr_db)
    sent = pcm_to_mulaw(samples_to_pcm(np.asarray(heard * gain, dtype=np.float32)))
    return with_losses(sent, rng)


def voice_on_the_line(clip: bytes) -> Samples:
    """The words alone, in the telephone band, with the line around them."""
    line = SILENCE * (BEFORE_MS * BYTES_PER_MS) + clip + SILENCE * (AFTER_MS * BYTES_PER_MS)
    return telephone_band(pcm_to_samples(mulaw_to_pcm(line)))


def at_snr(sound: Samples, voice: Samples, snr_db: float) -> Samples:
    """``sound`` (as long as ``voice``) so loud that it is ``snr_db`` below the voice where there is voice."""
    voiced = np.repeat(voiced_windows(voice), _WINDOW)
    if not voiced.any():
        return sound * np.float32(0)
    ratio = _power(voice[: voiced.size][voiced]) / max(_power(sound[: voiced.size][voiced]), 1e-12)
    return np.asarray(sound * np.sqrt(ratio / 10 ** (snr_db / 10)), dtype=np.float32)


def with_losses(sound: bytes, rng: np.random.Generator) -> bytes:
    """``sound`` without some of its frames; the far end hides them by silence or by saying the last frame again."""
    again = rng.random() < 0.5
    pieces = [sound[start : start + FRAME_BYTES] for start in range(0, len(sound), FRAME_BYTES)]
    for number in np.flatnonzero(rng.random(len(pieces)) < LOSS):
        size = len(pieces[number])
        pieces[number] = pieces[number - 1][:size] if again and number else SILENCE * size
    return b"".join(pieces)


def noise(kind: Noise, size: int, seed: int) -> Samples:
    """``size`` samples in the telephone band, at no particular loudness."""
    rng = np.random.default_rng((seed, 1))
    return telephone_band(_street(size, rng) if kind is Noise.STREET else _babble(size, rng))


def _street(size: int, rng: np.random.Generator) -> Samples:
    """Rumble of the town, engines passing, footsteps, in one of three streets a horn; each near or far."""
    sound = _unit(_pink(size, rng)) * rng.uniform(0.5, 1.0)
    for _ in range(int(rng.integers(1, 4))):
        sound += _unit(_engine(size, rng)) * rng.uniform(0.3, 1.0)
    if rng.random() < 0.5:
        sound += _unit(_footsteps(size, rng)) * rng.uniform(0.2, 0.6)
    if rng.random() < 1 / 3:
        sound += _unit(_horn(size, rng)) * rng.uniform(0.2, 0.5)
    return np.asarray(sound, dtype=np.float32)


def _pink(size: int, rng: np.random.Generator) -> NDArray[np.float64]:
    spectrum = np.fft.rfft(rng.standard_normal(size))
    spectrum[1:] /= np.sqrt(np.arange(1, spectrum.size))
    return np.asarray(np.fft.irfft(spectrum, size))


def _engine(size: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Harmonics of a turning engine and the hiss of its tyres, swelling for some seconds; lower once it has passed."""
    seconds = np.arange(size) / TELEPHONE_RATE
    middle, width = rng.uniform(0, size / TELEPHONE_RATE), rng.uniform(0.8, 2.5)
    pitch = rng.uniform(55, 140) * (1 - 0.06 * np.tanh((seconds - middle) / width))
    turns = 2 * np.pi * np.cumsum(pitch) / TELEPHONE_RATE
    motor = sum(np.sin(n * turns + rng.uniform(0, 6)) / n**0.7 for n in range(1, 20))
    swell = np.exp(-(((seconds - middle) / width) ** 2))
    return np.asarray(swell * (motor + 1.5 * _unit(_pink(size, rng))))


def _footsteps(size: int, rng: np.random.Generator) -> NDArray[np.float64]:
    sound, step = np.zeros(size), int(rng.uniform(0.45, 0.65) * TELEPHONE_RATE)
    thud = np.exp(-np.arange(800) / 120)
    for start in range(int(rng.integers(step)), size, step):
        piece = thud[: size - start]
        sound[start : start + piece.size] += piece * rng.standard_normal(piece.size) * rng.uniform(0.6, 1)
    return sound


def _horn(size: int, rng: np.random.Generator) -> NDArray[np.float64]:
    seconds = np.arange(size) / TELEPHONE_RATE
    start, low = rng.uniform(0, size / TELEPHONE_RATE), rng.uniform(380, 450)
    tones = sum(np.sin(2 * np.pi * n * f * seconds) / n for f in (low, low * 1.25) for n in range(1, 5))
    return np.asarray(tones * ((seconds > start) & (seconds < start + rng.uniform(0.2, 0.6))))


def _babble(size: int, rng: np.random.Generator) -> Samples:
    """Six to eight people talking around the caller, some of them backwards so that no word is lent to the caller."""
    crowd, sound = _crowd(), np.zeros(size)
    for _ in range(int(rng.integers(6, 9))):
        talk = crowd[int(rng.integers(len(crowd)))]
        talk = np.roll(talk[::-1] if rng.random() < 0.5 else talk, int(rng.integers(talk.size)))
        sound += np.resize(talk, size) * 10 ** (rng.uniform(-6, 0) / 20)
    return np.asarray(sound, dtype=np.float32)


@cache
def _crowd() -> tuple[Samples, ...]:
    return tuple(pcm_to_samples(mulaw_to_pcm(b"".join(voice.render(text) for text in _TALK))) for voice in _CROWD)


def _unit(sound: NDArray[np.float64]) -> NDArray[np.float64]:
    """At an RMS of one; silence stays silence."""
    return np.asarray(sound / max(np.sqrt(_power(sound)), 1e-9))


def _power(sound: NDArray[np.floating]) -> float:
    return float((sound.astype(np.float64) ** 2).mean()) if sound.size else 0.0
