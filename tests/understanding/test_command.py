"""``callbot understand`` over the knowledge base that ships."""

from __future__ import annotations

import json

import typer
from typer.testing import CliRunner

from callbot.commands.understand import register

app = typer.Typer()
register(app)


def test_json_shape() -> None:
    result = CliRunner().invoke(app, ["deux matelas au 12 bis rue de Rome dans le sixième", "--json"])
    assert result.exit_code == 0
    meaning = json.loads(result.stdout)
    assert set(meaning) >= {"intent", "yes_no", "items", "address", "date", "name", "phone", "wants_human"}
    assert meaning["items"] == [{"item": "matelas", "quantity": 2, "heard": "matelas"}]
    address = {key: meaning["address"][key] for key in ("number", "repetition", "street_heard", "insee")}
    assert address == {"number": 12, "repetition": "bis", "street_heard": "rue de Rome", "insee": "13206"}
    assert (meaning["yes_no"], meaning["date"], meaning["wants_human"]) == (None, None, False)


def test_expectation_and_plain_text() -> None:
    result = CliRunner().invoke(app, ["oui", "--expect", "yes_no"])
    assert result.exit_code == 0
    assert "yes_no: yes" in result.stdout


def test_the_reason_asked_for_is_told() -> None:
    result = CliRunner().invoke(app, ["pourquoi ?", "--json"])
    assert json.loads(result.stdout)["why"] is True


def test_unknown_expectation_is_refused() -> None:
    assert CliRunner().invoke(app, ["oui", "--expect", "colour"]).exit_code != 0
