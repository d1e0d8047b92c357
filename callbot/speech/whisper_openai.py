"""OpenAI's own Whisper (PyTorch) on the very same weights: the reference, three to four times slower.

It reads the CTranslate2 file of ``callbot models fetch``: arrays get their names back, and the fused query, key and
value matrices are split again.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from callbot.speech.codec import ENGINE_RATE, Samples
from callbot.speech.ct2_weights import Weights, read_weights
from callbot.speech.engine import Encoding, Hints, Hypothesis, SpokenLanguage, Transcription, within_limit

_HEAD_SIZE: Final = 64
_AUDIO_CONTEXT: Final = 1_500
_TEXT_CONTEXT: Final = 448
_LONGEST_ANSWER: Final = 96


class EngineMissingError(Exception):
    """The library of this engine is not installed; the text says what to run."""


class _KeepsAll:
    """Ranks by mean log-probability as Whisper does, and keeps every reading of the beam."""

    def __init__(self) -> None:
        self.readings: list[tuple[list[int], float]] = []

    def rank(self, tokens: list[list[Any]], sum_logprobs: list[list[float]]) -> list[int]:
        """Interface of ``whisper.decoding.SequenceRanker``: index of the best of each group."""
        means = [total / max(1, len(ids)) for ids, total in zip(tokens[0], sum_logprobs[0], strict=True)]
        readings = zip(tokens[0], means, strict=True)
        self.readings = sorted(((each.tolist(), mean) for each, mean in readings), key=lambda pair: -pair[1])
        return [int(np.argmax(means))]


class OpenAIWhisper:
    """``Engine`` on openai-whisper, full window of 30 s, float32."""

    def __init__(self, folder: Path, *, threads: int = 2, beam: int = 5) -> None:
        """Read and convert the weights; about two seconds. Raises ``EngineMissingError``."""
        try:
            self._torch, self._whisper = importlib.import_module("torch"), importlib.import_module("whisper")
        except ModuleNotFoundError as error:
            raise EngineMissingError(
                f"the engine openai-whisper needs {error.name}: run \"pip install -e '.[openai-whisper]'\" "
                "or set CALLBOT_SPEECH__ENGINE=faster-whisper"
            ) from error
        self._torch.set_num_threads(threads)
        self._beam = beam
        self._model = self._build(read_weights(folder / "model.bin"))
        self._tokens = self._whisper.tokenizer.get_tokenizer(
            True, num_languages=self._model.num_languages, language="fr", task="transcribe"
        )

    def encode(self, samples: Samples) -> Encoding:
        """Run the encoder over the whole window."""
        started = time.perf_counter()
        audio = self._whisper.pad_or_trim(within_limit(samples))
        with self._torch.no_grad():
            mel = self._whisper.log_mel_spectrogram(audio, n_mels=self._model.dims.n_mels)
            states = self._model.encoder(mel[None])
        return Encoding(states, 2 * _AUDIO_CONTEXT, _ms_since(started))

    def transcribe(self, encoding: Encoding, hints: Hints) -> Transcription:
        """Beam search with every reading kept."""
        started = time.perf_counter()
        options = self._whisper.DecodingOptions(
            language="fr", beam_size=self._beam, prompt=hints.prompt or None, sample_len=_LONGEST_ANSWER,
            without_timestamps=True, fp16=False,
        )  # fmt: skip
        task = self._whisper.decoding.DecodingTask(self._model, options)
        task.sequence_ranker = kept = _KeepsAll()
        with self._torch.no_grad():
            result = task.run(encoding.states)[0]
        texts = {self._tokens.decode(ids).strip(): mean for ids, mean in reversed(kept.readings[: self._beam])}
        hypotheses = tuple(Hypothesis(text, mean) for text, mean in reversed(texts.items()))
        return Transcription(
            text=hypotheses[0].text,
            hypotheses=hypotheses,
            no_speech=float(result.no_speech_prob),
            confidence=float(np.exp(min(0.0, hypotheses[0].log_prob))),
            encode_ms=encoding.encode_ms,
            decode_ms=_ms_since(started),
        )

    def score(self, encoding: Encoding, answers: Sequence[str]) -> tuple[float, ...]:
        """Teacher forcing, one answer after the other."""
        return tuple(self._score_one(encoding, answer) for answer in answers)

    def silence(self) -> Encoding:
        """See ``Engine``."""
        return self.encode(np.zeros(3 * ENGINE_RATE, dtype=np.float32))

    def language(self, encoding: Encoding) -> SpokenLanguage:
        """See ``Engine``."""
        _, guessed = self._model.detect_language(encoding.states, self._tokens)
        likely = {code: float(probability) for code, probability in guessed[0].items()}
        code = max(likely, key=lambda each: likely[each])
        return SpokenLanguage(code, likely[code], likely.get("fr", 0.0))

    def _score_one(self, encoding: Encoding, answer: str) -> float:
        start = [*self._tokens.sot_sequence, self._tokens.no_timestamps]
        ids = self._tokens.encode(f" {answer.strip()}")
        with self._torch.no_grad():
            logits = self._model.decoder(self._torch.tensor([start + ids]), encoding.states)[0]
            log_probs = logits[len(start) - 1 : -1, : self._tokens.eot].log_softmax(dim=-1)
        return float(sum(log_probs[position, token] for position, token in enumerate(ids)))

    def _build(self, weights: Weights) -> Any:
        arrays = dict(openai_arrays(weights))
        vocabulary, width = weights["decoder/embeddings/weight"].shape
        layers = _layers(weights)
        dimensions = self._whisper.model.ModelDimensions(
            n_mels=weights["encoder/conv1/weight"].shape[1], n_audio_ctx=_AUDIO_CONTEXT, n_audio_state=width,
            n_audio_head=width // _HEAD_SIZE, n_audio_layer=layers, n_vocab=vocabulary, n_text_ctx=_TEXT_CONTEXT,
            n_text_state=width, n_text_head=width // _HEAD_SIZE, n_text_layer=layers,
        )  # fmt: skip
        model = self._whisper.model.Whisper(dimensions)
        model.load_state_dict({name: self._torch.from_numpy(array.copy()) for name, array in arrays.items()})
        return model.eval()


def openai_arrays(weights: Weights) -> Iterator[tuple[str, Samples]]:
    """The arrays of a CTranslate2 Whisper under the names of openai-whisper, float32."""
    for name in ("conv1", "conv2"):
        yield from _linear(weights, f"encoder.{name}", f"encoder/{name}")
    yield "decoder.token_embedding.weight", _array(weights, "decoder/embeddings/weight")
    for side, last in (("encoder", "ln_post"), ("decoder", "ln")):
        yield f"{side}.positional_embedding", _array(weights, f"{side}/position_encodings/encodings")
        yield from _norm(weights, f"{side}.{last}", f"{side}/layer_norm")
        for layer in range(_layers(weights)):
            yield from _block(weights, f"{side}.blocks.{layer}", f"{side}/layer_{layer}", crossed=side == "decoder")


def _block(weights: Weights, ours: str, theirs: str, *, crossed: bool) -> Iterator[tuple[str, Samples]]:
    yield from _norm(weights, f"{ours}.attn_ln", f"{theirs}/self_attention/layer_norm")
    yield from _split(weights, f"{ours}.attn", f"{theirs}/self_attention/linear_0", ("query", "key", "value"))
    yield from _linear(weights, f"{ours}.attn.out", f"{theirs}/self_attention/linear_1")
    yield from _norm(weights, f"{ours}.mlp_ln", f"{theirs}/ffn/layer_norm")
    yield from _linear(weights, f"{ours}.mlp.0", f"{theirs}/ffn/linear_0")
    yield from _linear(weights, f"{ours}.mlp.2", f"{theirs}/ffn/linear_1")
    if crossed:
        yield from _norm(weights, f"{ours}.cross_attn_ln", f"{theirs}/attention/layer_norm")
        yield from _linear(weights, f"{ours}.cross_attn.query", f"{theirs}/attention/linear_0")
        yield from _split(weights, f"{ours}.cross_attn", f"{theirs}/attention/linear_1", ("key", "value"))
        yield from _linear(weights, f"{ours}.cross_attn.out", f"{theirs}/attention/linear_2")


def _split(weights: Weights, ours: str, theirs: str, names: Sequence[str]) -> Iterator[tuple[str, Samples]]:
    """Whisper's key has no bias; in the fused matrix it is zero."""
    matrices = np.split(_array(weights, f"{theirs}/weight"), len(names))
    biases = np.split(_array(weights, f"{theirs}/bias"), len(names))
    for name, matrix, bias in zip(names, matrices, biases, strict=True):
        yield f"{ours}.{name}.weight", matrix
        if name != "key":
            yield f"{ours}.{name}.bias", bias
        elif np.any(bias):
            raise ValueError(f"{theirs} has a key bias: these are not weights of Whisper")


def _linear(weights: Weights, ours: str, theirs: str) -> Iterator[tuple[str, Samples]]:
    yield f"{ours}.weight", _array(weights, f"{theirs}/weight")
    yield f"{ours}.bias", _array(weights, f"{theirs}/bias")


def _norm(weights: Weights, ours: str, theirs: str) -> Iterator[tuple[str, Samples]]:
    yield f"{ours}.weight", _array(weights, f"{theirs}/gamma")
    yield f"{ours}.bias", _array(weights, f"{theirs}/beta")


def _array(weights: Weights, name: str) -> Samples:
    if name not in weights:
        raise ValueError(f"these are not float weights of Whisper: {name} is missing")
    return weights[name].astype(np.float32)


def _layers(weights: Weights) -> int:
    return sum(name.startswith("decoder/layer_") and name.endswith("/ffn/layer_norm/gamma") for name in weights)


def _ms_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
