"""Scenarios through the media socket, with real Whisper on real sound, judged by the database; the demonstration."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from callbot.settings import load_settings
from callbot.speech.models import MODELS, WHISPER_BASE, status

CALLERS_AT_ONCE = 6
MOST_RUNG_AGAIN = 2
SAMPLE = (
    "another_date", "asks_for_human", "booking_in_one_breath", "booking_step_by_step", "calls_back", "hangs_up",
    "hesitant_caller", "key_zero", "landline_gives_mobile", "noise_only", "refused_item", "same_address", "silence",
    "speaks_over", "wrong_address_corrected",
)  # fmt: skip
"""every scenario is run on text; these with sound too, in real time: what only sound can break is in them"""


def _require_whisper() -> None:
    if not status(load_settings().models_dir, MODELS[WHISPER_BASE]).complete:
        pytest.skip("Whisper is not on this machine: run 'make setup'")


def _callbot(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error::ResourceWarning", "-c", "from callbot.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=1500)


def _rehearsed(*arguments: str) -> dict[str, tuple[str, list[str]]]:
    """Outcome and faults of each scenario."""
    done = _callbot("rehearse", "--sound", *arguments, "--parallel", str(CALLERS_AT_ONCE), "--json")
    verdict = json.loads(done.stdout)
    assert (done.returncode == 0) == (verdict["failed"] == 0)
    return {entry["name"]: (entry["outcome"], entry["faults"]) for entry in verdict["scenarios"]}


@pytest.mark.sound
def test_scenarios_pass_with_sound() -> None:
    """A call in real time on a busy machine may lose a pause or a frame: what failed once is rung once more.

    How often all scenarios pass four times in a row is measured by ``callbot rehearse --all --sound --repeat 4``.
    """
    _require_whisper()
    first = _rehearsed(*SAMPLE)
    assert set(first) == set(SAMPLE)
    failed = [name for name, (_, faults) in first.items() if faults]
    assert len(failed) <= MOST_RUNG_AGAIN, {name: first[name] for name in failed}
    again = _rehearsed(*failed) if failed else {}
    assert {name: told for name, told in again.items() if told[1]} == {}


@pytest.mark.sound
def test_the_demonstration_books_what_the_caller_wanted() -> None:
    _require_whisper()
    done = _callbot("demo")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    for shown in ("SMS", "In the database", "end of turn", "transcription", "median"):
        assert shown in done.stdout


@pytest.mark.process
def test_without_weights_the_demonstration_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLBOT_DATA_DIR", str(tmp_path))
    done = _callbot("demo")
    assert done.returncode == 1
    assert "callbot models fetch" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.process
def test_a_broken_knowledge_base_stops_the_service_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "knowledge_base"
    subprocess.run(["cp", "-r", "knowledge_base", str(broken)], check=True)
    hours = broken / "opening_hours.yaml"
    hours.write_text(hours.read_text(encoding="utf-8").replace("open_on_holidays", "open_on_holiday"), encoding="utf-8")
    monkeypatch.setenv("CALLBOT_KNOWLEDGE_DIR", str(broken))
    monkeypatch.setenv("CALLBOT_DATA_DIR", str(tmp_path / "var"))
    done = _callbot("serve")
    assert done.returncode == 1
    assert "opening_hours.yaml" in done.stderr
    assert "open_on_holidays" in done.stderr
    assert "Traceback" not in done.stderr
