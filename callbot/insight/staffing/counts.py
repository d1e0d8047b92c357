"""Reads a history of calls: CSV with the columns ``date,time,calls``, one row an interval of equal length."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date, time
from itertools import pairwise

import numpy as np

from callbot.insight.staffing.demand import CountedDay

_COLUMNS = ("date", "time", "calls")
_DAY_MINUTES = 1440


class UnreadableCountsError(ValueError):
    """The file is no history of calls; the text names the line and what is expected."""


def read_counts(lines: Iterable[str]) -> tuple[CountedDay, ...]:
    """The days of a history in order; the least distance of two times is the interval, one left out had no call.

    ``UnreadableCountsError`` when a row cannot be read, a count is negative, or there are no two times of a day.
    """
    try:
        rows = [*_rows(lines)]
    except csv.Error as error:
        raise UnreadableCountsError(f"no CSV: {error}") from None
    starts = sorted({minute for _, minute, _ in rows})
    lengths = [later - earlier for earlier, later in pairwise(starts)]
    if not lengths:
        raise UnreadableCountsError("no history of calls: fewer than two times of the day")
    length = min(lengths)
    if _DAY_MINUTES % length or any(start % length for start in starts):
        raise UnreadableCountsError(f"the times are not intervals of {length} minutes from midnight on")
    days: dict[date, list[float]] = {}
    for day, minute, calls in rows:
        days.setdefault(day, [0.0] * (_DAY_MINUTES // length))[minute // length] += calls
    return tuple(CountedDay(day, np.array(counts)) for day, counts in sorted(days.items()))


def week_shift(days: Iterable[CountedDay]) -> int:
    """Days to add so that the two quietest neighbours of the week become Saturday and Sunday; 0 when they are."""
    totals = [0.0] * 7
    for counted in days:
        totals[counted.day.weekday()] += float(counted.counts.sum())
    quietest = min(range(7), key=lambda first: (totals[first] + totals[(first + 1) % 7], first != 5))
    return (5 - quietest) % 7


def _rows(lines: Iterable[str]) -> Iterator[tuple[date, int, float]]:
    reader = csv.DictReader(lines)
    if not set(_COLUMNS) <= set(reader.fieldnames or ()):
        raise UnreadableCountsError(f"line 1: expected the columns {', '.join(_COLUMNS)}")
    for row in reader:
        try:
            at, calls = time.fromisoformat(row["time"]), float(row["calls"])
            day = date.fromisoformat(row["date"])
        except (TypeError, ValueError):
            calls = -1.0
        if not 0 <= calls < np.inf:
            raise UnreadableCountsError(f"line {reader.line_num}: expected a row like 2026-01-31,08:06,12")
        yield day, at.hour * 60 + at.minute, calls
