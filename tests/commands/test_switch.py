"""``callbot switch``: off, on, a reason always, the history."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from callbot.commands import switch
from callbot.settings import Settings

app = typer.Typer()
switch.register(app)


@app.callback()
def root() -> None:
    """A command of several."""


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    chosen = Settings(data_dir=tmp_path)
    monkeypatch.setattr(switch, "load_settings", lambda: chosen)
    return chosen


def told(*words: str) -> Result:
    return CliRunner().invoke(app, ["switch", *words])


def test_off_and_on_with_their_history() -> None:
    assert "nobody ever switched" in told().stdout
    assert "people answer new calls, on every process" in told("off", "--reason", "panne du réseau").stdout
    assert "already: nothing changed" in told("off", "--reason", "encore une panne").stdout
    assert "the bot answers new calls, on every process" in told("on", "--reason", "réseau revenu").stdout
    rows = json.loads(told("--json").stdout)
    assert [(row["calls_go_to"], row["reason"]) for row in rows] == [
        ("bot", "réseau revenu"), ("people", "panne du réseau"),
    ]  # fmt: skip
    assert all(row["by"].startswith("cli:") for row in rows)


@pytest.mark.parametrize(
    "words", [("off",), ("off", "--reason", "  "), ("on", "--reason", "oui"), ("off", "--reason", "x" * 301)]
)
def test_without_a_reason_nothing_is_switched(words: tuple[str, ...]) -> None:
    refused = told(*words)
    assert refused.exit_code == 1
    assert "--reason" in refused.stderr
    assert "nobody ever switched" in told().stdout
