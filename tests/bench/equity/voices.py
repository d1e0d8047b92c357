"""The clips of the callers: each said once by the natural voice, kept by hash of its text."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path
from typing import Final

from callbot.speech.voice_natural import NaturalVoice, natural_voice_name
from tests.bench.equity.groups import Talker

_FOLDER: Final = "equity"


def said(talker: Talker, text: str, data_dir: Path) -> bytes:
    """Mu-law at 8 kHz, before the line. Blocks for a third of what the clip lasts where it is not recorded yet.

    Raises ``VoiceUnavailableError`` without the natural voice.
    """
    styles = tuple(sorted(talker.styles.items()))
    key = f"{natural_voice_name(talker.styles, talker.speed)}\0{text}"
    path = data_dir / "bench" / _FOLDER / (hashlib.sha256(key.encode()).hexdigest()[:32] + ".ulaw")
    if not path.is_file():
        _keep(_voice(styles, talker.speed, data_dir / "models").render(text), path)
    return talker.voiced(path.read_bytes())


@lru_cache(maxsize=2)
def _voice(styles: tuple[tuple[str, float], ...], speed: float, models_dir: Path) -> NaturalVoice:
    """Two at a time: the talkers of a group take turns, and each takes 300 MB."""
    return NaturalVoice(models_dir, styles=dict(styles), speed=speed, threads=1)


def _keep(sound: bytes, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.write_bytes(sound)
    unfinished.replace(path)
