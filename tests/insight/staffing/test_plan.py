"""The plan: before and after on the same callers, whether waiting falls, how many agents each hour takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from functools import cache
from math import inf

import numpy as np
import pytest

from callbot.domain.opening import Span
from callbot.insight.staffing import (
    TARGET,
    Always,
    Assumed,
    Centre,
    Estimate,
    Fall,
    InventedProfile,
    Opening,
    Outcomes,
    Plan,
    PlanFigures,
    Times,
    Verdict,
    Wait,
    plan,
    read_roster,
)
from callbot.insight.staffing.estimates import estimate
from callbot.insight.staffing.sizing import service_levels
from callbot.insight.staffing.year import after, before, draw_year

pytestmark = pytest.mark.process

OFFICE = Opening.of({day: (Span(time(8), time(18, 30)),) for day in range(5)})
SMALL = InventedProfile(30_000)
CENTRE = Centre(OFFICE, read_roster("2", OFFICE), Times(), Assumed().outcomes())


@cache
def small_plan(*, sized: bool = False) -> Plan:
    return plan(SMALL, CENTRE, years=3, sized=sized)


def shares(settled: float, handed_over: float) -> Outcomes:
    return Assumed(settled, handed_over).outcomes()


def value(found: Estimate | None) -> float:
    assert found is not None
    return found.value


def fall_of(found: Plan, wait: Wait) -> Fall:
    return next(fall for fall in found.falls if fall.wait is wait)


@pytest.mark.parametrize("side", ["before", "after"])
def test_every_call_is_somewhere(side: str) -> None:
    figures: PlanFigures = getattr(small_plan(), side)
    people = [figures.answered, figures.abandoned, figures.waiting_at_end]
    assert sum(map(value, people)) == pytest.approx(value(figures.to_people))
    lost = value(figures.outside_hours) if side == "before" else value(figures.call_backs)
    by_bot = value(figures.settled_by_bot) + value(figures.left_the_bot)
    assert value(figures.to_people) + by_bot + lost == pytest.approx(value(figures.received))


def test_the_bot_takes_calls_off_the_queue_and_waiting_falls() -> None:
    found = small_plan()
    assert value(found.after.wait.mean) < value(found.before.wait.mean)
    assert value(found.after.abandonment) < value(found.before.abandonment)
    assert value(found.after.service_level) > value(found.before.service_level)
    assert value(found.after.completed) > value(found.before.completed)
    assert fall_of(found, Wait.QUEUE).verdict is Verdict.YES


def test_shares_are_their_numerator_over_their_denominator() -> None:
    side = small_plan().before
    assert value(side.abandonment) == pytest.approx(value(side.abandoned) / value(side.to_people), rel=0.01)
    assert value(side.completed) == pytest.approx(value(side.answered) / value(side.received), rel=0.01)
    assert value(side.wait.median) <= value(side.wait.p90) <= value(side.wait.max)


def test_the_same_seed_gives_the_same_plan_and_another_one_other_figures() -> None:
    first, again, other = (plan(InventedProfile(5_000), CENTRE, years=2, seed=seed, sized=False) for seed in (4, 4, 5))
    assert (first.before, first.after, first.falls) == (again.before, again.after, again.falls)
    assert first.before != other.before


def test_a_bot_that_hands_everything_over_at_once_changes_nothing() -> None:
    always = Opening(np.ones_like(OFFICE.minutes))
    times = Times(pick_up=0, bot_hands_over=Always(0))
    centre = Centre(always, read_roster("2", always), times, shares(0, 1))
    found = plan(SMALL, centre, years=2, sized=False)
    bots_own = {name: getattr(found.before, name) for name in ("bot_calls_at_once", "service_level_received")}
    assert replace(found.after, **bots_own) == found.before
    assert {fall.verdict for fall in found.falls} == {Verdict.NO}


def test_a_bot_that_settles_everything_leaves_no_wait_to_speak_of() -> None:
    found = plan(SMALL, replace(CENTRE, outcomes=shares(1, 0)), years=2, sized=False)
    assert value(found.after.to_people) == 0
    assert found.after.wait.mean is None
    assert found.after.abandonment is None
    assert fall_of(found, Wait.QUEUE).verdict is Verdict.UNKNOWN
    assert value(found.after.end_to_end.max) == CENTRE.times.pick_up
    assert value(found.after.completed) == 1


def test_minutes_with_the_bot_count_for_who_wants_a_person() -> None:
    quick = replace(CENTRE, roster=read_roster("3", OFFICE))
    found = plan(SMALL, quick, years=2, sized=False)
    assert fall_of(found, Wait.TO_A_PERSON).verdict is Verdict.NO
    assert value(found.after.to_a_person.mean) > 60


def test_zero_calls() -> None:
    found = plan(InventedProfile(0), CENTRE, years=2)
    assert value(found.before.received) == value(found.after.to_people) == 0
    assert found.before.wait.mean is None
    assert {fall.verdict for fall in found.falls} == {Verdict.UNKNOWN}
    assert found.holds_until is None
    assert {need.before.agents for need in found.needs} == {1}
    assert all(need.before.service_level is None for need in found.needs)


def test_zero_agents() -> None:
    found = plan(SMALL, replace(CENTRE, roster=read_roster("0", OFFICE)), years=2, sized=False)
    assert value(found.before.answered) == 0
    assert value(found.before.service_level) == 0
    assert value(found.before.abandonment) > 0.99
    assert found.before.occupancy is None
    assert value(found.after.call_backs_made) == 0
    assert fall_of(found, Wait.QUEUE).verdict is Verdict.UNKNOWN


def test_patience_without_end() -> None:
    found = plan(SMALL, replace(CENTRE, times=Times(patience=Always(inf))), years=2, sized=False)
    assert value(found.before.abandoned) == 0
    assert value(found.before.wait.mean) > value(small_plan().before.wait.mean)


def test_waiting_falls_until_a_share_is_handed_over_and_not_beyond() -> None:
    until = small_plan().holds_until
    assert until is not None
    for handed_over, verdict in ((until - 0.1, Verdict.YES), (until + 0.1, Verdict.NO)):
        other = replace(CENTRE, outcomes=shares(0.95 - handed_over, handed_over))
        found = plan(SMALL, other, years=3, sized=False)
        assert fall_of(found, Wait.QUEUE).verdict is verdict


@pytest.mark.parametrize(
    ("fall", "verdict"),
    [
        (Estimate(0.5, 0.3, 0.7), Verdict.YES),
        (Estimate(0.5, 0.29, 0.7), Verdict.UNSURE),
        (Estimate(0.2, 0.1, 0.29), Verdict.NO),
        (Estimate(-0.2, -0.3, -0.1), Verdict.NO),
        (None, Verdict.UNKNOWN),
    ],
)
def test_the_interval_decides(fall: Estimate | None, verdict: Verdict) -> None:
    assert Fall(Wait.QUEUE, fall).verdict is verdict


def test_agents_for_80_20_keep_it_in_every_open_hour_and_fewer_are_needed_with_the_bot() -> None:
    found = small_plan(sized=True)
    assert [need.weekday * 24 + need.hour for need in found.needs] == OFFICE.hours()
    for need in found.needs:
        for staffed in (need.before, need.after):
            assert staffed.service_level is None or staffed.service_level.value >= TARGET
    without, with_bot = found.agent_hours
    assert with_bot < without


def test_two_agents_less_in_the_busiest_hour_would_not_do() -> None:
    found = small_plan(sized=True)
    busiest = max(found.needs, key=lambda need: need.before.agents)
    fewer = {need.weekday * 24 + need.hour: need.before.agents for need in found.needs}
    fewer[busiest.weekday * 24 + busiest.hour] -= 2
    years = [before(draw_year(SMALL, CENTRE.times, 1, number), OFFICE) for number in range(3)]
    hour = busiest.weekday * 24 + busiest.hour
    level = estimate([float(service_levels([year], OFFICE, fewer)[hour]) for year in years])
    assert level is not None
    assert level.value < TARGET


def test_call_backs_are_promised_for_the_first_four_hours_of_the_next_opening() -> None:
    year = draw_year(SMALL, CENTRE.times, 1, 0)
    people = after(year, OFFICE, CENTRE.times, CENTRE.outcomes)
    hours = people.call_backs.since / 3600 % 24
    assert len(hours) > 100
    assert hours.min() >= 8
    assert hours.max() <= 12
    assert (np.diff(people.call_backs.since) >= 0).all()
