"""The caller's recorded voice: French clips rendered once, at telephone band, kept by hash outside the sources."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from scipy.signal import butter, sosfilt

from callbot.domain.meaning import Language
from callbot.rehearsal.scenario import Speaker
from callbot.speech.codec import (
    TELEPHONE_RATE,
    Samples,
    mulaw_to_pcm,
    pcm_to_mulaw,
    pcm_to_samples,
    samples_to_pcm,
)
from callbot.speech.voice import Voice, voiced_windows
from callbot.speech.voice_light import LightVoice
from callbot.speech.voice_natural import FRENCH_WOMAN, MAN, NaturalVoice, natural_voice_missing, natural_voice_name

_BAND_HZ: Final = (300, 3400)
_FORM: Final = "1"
_NOISE_S: Final = 10
_BAND: Final = butter(6, _BAND_HZ, btype="bandpass", fs=TELEPHONE_RATE, output="sos")

# Another pitch and pace than the bot, whose own voice is never the only caller.
_LIGHT: Final[Mapping[Speaker, tuple[float, float]]] = {Speaker.WOMAN: (0.9, 1.15), Speaker.MAN: (0.95, 0.8)}
_PACE: Final = 0.9
"""of the natural voices, which read faster than people speak on the phone"""
_FOREIGN: Final = {Speaker.ENGLISH: Language.ENGLISH, Speaker.SPANISH: Language.SPANISH}
"""a French voice that reads English is no English caller"""
_NATURAL: Final = {Speaker.WOMAN: FRENCH_WOMAN, Speaker.MAN: MAN}


def telephone_band(samples: Samples) -> Samples:
    """What a telephone line lets through of sound at 8 kHz: 300 to 3400 Hz (ITU-T G.712)."""
    return np.asarray(sosfilt(_BAND, samples), dtype=np.float32) if samples.size else samples


def with_gain(sound: bytes, gain_db: float) -> bytes:
    """Mu-law ``sound`` louder or softer."""
    if gain_db == 0:
        return sound
    louder = pcm_to_samples(mulaw_to_pcm(sound)) * np.float32(10 ** (gain_db / 20))
    return pcm_to_mulaw(samples_to_pcm(louder))


def room_noise(loudness_dbfs: float, seed: int = 7) -> bytes:
    """Ten seconds of steady surroundings (pink, telephone band) at an RMS of ``loudness_dbfs``; made to be looped."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(_NOISE_S * TELEPHONE_RATE))
    spectrum[1:] /= np.sqrt(np.arange(1, spectrum.size))
    noise = telephone_band(np.asarray(np.fft.irfft(spectrum), dtype=np.float32))
    rms = float(np.sqrt((noise.astype(np.float64) ** 2).mean()))
    return pcm_to_mulaw(samples_to_pcm(noise * np.float32(10 ** (loudness_dbfs / 20) / rms)))


def mixed(sound: bytes, noise: bytes) -> bytes:
    """Two mu-law sounds of the same length heard together."""
    both = mulaw_to_pcm(sound).astype(np.int32) + mulaw_to_pcm(noise)
    return pcm_to_mulaw(np.clip(both, -32_768, 32_767).astype(np.int16))


def last_voiced_byte(sound: bytes) -> int:
    """Where the voice in a clip ends: 0 in a clip without any."""
    voiced = np.flatnonzero(voiced_windows(pcm_to_samples(mulaw_to_pcm(sound))))
    return (int(voiced[-1]) + 1) * TELEPHONE_RATE // 100 if voiced.size else 0


@dataclass(frozen=True, slots=True)
class Clips:
    """The clips of all callers, by speaker and text."""

    sounds: Mapping[tuple[Speaker, str], bytes]

    def of(self, speaker: Speaker, text: str) -> bytes:
        """Mu-law, trimmed, at the loudness of all voices."""
        return self.sounds[speaker, text]


class _NaturalWhenNeeded:
    """Loads the natural voice with the first clip that is missing: seconds and 300 MB for nothing otherwise."""

    def __init__(self, models_dir: Path, styles: Mapping[str, float]) -> None:
        self.name = natural_voice_name(styles, _PACE)
        self._load = partial(NaturalVoice, models_dir, styles=styles, speed=_PACE)
        self._voice: NaturalVoice | None = None

    @property
    def fast(self) -> bool:
        return False

    def render(self, text: str) -> bytes:
        """See ``Voice``."""
        self._voice = self._voice or self._load()
        return self._voice.render(text)


def record_clips(wanted: Iterable[tuple[Speaker, str]], folder: Path, voices: Mapping[Speaker, Voice]) -> Clips:
    """Clips from ``folder``, recorded there where missing (blocking: seconds with the natural voice)."""
    return Clips({(who, text): _clip(voices[who], text, folder) for who, text in sorted(set(wanted))})


def caller_voices(models_dir: Path, *, natural: bool = True) -> dict[Speaker, Voice]:
    """A voice for each speaker: the natural ones where they are installed (unless unwanted), else the light ones."""
    foreign: dict[Speaker, Voice] = {who: LightVoice(speed=_PACE, language=its) for who, its in _FOREIGN.items()}
    if natural and not any(natural_voice_missing(models_dir, styles) for styles in _NATURAL.values()):
        return foreign | {who: _NaturalWhenNeeded(models_dir, styles) for who, styles in _NATURAL.items()}
    return foreign | {who: LightVoice(speed=speed, pitch=pitch) for who, (speed, pitch) in _LIGHT.items()}


def _clip(voice: Voice, text: str, folder: Path) -> bytes:
    key = "\0".join((_FORM, voice.name, text))
    path = folder / (hashlib.sha256(key.encode()).hexdigest() + ".ulaw")
    if path.is_file() and (known := path.read_bytes()):
        return known
    narrow = telephone_band(pcm_to_samples(mulaw_to_pcm(voice.render(text))))
    sound = pcm_to_mulaw(samples_to_pcm(narrow))
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_bytes(sound)
    unfinished.replace(path)
    return sound
