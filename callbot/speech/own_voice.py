"""Is what comes from the caller only our own voice come back? A telephone line returns it softer, later and duller.

Told by loudness and by the way it goes up and down in five bands. Its waveform says less: filters and rooms turn it,
so that real echoes correlate with what was said hardly more than other voices do (measured: 0.17 to 0.5 against 0.1
to 0.4), and coders of mobile phones keep only the bands.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

from callbot.speech.codec import FRAME_BYTES, FRAME_MS, SILENCE, TELEPHONE_RATE, mulaw_to_pcm, pcm_to_samples

REMEMBERED_MS: Final = 2_000
"""of what was said lately: sound is sent up to 0.4 s ahead, its echo comes up to a second later"""
SOFTER_DB: Final = 11.0
"""an echo is at least so much softer than what was said; callers mostly are not"""
LIKE_FROM: Final = 0.4
"""correlation of the bands. Both thresholds were fitted on the echoes of ``tests.bench.turn_taking``; a caller as
soft as an echo is mostly taken for one at first, and heard some tenths of a second later"""
_STEP: Final = TELEPHONE_RATE // 100
_WINDOW: Final = 2 * _STEP
_BANDS_HZ: Final = ((300, 600), (600, 1_000), (1_000, 1_500), (1_500, 2_200), (2_200, 3_400))
_DEPTH_DB: Final = 25.0
"""what is softer than the loudest moment of a band by more is the line, not the voice"""

Picture = NDArray[np.float64]
"""loudness in dB: a row every 10 ms, a column a band"""


class OwnVoice:
    """Remembers what the bot said in the last two seconds."""

    def __init__(self) -> None:
        self._said: deque[bytes] = deque(maxlen=REMEMBERED_MS // FRAME_MS)

    def says(self, frame: bytes) -> None:
        """20 ms of mu-law that the bot says."""
        self._said.append(frame)

    def explains(self, sound: bytes) -> bool:
        """True when ``sound`` (mu-law) may be an echo: softer than what was said lately, and like a stretch of it."""
        if len(sound) < 2 * FRAME_BYTES or not self._said:
            return False
        ours = b"".join(self._said)
        around = SILENCE * len(sound)  # before a prompt and after it nothing is said
        heard, said = _picture(sound), _picture(around + ours + around)
        softer_db = _loudest(_picture(ours)) - _loudest(heard)
        return softer_db >= SOFTER_DB and _likeness(heard, said) >= LIKE_FROM


def _picture(sound: bytes) -> Picture:
    samples = pcm_to_samples(mulaw_to_pcm(sound)).astype(np.float64)
    pieces = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::_STEP]
    power = np.abs(np.fft.rfft(pieces * np.hanning(_WINDOW), axis=1)) ** 2
    pitches = np.fft.rfftfreq(_WINDOW, 1 / TELEPHONE_RATE)
    bands = [power[:, (pitches >= low) & (pitches < high)].mean(axis=1) for low, high in _BANDS_HZ]
    return np.asarray(10 * np.log10(np.stack(bands, axis=1) + 1e-6))


def _loudest(picture: Picture) -> float:
    """Loudness of the louder moments, all bands together."""
    together = 10 * np.log10((10 ** (picture / 10)).sum(axis=1))
    return float(np.quantile(together, 0.9))


def _likeness(heard: Picture, said: Picture) -> float:
    """The best correlation of ``heard`` with any stretch of ``said``, -1..1."""
    stretches = np.lib.stride_tricks.sliding_window_view(said, len(heard), axis=0).transpose(0, 2, 1)
    return float((_standardised(heard[None]) * _standardised(stretches)).mean(axis=(1, 2)).max())


def _standardised(pictures: Picture) -> Picture:
    """Each band of each picture around its mean, the whole at a deviation of one; 0 where nothing goes up or down."""
    deep = np.maximum(pictures, pictures.max(axis=1, keepdims=True) - _DEPTH_DB)
    centred = deep - deep.mean(axis=1, keepdims=True)
    return np.asarray(centred / np.maximum(centred.std(axis=(1, 2), keepdims=True), 1e-6))
