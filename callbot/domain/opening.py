"""When agents answer, and the windows in which they can call back: arithmetic on hours, local time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from callbot.domain.people import Window

WINDOW = timedelta(hours=2)
"""length of a call-back window: short enough to wait for, long enough to be kept"""
NOTICE = timedelta(minutes=15)
"""a window that begins sooner is not promised: nobody would have seen the call-back in time"""
AHEAD = timedelta(days=7)
"""a call-back later than this is no answer"""
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


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


def hours_in_words(by_weekday: Mapping[int, Sequence[Span]]) -> str:
    """« du lundi au vendredi de 8 h à 18 h 30, le samedi de 9 h à 12 h »; Monday is 0, closed days are left out.

    Days that follow each other with the same hours are told together; "" where no day has hours.
    """
    runs: list[tuple[int, int, tuple[Span, ...]]] = []
    for day in range(len(_DAYS)):
        spans = tuple(by_weekday.get(day, ()))
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == spans:
            runs[-1] = (runs[-1][0], day, spans)
        elif spans:
            runs.append((day, day, spans))
    return ", ".join(f"{_days(first, last)} {_spans(spans)}" for first, last, spans in runs)


def _days(first: int, last: int) -> str:
    if first == last:
        return f"le {_DAYS[first]}"
    between = "et le" if last == first + 1 else "au"
    return f"{'le' if last == first + 1 else 'du'} {_DAYS[first]} {between} {_DAYS[last]}"


def _spans(spans: Sequence[Span]) -> str:
    return " et ".join(f"de {_hour(span.start)} à {_hour(span.end)}" for span in spans)


def _hour(at: time) -> str:
    return f"{at.hour} h {at.minute:02}" if at.minute else f"{at.hour} h"
