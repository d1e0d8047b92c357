"""What a speech engine does, whatever library runs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from callbot.domain.meaning import Expectation
from callbot.speech.codec import ENGINE_RATE, Samples

LONGEST_SPEECH_S: Final = 28
"""what is beyond is not read: Whisper sees 30 s, and 2 s of silence must follow the speech"""


class EarsAwayError(Exception):
    """The engine is on other machines, and none did what was asked: away, busy, too late. Names the reason alone."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known before listening: the kind of answer, a prompt of examples, the choices that were offered."""

    expect: Expectation = Expectation.ANY
    prompt: str = ""
    offered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One reading of the sound; ``log_prob``: natural logarithm of the mean probability of a token."""

    text: str
    log_prob: float


@dataclass(frozen=True, slots=True)
class Transcription:
    """Words of one utterance: ``hypotheses`` best first, ``text`` the first; ``no_speech`` and ``confidence`` 0..1."""

    text: str
    hypotheses: tuple[Hypothesis, ...]
    no_speech: float
    confidence: float
    encode_ms: float
    decode_ms: float


@dataclass(frozen=True, slots=True)
class Encoding:
    """An utterance after the encoder: made once, then read as often as wanted. ``states`` is the engine's own."""

    states: object
    frames: int
    """log-mel frames of 10 ms that were encoded"""
    encode_ms: float


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """What language an utterance seems to be in. ``code``: ISO 639-1; probabilities 0..1."""

    code: str
    probability: float
    french: float


class Engine(Protocol):
    """A speech engine. Blocking and slow: called in a thread, by several threads at once.

    One on other machines may raise ``EarsAwayError`` at every question.
    """

    def encode(self, samples: Samples) -> Encoding:
        """Run the encoder over ``samples`` (float32, 16 kHz); at most 28 s are read."""
        ...

    def transcribe(self, encoding: Encoding, hints: Hints) -> Transcription:
        """The words, most likely reading first."""
        ...

    def silence(self) -> Encoding:
        """A second or more in which nobody speaks: scored on it, an answer shows how usual its words are anyway."""
        ...

    def score(self, encoding: Encoding, answers: Sequence[str]) -> tuple[float, ...]:
        """How well each answer fits the sound: sum of the natural log-probabilities of its tokens (0 is certain)."""
        ...

    def language(self, encoding: Encoding) -> SpokenLanguage:
        """The likeliest language; of little worth on less than a second, or where the caller is hardly understood."""
        ...


def within_limit(samples: Samples) -> Samples:
    """The first 28 s."""
    return samples[: LONGEST_SPEECH_S * ENGINE_RATE]
