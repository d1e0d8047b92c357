"""The light voice: SVOX Pico, on every machine, 50 to 200 times faster than real time, sounding like a machine.

It speaks five languages.
"""

from __future__ import annotations

import ctypes
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from py_nanotts import NanoTTS

from callbot.domain.meaning import Language
from callbot.speech.codec import Samples, pcm_to_samples
from callbot.speech.spoken import sayable, spoken
from callbot.speech.voice import SLOW_SPEED, VoiceError, telephone_sound

_VOICES: Final[Mapping[Language, str]] = {
    Language.FRENCH: "fr-FR",
    Language.ENGLISH: "en-GB",
    Language.SPANISH: "es-ES",
    Language.ITALIAN: "it-IT",
    Language.GERMAN: "de-DE",
}
_RATE: Final = 16_000
_PIECE_CHARS: Final = 200
"""Pico holds the interpreter while it speaks, and refuses or never leaves endless input: it gets a sentence at most"""
_SENTENCE_END: Final = re.compile(r"(?<=[.!?]) ")
_M_PERTURB: Final = -6
"""of glibc's ``mallopt``: memory is filled when it is given out, with the complement of the value"""
_one_at_a_time: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class LightVoice:
    """``pitch`` 0.5 to 2 and ``speed`` 0.2 to 5 times the normal; all voices speak one at a time.

    ``language``: one it has no voice for is read as French.
    """

    speed: float = 1.0
    pitch: float = 1.0
    language: Language = Language.FRENCH

    @property
    def name(self) -> str:
        foreign = "" if self._voice == "fr-FR" else f"-{self._voice}"
        return f"pico{foreign}-speed{self.speed:g}-pitch{self.pitch:g}"

    @property
    def fast(self) -> bool:
        return True

    def render(self, text: str) -> bytes:
        """See ``Voice.render``."""
        said = spoken(text) if self._voice == "fr-FR" else sayable(text)
        sounds = [self.raw(piece) for piece in pieces(said)]
        return telephone_sound(np.concatenate(sounds), _RATE, text) if sounds else b""

    def slower(self) -> LightVoice:
        """See ``Paced``."""
        return replace(self, speed=self.speed * SLOW_SPEED)

    def raw(self, piece: str) -> Samples:
        """One short sentence as Pico gives it, 16 kHz. Raises ``VoiceError``."""
        try:
            with _one_at_a_time, _clean_memory():
                sound = NanoTTS().speak(piece, voice=self._voice, speed=self.speed, pitch=self.pitch)
        except (RuntimeError, ValueError, MemoryError) as error:
            raise VoiceError(f"Pico could not speak: {type(error).__name__}") from None
        return pcm_to_samples(np.frombuffer(sound, dtype="<i2"))

    @property
    def _voice(self) -> str:
        return _VOICES.get(self.language, "fr-FR")


@contextmanager
def _clean_memory() -> Iterator[None]:
    """Memory given out is zero meanwhile: Pico reads some of its own before it writes it.

    Without this the same sentence differs from call to call, by as much as a pause of 180 ms. A C library without
    ``mallopt`` is left as it is.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        yield
        return
    mallopt(_M_PERTURB, 0xFF)
    try:
        yield
    finally:
        mallopt(_M_PERTURB, 0)


def pieces(text: str) -> list[str]:
    """``text`` (single spaces) cut at sentences, longer ones at a space; every piece holds something to say."""
    cut: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        line = ""
        for word in sentence.split():
            if line and len(line) + 1 + len(word) > _PIECE_CHARS:
                cut.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        cut.append(line)
    return [piece for piece in cut if re.search(r"\w", piece)]
