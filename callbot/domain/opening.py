"""When agents answer, and the windows in which they can call back: arithmetic on hours, local time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from callbot.domain.people import Window

WINDOW = timedelta(hours=2)
"""length of a call-back window: short enough to wait for, long enough to be kept"""
NOTICE = timedelta(minutes=15)
"""a window that begins sooner is not promised: nobody would have seen the call-back in time"""
AHEAD = timedelta(days=7)
"""a call-back later than this is no answer"""


@dataclass(frozen=True, slots=True)
class Span:
    """Open from ``start`` included to ``end`` excluded."""

    start: time
    end: time


def windows(spans_on: Callable[[date], Sequence[Span]], now: datetime) -> Iterator[Window]:
    """Call-back windows from ``now`` (local time) on, earliest first; ``spans_on`` gives the opening hours of a day.

    They begin at least ``NOTICE`` and less than ``AHEAD`` from now.
    """
    for offset in range(AHEAD.days + 1):
        day = now.date() + timedelta(days=offset)
        for span in spans_on(day):
            for window in _windows_of(day, span, now):
                if now + NOTICE <= window.first < now + AHEAD:
                    yield window


def _windows_of(day: date, span: Span, now: datetime) -> Iterator[Window]:
    """Whole windows from the start of ``span``, its last minutes left out; a shorter span is one window."""
    first, end = (datetime.combine(day, at, now.tzinfo) for at in (span.start, span.end))
    if end - first < WINDOW:
        yield Window(first, end)
    while first + WINDOW <= end:
        yield Window(first, first + WINDOW)
        first += WINDOW
