"""Communes and arrondissements, by number, postcode and name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from callbot.domain.meaning import Expectation
from callbot.understanding import Understander
from callbot.understanding.communes import ARRONDISSEMENTS, CommuneFinder
from callbot.understanding.sentence import Sentence

Read = Callable[[str], Sentence]


@pytest.mark.parametrize(
    ("text", "insee"),
    [
        ("dans le sixième", "13206"),
        ("dans le 6e", "13206"),
        ("dans le 6", "13206"),
        ("12 rue de Rome, 6ème", "13206"),
        ("12 rue de Rome dans le 6e arrondissement", "13206"),
        ("sixième arrondissement", "13206"),
        ("dans l'arrondissement numéro 6", "13206"),
        ("treize mille six", "13206"),
        ("13006", "13206"),
        ("13 006", "13206"),
        ("13 mille 6", "13206"),
        ("treize zéro zéro six", "13206"),
        ("13 0 0 6", "13206"),
        ("treize mille seize", "13216"),
        ("Marseille 6", "13206"),
        ("à Marseille dans le sixième", "13206"),
        ("Marseille sixième arrondissement", "13206"),
        ("13006 Marseille", "13206"),
        ("12 rue de Rome au premier", "13201"),
        ("à Aubagne", "13005"),
        ("les pennes mirabeau", "13071"),
        ("la penne sur huveaune", "13070"),
        ("Septème les Vallons", "13106"),
        ("Ex-en-Provence", "13001"),
        ("Aix", "13001"),
        ("j'habite à Salon", "13103"),
        ("j'habite à Pélissane", "13069"),
        ("13090", "13001"),
        ("Aix-en-Provence 13100", "13001"),
        ("rue de Marseille à Aubagne", "13005"),
        ("le puits Sainte-Réparade", "13080"),
        ("Port Saint Louis du Rône", "13078"),
        ("quatre-vingt-quatre mille cent vingt", "84089"),
    ],
)
def test_certain_in_any_sentence(text: str, insee: str, finder: CommuneFinder, sentence: Read) -> None:
    assert finder.find(sentence(text), Expectation.ANY).insee == insee


@pytest.mark.parametrize(
    ("text", "insee"),
    [
        ("six", "13206"),
        ("le six", "13206"),
        ("6", "13206"),
        ("sixième", "13206"),
        ("au premier", "13201"),
        ("le premier", "13201"),
        ("dans le treizième", "13213"),
        ("oui c'est dans le quatre", "13204"),
        ("c'est à Istre", "13047"),
        ("Vitrole", "13117"),
        ("obagne", "13005"),
        ("Marignagne", "13054"),
        ("Ex", "13001"),
        ("Salon", "13103"),
        ("Fos", "13039"),
        ("septième les vallons", "13106"),
        ("7e les Vallons", "13106"),
        ("Alo", "13002"),
        ("ciotat", "13028"),
        ("la penne", "13070"),
        ("les pennes", "13071"),
        ("plan de cuque", "13075"),
        ("grans", "13044"),
        ("la commune de Cassis", "13022"),
    ],
)
def test_certain_where_the_commune_was_asked(text: str, insee: str, finder: CommuneFinder, sentence: Read) -> None:
    assert finder.find(sentence(text), Expectation.COMMUNE).insee == insee


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("Marseille", ARRONDISSEMENTS),
        ("à Marseille", ARRONDISSEMENTS),
        ("treize mille", ARRONDISSEMENTS),
        ("Châteauneuf", ("13024", "13026")),
        ("penne", ("13070", "13071")),
    ],
)
def test_doubt(text: str, doubt: tuple[str, ...], finder: CommuneFinder, sentence: Read) -> None:
    place = finder.find(sentence(text), Expectation.COMMUNE)
    assert (place.insee, place.doubt) == (None, doubt)


@pytest.mark.parametrize(
    "text",
    [
        "", "un canapé très grand", "une table de salon", "avenue d'Aix", "rue de Marseille", "au deuxième étage",
        "la deuxième date", "dans deux semaines", "le 6 décembre", "oui merci", "dans le vingtième", "il est là",
        "c'est exact", "le deux", "deux matelas et six chaises",
    ],
)  # fmt: skip
def test_nothing_is_invented(text: str, finder: CommuneFinder, sentence: Read) -> None:
    place = finder.find(sentence(text), Expectation.ANY)
    assert (place.insee, place.doubt) == (None, ())


def test_contradicting_clues_are_a_doubt(finder: CommuneFinder, sentence: Read) -> None:
    place = finder.find(sentence("13006 à Aubagne"), Expectation.ANY)
    assert (place.insee, set(place.doubt)) == (None, {"13206", "13005"})


def test_known_commune_settles_a_doubt_it_is_part_of(finder: CommuneFinder, sentence: Read) -> None:
    assert finder.find(sentence("à Marseille"), Expectation.ADDRESS, known="13208").insee == "13208"
    assert finder.find(sentence("à Marseille"), Expectation.ADDRESS, known="13005").insee is None


@pytest.mark.parametrize("number", range(1, 17))
def test_every_arrondissement_by_postcode(number: int, finder: CommuneFinder, sentence: Read) -> None:
    assert finder.find(sentence(f"{13000 + number}"), Expectation.ANY).insee == f"{13200 + number}"


def test_every_commune_by_its_own_name(finder: CommuneFinder, communes: tuple[object, ...], sentence: Read) -> None:
    names = [(c.name, c.insee) for c in communes if getattr(c, "arrondissement", None) is None]  # type: ignore[attr-defined]
    missed = [n for n, i in names if i != "13055" and finder.find(sentence(n), Expectation.COMMUNE).insee != i]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "choice"),
    [("La première.", 1), ("la deuxième", 2), ("la seconde", 2), ("La troisième s'il vous plaît", 3), ("oui, la 2e", 2),
     ("c'est la deuxième adresse", 2), ("première", 1), ("euh la première merci", 1)],
)  # fmt: skip
def test_what_is_read_out_is_chosen_in_the_feminine(text: str, choice: int, understander: Understander) -> None:
    meaning = understander.understand(text, Expectation.COMMUNE, today=date(2026, 11, 20))
    assert (meaning.choice, meaning.address) == (choice, None)


@pytest.mark.parametrize(
    ("text", "insee"),
    [("le deuxième", "13202"), ("dans le deuxième", "13202"), ("deuxième", "13202"), ("le premier", "13201"),
     ("la treizième", "13213"), ("deuxième arrondissement", "13202"), ("Marseille deuxième", "13202")],
)  # fmt: skip
def test_an_arrondissement_is_no_choice(text: str, insee: str, understander: Understander) -> None:
    meaning = understander.understand(text, Expectation.COMMUNE, today=date(2026, 11, 20))
    assert meaning.choice is None
    assert meaning.address is not None
    assert meaning.address.insee == insee
