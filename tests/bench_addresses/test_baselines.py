"""The rapidfuzz baseline, and what it finds in raw transcripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.addresses.baselines import TOP, Found, FuzzBaseline

STREETS = (
    ("Rue de Rome", "13206"), ("Rue de Rome", "13201"), ("Rue de Rhodes", "13206"), ("Boulevard Périer", "13208"),
    ("Avenue Camille Pelletan", "13203"), ("Rue", "13203"), ("Rue de Rome", "13001"), ("Cours Mirabeau", "13001"),
)  # fmt: skip
FUZZ = FuzzBaseline(STREETS)


def test_the_street_is_found_among_the_words_around_it() -> None:
    assert FUZZ.find("C'est au 12, boulevard perrier, s'il vous plaît.", None)[0] == Found("Boulevard Périer", "13208")


def test_without_a_commune_all_of_marseille_is_searched_and_nothing_else() -> None:
    found = FUZZ.find("rue de Rome", None)
    assert set(found[:2]) == {Found("Rue de Rome", "13206"), Found("Rue de Rome", "13201")}
    assert Found("Cours Mirabeau", "13001") not in FUZZ.find("Cours Mirabeau", None)


def test_a_known_commune_is_the_only_one_searched() -> None:
    assert FUZZ.find("rue de Rome", "13001")[0] == Found("Rue de Rome", "13001")
    assert {one.insee for one in FUZZ.find("rue de Rome", "13206")} == {"13206"}


def test_a_short_name_does_not_win_because_it_is_part_of_everything() -> None:
    assert FUZZ.find("avenue camille pelletant", "13203")[0] == Found("Avenue Camille Pelletan", "13203")


@pytest.mark.parametrize(("text", "insee"), [("", None), (" ... ", None), ("rue de Rome", "13999")])
def test_nothing_said_or_no_street_there_finds_nothing(text: str, insee: str | None) -> None:
    assert FUZZ.find(text, insee) == ()


@given(st.text(max_size=60), st.sampled_from([None, "13206", "13203", "13001"]))
def test_any_text_gives_few_different_streets_of_the_place(text: str, insee: str | None) -> None:
    found = FUZZ.find(text, insee)
    assert len(found) == len(set(found)) <= TOP
    assert all(one.insee == insee if insee else one.insee.startswith("132") for one in found)
