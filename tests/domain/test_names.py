"""Names letter by letter: how they are written and read out, and that they show nowhere by accident."""

from __future__ import annotations

import pytest

from callbot.domain.names import CLEAR, TELEPHONE, Letter, SpelledName, spoken_letters, written
from callbot.domain.personal import PersonName
from callbot.domain.surnames import SURNAMES


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Bo", "B comme Berthe, O comme Oscar"),
        ("Rossi", "R comme Raoul, O comme Oscar, deux S comme Suzanne, I comme Irma"),
        ("Zaaao", "Z comme Zoé, A comme Anatole, A comme Anatole, A comme Anatole, O comme Oscar"),
        ("Né", "N comme Nicolas, E accent aigu"),
        ("Lê", "L comme Louis, E accent circonflexe"),
        ("Aï", "A comme Anatole, I tréma"),
        ("Ça", "C cédille, A comme Anatole"),
        ("D'A-B c", "D comme Désiré, apostrophe, A comme Anatole, trait d'union, B comme Berthe, espace, "
                    "C comme Célestin"),
        ("Bœ", "B comme Berthe, O, E dans l'O"),
        ("", ""),
        ("3!", ""),
    ],
)  # fmt: skip
def test_a_name_read_out(name: str, said: str) -> None:
    assert spoken_letters(name) == said


@pytest.mark.parametrize(
    ("signs", "name"),
    [("LE GOFF", "Le Goff"), ("D'ANGELO", "D'Angelo"), ("DUR-PONT", "Dur-Pont"), ("PÉREZ", "Pérez"), ("", "")],
)
def test_a_name_as_it_is_written(signs: str, name: str) -> None:
    assert written(signs) == name


def test_each_letter_has_a_word_that_begins_with_it() -> None:
    assert len(TELEPHONE) == 26
    assert all(word.startswith(letter) for letter, word in TELEPHONE.items())


def test_letters_in_doubt_come_the_most_doubtful_first() -> None:
    letters = (Letter("A", CLEAR), Letter("B", 0.6), Letter("C", CLEAR - 0.001), Letter("D", 0.5))
    assert SpelledName("Abcd", letters).doubtful == (3, 1, 2)


def test_every_frequent_surname_is_written_as_we_write_names() -> None:
    assert len(SURNAMES) > 700
    assert [name for name in SURNAMES if written(name.upper()) != name] == []


def test_a_name_does_not_print_by_accident() -> None:
    name = PersonName("Martinez")
    assert "Martinez" not in f"{name} {name!r} {name!s}"
    assert name.reveal() == "Martinez"
