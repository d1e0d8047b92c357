"""``callbot charter``: every commitment of the ethics charter checked, with its evidence; the documents that follow."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import typer

from callbot.bootstrap import SystemClock
from callbot.bootstrap.charter import judged, keep
from callbot.commands.lists import AsJson, opened
from callbot.commands.problems import told
from callbot.knowledge import load_knowledge
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


async def _judged(settings: Settings) -> Result:
    async with opened(settings, "charter") as storage:
        version = await storage.content.current()
        overlay = version.files if version else None
        knowledge = await asyncio.to_thread(load_knowledge, settings.knowledge_dir, overlay)
        result = await judged(settings, knowledge, storage, SystemClock().now())
    await keep(settings, result)
    return result


def _lines(result: Result) -> Iterator[str]:
    for finding in result.findings:
        yield f"{finding.number:2} {_MARKS[finding.verdict]} {finding.title}"
        yield from (f"   {proof.verdict.value:12} {proof.told}" for proof in finding.proofs)
    counts = ", ".join(f"{result.count(verdict)} {verdict.value}" for verdict in Verdict)
    yield f"{len(result.findings)} commitments: {counts}"
