"""What a ring gives back: what was said, how long the caller waited, how it ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from callbot.dialogue.acts import Say


class Who(StrEnum):
    """Who a line of the transcript belongs to."""

    BOT = "bot"
    CALLER = "caller"
    LINE = "line"
    """the phone company: keys, hanging up, putting through"""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the live transcript, ``at_s`` seconds after the phone rang."""

    who: Who
    at_s: float
    text: str
    act: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """How long the caller waited: last voiced sample sent -> first voiced sample of the answer received."""

    after: str
    """the act that was answered"""
    latency_ms: float


class End(StrEnum):
    """How the call ended on the line."""

    HANG_UP = "hang_up"
    DIAL = "dial"
    CALLER_LEFT = "caller_left"
    TOO_LONG = "too_long"
    """the caller lost patience: the longest time of the scenario was over"""


@dataclass(slots=True)
class CallReport:
    """One call as the caller lived it."""

    call_id: str
    greeting_ms: float | None = None
    """socket open -> first voiced sample received"""
    turns: list[Turn] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    """marks in the order they were heard"""
    lines: list[Line] = field(default_factory=list)
    unplanned: list[str] = field(default_factory=list)
    utterances: int = 0
    deeds: int = 0
    """utterances, keys and hanging up"""
    silences: int = 0
    """questions answered by nothing that could be understood; text only"""
    prompts: list[Say] = field(default_factory=list)
    """everything said; text only"""
    clears: int = 0
    streams: int = 0
    end: End | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one scenario: all its calls. ``seconds``: how long they took, on text in virtual time."""

    scenario: str
    faults: tuple[str, ...]
    outcome: str
    calls: tuple[CallReport, ...]
    seconds: float
    means: str = "sound"
    seed: int = 0
    group: str = ""

    @property
    def passed(self) -> bool:
        """True when nothing was wrong."""
        return not self.faults

    @property
    def turns(self) -> int:
        """Answers the bot gave to the caller's words."""
        return sum(len(call.turns) for call in self.calls)

    @property
    def unplanned(self) -> tuple[str, ...]:
        """Questions the scenario did not foresee."""
        return tuple(act for call in self.calls for act in call.unplanned)
