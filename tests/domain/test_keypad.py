"""Letters on the keys of a telephone."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.domain.keypad import begins_with, on_keys, typed

WORDS = st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=8), min_size=1, max_size=5)


def test_every_letter_has_its_key_and_the_rest_stays() -> None:
    assert on_keys(string.ascii_lowercase) == "22233344455566677778889999"
    assert on_keys("8 mai") == "8 624"


@pytest.mark.parametrize(("initials", "keyed"), [("766", True), ("rom", False), ("7o6", False), ("", False)])
def test_only_figures_were_typed(initials: str, keyed: bool) -> None:
    assert typed(initials) is keyed


@pytest.mark.parametrize(
    ("initials", "fits"),
    [("rom", True), ("766", True), ("rue", True), ("3376", True), ("paris", False), ("767", False), ("rome2", False)],
)
def test_a_name_begins_from_any_of_its_words_on(initials: str, fits: bool) -> None:
    assert begins_with(["rue", "de", "rome"], initials) is fits


@given(WORDS, st.integers(1, 4))
def test_typed_letters_fit_wherever_the_same_letters_spelled_do(words: list[str], count: int) -> None:
    letters = words[-1][:count]
    assert begins_with(words, letters)
    assert begins_with(words, on_keys(letters))
