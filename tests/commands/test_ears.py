"""``callbot ears`` and what the doctor says of speech workers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from callbot.cli import app
from callbot.commands import ears
from callbot.commands.doctor import Health, examine
from callbot.settings import Device, EngineName, Settings, Speech, Worker
from callbot.speech.codec import Samples
from callbot.speech.engine import Encoding, Hints, SpokenLanguage, Transcription
from callbot.speech.whisper_openai import EngineMissingError
from callbot.speech.workers.worker import EarsWorker


class MuteEngine:
    def encode(self, samples: Samples) -> Encoding:
        return Encoding(samples, 100, 0.0)

    def transcribe(self, encoding: Encoding, hints: Hints) -> Transcription:
        return Transcription("", (), 1.0, 0.0, 0.0, 0.0)

    def silence(self) -> Encoding:
        return self.encode(np.zeros(1, dtype=np.float32))

    def score(self, encoding: Encoding, answers: object) -> tuple[float, ...]:
        return ()

    def language(self, encoding: Encoding) -> SpokenLanguage:
        return SpokenLanguage("fr", 1.0, 1.0)


@pytest.fixture
def remote(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """Settings that name a worker that answers and one that does not."""
    worker = EarsWorker(MuteEngine(), Speech(threads=1, worker=Worker(port=0)))
    gone = EarsWorker(MuteEngine(), Speech(threads=1, worker=Worker(port=0)))
    ports = worker.start(), gone.start()
    gone.stop(0)
    workers = ",".join(f"127.0.0.1:{port}" for port in ports)
    settings = Settings(data_dir=tmp_path, speech=Speech(engine=EngineName.REMOTE, workers=workers))
    monkeypatch.setattr(ears, "load_settings", lambda: settings)
    monkeypatch.setattr(ears, "ANSWER_S", 0.3)
    return settings


def test_status_tells_who_answers_and_fails_when_one_does_not(remote: Settings) -> None:
    result = CliRunner().invoke(app, ["ears", "status", "--json"])
    assert result.exit_code == 1
    alive, gone = json.loads(result.stdout)
    assert (alive["answers"], alive["engine"], alive["load"], alive["most"]) == (True, "faster-whisper", 0, 16)
    assert (gone["answers"], gone["worker"] in gone["problem"]) == (False, True)


def test_the_doctor_looks_at_workers_in_the_place_of_weights(remote: Settings) -> None:
    found = [each for each in examine(remote) if each.part.startswith(("speech worker", "model whisper"))]
    assert [each.health for each in found] == [Health.OK, Health.WARNING]
    bad = remote.model_copy(update={"speech": Speech(engine=EngineName.REMOTE, workers="10.0.0.7:50061")})
    [unsafe] = [each for each in examine(bad) if each.part.startswith("speech worker")]
    assert unsafe.health is Health.FAILED
    assert "AUTHORITY" in unsafe.text


def test_a_worker_that_would_ask_workers_is_refused(remote: Settings) -> None:
    result = CliRunner().invoke(app, ["ears", "serve"])
    assert result.exit_code == 1
    assert "CALLBOT_SPEECH__ENGINE" in result.stderr


def test_a_worker_open_to_a_network_is_refused_before_anything_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(speech=Speech(worker=Worker(token=SecretStr("geheim"))))
    monkeypatch.setattr(ears, "load_settings", lambda: settings)
    result = CliRunner().invoke(app, ["ears", "serve", "--host", "0.0.0.0"])  # noqa: S104
    assert result.exit_code == 1
    assert "CERTIFICATE" in result.stderr
    assert "geheim" not in result.stderr


def test_a_gpu_that_is_not_there_is_said(tmp_path: Path) -> None:
    import ctranslate2

    from callbot.speech.whisper_faster import FasterWhisper

    if ctranslate2.get_cuda_device_count():
        pytest.skip("there is a GPU here")
    with pytest.raises(EngineMissingError, match="CALLBOT_SPEECH__DEVICE"):
        FasterWhisper(tmp_path, device=Device.CUDA)
