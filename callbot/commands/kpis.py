"""``callbot kpis``: figures of a period, each with its formula, its numerator and its denominator."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer

from callbot.bootstrap.facts import SystemClock
from callbot.bootstrap.figures import facts_kept_up, figure_desk
from callbot.commands.lists import Since, opened
from callbot.commands.problems import told
from callbot.commands.published import published_base
from callbot.documents.spreadsheets import plain_csv
from callbot.insight.figures import COLUMNS, By, Figure, Question, Report, report_rows
from callbot.insight.figures.report import figure_row
from callbot.insight.figures.words import FAMILY_WORDS, written_count, written_interval, written_value
from callbot.settings import Settings, load_settings

USUAL_DAYS = 30
_SHOWN_OF_PARTS = ("received", "pick_up", "resolved", "handed", "person_wait_median", "failed")


def register(root: typer.Typer) -> None:
    """Hang ``kpis`` into the ``callbot`` command."""
    root.command()(kpis)


def kpis(
    *,
    since: Since = None,
    until: Annotated[
        datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="last day, YYYY-MM-DD; today")
    ] = None,
    territory: Annotated[str, typer.Option("--territory", help="id of a territory; all together")] = "",
    by: Annotated[By | None, typer.Option("--by", help="cut the period by hour of the day, day or territory")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="print one line a figure")] = False,
) -> None:
    """Figures of a period, 30 days unless told: calls received, waiting, abandonment, resolution, hand-overs."""
    with told("kpis"):
        report = asyncio.run(_load(load_settings(), since, until, territory, by))
    if as_csv:
        typer.echo(plain_csv(COLUMNS, (list(row.values()) for row in _rows(report, by))).decode(), nl=False)
    elif as_json:
        typer.echo(json.dumps(report_json(report, by), ensure_ascii=False))
    else:
        for line in _lines(report, by):
            typer.echo(line)


def report_json(report: Report, by: By | None) -> dict[str, Any]:
    """The period, its figures, and those of each part where it is cut."""
    asked = report.question
    parts = [
        {
            "key": part.key,
            "label": part.label,
            "figures": [figure_row(figure, asked, part.label) for figure in part.figures],
        }
        for part in report.parts
    ]
    return {
        "since": asked.first.isoformat(),
        "until": asked.last.isoformat(),
        "territory": asked.territory or None,
        "figures": [figure_row(figure, asked) for figure in report.figures],
        **({"by": by.value, "parts": parts} if by else {}),
    }


async def _load(
    settings: Settings, since: datetime | None, until: datetime | None, territory: str, by: By | None
) -> Report:
    clock = SystemClock()
    knowledge = await asyncio.to_thread(published_base, settings, "kpis")
    if territory and territory not in {rules.id for rules in knowledge.territories}:
        known = ", ".join(sorted({rules.id for rules in knowledge.territories}))
        raise typer.BadParameter(f"unknown territory; there are: {known}", param_hint="--territory")
    last = until.date() if until else clock.now().date()
    first = since.date() if since else last - timedelta(days=USUAL_DAYS - 1)
    if first > last:
        raise typer.BadParameter("--since is after --until")
    async with opened(settings, "kpis") as storage:
        await facts_kept_up(knowledge, storage).sweep()
        desk = figure_desk(settings, knowledge, storage, clock)
        return await desk.report(Question(first, last, territory, by or By.DAY))


def _rows(report: Report, by: By | None) -> list[dict[str, Any]]:
    return [row for row in report_rows(report) if by or not row["part"]]


def _lines(report: Report, by: By | None) -> Iterator[str]:
    yield f"{report.question.first:%d/%m/%Y} - {report.question.last:%d/%m/%Y}"
    family = None
    for figure in report.figures:
        if figure.named.family is not family:
            family = figure.named.family
            yield f"\n{FAMILY_WORDS[family]}"
        yield f"  {figure.named.label:<60} {_shown(figure)}"
        yield f"      = {figure.named.formula}"
        if figure.note:
            yield f"      {figure.note}"
    for part in report.parts if by else ():
        yield f"\n{part.label}"
        for key in _SHOWN_OF_PARTS:
            figure = part.figure(key)
            yield f"  {figure.named.label:<60} {_shown(figure)}"


def _shown(figure: Figure) -> str:
    """« 81,2 %  [de 78,0 % à 84,1 %]  (812 sur 1 000) »."""
    interval = written_interval(figure.interval, figure.unit)
    counted = written_count(figure)
    shown = [
        written_value(figure.value, figure.unit),
        f"[{interval}]" if interval else "",
        f"({counted})" if counted else "",
    ]
    return "  ".join(part for part in shown if part)
