"""The same draw gives the same words; manners and mishearing change words, never what they are about."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.rehearsal.mind import Mind, PressKeys, Words
from callbot.rehearsal.scenario import Manners, Scenario, Style
from callbot.rehearsal.variation import misheard, worded

SENTENCE = "Bonjour, j'ai deux matelas à faire enlever."
MANNERS = Manners(styles=tuple(Style), mishearing=0.3)


@given(st.integers(), st.text(max_size=80))
def test_the_same_draw_gives_the_same_words(seed: int, text: str) -> None:
    assert worded(text, MANNERS, Random(seed)) == worded(text, MANNERS, Random(seed))


@given(st.integers(), st.text(max_size=80))
def test_without_manners_nothing_changes(seed: int, text: str) -> None:
    assert worded(text, Manners(), Random(seed)) == text


@given(st.integers())
def test_no_style_takes_the_facts_away(seed: int) -> None:
    assert "deux matelas" in worded(SENTENCE, Manners(styles=tuple(Style)), Random(seed)).lower()


def test_each_style_shows() -> None:
    for style in Style:
        said = {worded(SENTENCE, Manners(styles=(style,)), Random(seed)) for seed in range(20)}
        assert len(said) > 1, style
        assert SENTENCE in said, f"{style}: nobody does it in every sentence"


@pytest.mark.parametrize(
    ("text", "arrivals"),
    [
        ("douze", {"douze", "12"}),
        ("12", {"12", "douze"}),
        ("cent", {"cent", "sans"}),
        ("la rue", {"la rue", "rue", "la la rue"}),
        ("canapé", {"canapé", "canapés"}),
        ("0612345678", {"0612345678"}),
        ("2500", {"2500"}),
    ],
)
def test_what_recognition_makes_of_words(text: str, arrivals: set[str]) -> None:
    assert {misheard(text, 0.5, Random(seed)) for seed in range(80)} == arrivals


def test_nothing_is_misheard_on_a_perfect_line() -> None:
    assert misheard(SENTENCE, 0.0, Random(1)) == SENTENCE


def mind(seed: int) -> Mind:
    scenario = Scenario.model_validate(
        {
            "name": "one", "title": "t",
            "calls": [{"answers": {"a": {"any": ["Oui.", "Si.", {"keys": "1"}]}}, "expect": {}}],
        }
    )  # fmt: skip
    return Mind(scenario, scenario.calls[0], Random(seed))


def test_alternatives_are_chosen_by_the_seed() -> None:
    assert {mind(seed).answer("a", None) for seed in range(30)} == {Words(("Oui.",)), Words(("Si.",)), PressKeys("1")}
    assert mind(7).answer("a", None) == mind(7).answer("a", None)


def test_references_are_spelled_or_typed() -> None:
    scenario = Scenario.model_validate(
        {
            "name": "one", "title": "t", "channels": "text",
            "calls": [{"answers": {"a": "C'est {reference_1}.", "b": {"keys": "reference_2"}}, "expect": {}}],
        }
    )  # fmt: skip
    someone = Mind(scenario, scenario.calls[0], Random(0), ("A472K", "KLU98"))
    assert someone.answer("a", None) == Words(("C'est A comme Anatole, 4, 7, 2, K comme Kléber.",))
    assert someone.answer("b", None) == PressKeys("55898")
