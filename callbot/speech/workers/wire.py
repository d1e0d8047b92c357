"""What a service and a speech worker say to each other: bytes of samples one way, small JSON messages both ways.

Messages are the dataclasses of ``speech.engine`` as JSON: no generated code, and a field more is read by old and new.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Final, TypeVar

import numpy as np
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from callbot.speech.codec import ENGINE_RATE, Samples
from callbot.speech.engine import LONGEST_SPEECH_S, Hints, SpokenLanguage, Transcription

T = TypeVar("T")

SERVICE: Final = "callbot.ears.v1.Ears"
HEALTH: Final = "grpc.health.v1.Health"
"""the standard question of balancers and of Kubernetes; its two answers are written by hand"""
SERVING, NOT_SERVING = b"\x08\x01", b"\x08\x02"
"""HealthCheckResponse: field 1, SERVING or NOT_SERVING"""
TOKEN: Final = "authorization"  # noqa: S105 - the name of the header
URGENCY: Final = "callbot-urgency"
LOAD: Final = "callbot-load"
"""utterances read or in line on the worker, in the trailer of each answer"""
SILENCE: Final = "silence"
"""id of the silence every worker keeps for good"""
_SAMPLE: Final = np.dtype("<f4")
MOST_BYTES: Final = LONGEST_SPEECH_S * ENGINE_RATE * _SAMPLE.itemsize + 65_536
"""of one message"""
MOST_ANSWERS: Final = 256
"""answers scored at once: their number times the encoder states is held in memory"""


class Method(StrEnum):
    """What a worker is asked; each may be asked again without harm."""

    ENCODE = "Encode"
    TRANSCRIBE = "Transcribe"
    SCORE = "Score"
    LANGUAGE = "Language"
    SILENCE = "Silence"
    STATUS = "Status"


class UnsafeWorkersError(Exception):
    """Sound would go over a network without TLS or a token, or a setting of the workers is missing."""


class MalformedError(Exception):
    """A message that is none of ours."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An encoded utterance on the worker: its id there, see ``Encoding`` for the rest."""

    sound: str
    frames: int
    encode_ms: float


@dataclass(frozen=True, slots=True)
class Reading:
    """Asks for the words of a sound."""

    sound: str
    hints: Hints


@dataclass(frozen=True, slots=True)
class Scoring:
    """Asks how well answers fit a sound."""

    sound: str
    answers: Annotated[tuple[str, ...], Field(max_length=MOST_ANSWERS)]


@dataclass(frozen=True, slots=True)
class Guessing:
    """Asks for the language of a sound."""

    sound: str


@dataclass(frozen=True, slots=True)
class Status:
    """A worker as it is: what reads, how many utterances at once, how many are read or wait, the most that may."""

    engine: str
    model: str
    threads: int
    load: int
    most: int


Scores = tuple[float, ...]
KEPT: Final = TypeAdapter(Kept)
READING: Final = TypeAdapter(Reading)
SCORING: Final = TypeAdapter(Scoring)
GUESSING: Final = TypeAdapter(Guessing)
TRANSCRIPTION: Final = TypeAdapter(Transcription)
SCORES: Final[TypeAdapter[Scores]] = TypeAdapter(Scores, config=ConfigDict(ser_json_inf_nan="constants"))
LANGUAGE: Final = TypeAdapter(SpokenLanguage)
STATUS: Final = TypeAdapter(Status)


def parsed(shape: TypeAdapter[T], message: bytes) -> T:
    """The message; ``MalformedError`` without its content."""
    try:
        return shape.validate_json(message)
    except ValidationError:
        raise MalformedError("malformed message") from None


def written(shape: TypeAdapter[Any], content: object) -> bytes:
    """The message of ``content``."""
    return shape.dump_json(content)


def samples_written(samples: Samples) -> bytes:
    """float32, little-endian: exactly what was given, so that a worker reads the words a local engine would."""
    return np.ascontiguousarray(samples, dtype=_SAMPLE).tobytes()


def samples_parsed(message: bytes) -> Samples:
    """The samples; ``MalformedError`` for other bytes, none at all, or values that are no numbers."""
    if not message or len(message) % _SAMPLE.itemsize:
        raise MalformedError("malformed samples")
    samples = np.frombuffer(message, dtype=_SAMPLE).astype(np.float32)
    if not np.isfinite(samples).all():
        raise MalformedError("malformed samples")
    return samples


def is_loopback(host: str) -> bool:
    """Nobody else is on the way to it."""
    return host in ("localhost", "::1", "[::1]") or host.startswith("127.")
