"""Words, sounds and spoken numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.understanding.numbers import cardinal, units_of
from callbot.understanding.sentence import LONGEST, Sentence, clean, words_of
from callbot.understanding.sound import fold, singular, sound


def tags(text: str) -> str:
    text = clean(text)
    return Sentence(text, units_of(words_of(text))).tags


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("quatre-vingt-dix-huit", "#98"),
        ("quatre vingt dix huit", "#98"),
        ("septante", "#70"),
        ("nonante-neuf", "#99"),
        ("octante", "#80"),
        ("vingt et un", "#21"),
        ("vingt-et-une chaises", "#21 chaises"),
        ("soixante et onze", "#71"),
        ("quatre-vingt-un", "#81"),
        ("cent vingt", "#120"),
        ("treize mille six", "#13006"),
        ("treize zéro zéro six", "#13 #0 #0 #6"),
        ("douze trente", "#12 #30"),
        ("deux, trois", "#2 #3"),
        ("vingt, deux", "#20 #2"),
        ("13 006", "#13 #006"),
        ("un canapé et une table", "un canape et une table"),
        ("6e", "#o6"),
        ("6ème", "#o6"),
        ("6 ème", "#o6"),
        ("1er", "#o1"),
        ("le sixième", "le #o6"),
        ("la seconde", "la #o2"),
        ("12bis", "#12 bis"),
        ("12 bis", "#12 bis"),
        ("rue du Quatre-Septembre", "rue du #4 septembre"),
        ("l'avenue d'Aix", "l avenue d aix"),
        ("Cœur d’œuvre", "coeur d oeuvre"),
        ("", ""),
        ("...", ""),
    ],
)
def test_numbers_are_put_together(text: str, expected: str) -> None:
    assert tags(text) == expected


@pytest.mark.parametrize("words", [("et", "un"), ("vingt", "et"), ("table",), (), ("zero", "six"), ("douze", "trente")])
def test_what_is_no_single_number(words: tuple[str, ...]) -> None:
    assert cardinal(words) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sommier", "sommié"), ("laver", "lavé"), ("matelas", "matela"), ("canapé", "kanapé"), ("bureau", "buro"),
        ("septèmes", "septème"), ("aubagne", "obagne"), ("pélissanne", "pélissane"), ("télé", "télés"),
        ("fauteuil", "foteuil"), ("commode", "comode"),
    ],
)  # fmt: skip
def test_same_sound(one: str, other: str) -> None:
    assert sound(one) == sound(other)


@pytest.mark.parametrize(
    ("one", "other"), [("penne", "panne"), ("table", "sable"), ("matelas", "matelot"), ("lit", "lu"), ("banc", "bon")]
)
def test_different_sound(one: str, other: str) -> None:
    assert sound(one) != sound(other)


@pytest.mark.parametrize(
    ("plural", "expected"),
    [("bureaux", "bureau"), ("chaises", "chaise"), ("cheveux", "cheveu"), ("bocaux", "bocal"), ("bus", "bus")],
)
def test_singular(plural: str, expected: str) -> None:
    assert singular(plural) == expected


@given(st.text(max_size=80))
def test_folding_is_idempotent_and_sound_never_raises(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    for word in words_of(clean(text)):
        assert isinstance(sound(word.text), str)


@given(st.text(max_size=LONGEST * 2))
def test_every_unit_keeps_its_place_in_the_text(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) <= LONGEST
    for unit in units_of(words_of(cleaned)):
        for word in unit.words:
            assert cleaned[word.start : word.end] == word.text


@given(st.integers(min_value=0, max_value=99_999))
def test_figures_are_read_as_they_are(number: int) -> None:
    assert tags(str(number)) == f"#{number}"
