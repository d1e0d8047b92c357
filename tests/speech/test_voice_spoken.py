"""How written French is read aloud."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.speech.spoken import number_words, ordinal, spoken


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("13006", "treize mille six"),
        ("12 bis, Rue de Rome", "douze bis, Rue de Rome"),
        ("Marseille 6e", "Marseille sixième"),
        ("le 1er décembre", "le premier décembre"),
        ("jeudi 3 décembre", "jeudi trois décembre"),
        ("03/12/2026", "trois décembre deux mille vingt-six"),
        ("à partir de 19 h 30", "à partir de dix-neuf heures trente"),
        ("à 21h.", "à vingt et une heures."),
        ("à 1 h", "à une heure"),
        ("06, 12, 34, 56, 78", "zéro six, douze, trente-quatre, cinquante-six, soixante-dix-huit"),
        ("00", "zéro zéro"),
        ("1234567", "un deux trois quatre cinq six sept"),
        ("un volume de 2,5 m3", "un volume de deux virgule cinq mètres cubes"),
        ("bd Baille", "boulevard Baille"),
        ("12 av. du Prado", "douze avenue du Prado"),
        ("par SMS", "par esse emme esse"),
        ("M. Martin", "monsieur Martin"),
        ("A comme Anatole, 4", "a comme Anatole, quatre"),
        ("<speed level='50'>vite & bien", "speed level ' cinquante ' vite et bien"),
        ("« oui »…", "oui."),
        ("", ""),
        ("… — !", ""),
    ],
)
def test_reading(written: str, said: str) -> None:
    assert spoken(written) == said


@pytest.mark.parametrize("word", ["un point d'eau", "Allée des Pins", "la place", "tout est prêt", "Rue St-Jacques"])
def test_words_that_are_no_abbreviation_stay(word: str) -> None:
    assert spoken(word).startswith(word.split(maxsplit=1)[0])


def test_saint_in_a_street() -> None:
    assert spoken("Rue St-Jacques") == "Rue saint-Jacques"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zéro"), (16, "seize"), (17, "dix-sept"), (21, "vingt et un"), (70, "soixante-dix"),
        (71, "soixante et onze"), (79, "soixante-dix-neuf"), (80, "quatre-vingt"), (81, "quatre-vingt-un"),
        (99, "quatre-vingt-dix-neuf"), (100, "cent"), (101, "cent un"), (1000, "mille"),
        (13200, "treize mille deux cent"),
        (999_999, "neuf cent quatre-vingt-dix-neuf mille neuf cent quatre-vingt-dix-neuf"),
    ],
)  # fmt: skip
def test_numbers(number: int, words: str) -> None:
    assert number_words(number) == words


@pytest.mark.parametrize("number", [-1, 1_000_000])
def test_numbers_out_of_range(number: int) -> None:
    with pytest.raises(ValueError, match="999999"):
        number_words(number)


@pytest.mark.parametrize(
    ("number", "words"), [(1, "premier"), (4, "quatrième"), (5, "cinquième"), (9, "neuvième"), (21, "vingt et unième")]
)
def test_ordinals(number: int, words: str) -> None:
    assert ordinal(number) == words


def test_feminine_ordinal() -> None:
    assert ordinal(1, feminine=True) == "première"


@given(st.text(max_size=300))
def test_any_text_becomes_something_a_voice_can_say(text: str) -> None:
    said = spoken(text)
    assert not re.search(r"[^a-zà-öø-ÿœæA-ZÀ-ÖØ-ÞŒÆ .,;:!?'-]", said)
    assert all(len(word) <= 40 for word in re.findall(r"\w+", said))
    assert said == spoken(text)
