"""Telephone numbers (all of them from ranges reserved for fiction, or public ones)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.understanding.phones import find_phone
from callbot.understanding.sentence import clean, words_of


def phone(text: str) -> str | None:
    found = find_phone(words_of(clean(text)))
    return found[0] if found else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("06 39 98 12 34", "+33639981234"),
        ("06.39.98.12.34", "+33639981234"),
        ("06-39-98-12-34", "+33639981234"),
        ("0639981234", "+33639981234"),
        ("c'est le 06 39 98 12 34 merci", "+33639981234"),
        ("zéro six, trente-neuf, quatre-vingt-dix-huit, douze, trente-quatre", "+33639981234"),
        ("zéro six trente neuf quatre vingt dix huit douze trente quatre", "+33639981234"),
        ("zéro six trois neuf neuf huit un deux trois quatre", "+33639981234"),
        ("06 trente-neuf 98 douze 34", "+33639981234"),
        ("zéro six euh trente-neuf et quatre-vingt-dix-huit douze trente-quatre", "+33639981234"),
        ("plus trente-trois six trente-neuf quatre-vingt-dix-huit douze trente-quatre", "+33639981234"),
        ("+33 6 39 98 12 34", "+33639981234"),
        ("+33 (0)6 39 98 12 34", "+33639981234"),
        ("00 33 6 39 98 12 34", "+33639981234"),
        ("zéro six trente-neuf quatre-vingt-dix-huit soixante-dix-huit onze", "+33639987811"),
        ("zéro six trente-neuf quatre-vingt-dix-huit soixante et onze dix", "+33639987110"),
        ("zéro six trente-neuf nonante-huit septante douze", "+33639987012"),
        ("zéro quatre quatre-vingt-onze quatorze vingt zéro zéro", "+33491142000"),
        ("04 91 14 20 00", "+33491142000"),
        ("0692 12 34 56", "+262692123456"),
        ("06 39 98 12 99 non 06 39 98 12 34", "+33639981234"),
        ("mon numéro zéro six trente-neuf quatre-vingt-dix-huit douze trente-quatre et j'ai deux lits", "+33639981234"),
    ],
)
def test_numbers(text: str, expected: str) -> None:
    assert phone(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "06 39 98 12", "zéro six trente-neuf", "06 39 98 12 34 56", "12 rue de Rome", "13006", "deux matelas",
        "00 00 00 00 00", "+33", "plus trente-trois", "zéro", "16 39 98 12 34",
    ],
)  # fmt: skip
def test_no_number(text: str) -> None:
    assert phone(text) is None


def test_cut_against_the_reading_of_sixty_twelve_makes_ten_digits() -> None:
    assert phone("zéro six trente-neuf quatre-vingt-dix-huit soixante dix-huit") == "+33639986018"


@given(st.lists(st.integers(0, 99), min_size=3, max_size=3))
def test_pairs_in_figures_or_run_together_are_the_same(pairs: list[int]) -> None:
    digits = "06 12 " + " ".join(f"{pair:02d}" for pair in pairs)
    assert phone(digits) == phone(digits.replace(" ", "")) == "+33" + digits.replace(" ", "")[1:]


_HEAP = ("zéro", "six", "soixante", "dix", "quatre", "vingt", "et", "huit", "plus", "06", ",", "33")


@given(st.lists(st.sampled_from(_HEAP), max_size=60))
def test_any_heap_of_number_words_ends(words: list[str]) -> None:
    found = phone(" ".join(words))
    assert found is None or found.startswith("+")
