"""The real Whisper in a worker process: the words of the local engine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from callbot.domain.meaning import Expectation
from callbot.settings import EngineName, Speech, Worker
from callbot.speech.codec import Samples, mulaw_to_samples
from callbot.speech.engine import Engine, Hints, Hypothesis
from callbot.speech.engines import load_engine
from callbot.speech.hints import hints_for
from callbot.speech.workers.remote import RemoteEngine
from callbot.speech.workers.worker import EarsWorker
from tests.speech.ears_sounds import WEIGHTS, needs_weights, say

TOKEN = "geheim"
SAID = {
    "Un canapé, deux matelas et une armoire.": hints_for(Expectation.ITEMS),
    "Douze rue de Rome.": hints_for(Expectation.ADDRESS),
    "Oui, c'est bien ça.": hints_for(Expectation.YES_NO),
}


@contextmanager
def worker_process() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """``callbot ears serve`` on a free port, and its address."""
    told = {
        "CALLBOT_SPEECH__WORKER__TOKEN": TOKEN,
        "CALLBOT_DATA_DIR": str(WEIGHTS.parent.parent),
    }
    command = [str(Path(sys.executable).with_name("callbot")), "ears", "serve", "--port", "0"]
    with subprocess.Popen(command, env=os.environ | told, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            listening = process.stdout.readline().split(",")[0]
            yield process, listening.removeprefix("speech worker on ")
        finally:
            process.kill()


@pytest.mark.sound
@needs_weights
def test_a_worker_reads_the_words_of_the_local_engine_and_another_goes_on_when_it_stops() -> None:
    local = load_engine(Speech(threads=2), WEIGHTS.parent)
    shared = Worker(token=SecretStr(TOKEN), port=0, deadline_s=20)
    beside = EarsWorker(local, Speech(threads=2, worker=shared))
    here_too = f"127.0.0.1:{beside.start()}"
    near = remote_engine(here_too, shared)
    with worker_process() as (process, address):
        far = remote_engine(address, shared)
        for text, hints in SAID.items():
            sound = mulaw_to_samples(say(text))
            here = read(local, sound, text, hints)
            assert read(near, sound, text, hints) == here
            assert read(far, sound, text, hints)[0][0].text == here[0][0].text
        both = remote_engine(f"{address},{here_too}", shared)
        kept = [both.encode(sound) for _ in range(2)]
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert {both.transcribe(each, hints).text for each in kept} == {here[0][0].text}
    for engine in (near, far, both):
        engine.close()
    beside.stop(0)


def read(
    engine: Engine, samples: Samples, text: str, hints: Hints
) -> tuple[tuple[Hypothesis, ...], float, tuple[float, ...], tuple[float, ...]]:
    """All readings, and scores on the sound and on silence."""
    encoding = engine.encode(samples)
    words = engine.transcribe(encoding, hints)
    answers = [text, "Je ne sais pas."]
    return words.hypotheses, words.no_speech, engine.score(encoding, answers), engine.score(engine.silence(), answers)


def remote_engine(workers: str, shared: Worker) -> RemoteEngine:
    return RemoteEngine.connected(Speech(engine=EngineName.REMOTE, workers=workers, worker=shared))
