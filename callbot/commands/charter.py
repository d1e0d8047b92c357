"""``callbot charter``: every commitment of the ethics charter checked, with its evidence; the documents that follow."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from callbot.bootstrap import SystemClock
from callbot.bootstrap.charter import judged, keep
from callbot.bootstrap.published import knowledge_in_force
from callbot.bootstrap.register import delivered_papers
from callbot.commands.lists import AsJson, opened
from callbot.commands.problems import told
from callbot.privacy.charter import Result, Verdict
from callbot.settings import Settings, load_settings

app = typer.Typer(help="Check every commitment of the ethics charter.", invoke_without_command=True)
_MARKS = {Verdict.KEPT: "kept        ", Verdict.BROKEN: "BROKEN      ", Verdict.NOT_MEASURED: "not measured"}


def register(root: typer.Typer) -> None:
    """Hang ``charter`` into the ``callbot`` command."""
    root.add_typer(app, name="charter")


@app.callback()
def charter(context: typer.Context, as_json: AsJson = False) -> None:
    """Clause, evidence, verdict; kept for the public page. Exit code 1 when a promise is broken."""
    if context.invoked_subcommand is not None:
        return
    with told("charter"):
        result = asyncio.run(_judged(load_settings()))
    if as_json:
        typer.echo(json.dumps(result.document(), ensure_ascii=False))
    else:
        for line in _lines(result):
            typer.echo(line)
    raise typer.Exit(1 if result.broken else 0)


@app.command()
def documents(
    check: Annotated[
        bool, typer.Option("--check", help="write nothing; fail when a paper is not what the code says")
    ] = False,
    folder: Annotated[Path, typer.Option("--to", help="folder of the papers")] = Path("deploy/conformite"),
) -> None:
    """The papers of data protection, written from the code and the settings as they are delivered."""
    with told("charter"):
        made = delivered_papers()
        stale = [name for name, text in made.items() if _there(folder / name) != text]
        if not check:
            folder.mkdir(parents=True, exist_ok=True)
            for name in stale:
                (folder / name).write_text(made[name], encoding="utf-8")
    if check and stale:
        typer.echo(f"charter: not what the code says, run 'callbot charter documents': {', '.join(stale)}", err=True)
        raise typer.Exit(1)
    typer.echo(f"{len(made)} papers, {len(stale)} written" if not check else f"{len(made)} papers are true")


def _there(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


async def _judged(settings: Settings) -> Result:
    async with opened(settings, "charter") as storage:
        knowledge = await knowledge_in_force(settings, storage)
        result = await judged(settings, knowledge, storage, SystemClock().now())
    await keep(settings, result)
    return result


def _lines(result: Result) -> Iterator[str]:
    for finding in result.findings:
        yield f"{finding.number:2} {_MARKS[finding.verdict]} {finding.title}"
        yield from (f"   {proof.verdict.value:12} {proof.told}" for proof in finding.proofs)
    counts = ", ".join(f"{result.count(verdict)} {verdict.value}" for verdict in Verdict)
    yield f"{len(result.findings)} commitments: {counts}"
