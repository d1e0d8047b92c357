"""Windows in which people call back: two hours, inside the opening hours, not too soon and not too late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.domain.opening import AHEAD, NOTICE, WINDOW, Span, windows
from callbot.settings import LOCAL_ZONE

MONDAY = date(2026, 11, 23)
WEEK = {day: (Span(time(8), time(18, 30)),) for day in range(5)} | {5: (Span(time(7, 30), time(17, 30)),)}


def spans_on(day: date) -> Sequence[Span]:
    return WEEK.get(day.weekday(), ())


def at(clock: str, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), LOCAL_ZONE)


def first_of(now: datetime) -> str:
    return f"{next(windows(spans_on, now)).first:%a %H:%M}"


def test_a_day_is_cut_into_whole_windows_of_two_hours() -> None:
    today = [window for window in windows(spans_on, at("00:00")) if window.first.date() == MONDAY]
    assert [f"{window.first:%H:%M}-{window.last:%H:%M}" for window in today] == [
        "08:00-10:00",
        "10:00-12:00",
        "12:00-14:00",
        "14:00-16:00",
        "16:00-18:00",
    ]


@pytest.mark.parametrize(
    ("now", "first"),
    [
        (at("07:45"), "Mon 08:00"),
        (at("07:46"), "Mon 10:00"),
        (at("15:45"), "Mon 16:00"),
        (at("15:46"), "Tue 08:00"),
        (at("20:00", date(2026, 11, 28)), "Mon 08:00"),
    ],
)
def test_a_window_begins_a_quarter_of_an_hour_from_now_at_the_soonest(now: datetime, first: str) -> None:
    assert first_of(now) == first


@pytest.mark.parametrize(("now", "last"), [("08:00", "Sat 15:30"), ("08:01", "Mon 08:00"), ("12:01", "Mon 12:00")])
def test_a_window_begins_less_than_a_week_from_now(now: str, last: str) -> None:
    assert f"{list(windows(spans_on, at(now)))[-1].first:%a %H:%M}" == last


def test_a_span_shorter_than_a_window_is_one_window() -> None:
    short = list(windows(lambda day: (Span(time(9), time(10, 30)),) if day == MONDAY else (), at("08:00")))
    assert [(f"{window.first:%H:%M}", f"{window.last:%H:%M}") for window in short] == [("09:00", "10:30")]


def test_where_nobody_ever_answers_there_is_no_window() -> None:
    assert list(windows(lambda _day: (), at("08:00"))) == []


MOMENT = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda now: now.replace(tzinfo=LOCAL_ZONE))  # noqa: DTZ001
DAY_SPANS = st.lists(st.tuples(st.integers(0, 22), st.integers(1, 12)), max_size=2).map(
    lambda pairs: tuple(Span(time(start), time(min(start + hours, 23), 30)) for start, hours in pairs)
)


@given(MOMENT, DAY_SPANS)
def test_every_window_keeps_to_the_hours_and_to_its_time(now: datetime, spans: tuple[Span, ...]) -> None:
    for window in windows(lambda _day: spans, now):
        assert now + NOTICE <= window.first < now + AHEAD
        assert timedelta(0) < window.last - window.first <= WINDOW
        assert any(span.start <= window.first.time() and window.last.time() <= span.end for span in spans)
        assert window.first.date() == window.last.date()
