"""House numbers of addresses found by ear, on a scripted engine: which are named, and in which streets."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from callbot.calls.address_hearing import LEAST_VARIANT, MOST_FOUND, AddressHearing
from callbot.calls.ports import RememberedSound
from callbot.domain.addresses import AddressCandidate, NumberCheck
from callbot.domain.geography import Point
from callbot.domain.meaning import HeardAddress
from callbot.gazetteer import Gazetteer
from callbot.gazetteer.profiles import profile
from callbot.gazetteer.store import HouseNumber, Store, StreetEntry, write_base, writing
from tests.calls.test_address_hearing import (
    ANYWHERE,
    FITS_BADLY,
    FITS_WELL,
    HOUSE,
    SOUND,
    STREETS,
    ScriptedEngine,
    base_of,
    find,
    names,
    read,
)

ONE_TWO = (HouseNumber(12, "", HOUSE), HouseNumber(2, "", Point(5.382, 43.292)))


@pytest.fixture
def numbered(tmp_path: Path) -> Gazetteer:
    """The base with the house numbers 2 and 12 in every street."""
    return base_of(tmp_path / "numbered.db", STREETS, ONE_TWO)


async def test_the_house_number_that_fits_the_sound_stands_in_the_best_street(
    numbered: Gazetteer, readers: ThreadPoolExecutor
) -> None:
    fits = {"12 rue de Rome": FITS_BADLY, "2 rue de Rome": FITS_WELL, "rue de Rome": FITS_WELL}
    engine = ScriptedEngine(fits=fits | {"au rue de Rome": FITS_BADLY})
    best = (await find(numbered, engine, readers, "Au 12, rue de rhum."))[0]
    assert (best.address.street, best.address.number) == ("Rue de Rome", 2)
    assert (best.address.point, best.number_check) == (ONE_TWO[1].point, NumberCheck.KNOWN)
    assert 0 < best.probability <= best.why["number heard"] <= 1


async def test_a_number_that_was_typed_is_not_doubted(numbered: Gazetteer, readers: ThreadPoolExecutor) -> None:
    typed = HeardAddress(12, None, "rue de rhum", "13206", number_typed=True)
    engine = ScriptedEngine(fits={"2 rue de Rome": FITS_WELL, "rue de Rome": FITS_WELL})
    best = (await find(numbered, engine, readers, "rue de rhum", heard=typed))[0]
    assert (best.address.number, best.address.point) == (12, HOUSE)
    assert "number heard" not in best.why


async def test_no_number_is_made_up_where_none_was_said(numbered: Gazetteer, readers: ThreadPoolExecutor) -> None:
    fits = {"12 rue de Rome": FITS_BADLY, "2 rue de Rome": FITS_BADLY, "rue de Rome": FITS_WELL}
    unsaid = HeardAddress(None, None, "rue de rhum", "13206")
    engine = ScriptedEngine("rue de rhum", fits=fits)
    best = (await find(numbered, engine, readers, "rue de rhum", heard=unsaid))[0]
    assert (best.address.street, best.address.number, best.number_check) == (
        "Rue de Rome", None, NumberCheck.NOT_CHECKED,
    )  # fmt: skip


async def test_a_number_said_in_another_turn_than_the_street_stays(
    numbered: Gazetteer, readers: ThreadPoolExecutor
) -> None:
    """The sound of the street tells nothing about a number that is not in it."""
    fits = {"12 rue de Rome": FITS_BADLY, "2 rue de Rome": FITS_BADLY, "rue de Rome": FITS_WELL}
    engine = ScriptedEngine("rue de rhum", fits=fits)
    best = (await find(numbered, engine, readers, "rue de rhum"))[0]
    assert (best.address.street, best.address.number) == ("Rue de Rome", 12)


async def test_rivals_take_the_number_of_the_best_looked_up_in_their_own_street(
    numbered: Gazetteer, readers: ThreadPoolExecutor
) -> None:
    fits = {"12 rue de Rome": FITS_BADLY, "2 rue de Rome": FITS_WELL, "rue de Rome": FITS_WELL}
    engine = ScriptedEngine(fits=fits | {"au rue de Rome": FITS_BADLY})
    found = await find(numbered, engine, readers, heard=ANYWHERE)
    assert set(names(found)[:2]) == {("Rue de Rome", "13206"), ("Rue de Rome", "13201")}
    assert {one.address.number for one in found} == {2}
    assert {(one.address.point, one.number_check) for one in found} == {(ONE_TWO[1].point, NumberCheck.KNOWN)}


def in_every(path: Path, communes: Mapping[str, tuple[HouseNumber, ...]]) -> Gazetteer:
    """The rue de Rome in some communes, with house numbers of its own in each."""
    shape = profile("Rue de Rome")
    with writing(path):
        entries = [
            StreetEntry("Rue de Rome", insee, f"130{insee[3:]}", None, shape, houses)
            for insee, houses in communes.items()
        ]
        write_base(path, entries, [])
    return Gazetteer(Store(path))


def arrondissements(most: int) -> dict[str, tuple[HouseNumber, ...]]:
    return {f"132{number:02}": ONE_TWO for number in range(1, most + 1)}


LIKELIER = {"12 rue de Rome": FITS_WELL, "2 rue de Rome": FITS_WELL - 2}


def listen(
    base: Gazetteer, readers: ThreadPoolExecutor, fits: Mapping[str, float] = LIKELIER
) -> tuple[AddressCandidate, ...]:
    """A rue de Rome somewhere that fits, whose numbers 2 and 12 were read once each; 12 fits better."""
    engine = ScriptedEngine("2 rue de rome", "2 rue de rome", fits={**fits, "rue de Rome": FITS_BADLY})
    sound = RememberedSound(("Au 12, rue de rome.",), SOUND)
    heard = HeardAddress(12, None, "rue de rome")
    return asyncio.run(AddressHearing(base, engine, readers, read).find(heard, (), sound))


def test_a_rival_without_the_number_of_the_best_is_told_apart(tmp_path: Path, readers: ThreadPoolExecutor) -> None:
    base = in_every(tmp_path / "uneven.db", {"13206": ONE_TWO, "13201": ONE_TWO[1:]})
    checks = {one.address.insee: one.number_check for one in listen(base, readers) if one.address.number == 12}
    assert checks == {"13206": NumberCheck.KNOWN, "13201": NumberCheck.UNKNOWN}


def test_another_number_that_may_have_been_said_comes_after_the_best(
    tmp_path: Path, readers: ThreadPoolExecutor
) -> None:
    found = listen(in_every(tmp_path / "one.db", arrondissements(1)), readers)
    assert [one.address.number for one in found] == [12, 2]
    assert all(one.probability >= LEAST_VARIANT for one in found)
    assert sum(one.probability for one in found) <= 1.001


def test_a_number_no_likelier_than_another_is_left_open(tmp_path: Path, readers: ThreadPoolExecutor) -> None:
    alike = dict.fromkeys(LIKELIER, FITS_WELL)
    (found,) = listen(in_every(tmp_path / "one.db", arrondissements(1)), readers, alike)
    assert (found.address.street, found.address.number) == ("Rue de Rome", None)
    assert found.number_check is NumberCheck.NOT_CHECKED
    assert "number heard" not in found.why


def test_variants_of_the_number_and_rivals_come_sorted_and_no_more_than_the_most(
    tmp_path: Path, readers: ThreadPoolExecutor
) -> None:
    found = listen(in_every(tmp_path / "eight.db", arrondissements(8)), readers)
    assert len(found) == MOST_FOUND
    assert [one.probability for one in found] == sorted((one.probability for one in found), reverse=True)


def test_rivals_keep_their_place_before_other_numbers_of_the_best(tmp_path: Path, readers: ThreadPoolExecutor) -> None:
    found = listen(in_every(tmp_path / "two.db", arrondissements(2)), readers)
    assert {one.address.insee for one in found[:2]} == {"13201", "13202"}
    assert {one.address.number for one in found[:2]} == {12}
    assert found[0].probability == pytest.approx(found[1].probability, abs=0.01)


def test_a_street_that_is_hardly_likely_keeps_the_number_that_was_heard(
    tmp_path: Path, readers: ThreadPoolExecutor
) -> None:
    elsewhere = dict.fromkeys(("13001", "13002", "13005", "13014", "13028"), ONE_TWO)
    found = listen(in_every(tmp_path / "everywhere.db", arrondissements(16) | elsewhere), readers)
    assert found[0].probability < LEAST_VARIANT
    assert {one.address.number for one in found} == {12}
