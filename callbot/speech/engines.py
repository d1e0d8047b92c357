"""Which engine the settings ask for."""

from __future__ import annotations

from pathlib import Path

from callbot.settings import EngineName, Speech
from callbot.speech.engine import Engine
from callbot.speech.models import whisper_folder
from callbot.speech.whisper_openai import OpenAIWhisper


def load_engine(speech: Speech, models_dir: Path) -> Engine:
    """Load the engine and its weights; two to four seconds. It reads ``speech.threads`` utterances at once.

    Raises ``ModelMissingError`` or ``EngineMissingError``, each saying what to run; with speech workers
    ``UnsafeWorkersError``, or ``EarsAwayError`` where none answers.
    """
    if speech.engine is EngineName.REMOTE:
        from callbot.speech.workers.remote import RemoteEngine  # noqa: PLC0415 - twenty megabytes few need

        return RemoteEngine.connected(speech)
    folder = whisper_folder(models_dir, speech.model)
    if speech.engine is EngineName.OPENAI_WHISPER:
        return OpenAIWhisper(folder, threads=speech.threads, beam=speech.beam)
    # Half a second of import that only who listens has to pay.
    from callbot.speech.whisper_faster import FasterWhisper  # noqa: PLC0415

    # One thread an utterance: measured with eight in a row on two busy cores, two readers of one thread each need
    # 0.44 to 0.74 s an utterance, one reader of two threads 0.55 to 0.93 s; alone one thread is no slower.
    return FasterWhisper(folder, threads=speech.threads, workers=speech.threads, beam=speech.beam, device=speech.device)
