"""``callbot privacy``: the journal, keys, retention, and what a person may ask for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

import typer

from callbot.bootstrap import SystemClock
from callbot.bootstrap.privacy import purge_of
from callbot.commands import (
    privacy_backup,
    privacy_hooks,
    privacy_journal,
    privacy_keys,
    privacy_people,
    privacy_requests,
)
from callbot.commands.lists import AsJson, opened, show
from callbot.commands.privacy_journal import who_asks
from callbot.commands.problems import told
from callbot.privacy.purging import KindReport, Report
from callbot.settings import Settings, load_settings

app = typer.Typer(help="Protection of data: journal, keys, retention, access and erasure.", no_args_is_help=True)


def register(root: typer.Typer) -> None:
    """Hang ``privacy`` into the ``callbot`` command."""
    for part in (privacy_journal, privacy_keys, privacy_people, privacy_requests, privacy_backup, privacy_hooks):
        part.register(app)
    root.add_typer(app, name="privacy")


@app.callback()
def privacy() -> None:
    """Protection of data: journal, keys, retention, access and erasure."""


@app.command()
def purge(
    as_json: AsJson = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only look: what is due, the oldest of each kind")] = False,
) -> None:
    """Remove what is past its retention, look again, sign the report; ends with 1 when something is left."""
    with told("privacy purge"):
        report, key = asyncio.run(_purged(load_settings(), dry=dry_run))
    rows = [asdict(kind) for kind in report.kinds]
    show(rows, _lines(report, key), as_json=as_json)
    if not dry_run and not report.clean:
        raise typer.Exit(1)


async def _purged(settings: Settings, *, dry: bool) -> tuple[Report, str]:
    async with opened(settings, "retention") as storage:
        who = await asyncio.to_thread(who_asks)
        report = await purge_of(settings, storage, SystemClock()).run(dry=dry, who=who)
        return report, storage.key_ring.verifying_key


def _lines(report: Report, key: str) -> Iterator[str]:
    yield f"{'kind':20} {'days':>5} {'due':>6} {'removed':>8} {'left':>6}  oldest"
    for kind in report.kinds:
        yield _line(kind)
    if report.signature:
        yield f"signed: {report.signature}"
        yield f"verifying key: {key}"


def _line(kind: KindReport) -> str:
    oldest: Any = kind.oldest or "-"
    return f"{kind.kind:20} {kind.days:5} {kind.due:6} {kind.removed:8} {kind.left:6}  {oldest[:16]}"
