"""A real addok on a real Redis, with a dozen invented streets."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.bench.addresses.addok_server import AddokServer, AddokUnavailableError, addok
from tests.bench.addresses.baselines import LONGEST_QUERY, TOP, AddokBaseline, Found

FOLDER = Path(__file__).parents[2] / "var" / "addok"
"""where the bench has it too: it is installed once"""
STREETS = (
    ("Rue des Cigales Bleues", "13206"), ("Rue des Cigales Bleues", "13201"),
    ("Boulevard Anselme Tournebroche", "13208"), ("Avenue du Pain Perdu", "13208"),
    ("Impasse des Trois Chèvres", "13212"), ("Traverse du Mistral", "13212"), ("Chemin de la Pétanque", "13209"),
    ("Place Honorine Fabre", "13206"), ("Allée des Lucioles", "13209"), ("Quai de la Sardine", "13202"),
    ("Cours des Marionnettes", "13001"), ("Rue du Pistou", "13001"),
)  # fmt: skip


def _document(name: str, insee: str) -> dict[str, object]:
    marseille = insee.startswith("132")
    return {
        "id": f"{insee}_{name}",
        "type": "street",
        "name": name,
        "postcode": f"130{insee[-2:]}" if marseille else "13100",
        "citycode": insee,
        "city": "Marseille" if marseille else "Aix-en-Provence",
        "lat": 43.3,
        "lon": 5.4,
        "importance": 0.4,
        "housenumbers": {str(number): {"id": f"{name}_{number}", "lat": 43.3, "lon": 5.4} for number in (1, 12)},
    }


def _packed(path: Path) -> Path:
    lines = (json.dumps(_document(*street), ensure_ascii=False) for street in STREETS)
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    return path


@pytest.fixture(scope="module")
def redis() -> None:
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is needed to run addok")


@pytest.fixture(scope="module")
def baseline(tmp_path_factory: pytest.TempPathFactory, redis: None) -> Iterator[AddokBaseline]:
    data = _packed(tmp_path_factory.mktemp("addresses") / "dozen.jsonl.gz")
    with addok(data, FOLDER) as server, closing(AddokBaseline(server)) as asks:
        yield asks


@pytest.mark.peer
def test_addok_finds_a_street_with_and_without_its_house_number(baseline: AddokBaseline) -> None:
    wanted = Found("Boulevard Anselme Tournebroche", "13208")
    assert baseline.find("C'est au 12, boulevard Anselme Tournebroche.", None)[0] == wanted
    assert baseline.find("boulevard anselme tournebroche", "13208")[0] == wanted


@pytest.mark.peer
def test_addok_searches_the_place_that_is_known_and_else_all_of_marseille(baseline: AddokBaseline) -> None:
    assert baseline.find("rue des cigales bleues", "13201") == (Found("Rue des Cigales Bleues", "13201"),)
    anywhere = baseline.find("rue des cigales bleues", None)
    assert {one.insee for one in anywhere} == {"13206", "13201"}
    assert baseline.find("cours des marionnettes", "13001")[0] == Found("Cours des Marionnettes", "13001")
    assert all(one.insee != "13001" for one in baseline.find("cours des marionnettes", None))


@pytest.mark.peer
@pytest.mark.parametrize("text", ["", "  ", "?!", "au au " * LONGEST_QUERY, "é" * LONGEST_QUERY, "&q=rue#/%00"])
def test_addok_takes_whatever_was_heard(baseline: AddokBaseline, text: str) -> None:
    assert len(baseline.find(text, None)) <= TOP


@pytest.mark.peer
def test_the_index_is_kept_for_the_same_data(tmp_path: Path, redis: None) -> None:
    data = _packed(tmp_path / "kept.jsonl.gz")
    with addok(data, FOLDER) as first:
        assert first.import_seconds is not None
    with addok(data, FOLDER) as again:
        assert again.import_seconds is None
        assert _pistou(again) == (Found("Rue du Pistou", "13001"),)


@pytest.mark.peer
def test_nothing_runs_on_when_the_bench_fails(tmp_path: Path, redis: None) -> None:
    left: list[AddokServer] = []
    with pytest.raises(ZeroDivisionError):
        _fail_while_serving(_packed(tmp_path / "failed.jsonl.gz"), left)
    with pytest.raises(httpx.ConnectError):
        _pistou(left[0])


@pytest.mark.peer
def test_data_that_cannot_be_read_is_said_and_not_kept(tmp_path: Path, redis: None) -> None:
    data = _packed(tmp_path / "broken.jsonl.gz")
    data.write_bytes(data.read_bytes()[:-20])
    for _ in range(2):
        with pytest.raises(AddokUnavailableError, match="cannot be read"), addok(data, FOLDER):
            pytest.fail("served half of the data")


def _fail_while_serving(data: Path, left: list[AddokServer]) -> None:
    with addok(data, FOLDER) as server:
        left.append(server)
        assert _pistou(server)
        raise ZeroDivisionError


def _pistou(server: AddokServer) -> tuple[Found, ...]:
    with closing(AddokBaseline(server)) as baseline:
        return baseline.find("rue du pistou", "13001")


def test_a_machine_without_redis_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AddokUnavailableError, match="redis-server is not on the PATH"), addok(tmp_path, tmp_path):
        pytest.fail("served without Redis")


def test_missing_data_is_told_before_anything_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    redis = tmp_path / "redis-server"
    redis.write_text("#!/bin/sh\nexit 1\n")
    redis.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    folder = tmp_path / "addok"
    with pytest.raises(AddokUnavailableError, match=r"absent\.gz is not there"), addok(tmp_path / "absent.gz", folder):
        pytest.fail("served without data")
    assert not folder.exists()
