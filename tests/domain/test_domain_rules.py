"""The pure rules: calendar on both sides of its limits, references, items, personal values."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.domain.addresses import StreetAddress
from callbot.domain.calendar import served_days, still_open
from callbot.domain.geography import Commune
from callbot.domain.items import Catalogue, Certainty, ItemKind, ItemLine, Ruling, Verdict
from callbot.domain.meaning import Intent, Meaning
from callbot.domain.personal import Personal, PhoneNumber
from callbot.domain.references import (
    ALPHABET,
    LENGTH,
    check_character,
    make_reference,
    parse_reference,
    spoken_reference,
)
from callbot.domain.territories import BookingMode, Closure, CutOff, SectorRules, TerritoryRules

PARIS = ZoneInfo("Europe/Paris")
CUT_OFF = CutOff(days_before=1, at=time(12, 0))
SECTOR = SectorRules("centre", "Centre", frozenset({"13206"}), frozenset({0, 2, 4}), capacity=20)
RULES = TerritoryRules(
    id="mp",
    name="Marseille-Provence",
    communes=frozenset({"13206", "13005"}),
    mode=BookingMode.APPOINTMENT,
    sectors=(SECTOR,),
    cut_off=CUT_OFF,
    put_out=None,
    max_items=None,
    max_volume_m3=None,
    horizon_days=14,
    closures=(),
    works_on_holidays=False,
    sample=True,
    source="test",
    certainty=Certainty.INFERRED,
)
SATURDAY = datetime(2026, 11, 21, 9, tzinfo=PARIS)
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        (datetime(2026, 11, 22, 11, 59, 59, tzinfo=PARIS), True),
        (datetime(2026, 11, 22, 12, 0, tzinfo=PARIS), False),
        (datetime(2026, 11, 21, 23, 59, tzinfo=PARIS), True),
        (datetime(2026, 11, 23, 0, 0, tzinfo=PARIS), False),
    ],
)
def test_cut_off_to_the_minute(now: datetime, is_open: bool) -> None:
    assert still_open(MONDAY, CUT_OFF, now) is is_open


def test_cut_off_holds_on_the_day_the_clocks_change() -> None:
    sunday = date(2026, 10, 25)
    cut = CutOff(0, time(2, 30))
    assert still_open(sunday, cut, datetime(2026, 10, 25, 2, 29, tzinfo=PARIS))
    assert not still_open(sunday, cut, datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=PARIS))


def test_only_weekdays_of_the_sector_within_the_horizon() -> None:
    days = list(served_days(RULES, SECTOR, SATURDAY, ()))
    assert days[0] == MONDAY
    assert {day.weekday() for day in days} == {0, 2, 4}
    assert days[-1] == SATURDAY.date() + timedelta(days=13)


@pytest.mark.parametrize(("works", "expected"), [(False, False), (True, True)])
def test_public_holidays(works: bool, expected: bool) -> None:
    days = served_days(replace(RULES, works_on_holidays=works), SECTOR, SATURDAY, {MONDAY})
    assert (MONDAY in days) is expected


def test_closures_close_their_first_and_last_day() -> None:
    closed = replace(RULES, closures=(Closure(MONDAY, MONDAY + timedelta(days=2), "grève"),))
    days = list(served_days(closed, SECTOR, SATURDAY, ()))
    assert days[0] == MONDAY + timedelta(days=4)


def test_without_a_cut_off_rule_nothing_is_open() -> None:
    assert list(served_days(replace(RULES, cut_off=None), SECTOR, SATURDAY, ())) == []


def test_sector_of_a_commune() -> None:
    assert RULES.sector_of("13206") == SECTOR
    assert RULES.sector_of("13005") is None


bodies = st.text(ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1)


@given(bodies, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_seen(body: str, place: int, wrong: str) -> None:
    reference = body + check_character(body)
    damaged = reference[:place] + wrong + reference[place + 1 :]
    assert parse_reference(damaged) == (reference if damaged == reference else None)


@given(bodies)
def test_two_characters_swapped_are_always_seen(body: str) -> None:
    reference = body + check_character(body)
    for first, second in permutations(range(LENGTH - 1), 2):
        swapped = list(reference)
        swapped[first], swapped[second] = swapped[second], swapped[first]
        damaged = "".join(swapped)
        assert parse_reference(damaged) == (reference if damaged == reference else None)


@given(st.integers(0, 18))
def test_references_are_made_from_the_draws_and_parse(drawn: int) -> None:
    reference = make_reference(lambda _: drawn)
    assert len(reference) == LENGTH
    assert parse_reference(f" {reference[:2].lower()}-{reference[2:]} ") == reference


def test_no_two_confusable_characters() -> None:
    for family in ("BDPTG", "MN", "FS", "1I", "0O", "2Z", "5S", "U1W", "JG"):
        assert sum(char in ALPHABET for char in family) <= 1


@pytest.mark.parametrize("text", ["", "AAAA", "AAAAAA", "OOOOO", "é" * 5, "AC47\u0660"])
def test_what_cannot_be_a_reference(text: str) -> None:
    assert parse_reference(text) is None


def test_letters_are_said_with_the_telephone_alphabet() -> None:
    assert spoken_reference("K4A") == "K comme Kléber, 4, A comme Anatole"
    assert all(f"{char} comme {char}" in spoken_reference(char) for char in ALPHABET if char.isalpha())


def test_personal_values_never_show_themselves() -> None:
    phone = PhoneNumber("+33612345678")
    shown = f"{phone} {phone!r} {phone!s} {[phone]} {Personal('Durand'):>20}"
    assert "612345678" not in shown
    assert "Durand" not in shown
    assert phone.reveal() == "+33612345678"
    assert phone.last_digits(4) == "5678"
    with pytest.raises(TypeError):
        json.dumps(phone)


@pytest.mark.parametrize(
    ("number", "mobile"),
    [("+33612345678", True), ("+33712345678", True), ("+33491123456", False), ("+34612345678", False)],
)
def test_which_numbers_take_an_sms(number: str, mobile: bool) -> None:
    assert PhoneNumber(number).is_french_mobile is mobile


def test_arrondissements() -> None:
    assert Commune("13206", "Marseille 6e", ()).arrondissement == 6
    assert Commune("13216", "Marseille 16e", ()).arrondissement == 16
    assert Commune("13055", "Marseille", ()).arrondissement is None
    assert Commune("13005", "Aubagne", ()).arrondissement is None


CHAIR = ItemKind(
    "chaise", "chaise", "chaises", True, (), 0.2, Ruling("chaise", Verdict.ACCEPTED),
    {"autre": Ruling("chaise", Verdict.ASK_HUMAN)},
)  # fmt: skip


def test_items_are_spoken_with_gender_and_number() -> None:
    assert [CHAIR.spoken(count) for count in (1, 2, 16, 17)] == [
        "une chaise",
        "deux chaises",
        "seize chaises",
        "17 chaises",
    ]


def test_ruling_of_a_territory_wins_over_the_general_one() -> None:
    assert CHAIR.ruling_in("autre").verdict is Verdict.ASK_HUMAN
    assert CHAIR.ruling_in("mp").verdict is CHAIR.ruling_in(None).verdict is Verdict.ACCEPTED


def test_catalogue() -> None:
    catalogue = Catalogue({"chaise": CHAIR})
    assert "chaise" in catalogue
    assert len(catalogue) == 1
    assert catalogue.kinds == (CHAIR,)
    assert catalogue.volume((ItemLine("chaise", 4),)) == pytest.approx(0.8)


def test_an_address_is_written_without_what_is_unknown() -> None:
    place = StreetAddress("Rue de Rome", "13206", "Marseille 6e", "13006", 12, "bis")
    assert place.line == "12 bis Rue de Rome"
    assert replace(place, number=None, repetition=None).line == "Rue de Rome"


def test_an_empty_meaning_is_a_no_match() -> None:
    assert Meaning().is_empty
    assert not Meaning(intent=Intent.BOOK).is_empty
