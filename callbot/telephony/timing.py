"""What the caller waits for, part by part."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

WAIT_BOUNDS_S = (0.25, 0.5, 0.8, 1.0, 1.4, 1.8, 2.5, 3.0, 5.0, 10.0)
"""upper bounds of the classes of waits; the promised ones are among them"""


@dataclass(frozen=True, slots=True)
class TimingPart:
    """A part of the caller's waiting time in ms, with the setting or module that owns it."""

    name: str
    ms: float
    owner: str


@dataclass(frozen=True, slots=True)
class TurnTiming:
    """From the caller's last voiced sample to the first frame of the answer ``act``: parts that sum to the wait."""

    call_id: str
    act: str
    parts: tuple[TimingPart, ...]

    @property
    def total_ms(self) -> float:
        """The caller's waiting time."""
        return sum(part.ms for part in self.parts)


class CallTimings(Protocol):
    """Collects the latency of each turn."""

    def add(self, timing: TurnTiming) -> None:
        """One more turn; must not block."""
        ...


@dataclass(slots=True)
class Waits:
    """How long callers waited since the process began: ``counts`` by class (the last: longer than every bound)."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(WAIT_BOUNDS_S) + 1))
    seconds: float = 0.0

    def add(self, seconds: float) -> None:
        """One more turn."""
        self.counts[bisect_left(WAIT_BOUNDS_S, seconds)] += 1
        self.seconds += seconds


class ListTimings:
    """Keeps the last ``limit`` turns in memory, and counts all of them."""

    def __init__(self, limit: int = 10_000) -> None:
        self.waits = Waits()
        self._limit = limit
        self._turns: list[TurnTiming] = []

    def add(self, timing: TurnTiming) -> None:
        """One more turn; the oldest is forgotten beyond the limit."""
        self.waits.add(timing.total_ms / 1000)
        self._turns.append(timing)
        del self._turns[: -self._limit]

    @property
    def turns(self) -> Sequence[TurnTiming]:
        """Turns in the order they were answered."""
        return tuple(self._turns)


@dataclass(slots=True)
class Answering:
    """Parts of the waiting time gathered until the answer's first frame."""

    parts: list[TimingPart]
    since: float

    def thought(self, began: float, done: float) -> None:
        """The conversation took the words from ``began`` to ``done``."""
        self.parts += (
            TimingPart("queue", max(0.0, began - self.since) * 1000, "the machine"),
            TimingPart("understanding and step", (done - began) * 1000, "understanding, dialogue, booking"),
        )
        self.since = done
