"""When people may be disturbed."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.domain.hours import DAY_BEGINS, DAY_ENDS, at_a_decent_hour, reminds_now
from callbot.settings import LOCAL_ZONE

FIRST, LAST = (datetime.fromisoformat(f"{year}-01-01") for year in (2026, 2027))


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LOCAL_ZONE)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("moment", "leaves"),
    [
        (local(2026, 11, 23, 8, 0), local(2026, 11, 23, 8, 0)),
        (local(2026, 11, 23, 20, 59), local(2026, 11, 23, 20, 59)),
        (local(2026, 11, 23, 21, 0), local(2026, 11, 24, 8, 0)),
        (local(2026, 11, 23, 7, 59), local(2026, 11, 23, 8, 0)),
        (local(2026, 11, 23, 0, 0), local(2026, 11, 23, 8, 0)),
    ],
)
def test_the_night_is_left_in_peace(moment: datetime, leaves: datetime) -> None:
    assert at_a_decent_hour(moment) == leaves


@given(st.datetimes(timezones=st.just(LOCAL_ZONE), min_value=FIRST, max_value=LAST))
def test_nothing_leaves_early_or_at_night(moment: datetime) -> None:
    leaves = at_a_decent_hour(moment)
    assert leaves >= moment
    assert DAY_BEGINS <= leaves.time() < DAY_ENDS
    assert (leaves - moment).total_seconds() <= 12 * 3600, "eleven hours, one more when the clocks go back"


@pytest.mark.parametrize(("hour", "minute", "now"), [(16, 59, False), (17, 0, True), (19, 59, True), (20, 0, False)])
def test_reminders_have_their_hours(hour: int, minute: int, *, now: bool) -> None:
    assert reminds_now(local(2026, 11, 23, hour, minute)) is now
