"""The commands: JSON as promised, one line on stderr and exit code 1 when something is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from callbot.commands import gazetteer
from callbot.settings import load_settings

HEADER = "numero;rep;nom_voie;code_postal;code_insee;lon;lat"
ROW = "12;;Rue de Rome;13006;13206;5.3801;43.2901"


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CALLBOT_DATA_DIR", str(tmp_path / "var"))
    load_settings.cache_clear()
    yield
    load_settings.cache_clear()


def run(*arguments: str) -> tuple[int, str, str]:
    app = typer.Typer()
    gazetteer.register(app)
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.stdout, result.stderr


def test_locate_prints_the_contract() -> None:
    code, out, _ = run("locate", "12 bis rue sein féréol", "--in", "Marseille 1er", "--limit", "2", "--json")
    first, _second = json.loads(out)["candidates"]
    assert code == 0
    assert {
        "street": "Rue Saint-Ferréol",
        "number": 12,
        "repetition": "bis",
        "insee": "13201",
        "commune": "Marseille 1er",
        "postcode": "13001",
    }.items() <= first.items()
    assert {"lon", "lat", "sector", "score", "probability", "why", "number_check"} <= first.keys()
    assert first["sector"]
    assert {"text", "sound", "match"} <= first["why"].keys()


@pytest.mark.parametrize("place", ["13005", "Aubagne", "aubagne"])
def test_locate_takes_code_or_name(place: str) -> None:
    code, out, _ = run("locate", "rue de la république", "--in", place, "--json")
    assert code == 0
    assert json.loads(out)["candidates"][0]["insee"] == "13005"


@pytest.mark.process
def test_locate_in_plain_words() -> None:
    code, out, _ = run("locate", "la canne bière")
    assert code == 0
    assert out.startswith("La Canebière, 13001 Marseille 1er")
    assert run("locate", "")[:2] == (0, "nothing like it in the base\n")
    assert json.loads(run("locate", "", "--json")[1]) == {"candidates": []}


@pytest.mark.parametrize(
    "arguments",
    [
        ("locate", "rue de rome", "--in", "Lyon"),
        ("locate", "x" * 1001),
        ("gazetteer", "import", "absent.csv"),
        ("gazetteer", "import", "http://adresse.example/a.csv"),
    ],
)
def test_bad_input_is_one_line_on_stderr(arguments: tuple[str, ...]) -> None:
    code, out, err = run(*arguments)
    assert code == 1
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    assert "Traceback" not in err


def test_status_says_that_it_is_a_sample() -> None:
    code, out, _ = run("gazetteer", "status")
    assert code == 0
    assert "sample" in out
    status = json.loads(run("gazetteer", "status", "--json")[1])
    assert status["sample"] is True
    assert status["streets"] >= 450


def test_import_reports_what_it_refused(tmp_path: Path) -> None:
    file = tmp_path / "adresses-13.csv"
    file.write_text(f"{HEADER}\n{ROW}\nbroken\n", encoding="utf-8")
    code, out, _ = run("gazetteer", "import", str(file))
    assert code == 0
    assert "1 streets and 1 numbers" in out
    assert "adresses-13.csv, line 3: 1 fields instead of 7" in out
    report = json.loads(run("gazetteer", "import", str(file), "--json")[1])
    assert (report["streets"], report["refused"]) == (1, 1)
    status = json.loads(run("gazetteer", "status", "--json")[1])
    assert status == status | {"sample": False, "streets": 1, "numbers": 1, "sources": ["adresses-13.csv"]}


def test_a_file_that_is_no_base_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "gazetteer.db").write_bytes(b"no base" * 200)
    for arguments in (("gazetteer", "status"), ("locate", "rue de rome")):
        code, _, err = run(*arguments)
        assert code == 1
        assert "move it away" in err
