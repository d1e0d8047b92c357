"""The week of a call centre: when its line is open, how many agents are on duty, minute by minute, local time.

A week repeats without holidays or changes of the clock: for a plan they matter less than what is not known anyway.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time

import numpy as np
from numpy.typing import NDArray

from callbot.domain.opening import Span
from callbot.insight.staffing.floor import Duty
from callbot.insight.staffing.spreads import Floats

DAY_S = 86_400
HOURS = 7 * 24
"""cells of a week: hour 0 is Monday from midnight to one"""
_MINUTES = HOURS * 60
_RANGE = re.compile(r"(\d{1,2})(?::(\d\d))?-(\d{1,2})(?::(\d\d))?=(\d+)")


class UnreadableDutyError(ValueError):
    """The agents on duty are not written as expected; the text says how they are."""


@dataclass(frozen=True, slots=True)
class Opening:
    """When the line to people is open: true or false for each minute of the week from Monday midnight on."""

    minutes: NDArray[np.bool_]

    @classmethod
    def of(cls, by_weekday: Mapping[int, Sequence[Span]]) -> Opening:
        """From the spans of each weekday (Monday = 0); a weekday without any is closed."""
        minutes = np.zeros(_MINUTES, dtype=np.bool_)
        for weekday, spans in by_weekday.items():
            for span in spans:
                minutes[_minute(weekday, span.start) : _minute(weekday, span.end)] = True
        return cls(minutes)

    def at(self, moments: Floats) -> NDArray[np.bool_]:
        """True where a moment (seconds since a Monday midnight) is in the opening hours."""
        return self.minutes[_minutes_of(moments)]

    def next_after(self, moments: Floats) -> Floats:
        """When the line opens next after moments at which it is closed; the moment itself where it never opens."""
        starts = np.flatnonzero(self.minutes & ~np.roll(self.minutes, 1)) * 60.0
        if not len(starts):
            return moments
        week_s = _MINUTES * 60
        weeks, within = np.divmod(moments, week_s)
        starts = np.append(starts, starts[0] + week_s)
        opens: Floats = weeks * week_s + starts[np.searchsorted(starts, within, side="right")]
        return opens

    def hours(self) -> list[int]:
        """The hours of the week (cells) that are open, wholly or in part."""
        return [int(hour) for hour in np.flatnonzero(self.minutes.reshape(HOURS, 60).any(axis=1))]


@dataclass(frozen=True, slots=True)
class Roster:
    """Agents on duty in each minute of the week."""

    minutes: NDArray[np.int64]

    @classmethod
    def by_hour(cls, opening: Opening, agents: Mapping[int, int]) -> Roster:
        """While the line is open, as many as ``agents`` says for the hour of the week; none for hours it leaves out."""
        cells = np.array([agents.get(hour, 0) for hour in range(HOURS)], dtype=np.int64)
        return cls(np.repeat(cells, 60) * opening.minutes)

    def duty(self, days: int) -> Duty:
        """The changes of duty over ``days`` days from a Monday midnight on."""
        minutes = np.resize(self.minutes, days * 1440)
        changes = np.flatnonzero(np.diff(minutes, prepend=0))
        return Duty((changes * 60).astype(np.float64), minutes[changes])

    def hours_worked(self, days: int) -> float:
        """Agent hours over ``days`` days."""
        return float(np.resize(self.minutes, days * 1440).sum() / 60)


def hour_of(moments: Floats) -> NDArray[np.int64]:
    """The hour of the week (cell) in which each moment lies."""
    return _minutes_of(moments) // 60


def read_roster(text: str, opening: Opening) -> Roster:
    """Agents as an administrator writes them: ``6``, or by time of day ``8-12=7,12-14=4,14-18:30=6`` on every open day.

    Where the line is closed nobody is on duty; a time of day left out has nobody. ``UnreadableDutyError`` otherwise.
    """
    if text.strip().isdigit():
        return Roster(opening.minutes * np.int64(text))
    day = np.zeros(1440, dtype=np.int64)
    for part in text.split(","):
        start, end, agents = _range(part.strip())
        day[start:end] = agents
    return Roster(np.tile(day, 7) * opening.minutes)


def _range(text: str) -> tuple[int, int, int]:
    found = _RANGE.fullmatch(text)
    if found:
        hour, minute, end_hour, end_minute, agents = (int(part or 0) for part in found.groups())
        start, end = hour * 60 + minute, end_hour * 60 + end_minute
        if start < end <= 1440:
            return start, end, agents
    raise UnreadableDutyError(f'agents on duty "{text}": expected a number, or times of day like 8-12=7,12-18:30=5')


def _minute(weekday: int, at: time) -> int:
    return weekday * 1440 + at.hour * 60 + at.minute


def _minutes_of(moments: Floats) -> NDArray[np.int64]:
    return (moments // 60).astype(np.int64) % _MINUTES
