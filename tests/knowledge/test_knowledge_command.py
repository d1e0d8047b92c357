"""``callbot knowledge check`` and the lines of the coverage table."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import typer
from typer.testing import CliRunner

from callbot.commands.knowledge import app, coverage_lines, register
from callbot.domain.geography import Commune
from callbot.knowledge import load_knowledge

Breaks = Callable[[str, str, str], int]
RUN = CliRunner()


def test_check_counts_a_correct_base(folder: Path) -> None:
    result = RUN.invoke(app, ["check", str(folder)])
    assert result.exit_code == 0
    assert "2 items, 2 questions, 2 territories, 1 samples" in result.stdout
    assert load_knowledge(folder).version in result.stdout


def test_check_prints_file_and_line_and_fails(folder: Path, breaks: Breaks) -> None:
    line = breaks("items/items.yaml", "volume_m3: 1.5", "volum_m3: 1.5")
    result = RUN.invoke(app, ["check", str(folder)])
    assert result.exit_code == 1
    assert f"items/items.yaml:{line}: unknown key" in result.stdout
    assert "2 problems" in result.stderr


def test_it_hangs_in_the_callbot_command(folder: Path) -> None:
    root = typer.Typer()
    register(root)
    assert RUN.invoke(root, ["knowledge", "check", str(folder)]).exit_code == 0


def test_check_as_json(folder: Path, breaks: Breaks) -> None:
    good = RUN.invoke(app, ["check", "--json", str(folder)])
    assert json.loads(good.stdout)["problems"] == []
    line = breaks("messages.yaml", "le {date}", "le {date} {day}")
    bad = RUN.invoke(app, ["check", "--json", str(folder)])
    assert bad.exit_code == 1
    [problem] = json.loads(bad.stdout)["problems"]
    assert (problem["file"], problem["line"]) == ("messages.yaml", line)


def test_the_coverage_table_has_a_row_a_commune_and_the_sums(folder: Path) -> None:
    communes = [Commune("13201", "Marseille 1er", ("13001",)), Commune("13056", "Martigues", ("13500",))]
    head, first, second, sums, legend = coverage_lines(load_knowledge(folder), communes)
    new = ["weight", "household", "assisted", "professionals"]
    assert head.split() == ["mode", "sector", "calendar", "capacity", "cut_off", "put_out", "limits", *new, "items"]
    assert first.split() == ["Marseille", "1er", *["yes"] * 7, *["-"] * 4, "yes"]
    assert second.split() == ["Martigues", *["-"] * 11, "yes"]
    assert sums == "24 rules: 9 filled, 0 sample, 15 missing"
    assert "a person decides" in legend
    assert len({len(head), len(first), len(second)}) == 1


def test_coverage_of_all_communes_is_printed(folder: Path, breaks: Breaks) -> None:
    table = RUN.invoke(app, ["coverage", str(folder)])
    assert table.exit_code == 0
    assert len(table.stdout.splitlines()) == 1 + 92 + 16 + 2
    rows = json.loads(RUN.invoke(app, ["coverage", "--json", str(folder)]).stdout)
    [martigues] = [row for row in rows if row["insee"] == "13056"]
    assert (martigues["commune"], martigues["territory"]) == ("Martigues", "Sud")
    assert martigues["rules"]["mode"] == "missing"
    assert martigues["rules"]["items"] == "filled"
    breaks("messages.yaml", "le {date}", "le {day}")
    assert RUN.invoke(app, ["coverage", str(folder)]).exit_code == 1
