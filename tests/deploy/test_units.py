"""The units of systemd: judged by systemd where it is, and held to what the service promises."""

from __future__ import annotations

import configparser
import shutil
from pathlib import Path

import pytest

from callbot.commands.service import DRAIN_S
from tests.deploy.judges import DEPLOY, program, verdict

UNITS = sorted((DEPLOY / "systemd").glob("*.service")) + sorted((DEPLOY / "systemd").glob("*.timer"))
EXPOSURE = 20
"""of 100 (``systemd-analyze security``, lower is better)"""


def read(name: str) -> configparser.RawConfigParser:
    """A unit; settings that come several times keep their last."""
    unit = configparser.RawConfigParser(strict=False, delimiters=("=",), interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / "systemd" / name, encoding="utf-8")
    return unit


@pytest.mark.peer
@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_knows_every_word_of_them(path: Path, tmp_path: Path) -> None:
    analyse = program("systemd-analyze")
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/callbot/.venv/bin/callbot", "/bin/true")
        (tmp_path / unit.name).write_text(text.replace("/opt/callbot/deploy/backup/backup.sh", "/bin/true"))
    name = path.name.replace("@.", "@8081.")
    if name != path.name:
        shutil.copyfile(tmp_path / path.name, tmp_path / name)
    assert verdict(analyse, "verify", "--man=no", tmp_path / name) == ""


@pytest.mark.peer
@pytest.mark.parametrize("path", [path for path in UNITS if path.suffix == ".service"], ids=lambda path: path.name)
def test_little_is_exposed(path: Path, tmp_path: Path) -> None:
    shutil.copyfile(path, tmp_path / path.name)
    verdict(program("systemd-analyze"), "security", "--offline=true", f"--threshold={EXPOSURE}", tmp_path / path.name)


def test_a_service_that_stops_has_the_time_its_calls_may_take() -> None:
    service = read("callbot-serve@.service")["Service"]
    assert int(service["TimeoutStopSec"]) == 620 >= DRAIN_S + 10
    assert service["KillSignal"] == "SIGTERM"
    assert service["KillMode"] == "mixed"
    assert service["Restart"] == "always"


def test_every_timer_has_its_service_and_no_service_is_root() -> None:
    services = {path.stem for path in UNITS if path.suffix == ".service"}
    for path in UNITS:
        unit = read(path.name)
        if path.suffix == ".timer":
            assert path.stem in services
            assert unit["Timer"]["Persistent"] == "yes"
        else:
            assert unit["Service"]["User"] == "callbot"
            assert unit["Service"]["ProtectSystem"] == "strict"
