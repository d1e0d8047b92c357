"""House numbers of a street that sound like a part of what was heard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.gazetteer.house_numbers import HouseLabel, likely_numbers, written

LABELS = st.tuples(st.integers(1, 9999), st.none() | st.sampled_from(["bis", "ter", "a"]))


@pytest.mark.parametrize(("label", "text"), [((12, None), "12"), ((12, "bis"), "12 bis"), ((7, ""), "7")])
def test_a_number_is_written_with_its_repetition(label: HouseLabel, text: str) -> None:
    assert written(label) == text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Au 12 rue de Rome.", 12),
        ("au douze rue de rome", 12),
        ("au cent vingt rue de rome", 120),
        ("Au 66 rue de Rome", 66),
        ("aux soient sans si rue de rome", 66),
    ],
)
def test_the_number_said_in_figures_or_words_is_among_the_likeliest(text: str, number: int) -> None:
    existing = [(n, None) for n in (1, 3, 5, 12, 34, 41, 66, 120)]
    assert (number, None) in likely_numbers(existing, [text], 3)


def test_a_repetition_counts_where_it_is_heard() -> None:
    existing = [(12, None), (12, "bis"), (14, None)]
    assert likely_numbers(existing, ["au douze bis rue de rome"], 1) == ((12, "bis"),)


@given(st.lists(LABELS, max_size=15, unique=True), st.lists(st.text(max_size=30), max_size=4), st.integers(0, 6))
def test_only_numbers_that_exist_and_so_many_at_most(existing: list[HouseLabel], texts: list[str], most: int) -> None:
    found = likely_numbers(existing, texts, most)
    assert len(found) == (min(most, len(existing)) if texts else 0)
    assert len(set(found)) == len(found)
    assert set(found) <= set(existing)


def test_without_words_or_houses_nothing_is_likely() -> None:
    assert likely_numbers([(12, None)], [], 5) == ()
    assert likely_numbers([], ["au 12"], 5) == ()
