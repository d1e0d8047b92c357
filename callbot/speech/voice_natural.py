"""The natural voice: Kokoro 82M (extra ``natural-voice``). Slow on a busy machine: it lives on its cache."""

from __future__ import annotations

import copy
import tempfile
import threading
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from callbot.speech.models import FETCH_COMMAND, KOKORO
from callbot.speech.pronunciation import french_phonemes
from callbot.speech.spoken import spoken
from callbot.speech.voice import SLOW_SPEED, VoiceError, VoiceUnavailableError, telephone_sound

FRENCH_WOMAN: Final[Mapping[str, float]] = {"ff_siwis": 1.0}
MAN: Final[Mapping[str, float]] = {"ff_siwis": 0.4, "am_michael": 0.6}
"""there is no French man in Kokoro: this blend is understood well and sounds like one"""
_WEIGHTS: Final = "kokoro-int8.onnx"
_STYLE_SHAPE: Final = (-1, 1, 256)
_PRONUNCIATION: Final = "fr2"
"""changes with how words are turned into sounds: clips on disk are kept by the name of the voice"""


class _Kokoro(Protocol):
    def create(
        self, text: str, voice: NDArray[np.float32], speed: float, *, is_phonemes: bool
    ) -> tuple[NDArray[np.float32], int]:
        """Samples and rate."""
        ...


def natural_voice_name(styles: Mapping[str, float] = FRENCH_WOMAN, speed: float = 1.0) -> str:
    """``Voice.name`` of a natural voice, known before it is loaded."""
    blend = "+".join(f"{share:g}{name}" for name, share in styles.items())
    return f"kokoro-{_PRONUNCIATION}-{blend}-speed{speed:g}"


def natural_voice_missing(models_dir: Path, styles: Mapping[str, float] = FRENCH_WOMAN) -> str:
    """What is not there for this voice, as a sentence that says what to do; "" when all is there."""
    if find_spec("kokoro_onnx") is None:
        return "the natural voice is not installed: pip install 'callbot[natural-voice]'"
    folder = models_dir / KOKORO
    wanted = [folder / _WEIGHTS, *(_style_file(folder, name) for name in styles)]
    if not all(path.is_file() for path in wanted):
        return f"the files of the natural voice are not on this machine: run '{FETCH_COMMAND}'"
    return ""


class NaturalVoice:
    """``styles``: Kokoro voices with their share in the blend; ``threads``: of the computing library."""

    def __init__(
        self, models_dir: Path, *, styles: Mapping[str, float] = FRENCH_WOMAN, speed: float = 1.0, threads: int = 2
    ) -> None:
        if missing := natural_voice_missing(models_dir, styles):
            raise VoiceUnavailableError(missing)
        folder = models_dir / KOKORO
        self._styles = styles
        self._style = _blend(folder, styles)
        self._speed = speed
        self._kokoro = _load(folder / _WEIGHTS, threads)
        self._one_at_a_time = threading.Lock()

    @property
    def name(self) -> str:
        return natural_voice_name(self._styles, self._speed)

    @property
    def fast(self) -> bool:
        return False

    def slower(self) -> NaturalVoice:
        """See ``Paced``; the model is in memory once."""
        slow = copy.copy(self)
        slow._speed = self._speed * SLOW_SPEED
        return slow

    def render(self, text: str) -> bytes:
        """See ``Voice.render``."""
        said = spoken(text)
        if not said:
            return b""
        try:
            phonemes = french_phonemes(said)
            with self._one_at_a_time:  # a sentence has all threads of the model
                samples, rate = self._kokoro.create(phonemes, self._style, self._speed, is_phonemes=True)
        except (RuntimeError, ValueError, OSError) as error:
            raise VoiceError(f"Kokoro could not speak: {type(error).__name__}") from None
        return telephone_sound(np.asarray(samples, dtype=np.float32), rate, text)


def _style_file(folder: Path, name: str) -> Path:
    return folder / "voices" / f"{name}.bin"


def _blend(folder: Path, styles: Mapping[str, float]) -> NDArray[np.float32]:
    parts = [
        np.fromfile(_style_file(folder, name), dtype=np.float32).reshape(_STYLE_SHAPE) * np.float32(share)
        for name, share in styles.items()
    ]
    return np.asarray(np.sum(parts, axis=0), dtype=np.float32)


def _load(weights: Path, threads: int) -> _Kokoro:
    from kokoro_onnx import Kokoro  # noqa: PLC0415 - an extra, and its own import takes a second

    options: Any = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
    # kokoro-onnx wants a file of voices; ours are given to each call, so an empty one will do
    with tempfile.NamedTemporaryFile(suffix=".npz") as voices:
        np.savez(voices)
        voices.flush()
        kokoro: _Kokoro = Kokoro.from_session(session, voices.name)
    return kokoro
