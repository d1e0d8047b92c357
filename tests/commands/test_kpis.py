"""``callbot kpis``: the figures on the command line."""

from __future__ import annotations

import asyncio
import csv
import json
from io import StringIO
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from callbot.commands import kpis as command
from callbot.insight.figures import COLUMNS
from callbot.privacy import KeyRing, load_key_ring
from callbot.settings import Settings
from callbot.settings import Storage as Place
from callbot.storage import Storage
from tests.booking.sample import MOBILE, PinnedClock
from tests.insight.figures.stories import booking_call, handed_call
from tests.storage.test_call_facts import Line

DAYS = ["--since", "2026-11-20", "--until", "2026-11-26"]
app = typer.Typer()
command.register(app)


@pytest.fixture
def settings(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    made = Settings(data_dir=tmp_path, storage=Place(url=database_url))
    monkeypatch.setattr(command, "load_settings", lambda: made)
    asyncio.run(_two_calls(made.storage_url, load_key_ring(made)))
    return made


async def _two_calls(url: str, keys: KeyRing) -> None:
    clock = PinnedClock()
    async with await Storage.open(url, keys, clock.now) as storage:
        line = Line(storage, clock)
        await line.rings("CA1", booking_call(), MOBILE)
        await line.rings("CA2", handed_call())


def run(*words: str) -> Result:
    return CliRunner().invoke(app, [*words])


@pytest.mark.usefixtures("settings")
def test_figures_as_lines_json_and_csv_are_the_same() -> None:
    lines, as_json, as_csv = run(*DAYS), run(*DAYS, "--json"), run(*DAYS, "--csv")
    assert [each.exit_code for each in (lines, as_json, as_csv)] == [0, 0, 0]
    assert "100,0\u202f%" in lines.stdout
    assert "appels passés à un conseiller / appels décrochés" in lines.stdout
    told = {row["figure"]: row for row in json.loads(as_json.stdout)["figures"]}
    assert (told["pick_up"]["numerator"], told["pick_up"]["denominator"]) == (2, 2)
    rows = list(csv.DictReader(StringIO(as_csv.stdout)))
    assert tuple(rows[0]) == COLUMNS
    assert {row["figure"]: row["denominator"] for row in rows}["handed"] == str(told["handed"]["denominator"])


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize(("by", "keys"), [("hour", "10"), ("day", "2026-11-23"), ("territory", "marseille_provence")])
def test_a_period_is_cut(by: str, keys: str) -> None:
    parts = json.loads(run(*DAYS, "--by", by, "--json").stdout)["parts"]
    assert keys in {part["key"] for part in parts}


@pytest.mark.usefixtures("settings")
def test_a_mistake_is_told_in_a_line() -> None:
    unknown = run(*DAYS, "--territory", "atlantide")
    assert unknown.exit_code == 2
    assert "marseille_provence" in unknown.output
    assert run("--since", "2026-11-27", "--until", "2026-11-26").exit_code == 2
