"""``callbot plan`` from the outside: tables, sentences, JSON, what is wrong told in a line."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from callbot.bootstrap import published
from callbot.cli import app
from callbot.knowledge import load_knowledge

pytestmark = pytest.mark.process

SMALL = ("--volume", "12000", "--years", "2")
once = cache(load_knowledge)


@pytest.fixture(autouse=True)
def _knowledge_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "load_knowledge", once)


def run(*options: str) -> Result:
    return CliRunner().invoke(app, ["plan", *SMALL, *options])


def shown(*options: str) -> dict[str, Any]:
    result = run("--json", "--quick", *options)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_it_says_what_is_assumed_and_answers_in_sentences() -> None:
    result = run("--agents", "1")
    assert result.exit_code == 0
    for said in ("invented profile", "assumed", "Does waiting fall by 30%?", "80% answered within 20 s", "Mon"):
        assert said in result.stdout
    assert "yes." in result.stdout


def test_json_has_before_and_after_with_intervals() -> None:
    found = shown("--agents", "1")
    for side in ("before", "after"):
        for figure in ("abandonment", "service_level"):
            assert found[side][figure]["low"] <= found[side][figure]["value"] <= found[side][figure]["high"]
        assert set(found[side]["wait"]) == {"mean", "median", "p90", "max"}
    assert {fall["wait"]: fall["verdict"] for fall in found["falls"]}["queue"] == "yes"
    assert sum(found["outcomes"]["reasons"].values()) == pytest.approx(found["outcomes"]["handed_over"], abs=1e-3)
    assert found["needs"] == []
    assert any("falls" in answer for answer in found["answers"])


def test_the_same_seed_prints_the_same() -> None:
    assert shown("--seed", "3") == shown("--seed", "3")
    assert shown("--seed", "3")["before"] != shown("--seed", "4")["before"]


def test_options_reach_the_simulation() -> None:
    usual = shown("--agents", "1")
    assert shown("--agents", "8-18:30=2")["before"]["wait"]["mean"]["value"] < usual["before"]["wait"]["mean"]["value"]
    assert (
        shown("--agents", "1", "--settled", "0.9")["after"]["to_people"]["value"] < usual["after"]["to_people"]["value"]
    )
    assert (
        shown("--agents", "1", "--talk-after-bot", "1")["after"]["occupancy"]["value"]
        < usual["after"]["occupancy"]["value"]
    )
    forever = shown("--agents", "1", "--patience", "inf")
    assert forever["before"]["abandoned"]["value"] == 0
    assert forever["times"]["patience"]["mean"] is None


def test_a_history_of_counts_is_used(tmp_path: Path) -> None:
    counts = tmp_path / "counts.csv"
    counts.write_text(
        "date,time,calls\n2026-01-05,10:00,30\n2026-01-05,10:30,20\n2026-01-10,10:00,1\n", encoding="utf-8"
    )
    found = shown("--calls", str(counts), "--shift", "0")
    assert "history of 2 days and 51 calls" in found["calls"]
    assert found["before"]["outside_hours"]["value"] == 0


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--agents", "a few"), "8-12=7"),
        (("--settled", "0.8", "--handed-over", "0.4"), "at most 1"),
        (("--calls", "{folder}/none.csv"), "none.csv"),
        (("--calls", "{folder}/wrong.csv"), "line 2"),
        (("--calls", "{folder}/noise.csv"), "columns"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(tmp_path: Path, options: tuple[str, ...], told: str) -> None:
    (tmp_path / "wrong.csv").write_text("date,time,calls\n5/1/2026,10:00,30\n", encoding="utf-8")
    (tmp_path / "noise.csv").write_bytes(bytes(range(256)))
    result = run("--quick", *(option.format(folder=tmp_path) for option in options))
    assert result.exit_code == 1
    assert told in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_nobody_rings_and_nobody_is_there() -> None:
    assert "cannot be told" in run("--volume", "0").stdout
    assert "cannot be told" in run("--agents", "0", "--quick").stdout
