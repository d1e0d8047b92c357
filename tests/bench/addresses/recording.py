"""The clips of the bench: each said once, kept by voice and by hash of its text, so that no text is in a file name."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from callbot.speech.voice import Voice, VoiceError
from tests.bench.addresses.voices import speaker

_BATCH: Final = 8
"""clips between two lines of progress; a run that was stopped loses at most the clip each process was at"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """``text`` in words, said by the speaker of that name."""

    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class _Batch:
    speaker: str
    texts: tuple[str, ...]


def clip_path(speaker_name: str, text: str, data_dir: Path) -> Path:
    """Where the clip is kept."""
    return data_dir / "bench" / "clips" / speaker_name / (hashlib.sha256(text.encode()).hexdigest()[:32] + ".ulaw")


def clip(speaker_name: str, text: str, data_dir: Path) -> bytes:
    """Mu-law at 8 kHz as the voice gives it, before the line; raises ``FileNotFoundError`` if it was not recorded."""
    return clip_path(speaker_name, text, data_dir).read_bytes()


def record(wanted: Iterable[Wanted], data_dir: Path, processes: int = 2) -> frozenset[str]:
    """Say what was not said yet, speaker by speaker in the order given; the speakers that cannot speak are returned.

    Blocks: a natural voice takes a third of the time the clips last. Clips are kept one by one: stop and go on freely.
    """
    batches = _missing(wanted, data_dir)
    total, done, out = sum(len(batch.texts) for batch in batches), 0, dict[str, str]()
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        futures = {pool.submit(_speak, batch, data_dir): batch for batch in batches}
        for future in as_completed(futures):
            batch = futures[future]
            done += len(batch.texts)
            if (why := future.result()) and batch.speaker not in out:
                out[batch.speaker] = why
                _say(f"\n{batch.speaker} is left out: {why}\n")
            _say(f"\rclips {done} of {total}")
    _say("\n" if total else "")
    return frozenset(out)


def _missing(wanted: Iterable[Wanted], data_dir: Path) -> Sequence[_Batch]:
    by_speaker: dict[str, list[str]] = {}
    for each in dict.fromkeys(wanted):
        if not clip_path(each.speaker, each.text, data_dir).is_file():
            by_speaker.setdefault(each.speaker, []).append(each.text)
    return [
        _Batch(name, tuple(texts[start : start + _BATCH]))
        for name, texts in by_speaker.items()
        for start in range(0, len(texts), _BATCH)
    ]


@lru_cache(maxsize=1)
def _voice(name: str, data_dir: Path) -> Voice:
    """One at a time: batches come speaker by speaker, and a natural voice takes 300 MB."""
    return speaker(name).make(data_dir)


def _speak(batch: _Batch, data_dir: Path) -> str:
    """Runs in a process of the pool; "" or why the speaker cannot speak."""
    try:
        for text in batch.texts:
            _keep(_voice(batch.speaker, data_dir).render(text), clip_path(batch.speaker, text, data_dir))
    except VoiceError as error:
        return str(error)
    return ""


def _keep(sound: bytes, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_bytes(sound)
    unfinished.replace(path)


def _say(words: str) -> None:
    sys.stderr.write(words)
    sys.stderr.flush()
