"""What a person can mend is told in a line: no traceback, and never the value of a setting."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from callbot import cli
from callbot.settings import load_settings


@pytest.fixture(autouse=True)
def _fresh_settings() -> None:
    load_settings.cache_clear()


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["callbot", *arguments])
    monkeypatch.setattr(cli, "configure_logs", lambda: None)  # it would hold for the tests after this one
    with pytest.raises(SystemExit) as end:
        cli.main()
    load_settings.cache_clear()
    return end.value.code


def test_a_data_folder_that_cannot_be_made(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CALLBOT_DATA_DIR", "/dev/null/data")
    assert run(monkeypatch, "bookings") == 1
    told = capsys.readouterr().err
    assert "/dev/null/data" in told
    assert told.count("\n") == 1


def test_a_setting_that_does_not_fit_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CALLBOT_PRIVACY", '{"keys": "U0VDUkVU"}')
    assert run(monkeypatch, "bookings") == 1
    told = capsys.readouterr().err
    assert "CALLBOT_PRIVACY__KEYS" in told
    assert "U0VDUkVU" not in told


class Away(NamedTuple):
    """A database that cannot be used, and a word of what is told about it."""

    url: str
    told: str


@pytest.mark.process
@pytest.mark.parametrize("command", ["bookings", "worker", "serve"])
@pytest.mark.parametrize(
    "case",
    [
        Away("mysql://me:geheim@127.0.0.1/callbot", "mysql"),
        Away("postgresql+psycopg://me:geheim@127.0.0.1:1/callbot", "postgresql"),
        Away("postgresql://me:ge@127.0.0.1:geheim/callbot", "cannot be read"),
    ],
    ids=["unsupported", "away", "unreadable"],
)
def test_a_database_that_cannot_be_used(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str, case: Away
) -> None:
    monkeypatch.setenv("CALLBOT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CALLBOT_STORAGE__URL", case.url)
    assert run(monkeypatch, command) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"{command}: ")
    assert told.count("\n") == 1
    assert case.told in told
    assert "CALLBOT_STORAGE__URL" in told
    assert "geheim" not in told
