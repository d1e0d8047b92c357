"""Verdicts on items and the choice of dates: pure rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.booking.judging import TOO_HEAVY, judge_items
from callbot.booking.offers import MOST_OFFERED, PUBLIC_HOLIDAYS, offered
from callbot.domain.calendar import PickupDate
from callbot.domain.items import Catalogue, ItemLine, Verdict
from callbot.domain.meaning import HeardDate
from tests.booking.sample import CATALOGUE, TERRITORY, kind

MONDAY = date(2026, 11, 23)
DAYS = [PickupDate("centre", MONDAY + timedelta(days=offset), 1) for offset in (1, 3, 8, 10, 15)]


def day(offset: int) -> date:
    return MONDAY + timedelta(days=offset)


def days_of(found: tuple[PickupDate, ...]) -> list[int]:
    return [(pickup.day - MONDAY).days for pickup in found]


def test_rulings_come_in_the_order_asked_and_only_accepted_volume_counts() -> None:
    items = (ItemLine("gravats", 3), ItemLine("armoire", 1), ItemLine("piano", 1), ItemLine("matelas", 2))
    judged = judge_items(CATALOGUE, items, TERRITORY)
    assert [(ruling.item, ruling.verdict) for ruling in judged.rulings] == [
        ("gravats", Verdict.REFUSED),
        ("armoire", Verdict.ACCEPTED),
        ("piano", Verdict.ASK_HUMAN),
        ("matelas", Verdict.ACCEPTED),
    ]
    assert judged.volume_m3 == pytest.approx(2.5)
    assert not judged.too_many
    assert judged.rulings[0].alternative == "La déchèterie."


def test_an_item_nobody_knows_goes_to_a_person() -> None:
    judged = judge_items(CATALOGUE, (ItemLine("soucoupe", 1),), TERRITORY)
    assert [ruling.verdict for ruling in judged.rulings] == [Verdict.ASK_HUMAN]
    assert judged.volume_m3 == 0


def test_a_territory_may_rule_otherwise() -> None:
    fridge = (ItemLine("frigo", 1),)
    assert judge_items(CATALOGUE, fridge, TERRITORY).rulings[0].verdict is Verdict.ACCEPTED
    assert judge_items(CATALOGUE, fridge, None).rulings[0].verdict is Verdict.REFUSED


@pytest.mark.parametrize(
    ("quantity", "max_items", "max_volume", "too_many"),
    [
        (4, 4, None, False),
        (5, 4, None, True),
        (4, None, 2.0, False),
        (5, None, 2.0, True),
        (50, None, None, False),
    ],
)
def test_limits_on_both_sides(quantity: int, max_items: int | None, max_volume: float | None, too_many: bool) -> None:
    rules = replace(TERRITORY, max_items=max_items, max_volume_m3=max_volume)
    assert judge_items(CATALOGUE, (ItemLine("matelas", quantity),), rules).too_many is too_many


def heavy(weight_kg: float | None, verdict: Verdict = Verdict.ACCEPTED) -> Catalogue:
    return Catalogue({"coffre": replace(kind("coffre", verdict), weight_kg=weight_kg)})


@pytest.mark.parametrize(
    ("weight_kg", "most_kg", "verdict"),
    [
        (80, 80, Verdict.ACCEPTED),
        (80.1, 80, Verdict.ASK_HUMAN),
        (500, 80, Verdict.ASK_HUMAN),
        (None, 80, Verdict.ACCEPTED),
        (500, None, Verdict.ACCEPTED),
    ],
)
def test_the_weight_of_one_object_on_both_sides(
    weight_kg: float | None, most_kg: float | None, verdict: Verdict
) -> None:
    territory = replace(TERRITORY, max_weight_kg=most_kg, spoken_source="un exemple")
    lines = (ItemLine("coffre", 3),)
    judged = judge_items(heavy(weight_kg), lines, territory)
    [ruling] = judged.rulings
    assert ruling.verdict is verdict
    assert not judged.too_many
    if verdict is Verdict.ASK_HUMAN:
        assert ruling.alternative == TOO_HEAVY
        assert ruling.ground is not None
        told = (ruling.ground.rule, ruling.ground.source, ruling.ground.most, ruling.ground.spoken)
        assert told == ("marseille/limits.max_weight_kg", TERRITORY.source, most_kg, "un exemple")
        assert judged.volume_m3 == 0


def test_what_is_refused_anyway_is_not_called_too_heavy() -> None:
    territory = replace(TERRITORY, max_weight_kg=80)
    [ruling] = judge_items(heavy(500, Verdict.REFUSED), (ItemLine("coffre", 1),), territory).rulings
    assert (ruling.verdict, ruling.alternative) == (Verdict.REFUSED, "La déchèterie.")


@pytest.mark.parametrize(
    ("items", "rule", "most"),
    [
        ((ItemLine("matelas", 5),), "marseille/limits.max_items", 4),
        ((ItemLine("armoire", 3),), "marseille/limits.max_volume_m3", 3.0),
    ],
)
def test_a_limit_that_is_passed_names_its_rule_and_what_it_allows(
    items: tuple[ItemLine, ...], rule: str, most: float
) -> None:
    ground = judge_items(CATALOGUE, items, TERRITORY).ground
    assert ground is not None
    assert (ground.rule, ground.most) == (rule, most)


def test_refused_objects_and_unknown_territories_have_no_limit() -> None:
    assert not judge_items(CATALOGUE, (ItemLine("gravats", 50),), TERRITORY).too_many
    assert not judge_items(CATALOGUE, (ItemLine("matelas", 50),), None).too_many


@pytest.mark.parametrize(
    ("wish", "after", "expected"),
    [
        (None, None, [1, 3, 8]),
        (None, day(3), [8, 10, 15]),
        (None, day(15), []),
        (HeardDate(day(3), day(3)), None, [3]),
        (HeardDate(day(2), day(10)), None, [3, 8, 10]),
        (HeardDate(day(2), day(2)), None, [3, 8, 10]),
        (HeardDate(day(16), day(16)), None, [1, 3, 8]),
        (HeardDate(day(1), day(10)), day(8), [10]),
        (HeardDate(day(1), day(3)), day(8), [10, 15]),
    ],
    ids=[
        "earliest",
        "later ones",
        "nothing later",
        "wish",
        "range",
        "nearest after",
        "beyond all",
        "both",
        "both, full",
    ],
)
def test_the_dates_offered(wish: HeardDate | None, after: date | None, expected: list[int]) -> None:
    assert days_of(offered(DAYS, wish, after)) == expected


offsets = st.lists(st.integers(0, 60), unique=True).map(sorted)


@given(offsets, st.integers(-10, 70), st.integers(0, 20), st.none() | st.integers(-5, 65))
def test_offers_are_few_in_order_and_never_empty_while_there_is_room(
    room: list[int], first: int, length: int, after: int | None
) -> None:
    with_room = [PickupDate("centre", day(offset), 1) for offset in room]
    found = days_of(
        offered(with_room, HeardDate(day(first), day(first + length)), None if after is None else day(after))
    )
    possible = [offset for offset in room if after is None or offset > after]
    assert found == sorted(found)
    assert len(found) <= MOST_OFFERED
    assert set(found) <= set(possible)
    assert bool(found) == bool(possible)
    if any(first <= offset <= first + length for offset in possible):
        assert all(first <= offset <= first + length for offset in found)


@pytest.mark.parametrize("holiday", [date(2026, 12, 25), date(2027, 3, 29), date(2030, 5, 1), date(2027, 7, 14)])
def test_french_public_holidays_are_known_for_any_year(holiday: date) -> None:
    assert holiday in PUBLIC_HOLIDAYS
    assert holiday + timedelta(days=2) not in PUBLIC_HOLIDAYS


def test_good_friday_is_a_working_day_outside_alsace() -> None:
    assert date(2027, 3, 26) not in PUBLIC_HOLIDAYS
