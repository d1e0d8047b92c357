"""``callbot privacy journal``: what was done with personal data; verified, anchored, shown."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import Awaitable, Callable, Iterator
from typing import Annotated, Any, TypeVar

import typer

from callbot.commands.lists import AsJson, opened, show
from callbot.commands.problems import told
from callbot.privacy.chain import Broken
from callbot.privacy.journal import Entry, Noted, Verdict, anchor_now
from callbot.settings import LOCAL_ZONE, load_settings
from callbot.storage import Storage

app = typer.Typer(help="The journal that nobody changes.", no_args_is_help=True)
Done = TypeVar("Done")


def register(root: typer.Typer) -> None:
    """Hang ``journal`` into ``callbot privacy``."""
    root.add_typer(app, name="journal")


def who_asks() -> str:
    """Who stands at the command line. Blocking."""
    return getpass.getuser()


@app.callback()
def journal() -> None:
    """The journal that nobody changes: looks, knowledge, retention, erasures, keys."""


@app.command()
def verify(
    anchor: Annotated[str, typer.Option("--anchor", help="a code printed before: was there this state?")] = "",
) -> None:
    """Follow the chain from its first entry; ends with 1 when anything was changed, removed, moved or put in."""
    found: Verdict = _with_storage(lambda storage: storage.journal.verify(anchor))
    for line in _found(found):
        typer.echo(line)
    if not found.holds:
        raise typer.Exit(1)


@app.command("anchor")
def anchor_() -> None:
    """Note the state of the journal and print its code, to be kept outside: on paper, in a mail."""
    typer.echo(_with_storage(lambda storage: anchor_now(storage.journal)))


@app.command("show")
def show_(
    as_json: AsJson = False,
    kind: Annotated[Noted | None, typer.Option("--kind", help="one kind only")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="how many, the newest")] = 50,
) -> None:
    """Entries, newest first; those of a month whose key is destroyed say nothing any more."""
    rows = [_row(entry) for entry in _with_storage(lambda storage: storage.journal.entries(kind, limit))]
    show(rows, _lines(rows), as_json=as_json)


def _with_storage(work: Callable[[Storage], Awaitable[Done]]) -> Done:
    async def run() -> Done:
        async with opened(load_settings(), "journal") as storage:
            return await work(storage)

    with told("privacy journal"):
        return asyncio.run(run())


def _found(verdict: Verdict) -> Iterator[str]:
    yield f"{verdict.entries} entries, code now {verdict.code or '-'}"
    if verdict.anchored is not None:
        yield f"the anchor stands for entry {verdict.anchored}: up to there nothing was changed"
    yield from (_told(one) for one in verdict.broken)
    if verdict.holds:
        yield "the chain holds"


def _told(one: Broken) -> str:
    return f"entry {one.number}: {one.fault.value}"


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "at": entry.at.astimezone(LOCAL_ZONE).isoformat(timespec="seconds"),
        "kind": entry.kind.value,
        "who": entry.who,
        "reason": entry.reason,
        "what": entry.what,
    }


def _lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        said = [str(row[name] if row[name] is not None else "(key destroyed)") for name in ("who", "reason", "what")]
        yield f"{row['number']:>6}  {row['at'][:16]}  {row['kind']:10}  {'  '.join(said)}"
