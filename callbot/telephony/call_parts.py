"""What a call over the media stream is made of: its line, its limits, what all calls share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from callbot.domain.events import EndReason
from callbot.telephony.frames import FrameOrder
from callbot.telephony.ports import Ear, JudgesAnswers, Line, Listens, Renders, Ticket
from callbot.telephony.timing import CallTimings


class Broken(StrEnum):
    """Why a stream broke, beside the names of protocol faults."""

    SOCKET_CLOSED = "socket_closed"
    SILENT_STREAM = "silent_stream"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class LineGone:
    """Nothing more will come. ``why`` is a name for the log."""

    reason: EndReason
    why: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds: see ``settings.Calls``. ``no_progress_s``: without words or keys while the caller's turn is awaited."""

    longest_s: float
    silent_stream_s: float
    no_progress_s: float = 90.0


@dataclass(frozen=True, slots=True)
class Incoming:
    """A stream whose ``start`` frame was read and whose token was good."""

    line: Line
    order: FrameOrder
    stream_sid: str
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class CallParts:
    """What every call uses; ``new_ear`` makes the ear of one."""

    new_ear: Callable[[], Ear]
    listener: Listens
    answers: JudgesAnswers
    voice: Renders
    timings: CallTimings
    limits: Limits
    clock: Callable[[], float]
