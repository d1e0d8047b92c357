"""House number, repetition and street in the caller's words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from callbot.domain.meaning import Expectation
from callbot.understanding.addresses import find_address
from callbot.understanding.communes import CommuneFinder
from callbot.understanding.sentence import Sentence

Read = Callable[[str], Sentence]
Pieces = tuple[int | None, str | None, str | None, str | None]


def pieces(text: str, expect: Expectation, finder: CommuneFinder, read: Read) -> Pieces | None:
    heard, _ = find_address(read(text), expect, finder)
    return (heard.number, heard.repetition, heard.street_heard, heard.insee) if heard else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Au douze bis rue de Rome, dans le 6e", (12, "bis", "rue de Rome", "13206")),
        ("12 bis, rue de Rome", (12, "bis", "rue de Rome", None)),
        ("12bis rue de Rome", (12, "bis", "rue de Rome", None)),
        ("12B rue Paradis", (12, "b", "rue Paradis", None)),
        ("12 à rue Paradis", (12, None, "rue Paradis", None)),
        ("au 1 ter de la rue d'Endoume", (1, "ter", "rue d'Endoume", None)),
        ("3 quater rue Sainte", (3, "quater", "rue Sainte", None)),
        ("au douze de la rue de Rome", (12, None, "rue de Rome", None)),
        ("au un rue de Rome", (1, None, "rue de Rome", None)),
        ("rue de Rome, numéro 12", (12, None, "rue de Rome", None)),
        ("rue d'Aubagne 12", (12, None, "rue d'Aubagne", None)),
        ("boulevard Michelet au 12", (12, None, "boulevard Michelet", None)),
        ("12 rue du 4 septembre", (12, None, "rue du 4 septembre", None)),
        ("rue du Quatre-Septembre", (None, None, "rue du Quatre-Septembre", None)),
        ("8 boulevard du 8 mai 1945, 13006 Marseille", (8, None, "boulevard du 8 mai 1945", "13206")),
        ("98 avenue des Trois Lucs à Marseille dans le 12e", (98, None, "avenue des Trois Lucs", "13212")),
        ("quatre-vingt-dix-huit avenue de Mazargues", (98, None, "avenue de Mazargues", None)),
        ("La Canebière", (None, None, "La Canebière", None)),
        ("12 La Canebière", (12, None, "La Canebière", None)),
        ("c'est sur le Vieux-Port", (None, None, "Vieux-Port", None)),
        ("place Jean Jaurès", (None, None, "place Jean Jaurès", None)),
        ("5 place aux Huiles", (5, None, "place aux Huiles", None)),
        ("12 cours Lieutaud", (12, None, "cours Lieutaud", None)),
        ("12 Grand Rue", (12, None, "Grand Rue", None)),
        ("12 ancien chemin de Cassis", (12, None, "ancien chemin de Cassis", None)),
        ("chemin de la Madrague-Ville", (None, None, "chemin de la Madrague-Ville", None)),
        ("j'habite au 3 impasse du Moulin à Vent", (3, None, "impasse du Moulin à Vent", None)),
        ("25, traverse de la Gouffonne, 9e arrondissement", (25, None, "traverse de la Gouffonne", "13209")),
        ("résidence les Cyprès 12 rue de Rome", (12, None, "rue de Rome", None)),
        ("45 rue Breteuil escalier C", (45, None, "rue Breteuil", None)),
        ("45 rue Breteuil au troisième étage", (45, None, "rue Breteuil", None)),
        ("quarante-deux, euh, boulevard Baille, bâtiment B", (42, None, "boulevard Baille", None)),
        ("12 rue de euh Rome", (12, None, "rue de Rome", None)),
        ("alors c'est le 15 rue Saint Fé Ferréol s'il vous plaît", (15, None, "rue Saint Fé Ferréol", None)),
        ("l'adresse c'est 5 allée des Pins à Aubagne", (5, None, "allée des Pins", "13005")),
        ("au 10 rue de Marseille à Aubagne", (10, None, "rue de Marseille", "13005")),
        ("12", (12, None, None, None)),
        ("le douze", (12, None, None, None)),
        ("numéro 12", (12, None, None, None)),
        ("au 7 bis", (7, "bis", None, None)),
        ("c'est le 14 et pas le 12", (14, None, None, None)),
        ("12 ter", (12, "ter", None, None)),
        ("au vingt-quatre", (24, None, None, None)),
        ("le 12, non, le 14", (14, None, None, None)),
        ("rue de la Table", (None, None, "rue de la Table", None)),
        ("place du Miroir", (None, None, "place du Miroir", None)),
        ("dans le sixième", (None, None, None, "13206")),
        ("rue des 3 Mages", (None, None, "rue des 3 Mages", None)),
        ("rue Paradis et j'ai deux matelas", (None, None, "rue Paradis", None)),
    ],
)
def test_address_asked(text: str, expected: Pieces, finder: CommuneFinder, sentence: Read) -> None:
    assert pieces(text, Expectation.ADDRESS, finder, sentence) == expected


@pytest.mark.parametrize(
    "text", ["", "oui", "non", "c'est ça", "aucune des deux", "euh", "un canapé", "je ne sais pas"]
)
def test_no_address_where_one_was_asked(text: str, finder: CommuneFinder, sentence: Read) -> None:
    assert pieces(text, Expectation.ADDRESS, finder, sentence) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("deux matelas au 12 rue de Rome dans le sixième", (12, None, "rue de Rome", "13206")),
        ("au 12 la Canebière, un frigo", (12, None, "la Canebière", None)),
        ("j'habite la Canebière", (None, None, "la Canebière", None)),
        ("j'habite à Aubagne", (None, None, None, "13005")),
        ("un canapé au 5 rue de Rome et une table", (5, None, "rue de Rome", None)),
        ("deux matelas rue de Rome deux chaises", (None, None, "rue de Rome", None)),
    ],
)
def test_address_in_another_sentence(text: str, expected: Pieces, finder: CommuneFinder, sentence: Read) -> None:
    assert pieces(text, Expectation.ANY, finder, sentence) == expected


@pytest.mark.parametrize(
    "text",
    [
        "j'ai deux matelas dans la rue depuis lundi", "le matelas est dans ma rue", "j'ai de la place pour 2 chaises",
        "j'habite au 3e étage", "j'habite une maison", "il habite seul", "le passage du camion", "en cours", "12",
    ],
)  # fmt: skip
def test_no_address_in_another_sentence(text: str, finder: CommuneFinder, sentence: Read) -> None:
    assert pieces(text, Expectation.ANY, finder, sentence) is None
