"""Recalls, sums, intervals, and the figures made of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.domain.events import Channel, HandOverReason
from callbot.insight.figures import (
    ALL,
    Baseline,
    By,
    CallFacts,
    CallFilter,
    CallKey,
    DayTally,
    Figure,
    Motive,
    Outcome,
    Reader,
    Tally,
    Unit,
    by_hour,
    figures_of,
    is_ripe,
    recalled_at,
    tally_of,
    total,
    with_recalls,
)
from callbot.insight.figures.months import Months, Stamped
from callbot.insight.figures.statistics import Spread, change, quantile, quantile_interval, spread_of, wilson
from callbot.insight.figures.tally import Hours, hours_of
from callbot.insight.figures.words import written_count, written_duration, written_value
from callbot.settings import LOCAL_ZONE
from tests.insight.figures.stories import NINE, call

DAY = date(2026, 11, 2)
LATER = date(2026, 12, 1)

some_calls = st.lists(
    st.builds(
        call,
        st.integers(0, 3000),
        motive=st.sampled_from(Motive),
        outcome=st.sampled_from(Outcome),
        channel=st.sampled_from(Channel),
        answered=st.sampled_from([None, NINE, NINE + timedelta(seconds=40)]),
        handed_over=st.sampled_from([None, NINE + timedelta(seconds=60)]),
        person_answered=st.sampled_from([None, NINE + timedelta(seconds=90)]),
        caller_index=st.sampled_from([None, "a", "b"]),
        verified=st.booleans(),
        abandoned_at=st.sampled_from(["", "recap"]),
        rating=st.sampled_from([None, 1, 2, 3]),
        rating_asked=st.booleans(),
    ),
    max_size=12,
)


def read(calls: list[CallFacts], today: date = LATER, baseline: Baseline | None = None) -> dict[str, Figure]:
    """Every figure by its key."""
    sample = Reader(today, baseline=baseline).sample([DayTally(DAY, ALL, tally_of(calls))], CallFilter(DAY, DAY))
    return {figure.named.key: figure for figure in figures_of(sample)}


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(0, 10, 0.0, 0.27754), (5, 10, 0.23659, 0.76341), (10, 10, 0.72246, 1.0), (81, 263, 0.25527, 0.36615)],
)
def test_intervals_of_shares_are_those_of_the_books(successes: int, trials: int, low: float, high: float) -> None:
    interval = wilson(successes, trials)
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=2e-4)


@given(st.integers(1, 500).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials))))
def test_a_share_lies_in_its_interval(counted: tuple[int, int]) -> None:
    interval = wilson(*counted)
    assert interval is not None
    assert interval.low - 1e-12 <= counted[0] / counted[1] <= interval.high + 1e-12


@given(st.lists(st.integers(0, 50), min_size=1, max_size=80), st.sampled_from([0.5, 0.9, 1.0]))
def test_quantiles_are_those_of_the_values_themselves(values: list[int], share: float) -> None:
    found = quantile(Counter(values), share)
    assert found is not None
    assert sum(value <= found for value in values) >= share * len(values)
    assert sum(value < found for value in values) < share * len(values)


def test_few_values_have_no_interval() -> None:
    assert quantile_interval({10: 5}, 0.5) is None
    assert quantile_interval({10: 50, 20: 50}, 0.5) is not None


def test_a_change_is_proven_only_beyond_its_interval() -> None:
    halved = change(Spread(200, 10, 100), Spread(100, 5, 100))
    assert halved is not None
    assert halved.relative == pytest.approx(-0.5)
    assert halved.proven
    vague = change(Spread(200, 60, 4), Spread(180, 50, 4))
    assert vague is not None
    assert not vague.proven
    assert change(Spread(0, 0, 1), Spread(1, 1, 2)) is None
    assert spread_of({10: 1}) is None


@given(some_calls, some_calls)
def test_a_sum_of_days_is_the_tally_of_their_calls(first: list[CallFacts], second: list[CallFacts]) -> None:
    together = total([tally_of(first), tally_of(second)])
    assert together == tally_of([*first, *second])
    assert total(by_hour(first, LOCAL_ZONE)) == tally_of(first)


@given(some_calls)
def test_a_tally_is_stored_whole(calls: list[CallFacts]) -> None:
    tally = tally_of(calls)
    again = Tally.from_json(tally.to_json())
    assert (+again.counts, again.values) == (+tally.counts, tally.values)


@given(some_calls, some_calls)
def test_hours_by_column_are_the_hours(first: list[CallFacts], second: list[CallFacts]) -> None:
    columns = Hours()
    for calls in (first, second):
        columns.add(Hours.from_json(hours_of(by_hour(calls, LOCAL_ZONE)).to_json()))
    for hour, tally in enumerate(by_hour([*first, *second], LOCAL_ZONE)):
        of_hour = columns.tally(hour)
        named = {name: count for name, count in tally.counts.items() if ":" not in name and count}
        assert {name: count for name, count in of_hour.counts.items() if ":" not in name and count} == named
        assert of_hour.values == tally.values


@given(some_calls)
def test_no_share_passes_one_and_every_figure_says_how_it_is_made(calls: list[CallFacts]) -> None:
    for figure in read(calls).values():
        assert figure.named.formula
        assert figure.value is None or figure.unit is not Unit.SHARE or 0 <= figure.value <= 1
        assert (figure.value is None) == (figure.denominator == 0)


def test_nobody_counted_is_no_zero() -> None:
    for figure in read([]).values():
        if figure.unit is not Unit.CALLS:
            assert written_value(figure.value, figure.unit) == "sans objet", figure.named.key


def test_the_denominator_is_what_was_received() -> None:
    lost = call(1, answered=None, ended=None, outcome=Outcome.UNANSWERED, turns=0)
    slow = call(2, answered=NINE + timedelta(minutes=2, seconds=21))
    found = read([lost, slow, call(3), call(4)])
    assert (found["pick_up"].numerator, found["pick_up"].denominator) == (3, 4)
    assert (found["within"].numerator, found["within"].denominator) == (2, 4)
    assert written_count(found["pick_up"]) == "3 sur 4"
    assert written_count(found["dmc"]).endswith("en tout, sur 3 appels")


def test_without_arrivals_nobody_claims_a_service_level() -> None:
    assert read([call(1, received_known=False)])["within"].is_empty


@pytest.mark.parametrize(
    ("after", "motive", "recalled"),
    [
        (timedelta(days=7), Motive.BOOK, True),
        (timedelta(days=7, seconds=1), Motive.BOOK, False),
        (timedelta(days=1), Motive.STATUS, False),
        (timedelta(days=1), Motive.UNKNOWN, True),
        (timedelta(0), Motive.BOOK, False),
    ],
)
def test_who_rings_again_for_the_same_thing(after: timedelta, motive: Motive, *, recalled: bool) -> None:
    first = CallKey(NINE, Motive.BOOK)
    assert (recalled_at(first, [first, CallKey(NINE + after, motive)]) is not None) == recalled


def test_a_recall_takes_the_resolution_away_and_fresh_calls_wait() -> None:
    again = replace(call(1), call_id="CA1b", received=NINE + timedelta(days=2))
    first, second = with_recalls([call(1), again])
    assert (first.recalled, second.recalled) == (again.received, None)
    calls = [first, call(5), call(6, caller_index=None), call(7, handed_over=NINE, outcome=Outcome.HANDED_OVER)]
    ripe = read(calls)
    assert (ripe["resolved"].numerator, ripe["resolved"].denominator) == (1, 3)
    assert (ripe["fcr"].numerator, ripe["contained"].numerator) == (2, 3)
    fresh = read(calls, today=DAY + timedelta(days=7))
    assert fresh["resolved"].is_empty
    assert "3 appels" in fresh["resolved"].note


def test_a_day_is_ripe_once_its_last_caller_has_had_seven_days() -> None:
    assert [is_ripe(DAY, DAY + timedelta(days=days)) for days in (7, 8)] == [False, True]


def test_what_is_for_people_by_rule_is_no_failure_of_the_machine() -> None:
    found = read([call(1, motive=Motive.PROFESSIONAL, verified=False), call(2, motive=Motive.UNKNOWN, verified=False)])
    assert found["resolved"].denominator == 1


def test_steps_and_reasons_link_to_their_calls() -> None:
    left = call(1, outcome=Outcome.ABANDONED, abandoned_at="recap", verified=False, booked=False)
    handed = call(2, handed_over=NINE, hand_over_reason=HandOverReason.ASKED, outcome=Outcome.HANDED_OVER)
    found = read([left, handed, call(3)])
    assert (found["left:recap"].numerator, found["left:recap"].denominator) == (1, 3)
    assert found["left:recap"].calls.query == "since=2026-11-02&until=2026-11-02&abandoned_at=recap"
    assert found["handed:asked"].value == 1
    assert found["handed:asked"].named.label == "Motif : demandé par l'appelant"


def test_before_and_after() -> None:
    calls = [
        call(number, handed_over=NINE, person_answered=NINE + timedelta(seconds=60 + number % 7))
        for number in range(1, 60)
    ]
    found = read(calls, baseline=Baseline(120, "relevé de mai", error_s=5))["person_change"]
    assert found.value == pytest.approx(-0.475, abs=0.01)
    assert found.interval is not None
    assert found.interval.high < -0.3
    assert "relevé de mai" in found.note
    assert "person_change" not in read(calls)


def test_a_conversation_in_writing_is_no_call() -> None:
    found = read([call(1, channel=Channel.TEXT), call(2)])
    assert (found["received"].value, found["written"].value) == (1, 1)


def test_a_period_is_cut() -> None:
    calls = [call(1, territory="marseille"), call(90, territory="")]
    days = [DayTally(DAY, ALL, tally_of(calls), hours_of(by_hour(calls, LOCAL_ZONE)))]
    reader = Reader(LATER, territory_words={"marseille": "Marseille"})
    hours = reader.cut(days, By.HOUR, CallFilter())
    assert [part.label for part in hours if part.sample.all["received"]] == ["9 h", "10 h"]
    assert [part.key for part in reader.cut(days, By.DAY, CallFilter())] == ["2026-11-02"]
    by_territory = [DayTally(DAY, each.territory, tally_of([each])) for each in calls]
    parts = reader.cut(by_territory, By.TERRITORY, CallFilter())
    assert [part.label for part in parts] == ["Marseille", "territoire inconnu"]
    assert parts[0].sample.where.territory == "marseille"


@given(st.lists(some_calls, min_size=1, max_size=6), st.integers(0, 90))
def test_months_are_the_sum_of_their_days_and_only_what_cannot_change_is_summed(
    days: list[list[CallFacts]], age: int
) -> None:
    today = DAY + timedelta(days=age)
    stamped = [
        Stamped(str(number), DayTally(DAY + timedelta(days=9 * number), ALL, tally_of(calls)))
        for number, calls in enumerate(days)
    ]
    months = Months()
    for _ in range(2):
        found = months.condensed(stamped, today)
        assert len(found) <= len(stamped)
        assert total(each.whole for each in found) == total(each.tally.whole for each in stamped)
        reader = Reader(today)
        whole = reader.sample([each.tally for each in stamped], CallFilter())
        assert reader.sample(found, CallFilter()).ripe == whole.ripe


def test_a_day_that_was_counted_anew_is_summed_anew() -> None:
    months = Months()
    for calls in ([call(1)], [call(1), call(2)]):
        found = months.condensed([Stamped(str(len(calls)), DayTally(DAY, ALL, tally_of(calls)))], LATER)
        assert found[0].whole["received"] == len(calls)


def test_numbers_are_written_as_people_write_them() -> None:
    assert written_value(0.8537, Unit.SHARE) == "85,4\u202f%"
    assert written_value(12345, Unit.CALLS) == "12\u202f345"
    assert written_value(-0.25, Unit.CHANGE) == "\u221225,0\u202f%"
    assert written_duration(185) == "3\u202fmin\u202f05\u202fs"
    assert written_duration(1.44) == "1,4\u202fs"


def test_what_people_answer_while_the_bot_is_off_is_picked_up_and_no_abandonment_of_the_bot() -> None:
    def off(number: int, **values: object) -> CallFacts:
        return call(number, answered=None, received_known=True, outcome=Outcome.HANDED_OVER, **values)

    at = call(0).received
    calls = [
        off(0, handed_over=at, person_answered=at + timedelta(seconds=20)),
        off(0, handed_over=at, person_answered=at + timedelta(seconds=21)),
        off(0, handed_over=at, left_waiting=True),
        call(0, answered=None, call_back=True, outcome=Outcome.CALL_BACK),
        call(0, answered=None, outcome=Outcome.UNANSWERED),
    ]
    figures = read(calls)
    shown = {key: (figures[key].numerator, figures[key].denominator) for key in (
        "received", "pick_up", "within", "settled", "diverted", "diverted_person", "diverted_call_back",
        "diverted_left", "abandoned", "handed", "left_waiting",
    )}  # fmt: skip
    assert shown == {
        "received": (5, None), "pick_up": (2, 5), "within": (1, 5), "settled": (3, 5), "diverted": (4, 5),
        "diverted_person": (2, 4), "diverted_call_back": (1, 4), "diverted_left": (1, 4),
        "abandoned": (0, 0), "handed": (0, 0), "left_waiting": (0, 0),
    }  # fmt: skip


def test_the_time_of_a_call_holds_that_of_the_person_where_it_is_known() -> None:
    def handed(**values: object) -> CallFacts:
        at = call(0).received
        steps = {"answered": at, "handed_over": at + timedelta(seconds=60)}
        return call(0, **steps, person_answered=at + timedelta(seconds=100), **values)

    done = call(0).received + timedelta(seconds=400)
    figures = read([handed(person_done=done), handed()])
    assert (figures["dmt"].numerator, figures["dmt"].denominator) == (500, 2)
    assert "connu pour 1 appels sur 2" in figures["dmt"].note
    assert (figures["dmt_agents"].numerator, figures["dmt_agents"].denominator) == (300, 1)
