"""Requests about data: the table of moves, and deadlines on both sides of each limit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.domain.data_rights import (
    MOVES,
    SOON_DAYS,
    Deadline,
    RequestState,
    Urgency,
    deadline,
    may_extend,
    months_later,
)

CHRISTMAS = frozenset({date(2026, 12, 25)})
DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 3, 5), date(2026, 4, 6)),  # 5 April is a Sunday
        (date(2026, 8, 31), date(2026, 9, 30)),  # a shorter month ends on its last day
        (date(2026, 11, 25), date(2026, 12, 28)),  # Christmas, then a weekend
        (date(2026, 11, 30), date(2026, 12, 30)),
        (date(2028, 1, 31), date(2028, 2, 29)),  # a leap year
        (date(2027, 1, 29), date(2027, 3, 1)),  # 28 February is a Sunday
    ],
)
def test_a_month_ends_as_the_regulation_says(received: date, due: date) -> None:
    assert deadline(received, CHRISTMAS) == Deadline(due)


def test_a_request_that_was_extended_has_three_months() -> None:
    assert deadline(date(2026, 11, 30), CHRISTMAS, extended=True) == Deadline(date(2027, 3, 1))


@given(DAYS, st.integers(1, 24))
def test_a_month_later_is_never_in_another_month(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


@given(DAYS)
def test_a_deadline_is_a_working_day_and_never_sooner_than_a_month(day: date) -> None:
    due = deadline(day, CHRISTMAS).day
    assert due.weekday() < 5
    assert due not in CHRISTMAS
    assert due >= months_later(day, 1)


@pytest.mark.parametrize(
    ("days_left", "urgency"),
    [(SOON_DAYS + 1, Urgency.IN_TIME), (SOON_DAYS, Urgency.SOON), (0, Urgency.SOON), (-1, Urgency.OVERDUE)],
)
def test_the_last_day_is_in_time_and_the_next_is_not(days_left: int, urgency: Urgency) -> None:
    day = date(2026, 12, 30)
    assert Deadline(day).urgency(day - timedelta(days=days_left)) is urgency


@pytest.mark.parametrize(
    ("today", "extended", "state", "may"),
    [
        (date(2026, 12, 30), False, RequestState.TAKEN, True),
        (date(2026, 12, 31), False, RequestState.TAKEN, False),
        (date(2026, 12, 1), True, RequestState.TAKEN, False),
        (date(2026, 12, 1), False, RequestState.ANSWERED, False),
    ],
)
def test_more_time_is_taken_once_and_within_the_first_month(
    today: date, extended: bool, state: RequestState, may: bool
) -> None:
    assert may_extend(state, date(2026, 11, 30), today, CHRISTMAS, extended=extended) is may


def test_nothing_is_answered_before_its_person_is_identified_and_nothing_closed_opens_again() -> None:
    assert RequestState.ANSWERED not in MOVES[RequestState.RECEIVED]
    assert {state for state in RequestState if not state.open} == {
        RequestState.ANSWERED, RequestState.REFUSED, RequestState.WITHDRAWN, RequestState.NOT_IDENTIFIED,
    }  # fmt: skip
    assert set(MOVES) == set(RequestState)
    assert all(to is not RequestState.RECEIVED for moves in MOVES.values() for to in moves)
