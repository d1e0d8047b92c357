"""A history of calls is read, or the line that is wrong is named."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from callbot.insight.staffing.counts import UnreadableCountsError, read_counts, week_shift
from callbot.insight.staffing.demand import CountedDay

HEADER = "date,time,calls"


def test_days_in_order_with_what_is_left_out_as_no_call() -> None:
    days = read_counts([HEADER, "2026-01-02,23:30,2", "2026-01-01,00:00,1.5", "2026-01-01,00:30,4"])
    assert [day.day for day in days] == [date(2026, 1, 1), date(2026, 1, 2)]
    assert len(days[0].counts) == 48
    assert days[0].counts[:3].tolist() == [1.5, 4, 0]
    assert days[1].counts[47] == 2


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("2026-01-01,00:30", "line 3"),
        ("2026-01-01,half past,3", "line 3"),
        ("2026-13-01,00:30,3", "line 3"),
        ("2026-01-01,00:30,-1", "line 3"),
        ("2026-01-01,00:30,nan", "line 3"),
        ("2026-01-01,00:30,inf", "line 3"),
        ("2026-01-01,00:07,1", "7 minutes"),
        ("2026-01-01,00:00,1", "fewer than two times"),
        ("2026-01-01,00:30," + "1" * 200_000, "no CSV"),
    ],
)
def test_what_is_no_history_is_told(row: str, told: str) -> None:
    with pytest.raises(UnreadableCountsError, match=told):
        read_counts([HEADER, "2026-01-01,00:00,1", row])


@pytest.mark.parametrize("lines", [[], ["day;calls"], [HEADER]])
def test_no_columns_or_no_rows(lines: list[str]) -> None:
    with pytest.raises(UnreadableCountsError, match=r"columns|times"):
        read_counts(lines)


@pytest.mark.parametrize(
    ("quiet", "shift"), [({5, 6}, 0), ({4, 5}, 1), ({6, 0}, 6), (set(), 0)], ids=["ours", "friday", "sunday", "none"]
)
def test_the_two_quietest_days_become_saturday_and_sunday(quiet: set[int], shift: int) -> None:
    days = [
        CountedDay(date(2026, 6, day), np.array([0.0 if (day - 1) % 7 in quiet else 9.0, 1.0])) for day in range(1, 15)
    ]
    assert date(2026, 6, 1).weekday() == 0
    assert week_shift(days) == shift
