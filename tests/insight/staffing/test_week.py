"""Opening hours and rosters minute by minute."""

from __future__ import annotations

from datetime import time

import numpy as np
import pytest

from callbot.domain.opening import Span
from callbot.insight.staffing.week import (
    DAY_S,
    Opening,
    Roster,
    UnreadableDutyError,
    hour_of,
    read_roster,
)

OFFICE = Opening.of({0: (Span(time(8), time(12)), Span(time(14), time(18, 30))), 5: (Span(time(7, 30), time(9)),)})
HOUR = 3600.0
MONDAY_8, SATURDAY_7_30 = 8 * HOUR, 5 * DAY_S + 7.5 * HOUR


def test_open_from_the_first_second_to_the_one_before_the_last() -> None:
    moments = [MONDAY_8 - 1, MONDAY_8, 12 * HOUR - 1, 12 * HOUR, 18.5 * HOUR - 1, 18.5 * HOUR, SATURDAY_7_30]
    assert OFFICE.at(np.array(moments)).tolist() == [False, True, True, False, True, False, True]


def test_the_week_repeats() -> None:
    weeks = 3 * 7 * DAY_S
    assert OFFICE.at(np.array([weeks + MONDAY_8, weeks + 12 * HOUR])).tolist() == [True, False]


def test_the_next_opening_is_the_same_day_a_later_one_or_next_week() -> None:
    closed = [0.0, 13 * HOUR, 19 * HOUR, SATURDAY_7_30 + 5 * HOUR]
    assert OFFICE.next_after(np.array(closed)).tolist() == [
        MONDAY_8, 14 * HOUR, SATURDAY_7_30, 7 * DAY_S + MONDAY_8,
    ]  # fmt: skip


def test_a_line_that_never_opens() -> None:
    never = Opening.of({})
    assert never.next_after(np.array([5.0])).tolist() == [5.0]
    assert never.hours() == []


def test_hours_of_the_week_that_are_open_at_all() -> None:
    assert OFFICE.hours() == [8, 9, 10, 11, 14, 15, 16, 17, 18, 5 * 24 + 7, 5 * 24 + 8]
    assert hour_of(np.array([SATURDAY_7_30, 7 * DAY_S + MONDAY_8])).tolist() == [5 * 24 + 7, 8]


def test_a_number_of_agents_holds_while_the_line_is_open() -> None:
    on_duty = read_roster("4", OFFICE).duty(7)
    assert on_duty.since.tolist() == [
        MONDAY_8, 12 * HOUR, 14 * HOUR, 18.5 * HOUR, SATURDAY_7_30, 5 * DAY_S + 9 * HOUR,
    ]  # fmt: skip
    assert on_duty.agents.tolist() == [4, 0, 4, 0, 4, 0]
    assert read_roster("4", OFFICE).hours_worked(7) == 4 * (4 + 4.5 + 1.5)


def test_agents_by_time_of_day_and_nobody_where_the_line_is_closed() -> None:
    on_duty = read_roster("6-10=2, 10-13=5,17:30-20=1", OFFICE).duty(5)
    assert on_duty.since.tolist() == [MONDAY_8, 10 * HOUR, 12 * HOUR, 17.5 * HOUR, 18.5 * HOUR]
    assert on_duty.agents.tolist() == [2, 5, 0, 1, 0]


@pytest.mark.parametrize(
    "text", ["", "many", "8-12", "8-12=", "12-8=3", "8-25=3", "8:60-8:30=1", "8-12=3;13-14=2", "-2"]
)
def test_a_roster_that_cannot_be_read_says_how_it_is_written(text: str) -> None:
    with pytest.raises(UnreadableDutyError, match="8-12=7"):
        read_roster(text, OFFICE)


def test_agents_by_hour_of_the_week() -> None:
    roster = Roster.by_hour(OFFICE, {8: 3, 18: 2, 13: 9})
    assert roster.hours_worked(7) == 3 + 2 * 0.5
    assert roster.hours_worked(14) == 2 * roster.hours_worked(7)
