"""The year in simulated time: doors at their limits, waits as the formula has them, dates until the last place."""

from __future__ import annotations

from datetime import date, datetime, time

import numpy as np
import pytest

from callbot.domain.items import Certainty
from callbot.domain.territories import BookingMode, CutOff, SectorRules, TerritoryRules
from callbot.insight.staffing import Exponential, LogNormal
from callbot.insight.staffing.erlang import mean_wait
from callbot.rehearsal.report import CallReport
from callbot.telephony.admission import Door
from tests.bench.year.dates import Crews, booked
from tests.bench.year.live import busiest, most_at_once
from tests.bench.year.machine import Machine, in_line, through
from tests.bench.year.report import Chart, Table, page

MONDAY = date(2027, 1, 4)
DAY_S = 86_400.0


def machine(most: int = 2, by_turns: int = 1) -> Machine:
    """Small."""
    return Machine(most, 1, LogNormal(0.5, 0.5), 3, by_turns)


def test_each_call_takes_the_first_door_with_room_and_places_are_free_again() -> None:
    at, lasts = np.array([0.0, 1.0, 2.0, 3.0, 60.0]), np.full(5, 60.0)
    year = through(machine(), at, lasts, np.random.default_rng(1))
    assert year.doors == {Door.STREAM: 3, Door.TURNS: 1, Door.PEOPLE: 1}
    assert year.at_once.tolist() == [1, 2, 3, 3, 3]
    assert year.waits.size == 3 * 3


def test_waits_are_those_of_the_formula() -> None:
    dice, threads, load = np.random.default_rng(3), 2, 1.4
    arrivals = np.cumsum(dice.exponential(1 / load, 200_000))
    waits = in_line(arrivals, Exponential(1.0).draw(dice, arrivals.size), threads)
    expected = mean_wait(load, threads, 1.0)
    assert waits.mean() == pytest.approx(expected, rel=0.08)


def test_who_finds_a_thread_free_waits_for_nothing() -> None:
    assert in_line(np.array([0.0, 0.0, 0.0, 10.0]), np.array([2.0, 3.0, 1.0, 1.0]), 2).tolist() == [0, 0, 2, 0]


def rules(horizon_days: int = 7) -> TerritoryRules:
    """One sector, served on Wednesdays, two bookings a day, until noon of the day before."""
    sector = SectorRules("a", "A", frozenset({"13201"}), frozenset({2}), 2)
    return TerritoryRules(
        id="t", name="T", communes=frozenset({"13201"}), mode=BookingMode.APPOINTMENT, sectors=(sector,),
        cut_off=CutOff(1, time(12)), put_out=None, max_items=None, max_volume_m3=None, horizon_days=horizon_days,
        closures=(), works_on_holidays=False, sample=True, source="invented", certainty=Certainty.INFERRED,
    )  # fmt: skip


def crews(horizon_days: int = 7) -> Crews:
    """The crews of it."""
    own = rules(horizon_days)
    return Crews(own, own.sectors[0], frozenset())


def test_the_third_caller_gets_the_week_after_where_the_horizon_reaches_it() -> None:
    moments = np.array([0.0, 1.0, 2.0])
    found = booked([crews(9)], moments, MONDAY, np.random.default_rng(1))
    assert (found.lead_days.tolist(), found.without) == ([2, 2, 9], 0)
    none_left = booked([crews(8)], moments, MONDAY, np.random.default_rng(1))
    assert (none_left.lead_days.tolist(), none_left.without, none_left.by_month[0]) == ([2, 2], 1, 1)


@pytest.mark.parametrize(("at", "day"), [(time(11, 59), date(2027, 1, 6)), (time(12), date(2027, 1, 13))])
def test_the_cut_off_counts(at: time, day: date) -> None:
    assert crews(9).first_with_room(datetime.combine(date(2027, 1, 5), at)) == day


def test_twice_the_capacity_takes_twice_the_bookings() -> None:
    found = booked([crews(8)], np.zeros(5), MONDAY, np.random.default_rng(1), 2.0)
    assert (found.lead_days.size, found.without) == (4, 1)


def test_the_report_escapes_what_it_shows() -> None:
    html = page("<t>", ["a & b"], [Chart("c", [("<x>", 1.0)], 2.0, "most"), Table("t", [("h", "<b>"), ("r", "1")])])
    assert "<t>" not in html
    assert "&lt;x&gt;" in html
    assert "<b>" not in html


def test_the_busiest_minutes_begin_where_the_history_counts_and_leave_the_rest_out() -> None:
    at = np.array([10.0, 700.0, 730.0, 1_079.0, 1_080.0, 5_000.0])
    assert busiest(at, 360.0).tolist() == [10.0, 359.0]
    assert busiest(at, 720.0).tolist() == [340.0, 370.0, 719.0]
    assert busiest(at, 100_000.0).tolist() == at.tolist()


def test_calls_that_follow_each_other_are_not_at_once() -> None:
    reports = [CallReport(str(number), seconds=10.0) for number in range(3)]
    assert most_at_once(np.array([0.0, 10.0, 20.0]), reports) == 1
    assert most_at_once(np.array([0.0, 9.0, 18.0]), reports) == 2
