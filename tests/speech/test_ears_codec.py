"""The codec: round trips, streaming as whole, wav files good and bad."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.speech import codec

SAMPLES = st.lists(st.integers(-32_768, 32_767), min_size=1, max_size=400)


@given(st.binary(max_size=400))
def test_every_byte_but_minus_zero_survives_decoding_and_encoding(mulaw: bytes) -> None:
    assert codec.pcm_to_mulaw(codec.mulaw_to_pcm(mulaw)) == mulaw.replace(b"\x7f", b"\xff")


@given(SAMPLES)
def test_a_sample_comes_back_within_the_step_of_its_segment(values: list[int]) -> None:
    pcm = np.array(values, dtype=np.int16)
    wide = pcm.astype(np.int32)
    error = np.abs(codec.mulaw_to_pcm(codec.pcm_to_mulaw(pcm)).astype(np.int32) - wide)
    assert np.all(error <= np.maximum(4, np.abs(wide) // 16 + 4))


def test_known_values_of_the_recommendation() -> None:
    pcm = np.array([0, 32_124, -32_124, 32_767, -32_768], dtype=np.int16)
    assert codec.pcm_to_mulaw(pcm) == b"\xff\x80\x00\x80\x00"
    assert codec.mulaw_to_pcm(b"\xff\x7f\x80\x00").tolist() == [0, 0, 32_124, -32_124]


def test_streaming_gives_as_much_sound_and_the_same_tone_as_the_whole() -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(8_000) / 8_000).astype(np.float32)
    stream = codec.Resampler()
    pieces = [stream.feed(tone[start : start + 160], last=start == 7_840) for start in range(0, 8_000, 160)]
    streamed = np.concatenate(pieces)
    assert len(streamed) == 16_000
    spectrum = np.abs(np.fft.rfft(streamed))
    assert int(spectrum.argmax()) == 440
    assert len(codec.resample(tone, 8_000, 16_000)) == 16_000


def test_frames_are_whole_and_the_last_one_is_filled_with_silence() -> None:
    pieces = list(codec.frames(b"\x12" * 200))
    assert [len(piece) for piece in pieces] == [codec.FRAME_BYTES] * 2
    assert pieces[1] == b"\x12" * 40 + codec.SILENCE * 120
    assert list(codec.frames(b"")) == []
    assert codec.milliseconds(b"\x12" * 200) == 25


def test_wav_files_are_read_back(tmp_path: Path) -> None:
    sound = np.linspace(-0.9, 0.9, 500, dtype=np.float32)
    codec.write_wav(tmp_path / "a.wav", sound, 8_000)
    read, rate = codec.read_wav(tmp_path / "a.wav")
    assert rate == 8_000
    assert np.allclose(read, sound, atol=1e-4)


@pytest.mark.parametrize(("width", "content"), [(1, b"\x80\xff"), (4, b"\0\0\0\0\xff\xff\xff\x7f")])
def test_other_widths_are_read(tmp_path: Path, width: int, content: bytes) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as wav:
        wav.setnchannels(2)
        wav.setsampwidth(width)
        wav.setframerate(16_000)
        wav.writeframes(content)
    read, _ = codec.read_wav(tmp_path / "a.wav")
    assert read == pytest.approx([0.5], abs=0.01)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"not a wav file at all, only words"])
def test_what_is_no_wav_file_is_a_named_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(ValueError, match="not a PCM wav file"):
        codec.read_wav(tmp_path / "a.wav")


def test_a_width_that_is_not_read_is_named(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(3)
        wav.setframerate(8_000)
        wav.writeframes(b"\0" * 6)
    with pytest.raises(ValueError, match="24 bits"):
        codec.read_wav(tmp_path / "a.wav")


@given(st.binary(min_size=1, max_size=400))
def test_power_is_that_of_the_decoded_sound(mulaw: bytes) -> None:
    decoded = codec.pcm_to_samples(codec.mulaw_to_pcm(mulaw)).astype(np.float64)
    assert codec.mulaw_power(mulaw) == pytest.approx(np.square(decoded).mean())
