"""A small catalogue and some communes, so that these tests depend on no other room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from callbot.domain.geography import Commune
from callbot.domain.items import Catalogue, ItemKind, Ruling, Verdict
from callbot.understanding import Understander
from callbot.understanding.communes import CommuneFinder
from callbot.understanding.items import ItemFinder
from callbot.understanding.sentence import Sentence
from callbot.understanding.understander import read

_ITEMS = (
    ("armchair", "fauteuil", "fauteuils", ()),
    ("base", "sommier", "sommiers", ("sommier à lattes",)),
    ("bed", "lit", "lits", ("cadre de lit", "lits superposés")),
    ("chair", "chaise", "chaises", ("chaise de cuisine",)),
    ("desk", "bureau", "bureaux", ()),
    ("door", "porte", "portes", ()),
    ("fridge", "réfrigérateur", "réfrigérateurs", ("frigo", "frigidaire", "réfrigérateur américain")),
    ("gas", "bouteille de gaz", "bouteilles de gaz", ()),
    ("mattress", "matelas", "matelas", ("matelas deux places",)),
    ("mirror", "miroir", "miroirs", ("glace",)),
    ("nightstand", "table de nuit", "tables de nuit", ("table de chevet", "chevet")),
    ("rubble", "gravats", "gravats", ()),
    ("sofa", "canapé", "canapés", ("divan", "clic-clac", "canapé-lit")),
    ("sofa_corner", "canapé d'angle", "canapés d'angle", ()),
    ("table", "table", "tables", ("table basse", "table de salon")),
    ("tv", "télévision", "télévisions", ("télé", "téléviseur")),
    ("wardrobe", "armoire", "armoires", ("penderie",)),
    ("washer", "machine à laver", "machines à laver", ("lave-linge", "machine à laver le linge")),
)

_COMMUNES = (
    ("13001", "Aix-en-Provence", "13080 13090 13100 13290 13540"), ("13002", "Allauch", "13190"),
    ("13005", "Aubagne", "13400"), ("13022", "Cassis", "13260"), ("13024", "Châteauneuf-le-Rouge", "13790"),
    ("13026", "Châteauneuf-les-Martigues", "13220"), ("13028", "La Ciotat", "13600"), ("13039", "Fos-sur-Mer", "13270"),
    ("13043", "Gignac-la-Nerthe", "13180"), ("13044", "Grans", "13450"), ("13047", "Istres", "13118 13800"),
    ("13054", "Marignane", "13700"), ("13055", "Marseille", "13001 13002"), ("13056", "Martigues", "13117 13500"),
    ("13069", "Pélissanne", "13330"), ("13070", "La Penne-sur-Huveaune", "13821"),
    ("13071", "Les Pennes-Mirabeau", "13170"), ("13075", "Plan-de-Cuques", "13380"),
    ("13078", "Port-Saint-Louis-du-Rhône", "13230"), ("13080", "Le Puy-Sainte-Réparade", "13610"),
    ("13092", "Saint-Chamas", "13250"), ("13103", "Salon-de-Provence", "13300"),
    ("13106", "Septèmes-les-Vallons", "13240"), ("13117", "Vitrolles", "13127"), ("84089", "Pertuis", "84120"),
)  # fmt: skip

TODAY = date(2026, 11, 20)
"""a Friday"""


def _kind(item: str, label: str, plural: str, synonyms: tuple[str, ...]) -> ItemKind:
    return ItemKind(item, label, plural, False, synonyms, 1.0, Ruling(item, Verdict.ACCEPTED))


@pytest.fixture(scope="session")
def communes() -> tuple[Commune, ...]:
    named = tuple(Commune(insee, name, tuple(codes.split())) for insee, name, codes in _COMMUNES)
    return named + tuple(Commune(str(13200 + n), f"Marseille {n}e", (str(13000 + n),)) for n in range(1, 17))


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue({item: _kind(item, label, plural, synonyms) for item, label, plural, synonyms in _ITEMS})


@pytest.fixture(scope="session")
def finder(communes: tuple[Commune, ...]) -> CommuneFinder:
    return CommuneFinder(communes)


@pytest.fixture(scope="session")
def item_finder(catalogue: Catalogue) -> ItemFinder:
    return ItemFinder(catalogue)


@pytest.fixture(scope="session")
def understander(catalogue: Catalogue, communes: tuple[Commune, ...]) -> Understander:
    ready = Understander(catalogue, communes)
    ready.warm()
    return ready


@pytest.fixture(scope="session")
def sentence() -> Callable[[str], Sentence]:
    return read


@pytest.fixture(scope="session")
def today() -> date:
    return TODAY
