"""What the caller waits for, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


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


class ListTimings:
    """Keeps the last ``limit`` turns in memory."""

    def __init__(self, limit: int = 10_000) -> None:
        self._limit = limit
        self._turns: list[TurnTiming] = []

    def add(self, timing: TurnTiming) -> None:
        """One more turn; the oldest is forgotten beyond the limit."""
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
