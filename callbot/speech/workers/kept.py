"""Encoded utterances a worker keeps for those who will ask more about them. In memory only, never stored."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from callbot.speech.engine import Encoding

LIFE_S: Final = 60.0
"""since it was last asked for: a street is looked up a turn or two after it was said; later the sound is sent again"""
MOST: Final = 256
"""about 0.6 MB each with the base model; beyond, the one not asked for longest goes"""


class UnknownSoundError(Exception):
    """Kept no longer, or by another worker."""


class KeptSounds:
    """Encodings by an id nobody guesses; used by several threads."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, *, life_s: float = LIFE_S, most: int = MOST
    ) -> None:
        """``clock``: monotonic, in seconds."""
        self._clock = clock
        self._life_s = life_s
        self._most = most
        self._kept: OrderedDict[str, tuple[float, Encoding]] = OrderedDict()
        """(when it was last asked for, what), the longest ago first"""
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, encoding: Encoding) -> str:
        """Its id from now on."""
        sound = secrets.token_urlsafe(16)
        with self._lock:
            self._kept[sound] = (self._clock(), encoding)
            self._drop_old()
        return sound

    def get(self, sound: str) -> Encoding:
        """Raises ``UnknownSoundError``."""
        with self._lock:
            self._drop_old()
            if sound not in self._kept:
                raise UnknownSoundError
            encoding = self._kept.pop(sound)[1]
            self._kept[sound] = (self._clock(), encoding)
            return encoding

    def drop_old(self) -> None:
        """Forget what nobody asked for; to be called now and then, or the last one would stay on an idle worker."""
        with self._lock:
            self._drop_old()

    def _drop_old(self) -> None:
        oldest = self._clock() - self._life_s
        while self._kept and (len(self._kept) > self._most or next(iter(self._kept.values()))[0] < oldest):
            self._kept.popitem(last=False)
