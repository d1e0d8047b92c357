"""``callbot knowledge check`` and ``callbot knowledge coverage``: is the base right, and what is still missing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from callbot.commands.published import published_base
from callbot.domain.geography import Commune
from callbot.gazetteer.communes import communes
from callbot.knowledge import (
    CommuneCoverage,
    Filled,
    KnowledgeBase,
    KnowledgeError,
    Rule,
    TerritoryCoverage,
    coverage,
    coverage_of_territories,
    load_knowledge,
)
from callbot.settings import load_settings

app = typer.Typer(help="The knowledge base: what the service knows, and how sure it is.", no_args_is_help=True)

_LEGEND = "yes: established by a source; sample: a value to run with, not proven; -: missing, a person decides"
_SIGNS = {Filled.FILLED: "yes", Filled.SAMPLE: "sample", Filled.MISSING: "-"}


def register(root: typer.Typer) -> None:
    """Hang ``knowledge`` into the ``callbot`` command."""
    root.add_typer(app, name="knowledge")


@app.callback()
def knowledge() -> None:
    """The knowledge base: what the service knows, and how sure it is."""


@app.command()
def check(
    path: Annotated[Path | None, typer.Argument(help="folder; by default the one of the settings")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """Check a knowledge base: every problem with file, line and what is expected; exit code 1 when there is one."""
    folder = path or load_settings().knowledge_dir
    try:
        kb = load_knowledge(folder)
    except KnowledgeError as error:
        _tell_problems(error, as_json)
        raise typer.Exit(1) from error
    counts = _counts(kb)
    if as_json:
        typer.echo(json.dumps({"problems": [], **counts, "version": kb.version}))
    else:
        typer.echo(", ".join(f"{count} {name}" for name, count in counts.items()))
        typer.echo(f"version {kb.version}")


@app.command("coverage")
def show_coverage(
    path: Annotated[Path | None, typer.Argument(help="folder; by default what is published")] = None,
    day: Annotated[
        datetime | None,
        typer.Option("--day", formats=["%Y-%m-%d"], help="one row a territory, by the rules in force on that day"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object a row")] = False,
) -> None:
    """Print which rule of which commune is established, only a sample, or missing; of which territory with a day."""
    try:
        kb = load_knowledge(path) if path else published_base(load_settings(), "knowledge coverage")
    except KnowledgeError as error:
        _tell_problems(error, as_json)
        raise typer.Exit(1) from error
    if day is not None:
        _show_territories(coverage_of_territories(kb, day.date()), day.date(), as_json)
        return
    if as_json:
        typer.echo(json.dumps([_row_as_json(row) for row in coverage(kb, communes())], ensure_ascii=False))
    for line in coverage_lines(kb, communes()) if not as_json else ():
        typer.echo(line)


def coverage_lines(kb: KnowledgeBase, places: Iterable[Commune]) -> Iterator[str]:
    """The table commune x rule as text: a head, a row a commune, the sums, what the signs mean."""
    rows = coverage(kb, places)
    yield from _table([(row.commune.name, row.rules) for row in rows])
    yield coverage_summary(rows)
    yield _LEGEND


def territory_lines(rows: Iterable[TerritoryCoverage], day: date) -> Iterator[str]:
    """The table territory x rule as text, then which version is in force on ``day`` and which rules are unknown."""
    rows = tuple(rows)
    yield from _table([(row.name, row.rules) for row in rows])
    for row in rows:
        unknown = [rule.value for rule in Rule if row.rules[rule] is Filled.MISSING]
        yield f"{row.name}: {_version(row, day)}; unknown: {', '.join(unknown) or 'nothing'}"
    yield _LEGEND


def _version(row: TerritoryCoverage, day: date) -> str:
    if row.version is None:
        return f"no rules are written for {day}"
    return f"rules {row.version} ({row.valid_from} to {row.valid_to or 'open'})"


def _show_territories(rows: tuple[TerritoryCoverage, ...], day: date, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([_territory_as_json(row, day) for row in rows], ensure_ascii=False))
    for line in territory_lines(rows, day) if not as_json else ():
        typer.echo(line)


def _table(rows: Sequence[tuple[str, Mapping[Rule, Filled]]]) -> Iterator[str]:
    width = max((len(name) for name, _ in rows), default=0)
    yield " ".join([f"{'':{width}}", *(f"{rule.value:>{_width(rule)}}" for rule in Rule)])
    for name, rules in rows:
        yield " ".join([f"{name:{width}}", *(f"{_SIGNS[rules[rule]]:>{_width(rule)}}" for rule in Rule)])


def _width(rule: Rule) -> int:
    return max(8, len(rule.value))


def coverage_summary(rows: Iterable[CommuneCoverage]) -> str:
    """One line: how many rules of all communes are filled in, a sample, missing."""
    states = Counter(state for row in rows for state in row.rules.values())
    total = sum(states.values())
    return f"{total} rules: " + ", ".join(f"{states[state]} {state.value}" for state in Filled)


def _counts(kb: KnowledgeBase) -> dict[str, int]:
    return {
        "items": len(kb.catalogue),
        "questions": len(kb.questions),
        "territories": len({territory.id for territory in kb.territories}),
        "samples": sum(provenance.sample for provenance in kb.provenance.values()),
    }


def _row_as_json(row: CommuneCoverage) -> dict[str, object]:
    place = {"insee": row.commune.insee, "commune": row.commune.name, "territory": row.territory}
    return {**place, "rules": {rule.value: state.value for rule, state in row.rules.items()}}


def _territory_as_json(row: TerritoryCoverage, day: date) -> dict[str, object]:
    return {
        "territory": row.id,
        "name": row.name,
        "day": day.isoformat(),
        "version": row.version,
        "valid_from": row.valid_from.isoformat() if row.valid_from else None,
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "rules": {rule.value: state.value for rule, state in row.rules.items()},
    }


def _tell_problems(error: KnowledgeError, as_json: bool) -> None:
    if as_json:
        problems = [{"file": one.file, "line": one.line, "message": one.message} for one in error.problems]
        typer.echo(json.dumps({"problems": problems}, ensure_ascii=False))
    for problem in error.problems if not as_json else ():
        typer.echo(str(problem))
    typer.echo(f"{len(error.problems)} problems: the service will not start on this knowledge base", err=True)
