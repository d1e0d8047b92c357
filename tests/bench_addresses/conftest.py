"""A base of a few invented houses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from callbot.gazetteer.search import Gazetteer, open_gazetteer
from tests.bench.addresses.base import prepared

_COLUMNS = ("id", "numero", "rep", "nom_voie", "code_postal", "code_insee", "nom_commune", "lon", "lat")
_HOUSES = (
    (12, "", "Rue des Tilleuls Penchés"),
    (14, "", "Rue des Tilleuls Penchés"),
    (14, "bis", "Rue des Tilleuls Penchés"),
    (3, "", "Impasse Corentin Vauquelin"),
    (7, "", "Boulevard du Phare Éteint"),
)


@pytest.fixture(scope="session")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An official file."""
    file = tmp_path_factory.mktemp("houses") / "houses.csv"
    rows = (
        (f"13206_0000_{place:05}", number, rep, street, 13006, 13206, "Marseille 6e", 5.38, 43.29)
        for place, (number, rep, street) in enumerate(_HOUSES)
    )
    lines = [";".join(_COLUMNS), *(";".join(map(str, row)) for row in rows)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def gazetteer(houses: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gazetteer]:
    """The base made of it."""
    base, _ = prepared(houses, tmp_path_factory.mktemp("base"))
    opened = open_gazetteer(base)
    yield opened
    opened.close()
