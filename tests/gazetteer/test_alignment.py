"""The alignment finds names anywhere in what was heard, and weighs what it cannot explain."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbot.gazetteer.alignment import SOUND_ALPHABET, pack, similarities
from callbot.gazetteer.profiles import LEFT_OUT, WEIGHTS, Role, profile, roles_of
from callbot.gazetteer.utterance import heard, street_part

NAMES = [
    "Rue de Rome",
    "Boulevard Périer",
    "La Canebière",
    "Corniche du Président John Fitzgerald Kennedy",
    "Grand Rue",
]


def similarity(name: str, text: str) -> float:
    keys = profile(name)
    names = pack([keys.sounds], [keys.sound_roles], SOUND_ALPHABET, WEIGHTS, LEFT_OUT)
    return float(similarities([(names, heard(text).sounds)])[0][0])


@pytest.mark.parametrize("name", NAMES)
def test_a_name_explains_itself_wholly(name: str) -> None:
    assert similarity(name, name) == pytest.approx(1, abs=0.02)


def test_word_boundaries_play_no_part() -> None:
    assert similarity("Place Castellane", "place castel âne") == pytest.approx(1)


def test_a_sentence_around_costs_little() -> None:
    assert similarity("Rue de Rome", "euh c'est au douze rue de rome dans le sixième") > 0.85


def test_words_nothing_explains_cost_more_than_a_carrier() -> None:
    plain = similarity("Rue de Rome", "rue de rome à marseille")
    assert similarity("Rue de Rome", "rue de rome philharmonique") < plain


def test_the_commune_said_behind_is_not_the_street() -> None:
    assert (
        similarity("Rue de Marseille", "rue lafayette à marseille")
        < 0.7
        < similarity("Rue de Marseille", "rue de marseille")
    )


def test_a_missing_type_costs_less_than_a_missing_name() -> None:
    assert similarity("Boulevard Périer", "périer") > similarity("Boulevard Périer", "boulevard")


def test_forenames_may_be_left_out() -> None:
    assert similarity("Corniche du Président John Fitzgerald Kennedy", "corniche kennedy") > 0.5


def test_many_names_are_scored_as_each_alone() -> None:
    profiles = [profile(name) for name in NAMES]
    names = pack([p.sounds for p in profiles], [p.sound_roles for p in profiles], SOUND_ALPHABET, WEIGHTS, LEFT_OUT)
    readings = ["rue de rhum", "euh la corniche kennedy s'il vous plaît", "périer"]
    together = similarities([(names, heard(text).sounds) for text in readings])
    for text, found in zip(readings, together, strict=True):
        assert list(found) == pytest.approx([similarity(name, text) for name in NAMES], abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.sampled_from(NAMES))
def test_similarities_stay_between_0_and_1(text: str, name: str) -> None:
    assert 0 <= similarity(name, text) <= 1


@settings(deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_every_sound_of_a_profile_has_its_role(name: str) -> None:
    keys = profile(name)
    assert len(keys.sounds) == len(keys.sound_roles)
    assert len(keys.letters) == len(keys.letter_roles)


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("rue de rome", "tac"),
        ("grand rue", "fc"),
        ("la canebiere", "ac"),
        ("vieux chemin de lancon", "ttac"),
        ("boulevard general de gaulle", "thac"),
        ("rue pierre puget", "tfc"),
        ("rue des trois freres barthelemy", "tafhc"),
        ("corniche du president john fitzgerald kennedy", "tahmmc"),
        ("le cours", "ac"),
    ],
)
def test_roles_of_the_words(name: str, roles: str) -> None:
    found = roles_of(tuple(name.split()))
    assert all(isinstance(role, Role) for role in found)
    assert "".join(found) == roles


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ("euh c'est au 12 rue de Rome dans le sixième à Marseille merci", "rue de rome"),
        ("rue du 4 septembre", "rue du quatre septembre"),
        ("la Canebière", "canebière"),
        ("je suis malade et mon mari aussi il faut venir vite", ""),
        ("", ""),
    ],
)
def test_only_the_street_leaves_the_machine(said: str, sent: str) -> None:
    assert street_part(said) == sent
