"""Who says the addresses: nobody the parts were made on is among those they are measured on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Final

from callbot.speech.voice import Voice
from callbot.speech.voice_light import LightVoice
from callbot.speech.voice_natural import FRENCH_WOMAN, MAN, NaturalVoice, natural_voice_name
from tests.bench.addresses.mbrola import MbrolaVoice, fetch_mbrola, mbrola_name


class Split(StrEnum):
    """Made on, measured on."""

    DEV = "dev"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Speaker:
    """``name``: that of the voice; ``make`` wants the data folder and raises ``VoiceUnavailableError``.

    ``hard``: a strong accent or a regional voice, reported apart from the others.
    """

    name: str
    split: Split
    hard: bool
    make: Callable[[Path], Voice]


def _natural(split: Split, styles: Mapping[str, float], speed: float = 1.0, *, hard: bool = False) -> Speaker:
    make = partial(_make_natural, styles=dict(styles), speed=speed)
    return Speaker(natural_voice_name(styles, speed), split, hard, make)


def _make_natural(data_dir: Path, styles: Mapping[str, float], speed: float) -> Voice:
    # as many processes speak at once as there are cores
    return NaturalVoice(data_dir / "models", styles=styles, speed=speed, threads=1)


def _mbrola(split: Split, base: str, *, hard: bool = False) -> Speaker:
    return Speaker(mbrola_name(base), split, hard, partial(_make_mbrola, base=base))


def _make_mbrola(data_dir: Path, base: str) -> Voice:
    fetch_mbrola(data_dir / "mbrola")
    return MbrolaVoice(data_dir / "mbrola", base)


def _light(split: Split, voice: LightVoice) -> Speaker:
    return Speaker(voice.name, split, False, partial(_make_light, speed=voice.speed, pitch=voice.pitch))


def _make_light(data_dir: Path, speed: float, pitch: float) -> Voice:
    return LightVoice(speed=speed, pitch=pitch)


SPEAKERS: Final[tuple[Speaker, ...]] = (
    _natural(Split.TEST, FRENCH_WOMAN),
    _natural(Split.TEST, MAN),
    _light(Split.TEST, LightVoice()),
    _mbrola(Split.TEST, "fr1"),
    _natural(Split.TEST, {"im_nicola": 1.0}, hard=True),
    _natural(Split.TEST, {"em_alex": 1.0}, hard=True),
    _mbrola(Split.TEST, "fr4", hard=True),
    _mbrola(Split.TEST, "fr5", hard=True),
    _mbrola(Split.TEST, "ca1", hard=True),
    _natural(Split.DEV, {"ff_siwis": 0.6, "if_sara": 0.4}, 0.9),
    _natural(Split.DEV, {"ff_siwis": 0.5, "bm_george": 0.5}, 1.1),
    _light(Split.DEV, LightVoice(speed=0.9, pitch=1.25)),
    _mbrola(Split.DEV, "fr3"),
    _mbrola(Split.DEV, "fr6"),
    _natural(Split.DEV, {"pf_dora": 1.0}, hard=True),
    _mbrola(Split.DEV, "fr2", hard=True),
    _mbrola(Split.DEV, "fr7", hard=True),
)


def speakers(split: Split, *, hard: bool | None = None) -> tuple[Speaker, ...]:
    """Those of a split: all, the hard ones or the others."""
    return tuple(each for each in SPEAKERS if each.split is split and hard in (None, each.hard))


def speaker(name: str) -> Speaker:
    """The one of that name; raises ``KeyError``."""
    return {each.name: each for each in SPEAKERS}[name]
