"""Served days, whatever the rules: none that is closed or outside validity; a closure only takes days away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from callbot.domain.calendar import is_served, served_days
from callbot.domain.items import Certainty
from callbot.domain.territories import BookingMode, Closure, CutOff, SectorRules, TerritoryRules

START = date(2026, 11, 1)
NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
HERE, THERE = "centre", "collines"

days = st.integers(0, 60).map(lambda offset: START + timedelta(days=offset))
spans = st.tuples(days, days).map(lambda pair: (min(pair), max(pair)))
sets_of_days = st.frozensets(days, max_size=8)
closures = st.builds(
    lambda span, sectors: Closure(span[0], span[1], "grève", sectors=sectors),
    spans,
    st.sampled_from([frozenset(), frozenset({HERE}), frozenset({THERE}), frozenset({HERE, THERE})]),
)
sectors = st.builds(
    SectorRules,
    id=st.just(HERE),
    name=st.just("Centre"),
    communes=st.just(frozenset({"13201"})),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    capacity=st.just(5),
)


@st.composite
def territories(draw: st.DrawFn) -> TerritoryRules:
    sector = draw(sectors)
    first, last = draw(spans)
    return TerritoryRules(
        id="nord",
        name="Nord",
        communes=sector.communes,
        mode=BookingMode.APPOINTMENT,
        sectors=(sector,),
        cut_off=CutOff(draw(st.integers(0, 3)), time(12, 0)),
        put_out=None,
        max_items=None,
        max_volume_m3=None,
        horizon_days=draw(st.integers(1, 60)),
        closures=tuple(draw(st.lists(closures, max_size=4))),
        works_on_holidays=draw(st.booleans()),
        sample=False,
        source="a document",
        certainty=Certainty.SOURCED,
        holidays_worked=draw(sets_of_days),
        valid_from=draw(st.sampled_from([None, first])),
        valid_to=draw(st.sampled_from([None, last])),
    )


def served(rules: TerritoryRules, holidays: frozenset[date]) -> list[date]:
    return list(served_days(rules, rules.sectors[0], NOW, holidays))


@given(territories(), sets_of_days)
def test_no_served_day_is_closed_off_or_outside_validity(rules: TerritoryRules, holidays: frozenset[date]) -> None:
    assert rules.cut_off is not None
    for day in served(rules, holidays):
        assert day.weekday() in rules.sectors[0].weekdays
        assert not any(
            closure.first <= day <= closure.last and (not closure.sectors or HERE in closure.sectors)
            for closure in rules.closures
        )
        assert rules.valid_from is None or day >= rules.valid_from
        assert rules.valid_to is None or day <= rules.valid_to
        assert day not in holidays or rules.works_on_holidays or day in rules.holidays_worked
        assert NOW.date() <= day <= NOW.date() + timedelta(days=rules.horizon_days)


@given(territories(), sets_of_days)
def test_served_days_come_in_order_and_once(rules: TerritoryRules, holidays: frozenset[date]) -> None:
    found = served(rules, holidays)
    assert found == sorted(set(found))


@given(territories(), closures, sets_of_days)
def test_one_more_closure_takes_away_its_own_days_and_no_other(
    rules: TerritoryRules, more: Closure, holidays: frozenset[date]
) -> None:
    before = served(rules, holidays)
    after = served(replace(rules, closures=(*rules.closures, more)), holidays)
    assert after == [day for day in before if not more.closes(HERE, day)]


@given(territories(), sets_of_days)
def test_a_closure_of_another_sector_changes_nothing(rules: TerritoryRules, holidays: frozenset[date]) -> None:
    elsewhere = Closure(START, START + timedelta(days=60), "travaux", sectors=frozenset({THERE}))
    assert served(replace(rules, closures=(*rules.closures, elsewhere)), holidays) == served(rules, holidays)


@given(territories(), sets_of_days, sets_of_days)
def test_a_holiday_worked_adds_days_and_a_holiday_takes_days_away(
    rules: TerritoryRules, holidays: frozenset[date], more: frozenset[date]
) -> None:
    off = replace(rules, works_on_holidays=False)
    assert set(served(off, holidays | more)) <= set(served(off, holidays))
    worked = replace(off, holidays_worked=off.holidays_worked | more)
    assert set(served(off, holidays)) <= set(served(worked, holidays))
    always = replace(rules, works_on_holidays=True)
    assert served(always, holidays) == served(always, frozenset())


@given(territories(), days)
def test_the_first_and_the_last_day_of_validity_are_served_and_their_neighbours_are_not(
    rules: TerritoryRules, day: date
) -> None:
    whole_week = replace(rules.sectors[0], weekdays=frozenset(range(7)))
    one_day = replace(rules, valid_from=day, valid_to=day, closures=(), sectors=(whole_week,))
    one = timedelta(days=1)
    around = [is_served(one_day, whole_week, each, ()) for each in (day - one, day, day + one)]
    assert around == [False, True, False]


@given(territories(), sets_of_days)
def test_without_a_cut_off_nothing_is_open(rules: TerritoryRules, holidays: frozenset[date]) -> None:
    assert served(replace(rules, cut_off=None), holidays) == []
