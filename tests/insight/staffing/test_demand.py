"""Years of calls: as many as asked for, when they come, and the same again for the same dice."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from callbot.insight.staffing.counts import read_counts, week_shift
from callbot.insight.staffing.demand import DAYS, CountedDay, Demand, History, InventedProfile
from callbot.insight.staffing.spreads import Floats
from callbot.insight.staffing.week import DAY_S, hour_of

REAL = Path(__file__).parents[4] / "shared" / "data" / "calls_1999_6min.csv"


def counted(first: date, days: int) -> tuple[CountedDay, ...]:
    """Twelve calls at ten in the morning, on Sundays one; half-hours."""
    half_hours = np.zeros(48)
    half_hours[20] = 1
    dates = [first + timedelta(days=number) for number in range(days)]
    return tuple(CountedDay(day, half_hours * (1 if day.weekday() == 6 else 12)) for day in dates)


YEAR = counted(date(2026, 1, 1), 365)


def year_of(demand: Demand, seed: int = 1) -> Floats:
    return demand.draw(np.random.default_rng(seed))


@pytest.mark.parametrize(
    "demand", [InventedProfile(50_000), History(YEAR, 2_000, 0), History(YEAR, 50_000, 0), History(YEAR[:20], 900, 2)]
)
def test_as_many_calls_as_asked_for_in_ascending_order_within_the_year(demand: InventedProfile | History) -> None:
    years = [year_of(demand, seed) for seed in range(5)]
    assert sum(map(len, years)) / 5 == pytest.approx(demand.volume, rel=0.05)
    for moments in years:
        assert (np.diff(moments) >= 0).all()
        assert moments[0] >= 0
        assert moments[-1] < DAYS * DAY_S


def test_the_same_dice_draw_the_same_year_and_others_another() -> None:
    profile = InventedProfile(1_000)
    assert year_of(profile, 3).tolist() == year_of(profile, 3).tolist()
    assert year_of(profile, 3).tolist() != year_of(profile, 4).tolist()


@pytest.mark.parametrize("volume", [1_500, 40_000])
def test_calls_come_in_the_intervals_in_which_they_were_counted(volume: float) -> None:
    moments = year_of(History(YEAR, volume, 0))
    assert ((moments % DAY_S >= 10 * 3600) & (moments % DAY_S < 10.5 * 3600)).all()


def test_a_week_moved_by_a_day_has_its_quiet_sunday_on_monday() -> None:
    moments = year_of(History(YEAR, 2_000, 1))
    by_day = np.bincount(hour_of(moments) // 24, minlength=7)
    assert by_day.argmin() == 0
    assert by_day[0] < by_day[1:].min() / 5


def test_seasons_stay() -> None:
    summer = tuple(CountedDay(day.day, day.counts * (3 if day.day.month in (7, 8) else 1)) for day in YEAR)
    months = (year_of(History(summer, 5_000, 0)) // DAY_S / 30.4).astype(int)
    by_month = np.bincount(months, minlength=12)
    assert by_month[[6, 7]].min() > 1.5 * by_month[[0, 1, 2, 10, 11]].max()


def test_a_weekday_that_was_never_counted_has_no_calls() -> None:
    tuesdays = tuple(day for day in YEAR if day.day.weekday() == 1)
    assert set((year_of(History(tuesdays, 5_000, 0)) // DAY_S % 7).tolist()) == {1.0}


def test_half_calls_are_rounded_by_chance() -> None:
    halves = tuple(CountedDay(day.day, np.full(48, 0.5)) for day in YEAR)
    assert len(year_of(History(halves, 8_736, 0))) == pytest.approx(8_736, rel=0.05)


@pytest.mark.parametrize(
    "demand",
    [
        InventedProfile(0),
        History(YEAR, 0, 0),
        History(tuple(CountedDay(day.day, np.zeros(48)) for day in YEAR), 900, 0),
    ],
)
def test_zero_calls(demand: Demand) -> None:
    assert len(year_of(demand)) == 0


def test_the_invented_profile_says_so_and_its_busiest_hour_has_twelve_percent() -> None:
    assert "invented" in InventedProfile(180_000).origin
    hours = np.bincount((year_of(InventedProfile(180_000)) % DAY_S // 3600).astype(int), minlength=24)
    assert hours.max() / hours.sum() == pytest.approx(0.12, abs=0.005)


def test_the_real_history_keeps_its_shape_at_our_volume() -> None:
    if not REAL.exists():
        pytest.skip(f"../shared/data/{REAL.name} is not here; the invented histories above are")
    with REAL.open(encoding="utf-8") as file:
        days = read_counts(file)
    assert len(days) == 365
    assert sum(float(day.counts.sum()) for day in days) == pytest.approx(445_414, abs=1)
    assert week_shift(days) == 1
    by_day = np.bincount(hour_of(year_of(History(days, 180_000, 1))) // 24, minlength=7)
    assert by_day.sum() == pytest.approx(180_000, rel=0.04)
    assert by_day[6] < by_day[5] < by_day[:5].min()
