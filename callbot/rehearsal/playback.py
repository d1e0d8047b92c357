"""What the caller hears and when: sound plays in real time, a mark comes back once all before it was played."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from callbot.speech.codec import TELEPHONE_RATE


@dataclass(slots=True)
class Playback:
    """The phone company's buffer. Every ``now`` is seconds of one clock that only goes forward."""

    ends_at: float = 0.0
    began_at: float = 0.0
    """when the sound that plays now, or played last, began after a silence"""
    _marks: deque[tuple[str, float]] = field(default_factory=deque)

    def add(self, sound: bytes, now: float) -> float:
        """Mu-law to be played after what waits already; gives the moment at which it begins."""
        if not self.playing(now):
            self.began_at = self.ends_at = now
        starts = self.ends_at
        self.ends_at += len(sound) / TELEPHONE_RATE
        return starts

    def mark(self, name: str, now: float) -> None:
        """To come back once everything added so far was played; at once when nothing waits."""
        self._marks.append((name, max(self.ends_at, now)))

    def played(self, now: float) -> list[str]:
        """Marks whose time has come, in order, each once."""
        due = []
        while self._marks and self._marks[0][1] <= now:
            due.append(self._marks.popleft()[0])
        return due

    def clear(self, now: float) -> list[str]:
        """Throw away what was not played; gives the marks that waited, which Twilio sends back at once."""
        self.ends_at = min(self.ends_at, now)
        waiting = [name for name, _ in self._marks]
        self._marks.clear()
        return waiting

    def playing(self, now: float) -> bool:
        """True while sound is heard."""
        return self.ends_at > now
