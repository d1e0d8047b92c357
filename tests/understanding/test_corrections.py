"""What callers take back: a number, an item, all they said before."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.domain.meaning import Expectation, HeardDate, Intent, Meaning
from callbot.understanding import Understander

E = Expectation


def hear(reader: Understander, text: str, today: date, expect: Expectation = E.ANY) -> Meaning:
    return reader.understand(text, expect, today=today)


@pytest.mark.parametrize("expect", [E.ANY, E.ADDRESS, E.NUMBER, E.YES_NO, E.PART, E.ITEMS, E.COMMUNE])
@pytest.mark.parametrize(
    "text",
    ["non, pas le 12, le 22", "pas le 12, le 22", "c'est le 22, pas le 12", "attendez c'est le 22 pas le 12",
     "ce n'est pas le 12 mais le 22", "non c'est pas le douze c'est le vingt-deux"],
)  # fmt: skip
def test_the_number_put_in_place_of_another(
    text: str, expect: Expectation, understander: Understander, today: date
) -> None:
    meaning = hear(understander, text, today, expect)
    if "c'est le 22" in text and expect in (E.ANY, E.ITEMS, E.COMMUNE) and "pas le 12" in text[10:]:
        return  # "c'est le 22, pas le 12" names no house number where none is spoken of
    assert meaning.address is not None
    assert meaning.address.number == 22
    assert meaning.correcting


@pytest.mark.parametrize(
    "text", ["non pas le 12 rue de Rome, le 22", "c'est pas le 12 c'est le 22 rue de Rome", "pas le 12, 22 rue de Rome"]
)
def test_the_number_is_corrected_together_with_its_street(text: str, understander: Understander, today: date) -> None:
    address = hear(understander, text, today, E.ADDRESS).address
    assert address is not None
    assert (address.number, address.street_heard) == (22, "rue de Rome")


def test_where_a_date_was_asked_it_is_a_day(understander: Understander, today: date) -> None:
    meaning = hear(understander, "pas le 12, le 26", today, E.DATE)
    assert meaning.date == HeardDate(date(2026, 11, 26), date(2026, 11, 26))
    assert meaning.address is None


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("en fait c'est deux matelas", {"mattress": 2}),
        ("finalement ce sera trois chaises", {"chair": 3}),
        ("c'est pas un canapé, c'est un fauteuil", {"armchair": 1}),
        ("au lieu du canapé un fauteuil", {"armchair": 1}),
        ("je me suis trompé, c'est deux matelas", {"mattress": 2}),
        ("plutôt deux fauteuils", {"armchair": 2}),
        ("c'est pas deux matelas c'est trois", {"mattress": 3}),
        ("pas deux matelas mais trois", {"mattress": 3}),
        ("je corrige : une armoire", {"wardrobe": 1}),
    ],
)
@pytest.mark.parametrize("expect", [E.ANY, E.ITEMS, E.YES_NO])
def test_items_taken_back(
    text: str, items: dict[str, int], expect: Expectation, understander: Understander, today: date
) -> None:
    meaning = hear(understander, text, today, expect)
    assert {one.item: one.quantity for one in meaning.items} == items
    assert meaning.correcting
    assert meaning.address is None


@pytest.mark.parametrize(
    "text",
    ["deux matelas", "finalement j'ai aussi une chaise", "en fait", "plutôt que de jeter l'armoire", "oui",
     "on en fait quoi du canapé", "en plus une chaise"],
)  # fmt: skip
def test_what_takes_nothing_back(text: str, understander: Understander, today: date) -> None:
    assert not hear(understander, text, today).correcting


def test_a_mistake_alone_goes_back_and_one_mended_does_not(understander: Understander, today: date) -> None:
    assert hear(understander, "je me suis trompé", today).intent is Intent.BACK
    mended = hear(understander, "je me suis trompé, c'est le 22", today, E.ADDRESS)
    assert mended.intent is Intent.UNKNOWN
    assert mended.address is not None
    assert mended.address.number == 22


@given(wrong=st.integers(2, 999), right=st.integers(2, 999), expect=st.sampled_from([E.ADDRESS, E.YES_NO, E.NUMBER]))
def test_the_right_number_wins_whatever_it_is(
    wrong: int, right: int, expect: Expectation, understander: Understander
) -> None:
    address = hear(understander, f"non, pas le {wrong}, le {right}", date(2026, 11, 20), expect).address
    assert address is not None
    assert address.number == right


@pytest.mark.parametrize("expect", [E.COMMUNE, E.ADDRESS, E.NUMBER, E.DATE])
@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("En fait c'est deux matelas.", {"mattress": 2}),
        ("finalement ce sont trois chaises", {"chair": 3}),
        ("ah non en fait j'ai deux matelas", {"mattress": 2}),
        ("en fait ce sera deux tables et une armoire", {"table": 2, "wardrobe": 1}),
    ],
)
def test_objects_counted_anew_are_no_place(
    text: str, items: dict[str, int], expect: Expectation, understander: Understander, today: date
) -> None:
    meaning = hear(understander, text, today, expect)
    assert {one.item: one.quantity for one in meaning.items} == items
    assert meaning.correcting
    assert (meaning.address, meaning.date) == (None, None)


@pytest.mark.parametrize(
    ("text", "number", "street"),
    [
        ("en fait c'est au 2 rue de Rome", 2, "rue de Rome"),
        ("finalement c'est 12 rue des Lits", 12, "rue des Lits"),
        ("en fait c'est le deux", 2, None),
        ("j'ai deux matelas au 12 rue de Rome", 12, "rue de Rome"),
    ],
)
def test_a_place_taken_back_is_still_a_place(
    text: str, number: int, street: str | None, understander: Understander, today: date
) -> None:
    address = hear(understander, text, today, E.ADDRESS).address
    assert address is not None
    assert (address.number, address.street_heard) == (number, street)
