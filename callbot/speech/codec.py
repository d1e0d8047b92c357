"""Samples in and out: G.711 mu-law, resampling, 20 ms frames, wav files.

Three shapes of sound travel through the project: ``bytes`` of mu-law at 8 kHz (the telephone), ``Pcm`` (int16) and
``Samples`` (float32 between -1 and 1, what the engines want).
"""

from __future__ import annotations

import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import soxr
from numpy.typing import NDArray

Pcm = NDArray[np.int16]
Samples = NDArray[np.float32]

TELEPHONE_RATE: Final = 8_000
ENGINE_RATE: Final = 16_000
FRAME_MS: Final = 20
FRAME_BYTES: Final = 160
"""mu-law bytes of one frame: one byte a sample"""
BYTES_PER_MS: Final = TELEPHONE_RATE // 1000
SILENCE: Final = b"\xff"
"""mu-law byte of the sample zero"""
SILENT_FRAME: Final = SILENCE * FRAME_BYTES

_BIAS: Final = 0x84
_CLIP: Final = 32_635


def _decoding_table() -> Pcm:
    code = ~np.arange(256, dtype=np.uint8)
    exponent = ((code >> 4) & 7).astype(np.int32)
    mantissa = (code & 0x0F).astype(np.int32)
    magnitude = (((mantissa << 3) + _BIAS) << exponent) - _BIAS
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def _encoding_table() -> NDArray[np.uint8]:
    """Byte of each int16, indexed by the sample read as uint16."""
    sample = np.arange(65_536, dtype=np.uint16).view(np.int16).astype(np.int32)
    magnitude = np.minimum(np.abs(sample), _CLIP) + _BIAS
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    sign = np.where(sample < 0, 0x80, 0)
    table: NDArray[np.uint8] = (~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8)
    return table


_DECODE: Final = _decoding_table()
_ENCODE: Final = _encoding_table()
_POWER: Final = np.square(_DECODE / 32_768)
"""of each byte's sample, full scale 1: how loud a frame is can be told without decoding it"""


def mulaw_to_pcm(mulaw: bytes) -> Pcm:
    """Decode G.711 mu-law (ITU-T G.711), one sample a byte."""
    decoded: Pcm = _DECODE[np.frombuffer(mulaw, dtype=np.uint8)]
    return decoded


def mulaw_power(mulaw: bytes) -> float:
    """Mean square of the samples, full scale 1; at least one sample."""
    return float(_POWER[np.frombuffer(mulaw, dtype=np.uint8)].mean())


def pcm_to_mulaw(pcm: Pcm) -> bytes:
    """Encode to G.711 mu-law; samples beyond +-32,635 are clipped as the recommendation asks."""
    return _ENCODE[np.ascontiguousarray(pcm).view(np.uint16)].tobytes()


def pcm_to_samples(pcm: Pcm) -> Samples:
    """int16 to float32 between -1 and 1."""
    return pcm.astype(np.float32) / np.float32(32_768)


def samples_to_pcm(samples: Samples) -> Pcm:
    """float32 to int16, clipped."""
    return np.clip(np.rint(samples * 32_768), -32_768, 32_767).astype(np.int16)


def resample(samples: Samples, from_rate: int, to_rate: int) -> Samples:
    """A whole recording at another rate (Hz)."""
    if from_rate == to_rate:
        return samples
    return np.asarray(soxr.resample(samples, from_rate, to_rate), dtype=np.float32)


def mulaw_to_samples(mulaw: bytes) -> Samples:
    """Telephone sound as the engines want it: float32 at 16 kHz."""
    return resample(pcm_to_samples(mulaw_to_pcm(mulaw)), TELEPHONE_RATE, ENGINE_RATE)


def samples_to_mulaw(samples: Samples, rate: int) -> bytes:
    """Sound at ``rate`` Hz as the telephone wants it: mu-law at 8 kHz."""
    return pcm_to_mulaw(samples_to_pcm(resample(samples, rate, TELEPHONE_RATE)))


class Resampler:
    """The same for sound that arrives piece by piece; keeps what the filter still needs between pieces."""

    def __init__(self, from_rate: int = TELEPHONE_RATE, to_rate: int = ENGINE_RATE) -> None:
        self._stream = soxr.ResampleStream(from_rate, to_rate, 1, dtype="float32", quality="QQ")

    def feed(self, samples: Samples, *, last: bool = False) -> Samples:
        """What can be said of the next piece; ``last`` flushes the filter."""
        return np.asarray(self._stream.resample_chunk(samples, last=last), dtype=np.float32)


def frames(mulaw: bytes) -> Iterator[bytes]:
    """Frames of 20 ms; the last one is filled up with silence."""
    for start in range(0, len(mulaw), FRAME_BYTES):
        yield mulaw[start : start + FRAME_BYTES].ljust(FRAME_BYTES, SILENCE)


def milliseconds(mulaw: bytes) -> int:
    """How long it lasts."""
    return len(mulaw) // BYTES_PER_MS


def read_wav(path: Path) -> tuple[Samples, int]:
    """Samples (channels mixed) and rate of a PCM wav file of 8, 16 or 32 bits.

    Raises ``ValueError`` for anything else, with the reason.
    """
    try:
        with wave.open(str(path), "rb") as wav:
            rate, channels, width = wav.getframerate(), wav.getnchannels(), wav.getsampwidth()
            data = wav.readframes(wav.getnframes())
    except (wave.Error, EOFError) as error:
        raise ValueError(f"not a PCM wav file: {error or 'it is cut short'}") from error
    return _decode_pcm(data, width).reshape(-1, channels).mean(axis=1, dtype=np.float32), rate


def _decode_pcm(data: bytes, width: int) -> Samples:
    if width == 1:
        return (np.frombuffer(data, dtype=np.uint8).astype(np.float32) - 128) / np.float32(128)
    if width == 2:
        return pcm_to_samples(np.frombuffer(data, dtype="<i2"))
    if width == 4:
        return (np.frombuffer(data, dtype="<i4") / 2**31).astype(np.float32)
    raise ValueError(f"samples of {8 * width} bits are not read, use 16")


def write_wav(path: Path, samples: Samples, rate: int) -> None:
    """A mono 16-bit wav file."""
    with wave.open(str(path), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(rate)
        wav.writeframes(samples_to_pcm(samples).tobytes())
