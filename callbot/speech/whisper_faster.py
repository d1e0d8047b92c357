"""Whisper on CTranslate2 with a short window: the encoder sees the speech, not thirty seconds.

Whisper was trained on windows of 30 s (1500 encoder positions). Encoding the speech and two seconds more costs a
tenth of that; what is missing is filled with encoder states of silence made once at start, because the decoder loops
when it sees fewer positions than it was trained on.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import ctranslate2
import numpy as np
import tokenizers
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from numpy.typing import NDArray

from callbot.settings import Device
from callbot.speech.codec import Samples
from callbot.speech.engine import Encoding, Hints, Hypothesis, SpokenLanguage, Transcription, within_limit
from callbot.speech.whisper_openai import EngineMissingError

_WINDOW_FRAMES: Final = 3_000
_POSITIONS: Final = 1_500
_MARGIN_FRAMES: Final = 200
"""two seconds of silence after the speech, inside the encoded window"""
_STEP_FRAMES: Final = 50
"""windows come in few sizes: the encoder is quicker at sizes it has seen"""
_FLOOR: Final = -0.5
"""log-mel value that silence has under a voice at the usual telephone level; every utterance is brought to it"""
_LOUDEST_LIFT: Final = 0.5
"""log-mel (20 dB): what is quieter than that is not a voice, and is not to be made one"""
_SILENT_POSITIONS: Final = 150
"""three seconds, as long as an answer is: on one second the decoder tells less well how usual words are"""
_LONGEST_PROMPT: Final = 200
_LONGEST_ANSWER: Final = 96
_COMPUTE_TYPES: Final = {Device.CPU: "int8", Device.CUDA: "int8_float16"}
"""weights of eight bits; what is between them in float32 on the processor, in float16 on a GPU"""


class FasterWhisper:
    """``Engine`` on CTranslate2 (int8). ``workers`` utterances are read at once."""

    def __init__(
        self, folder: Path, *, threads: int = 2, workers: int = 1, beam: int = 5, device: Device = Device.CPU
    ) -> None:
        """Load the weights in ``folder`` and encode one window of silence; about two seconds.

        Raises ``EngineMissingError`` where ``device`` is not there.
        """
        if device is Device.CUDA and not ctranslate2.get_cuda_device_count():
            raise EngineMissingError("CALLBOT_SPEECH__DEVICE=cuda, but no GPU with CUDA is seen: set it to cpu")
        loaded = WhisperModel(
            str(folder),
            device=device.value,
            compute_type=_COMPUTE_TYPES[device],
            cpu_threads=max(1, threads // workers),
            num_workers=workers,
            local_files_only=True,
        )
        self._model = loaded.model
        self._features = loaded.feature_extractor
        self._tokens = Tokenizer(_mended_tokenizer(folder / "tokenizer.json"), True, task="transcribe", language="fr")
        self._beam = beam
        self._silence = self._run_encoder(np.full((1, self._mels, _WINDOW_FRAMES), _FLOOR, dtype=np.float32))

    @property
    def _mels(self) -> int:
        return int(self._features.mel_filters.shape[0])

    def encode(self, samples: Samples) -> Encoding:
        """Run the encoder over the speech and two seconds of its own silence."""
        started = time.perf_counter()
        window = self._window(within_limit(samples))
        states = self._run_encoder(window)
        return Encoding(states, window.shape[-1], _ms_since(started))

    def transcribe(self, encoding: Encoding, hints: Hints) -> Transcription:
        """Beam search; as many hypotheses as the beam is wide."""
        started = time.perf_counter()
        prompt = self._prompt(hints.prompt)
        result = self._model.generate(
            _view(self._filled_up(encoding)),
            [prompt],
            beam_size=self._beam,
            num_hypotheses=self._beam,
            max_length=len(prompt) + _LONGEST_ANSWER,
            return_scores=True,
            return_no_speech_prob=True,
            suppress_blank=True,
            suppress_tokens=[-1],
        )[0]
        readings = [
            Hypothesis(self._tokens.decode(ids).strip(), float(score))
            for ids, score in zip(result.sequences_ids, result.scores, strict=True)
        ]
        hypotheses = tuple({reading.text: reading for reading in reversed(readings)}.values())[::-1]
        return Transcription(
            text=hypotheses[0].text,
            hypotheses=hypotheses,
            no_speech=float(result.no_speech_prob),
            confidence=float(np.exp(min(0.0, hypotheses[0].log_prob))),
            encode_ms=encoding.encode_ms,
            decode_ms=_ms_since(started),
        )

    def score(self, encoding: Encoding, answers: Sequence[str]) -> tuple[float, ...]:
        """Teacher forcing on the short encoding: a tenth of a second for ten answers."""
        tokens = [self._tokens.encode(f" {answer.strip()}") for answer in answers]
        states = np.repeat(_states(encoding), len(tokens), axis=0)
        start = [self._tokens.sot, self._tokens.language, self._tokens.transcribe]
        aligned = self._model.align(_view(states), start, tokens, [encoding.frames] * len(tokens))
        return tuple(float(np.log(np.maximum(1e-10, each.text_token_probs)).sum()) for each in aligned)

    def language(self, encoding: Encoding) -> SpokenLanguage:
        """See ``Engine``: one step of the decoder."""
        guessed = self._model.detect_language(_view(self._filled_up(encoding)))[0]
        likely = {token.strip("<|>"): float(probability) for token, probability in guessed}
        code = max(likely, key=lambda each: likely[each])
        return SpokenLanguage(code, likely[code], likely.get("fr", 0.0))

    def silence(self) -> Encoding:
        """See ``Engine``."""
        return Encoding(self._silence[:, :_SILENT_POSITIONS].copy(), 2 * _SILENT_POSITIONS, 0.0)

    def _window(self, samples: Samples) -> NDArray[np.float32]:
        """Log-mel of the speech at the usual level, and silence at its floor up to a round size."""
        features = np.asarray(self._features(samples, padding=0), dtype=np.float32)
        floor = float(features.min())
        features = features + min(_FLOOR - floor, _LOUDEST_LIFT)
        wanted = -(-(features.shape[-1] + _MARGIN_FRAMES) // _STEP_FRAMES) * _STEP_FRAMES
        missing = min(_WINDOW_FRAMES, wanted) - features.shape[-1]
        padded = np.pad(features, ((0, 0), (0, max(0, missing))), constant_values=features.min())
        return np.ascontiguousarray(padded[None, :, :_WINDOW_FRAMES])

    def _run_encoder(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.array(self._model.encode(_view(features), to_cpu=True), dtype=np.float32)

    def _filled_up(self, encoding: Encoding) -> NDArray[np.float32]:
        states = _states(encoding)
        return np.concatenate((states, self._silence[:, states.shape[1] : _POSITIONS]), axis=1)

    def _prompt(self, text: str) -> list[int]:
        start = [self._tokens.sot, self._tokens.language, self._tokens.transcribe, self._tokens.no_timestamps]
        if not text:
            return start
        return [self._tokens.sot_prev, *self._tokens.encode(f" {text.strip()}")[-_LONGEST_PROMPT:], *start]


def _mended_tokenizer(path: Path) -> tokenizers.Tokenizer:
    """The tokenizer in ``path`` with its first rule back, which joins a space and a t.

    Widespread conversions lost it (a first line taken for a heading). Without it "table", "télé" or "traverse" are cut
    otherwise than in training, so prompts lose their force and scores of such words are far too low.
    """
    content = json.loads(path.read_text(encoding="utf-8"))
    merges = content["model"]["merges"]
    space, t = "\u0120", "t"
    if merges and merges[0] not in ([space, t], f"{space} {t}"):
        merges.insert(0, [space, t] if isinstance(merges[0], list) else f"{space} {t}")
    return tokenizers.Tokenizer.from_str(json.dumps(content))


def _view(array: NDArray[np.float32]) -> Any:
    return ctranslate2.StorageView.from_array(np.ascontiguousarray(array))


def _states(encoding: Encoding) -> NDArray[np.float32]:
    if not isinstance(encoding.states, np.ndarray):
        raise TypeError("this encoding was made by another engine")
    return encoding.states


def _ms_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
