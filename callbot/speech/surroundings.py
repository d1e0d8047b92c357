"""How loud it is around the caller: people who talk nearby are voices too, but no louder than what was there before."""

from __future__ import annotations

from collections import deque
from math import log10
from typing import Final

import numpy as np

from callbot.speech.codec import FRAME_MS, mulaw_power

_REMEMBERED_MS: Final = 4_000
_KNOWN_AFTER_MS: Final = 1_000
_QUIETER_PART: Final = 0.2
"""of the last seconds: in the pauses of a caller who has just spoken one hears what is around them"""
_ABOVE_DB: Final = 7.0
_UNHEARD_DB: Final = -120.0


class Surroundings:
    """Listens to the line all the time; one for each call."""

    def __init__(self) -> None:
        self._levels: deque[float] = deque(maxlen=_REMEMBERED_MS // FRAME_MS)

    def hear(self, frame: bytes) -> None:
        """The next 20 ms of mu-law."""
        self._levels.append(loudness(frame))

    @property
    def voice_from_db(self) -> float:
        """A voice as loud as this stands out; any voice while nothing is known yet."""
        if len(self._levels) * FRAME_MS < _KNOWN_AFTER_MS:
            return _UNHEARD_DB
        return float(np.quantile(self._levels, _QUIETER_PART)) + _ABOVE_DB


def loudness(sound: bytes) -> float:
    """Of mu-law sound, in dB below full scale."""
    return 10 * log10(mulaw_power(sound) + 1e-12)
