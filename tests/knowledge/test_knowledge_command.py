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


def two_versions(folder: Path, breaks: Breaks) -> None:
    """The rules of the north end with the year; later ones know a weight and no cut-off."""
    north = folder / "territories/nord.yaml"
    later = north.read_text(encoding="utf-8").replace("2026-01-01", "2027-01-01")
    later = later.replace('cut_off: {days_before: 1, at: "12:00"}\n', "").replace(
        "max_volume_m3: 3}", "max_volume_m3: 3, max_weight_kg: 80}"
    )
    (folder / "territories/nord_2027.yaml").write_text(later, encoding="utf-8")
    breaks("territories/nord.yaml", "valid_from: 2026-01-01", "valid_from: 2026-01-01\nvalid_to: 2026-12-31")


def on_day(folder: Path, day: str) -> dict[str, dict[str, object]]:
    result = RUN.invoke(app, ["coverage", "--day", day, "--json", str(folder)])
    assert result.exit_code == 0, result.output
    return {row["territory"]: row for row in json.loads(result.stdout)}


def test_coverage_of_a_day_tells_of_each_territory_what_its_rules_know(folder: Path, breaks: Breaks) -> None:
    two_versions(folder, breaks)
    last, first = on_day(folder, "2026-12-31")["nord"], on_day(folder, "2027-01-01")["nord"]
    assert (last["version"], last["valid_from"], last["valid_to"]) == ("nord", "2026-01-01", "2026-12-31")
    assert (first["version"], first["valid_from"], first["valid_to"]) == ("nord@2027-01-01", "2027-01-01", None)
    known = [(row["rules"]["cut_off"], row["rules"]["weight"]) for row in (last, first)]  # type: ignore[index]
    assert known == [("filled", "missing"), ("missing", "filled")]


def test_a_rule_known_in_some_communes_only_is_unknown(folder: Path) -> None:
    """Allauch has no sector: neither has the north as a whole."""
    assert on_day(folder, "2026-06-01")["nord"]["rules"]["sector"] == "missing"  # type: ignore[index]


def test_before_the_first_rules_nothing_is_known(folder: Path) -> None:
    rows = on_day(folder, "2025-12-31")
    assert set(rows) == {"nord", "sud"}
    for row in rows.values():
        assert row["version"] is None
        assert set(row["rules"].values()) == {"missing"}  # type: ignore[attr-defined]


def test_the_table_of_a_day_names_what_is_unknown(folder: Path, breaks: Breaks) -> None:
    two_versions(folder, breaks)
    result = RUN.invoke(app, ["coverage", "--day", "2027-06-01", str(folder)])
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["mode", "Nord", "Sud", "Nord:", "Sud:", "yes:"]
    assert lines[3].startswith("Nord: rules nord@2027-01-01 (2027-01-01 to open); unknown: sector, calendar, capacity,")
    before = RUN.invoke(app, ["coverage", "--day", "2025-06-01", str(folder)]).stdout
    assert "Nord: no rules are written for 2025-06-01; unknown: mode, sector" in before


def test_a_day_that_is_none_is_refused(folder: Path) -> None:
    result = RUN.invoke(app, ["coverage", "--day", "2027-02-30", str(folder)])
    assert result.exit_code == 2
    assert "2027-02-30" in result.stderr


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
