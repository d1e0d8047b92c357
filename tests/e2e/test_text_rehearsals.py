"""Every scenario that ships, on text and in virtual time, judged by the database."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from callbot.rehearsal.scenario import Means, load_scenarios

pytestmark = pytest.mark.process

LEAST_SCENARIOS = 80
LONGEST_BOOKING_S = 150.0
"""median of a booking call (issue 4)"""
K = 4


def _rehearse(*arguments: str) -> tuple[int, dict[str, object]]:
    command = [sys.executable, "-c", "from callbot.cli import main; main()", "rehearse", *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    return done.returncode, json.loads(done.stdout)


def test_all_scenarios_pass_on_text() -> None:
    """How often they pass four times in a row, each time in other words, is measured by ``--repeat 4``."""
    code, verdict = _rehearse("--all")
    entries = verdict["scenarios"]
    assert isinstance(entries, list)
    assert {entry["name"]: entry["faults"] for entry in entries if entry["faults"]} == {}
    assert {entry["name"]: entry["unplanned"] for entry in entries if entry["unplanned"]} == {}
    assert code == 0
    told = {entry["name"] for entry in entries}
    assert told == {each.name for each in load_scenarios() if Means.TEXT in each.means}
    assert len(told) >= LEAST_SCENARIOS
    assert isinstance(seconds := verdict["booking_call_s"], float)
    assert seconds <= LONGEST_BOOKING_S


def test_runs_are_varied_by_seed_and_counted_k_times() -> None:
    code, verdict = _rehearse("booking_step_by_step", "step_by_step_hesitant", "--repeat", str(K), "--parallel", "2")
    assert (code, verdict["k"], verdict["pass_1"], verdict["pass_k"]) == (0, K, 1.0, 1.0)
    assert verdict["channel"] == "text"


def test_a_scenario_that_fails_is_told_by_the_exit_code(tmp_path: Path) -> None:
    code, verdict = _rehearse(str(_expecting_too_much(tmp_path)))
    assert (code, verdict["failed"]) == (1, 1)
    entries = verdict["scenarios"]
    assert isinstance(entries, list)
    assert entries[0]["faults"] == ["ended: done, expected handed_over"]


def _expecting_too_much(folder: Path) -> Path:
    path = folder / "too_much.yaml"
    path.write_text(
        "name: too_much\ntitle: Attend trop\n"
        'calls: [{answers: {ask_need: "C\'est gratuit ?", ask_more: Non.}, expect: {ended: handed_over}}]\n',
        encoding="utf-8",
    )
    return path
