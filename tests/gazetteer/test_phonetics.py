"""Two writings of the same sound give the same key; different sounds do not."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbot.gazetteer.folding import fold, words
from callbot.gazetteer.numerals import last_number, ordinal_in_words, roman_value, spell
from callbot.gazetteer.phonetics import SOUNDS, phonetic_key

SAME = [
    ("Rue Saint-Ferréol", "rue sein féréol"),
    ("Cours Lieutaud", "cour lieu tôt"),
    ("Rue de la Palud", "rue de la palue"),
    ("Boulevard Baille", "boulevard bail"),
    ("Rue Breteuil", "rue breteuille"),
    ("Place Castellane", "place castel âne"),
    ("Rue Loubon", "rue loup bon"),
    ("Boulevard de Plombières", "boulevard de plon bière"),
    ("Rue du 4 Septembre", "rue du quatre septembre"),
    ("Avenue du 8 Mai 1945", "avenue du huit mai mille neuf cent quarante-cinq"),
    ("Rue Louis XIV", "rue louis quatorze"),
    ("Bd Ste Marguerite", "boulevard sainte marguerite"),
    ("Rue du 1er Mai", "rue du premier mai"),
    ("Rue de l’Évêché", "rue de l'évêché"),
    ("Avenue Georges Pompidou", "avenue george pompidou"),
]
DIFFERENT = [("Rue de Rome", "Rue de Lodi"), ("Rue Dragon", "Rue Dragonne"), ("Boulevard Baille", "Boulevard Balle")]


@pytest.mark.parametrize(("written", "heard"), SAME)
def test_homophones_share_a_key(written: str, heard: str) -> None:
    assert phonetic_key(written) == phonetic_key(heard)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_other_sounds_give_other_keys(one: str, other: str) -> None:
    assert phonetic_key(one) != phonetic_key(other)


@settings(deadline=None)
@given(st.text())
def test_any_text_gives_a_key_of_known_sounds(text: str) -> None:
    key = phonetic_key(text)
    assert set(key) <= set(SOUNDS)
    assert all(a != b for a, b in pairwise(key))


@settings(deadline=None)
@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzéèêàçôîûœ -'", max_size=60))
def test_the_key_knows_neither_capitals_nor_punctuation(text: str) -> None:
    assert phonetic_key(text) == phonetic_key(text.title().replace("-", " "))


@settings(deadline=None)
@given(st.integers(0, 9999))
def test_digits_and_words_are_the_same_number(number: int) -> None:
    assert fold(str(number)) == fold(spell(number))


@settings(deadline=None)
@given(st.integers(1, 9999))
def test_a_spelled_number_is_read_back(number: int) -> None:
    assert last_number(["euh", "au", *spell(number).split()]) == (number, 2 + len(spell(number).split()))


def test_numbers_end_where_they_are_said() -> None:
    assert last_number(words("c'est au quatre vingts bis")) == (80, 5)
    assert last_number(words("rue de rome")) is None


def test_ordinals_and_roman_numerals() -> None:
    said = [ordinal_in_words(number) for number in (1, 4, 5, 9, 21)]
    assert said == ["premier", "quatrième", "cinquième", "neuvième", "vingt et unième"]
    assert [roman_value(text) for text in ("XIV", "XXIII", "IX", "", "ABC", "IIII")] == [14, 23, 9, None, None, None]


def test_a_postcode_is_said_digit_by_digit() -> None:
    assert words("13006") == ("un", "trois", "zéro", "zéro", "six")
    assert words("12bis") == ("douze", "bis")
