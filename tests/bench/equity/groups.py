"""Who is compared: voices, ways to talk, surroundings and lines. One thing differs between a group and its likes.

Names are French: ``/registre/charte`` shows them. No voice here speaks as people of Marseille or of the Maghreb do:
no free voice does, and what is not measured is not claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import numpy as np

from callbot.rehearsal.clips import telephone_band
from callbot.rehearsal.scenario import Style
from callbot.speech.codec import (
    TELEPHONE_RATE,
    Samples,
    mulaw_to_pcm,
    pcm_to_mulaw,
    pcm_to_samples,
    resample,
    samples_to_pcm,
)
from callbot.speech.voice_natural import FRENCH_WOMAN, MAN
from tests.bench.addresses.line import AFTER_MS, BEFORE_MS, at_snr, noise, noise_of, voice_on_the_line

Changes = Callable[[Samples, int], Samples]
"""what a line or a throat makes of a sound at 8 kHz; the seed decides chance"""

_PACE: Final = 0.9
"""of the natural voices, which read faster than people speak on the phone"""
_TREMOR_HZ: Final = 5.5


@dataclass(frozen=True, slots=True)
class Talker:
    """A blend of natural voices at a pace, then ``pitch`` times as high (and that much quicker)."""

    styles: Mapping[str, float]
    speed: float = _PACE
    pitch: float = 1.0
    tremor: float = 0.0
    """how far loudness sways, 0..1: old voices do"""

    @property
    def name(self) -> str:
        """Changes with all that changes the sound."""
        blend = "+".join(f"{share:g}{name}" for name, share in self.styles.items())
        return f"{blend}-{self.speed:g}-{self.pitch:g}-{self.tremor:g}"

    def voiced(self, clip: bytes) -> bytes:
        """``clip`` (mu-law, 8 kHz) of the natural voice as this throat says it."""
        samples = pcm_to_samples(mulaw_to_pcm(clip))
        if self.pitch != 1.0:
            samples = resample(samples, round(TELEPHONE_RATE * self.pitch), TELEPHONE_RATE)
        sway = 1 - self.tremor * (1 + np.sin(2 * np.pi * _TREMOR_HZ * np.arange(samples.size) / TELEPHONE_RATE)) / 2
        return _mulaw(samples * sway.astype(np.float32))


@dataclass(frozen=True, slots=True)
class Group:
    """``name`` in French; ``axis``: what it is about; ``talkers`` take turns, so that groups differ in one thing."""

    name: str
    axis: str
    talkers: tuple[Talker, ...]
    line: Changes = field(default=lambda samples, _seed: samples)
    styles: tuple[Style, ...] = ()


def arrives(clip: bytes, line: Changes, seed: int) -> bytes:
    """``clip`` (mu-law) with a moment of line around it, in the telephone band, as ``line`` brings it."""
    return _mulaw(line(voice_on_the_line(clip), seed))


def _mulaw(samples: Samples) -> bytes:
    return pcm_to_mulaw(samples_to_pcm(np.asarray(samples, dtype=np.float32)))


def _noisy(samples: Samples, seed: int, *, snr_db: float) -> Samples:
    """Street or people around the caller, as the seed falls, ``snr_db`` below the voice."""
    return samples + at_snr(noise(noise_of(seed), samples.size, seed), samples, snr_db)


def _choppy(samples: Samples, seed: int, *, loss: float) -> Samples:
    """Frames of 20 ms never arrive: ``loss`` of them, in bursts of two."""
    rng, frame = np.random.default_rng((seed, 2)), TELEPHONE_RATE // 50
    heard = samples.copy()
    for first in np.flatnonzero(rng.random(samples.size // frame) < loss / 2):
        heard[first * frame : (first + 2) * frame] = 0
    return heard


def _faint(samples: Samples, seed: int, *, gain_db: float, floor_dbfs: float) -> Samples:
    """A phone held far away: the voice is soft over the line's own hiss."""
    hiss = telephone_band(np.random.default_rng((seed, 3)).standard_normal(samples.size).astype(np.float32))
    return np.asarray(samples * 10 ** (gain_db / 20) + hiss * 10 ** (floor_dbfs / 20), dtype=np.float32)


_WOMAN: Final = Talker(FRENCH_WOMAN)
_MAN: Final = Talker(MAN)
_BOTH: Final = (_WOMAN, _MAN)
_OLD: Final = (Talker(FRENCH_WOMAN, 0.8, 0.9, 0.4), Talker(MAN, 0.8, 0.92, 0.4))
_YOUNG: Final = (Talker(FRENCH_WOMAN, 0.92, 1.15), Talker(MAN, 0.92, 1.2))

GROUPS: Final = (
    Group("voix de femme", "voix", (_WOMAN,)),
    Group("voix d'homme", "voix", (_MAN,)),
    Group("voix âgée : grave, lente, tremblante", "âge", _OLD),
    Group("voix jeune : aiguë, rapide", "âge", _YOUNG),
    Group("accent italien", "accent", (Talker({"im_nicola": 1.0}),)),
    Group("accent espagnol", "accent", (Talker({"em_alex": 1.0}),)),
    Group("un peu de bruit (20 dB)", "bruit", _BOTH, partial(_noisy, snr_db=20.0)),
    Group("rue bruyante (15 dB)", "bruit", _BOTH, partial(_noisy, snr_db=15.0)),
    Group("rue très bruyante (10 dB)", "bruit", _BOTH, partial(_noisy, snr_db=10.0)),
    Group("ligne hachée (5 % de pertes)", "ligne", _BOTH, partial(_choppy, loss=0.05)),
    Group("voix lointaine", "ligne", _BOTH, partial(_faint, gain_db=-15.0, floor_dbfs=-58.0)),
    Group("hésitations", "parole", _BOTH, styles=(Style.HESITANT,)),
    Group("digressions", "parole", _BOTH, styles=(Style.RAMBLING,)),
)
"""the first two are the references: clean, a quiet line, plain words"""

AROUND_MS: Final = BEFORE_MS + AFTER_MS
