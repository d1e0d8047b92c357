"""Kept results: found again for the same work, made again for any other; and the bench's base."""

from __future__ import annotations

from pathlib import Path

import pytest

from callbot.gazetteer.ban import UnreadableFileError
from callbot.gazetteer.search import Gazetteer
from callbot.settings import Speech
from tests.bench.addresses.base import prepared
from tests.bench.addresses.stages import Guess, OursOutcome, Scope
from tests.bench.addresses.workers import Kept, version

OUTCOME = OursOutcome({Scope.CITY: (Guess("Rue A", "13206", 0.5, 3, "bis"),), Scope.SECTOR: ()}, "3 bis")


def test_a_result_comes_back_as_it_was(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "sound", OursOutcome)
    assert kept.get("a") is None
    kept.put("a", OUTCOME)
    assert kept.get("a") == OUTCOME
    assert kept.get("b") is None


def test_no_text_is_in_a_file_name(tmp_path: Path) -> None:
    Kept(tmp_path, OursOutcome).put("address|nobody|douze rue A", OUTCOME)
    (file,) = tmp_path.iterdir()
    assert "rue" not in file.name


@pytest.mark.parametrize("content", ["", "{", '{"guesses": 3}', "[]"])
def test_a_file_that_was_cut_is_as_none(tmp_path: Path, content: str) -> None:
    kept = Kept(tmp_path, OursOutcome)
    kept.put("a", OUTCOME)
    (file,) = tmp_path.iterdir()
    file.write_text(content, encoding="utf-8")
    assert kept.get("a") is None


def test_model_base_and_code_make_another_version() -> None:
    versions = {
        version(("stages.py",), Speech(), "base 1", b"code"),
        version(("stages.py",), Speech(), "base 2", b"code"),
        version(("stages.py",), Speech(model="small"), "base 1", b"code"),
        version(("stages.py",), Speech(beam=3), "base 1", b"code"),
        version(("stages.py", "caller.py"), Speech(), "base 1", b"code"),
        version(("stages.py",), Speech(), "base 1", b"other code"),
    }
    assert len(versions) == 6
    assert version(("stages.py",), Speech(threads=1), "base 1", b"code") in versions


def test_the_base_is_made_once_and_again_for_another_file(houses: Path, gazetteer: Gazetteer, tmp_path: Path) -> None:
    base, name = prepared(houses, tmp_path)
    made_at = base.stat().st_mtime_ns
    assert prepared(houses, tmp_path) == (base, name)
    assert base.stat().st_mtime_ns == made_at
    fewer = tmp_path / "fewer.csv"
    fewer.write_text("".join(houses.read_text(encoding="utf-8").splitlines(keepends=True)[:2]), encoding="utf-8")
    assert prepared(fewer, tmp_path)[1] != name
    assert base.stat().st_mtime_ns != made_at
    assert gazetteer.status.streets == 3


def test_a_file_of_another_kind_is_refused_and_leaves_no_base_behind(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a;b\n1;2\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError):
        prepared(other, tmp_path / "base")
    assert not (tmp_path / "base" / "gazetteer.db").exists()
