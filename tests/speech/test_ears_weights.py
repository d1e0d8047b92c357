"""The reader of CTranslate2 files and the conversion for openai-whisper, on a tiny model made here."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from callbot.speech.ct2_weights import Weights, read_weights
from callbot.speech.whisper_openai import EngineMissingError, OpenAIWhisper, openai_arrays

WIDTH = 4


def string(text: str) -> bytes:
    return struct.pack("<H", len(text) + 1) + text.encode() + b"\0"


def write_weights(path: Path, weights: Weights, version: int = 6) -> None:
    kinds = {"float32": 0, "int8": 1, "float16": 4}
    body = struct.pack("<I", version) + string("WhisperSpec") + struct.pack("<II", 3, len(weights))
    for name, array in weights.items():
        body += string(name) + struct.pack("<B", array.ndim) + struct.pack(f"<{array.ndim}I", *array.shape)
        body += struct.pack("<BI", kinds[array.dtype.name], array.nbytes) + array.tobytes()
    path.write_bytes(body + struct.pack("<I", 0))


def tiny_model() -> Weights:
    generator = np.random.default_rng(1)

    def array(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float16]]:
        return generator.standard_normal(shape).astype(np.float16)

    weights: Weights = {"decoder/embeddings/weight": array(10, WIDTH)}
    linears = {"encoder/conv1": 1, "encoder/conv2": 1}
    norms = ["encoder/layer_norm", "decoder/layer_norm"]
    for side in ("encoder", "decoder"):
        weights[f"{side}/position_encodings/encodings"] = array(6, WIDTH)
        layer = f"{side}/layer_0"
        norms += [f"{layer}/self_attention/layer_norm", f"{layer}/ffn/layer_norm"]
        linears |= {f"{layer}/self_attention/linear_0": 3, f"{layer}/self_attention/linear_1": 1}
        linears |= {f"{layer}/ffn/linear_0": 1, f"{layer}/ffn/linear_1": 1}
    norms.append("decoder/layer_0/attention/layer_norm")
    linears |= {f"decoder/layer_0/attention/linear_{n}": fused for n, fused in enumerate((1, 2, 1))}
    for name, fused in linears.items():
        weights |= {f"{name}/weight": array(fused * WIDTH, WIDTH), f"{name}/bias": array(fused * WIDTH)}
    for name, key in (("encoder/layer_0/self_attention", 1), ("decoder/layer_0/self_attention", 1)):
        weights[f"{name}/linear_0/bias"][key * WIDTH : (key + 1) * WIDTH] = 0
    weights["decoder/layer_0/attention/linear_1/bias"][:WIDTH] = 0
    for name in norms:
        weights |= {f"{name}/gamma": array(WIDTH), f"{name}/beta": array(WIDTH)}
    return weights


def test_a_file_is_read_back(tmp_path: Path) -> None:
    written = tiny_model() | {"decoder/scales": np.array([1, -1], dtype=np.int8)}
    write_weights(tmp_path / "model.bin", written)
    read = read_weights(tmp_path / "model.bin")
    assert read.keys() == written.keys()
    assert all(np.array_equal(read[name], array) and read[name].dtype == array.dtype for name, array in written.items())


@pytest.mark.parametrize(("version", "keep", "reason"), [(99, None, "version 99"), (6, 200, "cut short")])
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, version: int, keep: int | None, reason: str) -> None:
    write_weights(tmp_path / "model.bin", tiny_model(), version)
    (tmp_path / "model.bin").write_bytes((tmp_path / "model.bin").read_bytes()[:keep])
    with pytest.raises(ValueError, match=reason):
        read_weights(tmp_path / "model.bin")


def test_fused_matrices_are_split_again() -> None:
    weights = tiny_model()
    arrays = dict(openai_arrays(weights))
    fused = weights["encoder/layer_0/self_attention/linear_0/weight"].astype(np.float32)
    parts = [arrays[f"encoder.blocks.0.attn.{name}.weight"] for name in ("query", "key", "value")]
    assert np.array_equal(np.concatenate(parts), fused)
    assert "encoder.blocks.0.attn.key.bias" not in arrays
    crossed = weights["decoder/layer_0/attention/linear_1/weight"].astype(np.float32)
    assert np.array_equal(arrays["decoder.blocks.0.cross_attn.value.weight"], crossed[WIDTH:])
    assert len(arrays) == 5 + 4 + 2 * 15 + 2 + 9


def test_a_key_with_a_bias_is_no_whisper() -> None:
    weights = tiny_model()
    weights["encoder/layer_0/self_attention/linear_0/bias"][WIDTH] = 1
    with pytest.raises(ValueError, match="key bias"):
        dict(openai_arrays(weights))


def test_a_missing_array_is_named() -> None:
    weights = tiny_model()
    del weights["encoder/conv1/bias"]
    with pytest.raises(ValueError, match="encoder/conv1/bias is missing"):
        dict(openai_arrays(weights))


def test_without_the_library_the_error_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    with pytest.raises(EngineMissingError, match=r"\.\[openai-whisper\]"):
        OpenAIWhisper(tmp_path)
