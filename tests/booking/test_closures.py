"""Why nobody comes on the days that were wished: told only where not one of them is served."""

from __future__ import annotations

from datetime import date

import pytest

from callbot.booking.serving import HOLIDAY, Serving
from callbot.domain.events import ClosedThen
from callbot.domain.meaning import HeardDate
from callbot.domain.territories import Closure
from tests.booking.sample import CALENDAR, NEXT_TUESDAY, TERRITORY, PinnedClock, SampleRules, address, rules_with

STRIKE_DAY = date(2026, 12, 3)
WEDNESDAY = date(2026, 12, 2)
STRIKE = ClosedThen(STRIKE_DAY, STRIKE_DAY, "grève", TERRITORY.ground("closures"))


def serving(rules: SampleRules | None = None, *holidays: date) -> Serving:
    return Serving(rules or SampleRules(), PinnedClock(), holidays)


@pytest.mark.parametrize(
    ("first", "last", "closed"),
    [
        (STRIKE_DAY, STRIKE_DAY, STRIKE),
        (WEDNESDAY, date(2026, 12, 7), STRIKE),
        (NEXT_TUESDAY, STRIKE_DAY, None),
        (STRIKE_DAY, date(2026, 12, 8), None),
        (WEDNESDAY, WEDNESDAY, None),
    ],
)
def test_a_closure_is_the_reason_only_where_no_other_day_of_the_wish_is_served(
    first: date, last: date, closed: ClosedThen | None
) -> None:
    assert serving().closure(address(), HeardDate(first, last)) == closed


def test_a_closure_of_other_sectors_is_no_reason() -> None:
    here, there = (
        rules_with(closures=(Closure(STRIKE_DAY, STRIKE_DAY, "travaux", sectors=frozenset({sector})),))
        for sector in ("centre", "collines")
    )
    wish = HeardDate(STRIKE_DAY, STRIKE_DAY)
    found = serving(here).closure(address(), wish)
    assert found is not None
    assert found.reason == "travaux"
    assert serving(there).closure(address(), wish) is None


def test_a_public_holiday_is_a_reason_where_the_crews_are_off() -> None:
    wish = HeardDate(NEXT_TUESDAY, NEXT_TUESDAY)
    found = serving(None, NEXT_TUESDAY).closure(address(), wish)
    assert found == ClosedThen(NEXT_TUESDAY, NEXT_TUESDAY, HOLIDAY, TERRITORY.ground("works_on_holidays"))
    assert serving(rules_with(works_on_holidays=True), NEXT_TUESDAY).closure(address(), wish) is None
    worked = rules_with(holidays_worked=frozenset({NEXT_TUESDAY}))
    assert serving(worked, NEXT_TUESDAY).closure(address(), wish) is None


def test_without_a_wish_only_a_closure_of_all_days_is_a_reason() -> None:
    assert serving().closure(address()) is None
    long = Closure(date(2026, 11, 1), date(2027, 1, 31), "grève")
    found = serving(rules_with(closures=(long,))).closure(address())
    assert found is not None
    assert (found.first, found.last) == (long.first, long.last)


def test_where_no_appointments_are_taken_nothing_is_closed() -> None:
    assert CALENDAR.mode.value == "calendar"
    assert serving().closure(address("13056")) is None
    assert serving().closure(address("99999")) is None
