"""Is there a voice in this frame? Silero's detector on 16 kHz sound, with an energy floor before it.

The model is the one that comes with faster-whisper, on ONNX Runtime: a fourteenth of the time that the same detector
takes in plain C, which callers in a noisy street need all the time.
"""

from __future__ import annotations

from collections import deque
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime

from callbot.speech.codec import SILENT_FRAME, Resampler, Samples, mulaw_power, mulaw_to_pcm, pcm_to_samples

_MODEL: Final = Path("assets/silero_vad_v6.onnx")
_CHUNK: Final = 512
_CONTEXT: Final = 64
"""samples of the chunk before, which the model wants to see again"""
_MEMORY: Final = (1, 1, 128)
_SURE: Final = 0.45
_STILL: Final = 0.3
"""a voice that has begun is held on to down to here: word ends are soft"""
_QUIETEST_POWER: Final = 10 ** (-55 / 10)
"""-55 dBFS; a telephone voice lies between -35 and -10"""
_ASLEEP_AFTER: Final = 10
"""quiet frames after which the detector is not asked until a louder one comes: most of a call the caller listens"""


@cache
def silero() -> onnxruntime.InferenceSession:
    """The model, loaded once for all calls (30 ms). Raises ``FileNotFoundError``."""
    package = find_spec("faster_whisper")
    if package is None or not package.submodule_search_locations:
        raise FileNotFoundError("faster-whisper, which brings the voice detector, is not installed")
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    path = Path(package.submodule_search_locations[0]) / _MODEL
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class _Silero:
    """What the model remembers of one caller."""

    def __init__(self) -> None:
        self._model = silero()
        self._state = np.zeros(_MEMORY, dtype=np.float32), np.zeros(_MEMORY, dtype=np.float32)
        self._context: Samples = np.zeros(_CONTEXT, dtype=np.float32)

    def probability(self, chunk: Samples) -> float:
        """Of a voice in the next 512 samples."""
        seen = np.concatenate((self._context, chunk))
        self._context = seen[-_CONTEXT:]
        found, *state = self._model.run(None, {"input": seen[None], "h": self._state[0], "c": self._state[1]})
        self._state = state[0], state[1]
        return float(found[0])


class VoiceActivity:
    """One caller's detector: keeps its own state, so each call has one. Less than 1 % of a core while there is sound.

    The first loads the model.
    """

    def __init__(self) -> None:
        self._detector = _Silero()
        self._resampler = Resampler()
        self._waiting: Samples = np.zeros(0, dtype=np.float32)
        self._voiced = False
        self._probability = 0.0
        self._quiet_frames = 0
        self._unheard: deque[bytes] = deque(maxlen=_ASLEEP_AFTER + 1)

    @property
    def probability(self) -> float:
        """Of a voice in the last 32 ms read, 0..1."""
        return self._probability

    def hear(self, frame: bytes | None) -> bool:
        """True when the frame (20 ms of mu-law, None: it did not come) belongs to a voice."""
        sound = frame or SILENT_FRAME
        loud = mulaw_power(sound) > _QUIETEST_POWER
        self._quiet_frames = 0 if loud else self._quiet_frames + 1
        self._unheard.append(sound)
        if self._quiet_frames > _ASLEEP_AFTER:
            self._probability, self._voiced = 0.0, False
            return False
        # Woken, the detector first hears the last of the quiet, or a mere chord after silence passes for a voice.
        self._ask_detector(pcm_to_samples(mulaw_to_pcm(b"".join(self._unheard))))
        self._unheard.clear()
        self._voiced = frame is not None and loud and self._probability > (_STILL if self._voiced else _SURE)
        return self._voiced

    def _ask_detector(self, sound: Samples) -> None:
        self._waiting = np.concatenate((self._waiting, self._resampler.feed(sound)))
        while len(self._waiting) >= _CHUNK:
            chunk, self._waiting = self._waiting[:_CHUNK], self._waiting[_CHUNK:]
            self._probability = self._detector.probability(chunk)
