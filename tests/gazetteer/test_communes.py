"""The communes of the métropole and how an operator names them."""

from __future__ import annotations

import pytest

from callbot.gazetteer import communes, read_communes
from callbot.gazetteer.communes import ARRONDISSEMENTS, MARSEILLE


def test_all_communes_and_arrondissements_are_there() -> None:
    codes = [commune.insee for commune in read_communes()]
    assert len([code for code in codes if code not in ARRONDISSEMENTS]) == 92
    assert set(ARRONDISSEMENTS) < set(codes)
    assert len(set(codes)) == len(codes) == 108


def test_every_commune_has_postcodes_and_a_centre() -> None:
    for commune in communes():
        centre = communes().centre(commune.insee)
        assert commune.postcodes
        assert all(len(code) == 5 and code.isdecimal() for code in commune.postcodes)
        assert centre is not None
        assert 4.6 < centre.lon < 5.9
        assert 43.1 < centre.lat < 43.8


@pytest.mark.parametrize(
    ("text", "insee"),
    [
        ("13206", "13206"),
        ("Marseille 6e", "13206"),
        ("marseille 6ème", "13206"),
        ("Marseille 6", "13206"),
        ("6e arrondissement", "13206"),
        ("Marseille 1er", "13201"),
        ("Marseille", MARSEILLE),
        ("aix en provence", "13001"),
        ("13001", "13001"),
        ("La Penne sur Huveaune", "13070"),
        ("  Aubagne ", "13005"),
        ("Pertuis", "84089"),
    ],
)
def test_an_operator_names_a_commune(text: str, insee: str) -> None:
    found = communes().named(text)
    assert found is not None
    assert found.insee == insee


@pytest.mark.parametrize("text", ["Lyon", "", "Marseille 17e", "Marseille 0", "13006", "99999"])
def test_what_is_no_commune_is_not_guessed(text: str) -> None:
    assert communes().named(text) is None


def test_a_postcode_of_marseille_is_its_arrondissement() -> None:
    assert [commune.name for commune in communes().by_postcode("13006")] == ["Marseille 6e"]
    assert {commune.name for commune in communes().by_postcode("13100")} >= {"Aix-en-Provence", "Le Tholonet"}
    assert communes().by_postcode("75001") == ()


def test_the_city_stands_for_its_arrondissements() -> None:
    assert communes().scope(MARSEILLE) == {MARSEILLE, *ARRONDISSEMENTS}
    assert communes().scope("13005") == {"13005"}


def test_communes_are_a_sequence() -> None:
    assert communes()[0].insee == "13001"
    assert [commune.arrondissement for commune in communes() if commune.insee in ARRONDISSEMENTS] == [*range(1, 17)]
    assert len(communes()[:3]) == 3
