"""A hundred streets as they are misheard, and what is no street: on the sample, and on a whole base where one is here.

Figures of the whole base are those of ``../shared/data``; a real import has fewer entries that are no streets.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from callbot.domain.items import Catalogue
from callbot.domain.meaning import Expectation, HeardAddress
from callbot.gazetteer import Gazetteer, communes, open_gazetteer
from callbot.gazetteer.folding import fold
from callbot.gazetteer.importing import import_files
from callbot.understanding import Understander
from tests.gazetteer.hard_cases import NOTHING, STREETS, Case

WHOLE = Path(__file__).parents[3] / "shared" / "data" / "adresses-amp-synthetic-numbers.csv.gz"
BELIEVED = 0.5
"""a probability that no wrong street may reach"""

# What the search cannot know, with the reason. Everything else must hold, and this must go when it is mended.
NOT_FOUND = {
    "corniche kennedy": "the base also holds 'Du President John F Kennedy', a stop on the same road, and it is shorter",
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gazetteer]:
    """The base of the whole métropole, imported once."""
    if not WHOLE.exists():
        pytest.skip(f"../shared/data/{WHOLE.name} is not here")
    base = tmp_path_factory.mktemp("whole") / "gazetteer.db"
    import_files(base, [WHOLE], communes(), datetime(2026, 3, 2, tzinfo=UTC))
    gazetteer = open_gazetteer(base)
    yield gazetteer
    gazetteer.close()


@pytest.fixture(scope="module")
def reader() -> Understander:
    return Understander(Catalogue({}), tuple(communes()))


def held(gazetteer: Gazetteer) -> list[Case]:
    """The cases whose street is in the base, in the commune that is known."""
    streets = gazetteer.index.streets
    there = {(fold(one.name), one.insee) for one in streets} | {(fold(one.name), None) for one in streets}
    return [
        one
        for one in STREETS
        if any((fold(one.street or ""), insee) in there for insee in _scope(gazetteer, one.insee))
    ]


def _scope(gazetteer: Gazetteer, insee: str | None) -> frozenset[str | None]:
    return frozenset({None}) if insee is None else frozenset(gazetteer.communes.scope(insee))


def first(gazetteer: Gazetteer, case: Case) -> str:
    found = gazetteer.search(HeardAddress(street_heard=case.heard, insee=case.insee), limit=1)
    return fold(found[0].address.street) if found else ""


def test_the_list_is_long_and_each_case_is_there_once() -> None:
    assert len(STREETS) >= 100
    assert len({(one.heard, one.insee) for one in [*STREETS, *NOTHING]}) == len(STREETS) + len(NOTHING)


def not_found(gazetteer: Gazetteer) -> list[Case]:
    """The cases whose street the base holds and does not find."""
    return [one for one in held(gazetteer) if first(gazetteer, one) != fold(one.street or "")]


def test_streets_of_the_sample_are_found(sample: Gazetteer) -> None:
    assert len(held(sample)) >= 75
    assert not_found(sample) == []


@pytest.mark.process
@pytest.mark.process
def test_streets_of_the_whole_metropole_are_found(sample: Gazetteer, whole: Gazetteer) -> None:
    assert {*STREETS} - {*held(sample), *held(whole)} == set()
    assert [one.heard for one in not_found(whole)] == list(NOT_FOUND)


def wrongly_sure(gazetteer: Gazetteer, reader: Understander, case: Case) -> bool:
    """Whether a call believes a street although none was meant; it only searches what is not understood as none."""
    meaning = reader.understand(case.heard, Expectation.ADDRESS, today=date(2026, 3, 2), insee=case.insee)
    if meaning.no_street is not None:
        return False
    street = meaning.address.street_heard if meaning.address else None
    found = gazetteer.search(HeardAddress(street_heard=street, insee=case.insee), (case.heard,))
    return any(one.probability >= BELIEVED for one in found)


def test_nothing_of_the_sample_is_believed(sample: Gazetteer, reader: Understander) -> None:
    assert [one.heard for one in NOTHING if wrongly_sure(sample, reader, one)] == []


@pytest.mark.process
def test_nothing_of_the_whole_metropole_is_believed(whole: Gazetteer, reader: Understander) -> None:
    assert [one.heard for one in NOTHING if wrongly_sure(whole, reader, one)] == []
