"""The phrase book: fixed phrases rendered once and kept on disk, variable parts only in the memory of this process."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from callbot.domain.meaning import Language
from callbot.settings import VoiceName
from callbot.speech.voice import PLAIN, SLOW_SPEED, Manner, Paced, Voice, VoiceUnavailableError
from callbot.speech.voice_light import LightVoice
from callbot.speech.voice_natural import NaturalVoice, natural_voice_missing, natural_voice_name

Progress = Callable[[int, int], None]
"""called with phrases done and phrases in all"""

_SENTENCE_ENDS: Final = (".", "?", "!")
_SUFFIX: Final = ".ulaw"
_FORM: Final = "2"
"""raise it when the sound of the same voice and text changes: older files are then left alone"""


_OURS: Final = frozenset({Language.FRENCH, Language.OTHER})
"""languages said in the voice of the book"""


class PhraseBook:
    """Says texts in one voice, from memory where it can. At most ``remembered`` variable parts are kept.

    Slow sentences are said by the same voice where it can speak slower, foreign ones by the light voice; both are made
    when they are wanted.
    """

    def __init__(self, voice: Voice, cache_dir: Path, *, remembered: int = 500) -> None:
        self._voice = voice
        self._folder = cache_dir
        self._remembered = remembered
        self._fixed: dict[str, bytes] = {}
        self._variable: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._under_way: dict[tuple[str, str], asyncio.Task[bytes]] = {}

    @property
    def voice(self) -> Voice:
        """The voice of this book: one voice within a call."""
        return self._voice

    def voice_for(self, manner: Manner) -> Voice:
        """Who says a sentence in this manner."""
        if manner.language not in _OURS:
            return LightVoice(speed=SLOW_SPEED if manner.slow else 1.0, language=manner.language)
        return self._voice.slower() if manner.slow and isinstance(self._voice, Paced) else self._voice

    def breaths(self, parts: Sequence[str], manner: Manner = PLAIN) -> tuple[str, ...]:
        """The parts of a prompt as they are best rendered, in order.

        A fast voice says each sentence in one go, with its own melody. A slow one keeps the parts apart: the fixed
        ones were rendered ahead and play while the others are made.
        """
        if not self.voice_for(manner).fast:
            return tuple(parts)
        sentences: list[str] = []
        for part in parts:
            if sentences and not sentences[-1].rstrip().endswith(_SENTENCE_ENDS):
                sentences[-1] = f"{sentences[-1]} {part}"
            else:
                sentences.append(part)
        return tuple(sentences)

    async def render(self, text: str, manner: Manner = PLAIN) -> bytes:
        """``text`` spoken, mu-law 8 kHz. Never written to disk: it may hold an address, a number, a name.

        Raises ``VoiceError``. A caller that gives up does not stop the rendering for others who wait for it.
        """
        voice = self.voice_for(manner)
        key = (voice.name, text)
        if (known := self._known(key)) is not None:
            return known
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._render_aside(voice, key))
            self._under_way[key] = task
        return await asyncio.shield(task)

    def render_fixed(self, phrases: Iterable[str], progress: Progress = lambda done, total: None) -> None:
        """Load the fixed phrases from disk, render and keep what is missing. Blocks; resumes where it was stopped.

        Only pass texts that never hold anything about a person. Raises ``VoiceError`` and ``OSError``.
        """
        wanted = tuple(dict.fromkeys(phrases))
        for done, text in enumerate(wanted, start=1):
            self._fixed[text] = self._read(text) or self._make(text)
            progress(done, len(wanted))

    def has_rendered(self, phrases: Iterable[str]) -> bool:
        """True when all of ``phrases`` lie on disk in this voice."""
        return all_rendered(self._folder, self._voice.name, phrases)

    def _known(self, key: tuple[str, str]) -> bytes | None:
        if key in self._variable:
            self._variable.move_to_end(key)
            return self._variable[key]
        name, text = key
        return self._fixed.get(text) if name == self._voice.name else None

    async def _render_aside(self, voice: Voice, key: tuple[str, str]) -> bytes:
        try:
            sound = await asyncio.to_thread(voice.render, key[1])
            self._variable[key] = sound
            if len(self._variable) > self._remembered:
                self._variable.popitem(last=False)
            return sound
        finally:
            self._under_way.pop(key, None)

    def _read(self, text: str) -> bytes | None:
        try:
            return _file(self._folder, self._voice.name, text).read_bytes() or None
        except FileNotFoundError:
            return None

    def _make(self, text: str) -> bytes:
        sound = self._voice.render(text)
        path = _file(self._folder, self._voice.name, text)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(sound)
        unfinished.replace(path)
        return sound


def all_rendered(cache_dir: Path, voice_name: str, phrases: Iterable[str]) -> bool:
    """True when every phrase lies on disk in the voice called so."""
    return all(_file(cache_dir, voice_name, text).is_file() for text in phrases)


def choose_voice(wanted: VoiceName, models_dir: Path, cache_dir: Path, fixed: Sequence[str], *, threads: int) -> Voice:
    """The voice to speak with. ``AUTO``: the natural one only when it could start speaking at once, else the light one.

    Raises ``VoiceUnavailableError`` when the natural one is demanded and not there.
    """
    if wanted is VoiceName.LIGHT:
        return LightVoice()
    if missing := natural_voice_missing(models_dir):
        if wanted is VoiceName.NATURAL:
            raise VoiceUnavailableError(missing)
        return LightVoice()
    if wanted is VoiceName.AUTO and not all_rendered(cache_dir, natural_voice_name(), fixed):
        return LightVoice()
    return NaturalVoice(models_dir, threads=threads)


def _file(cache_dir: Path, voice_name: str, text: str) -> Path:
    key = "\0".join((_FORM, voice_name, text))
    return cache_dir / (hashlib.sha256(key.encode()).hexdigest() + _SUFFIX)
