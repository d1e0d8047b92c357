"""``callbot privacy backup`` and ``restore-keys``: copies of the database that follow retention."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from callbot.commands.lists import opened
from callbot.commands.problems import told
from callbot.settings import Settings, load_settings
from callbot.storage.backups import copy_without_keys, read_keys, write_keys

KEYS_NAME = "period-keys.json"
"""the one file that each backup replaces"""


def register(root: typer.Typer) -> None:
    """Hang these commands into ``callbot privacy``."""
    root.command()(backup)
    root.command("restore-keys")(restore_keys)


def backup(
    keys: Annotated[Path, typer.Option("--keys", help="file of the keys of periods, replaced: keep it elsewhere")],
    to: Annotated[
        Path | None, typer.Option("--to", help="new file for the copy; without it the keys alone: pg_dump copies")
    ] = None,
) -> None:
    """Copy the database without the keys of periods, and save these apart: once a key is destroyed and saved no more,
    the words of its day are unreadable in every copy.
    """
    settings = load_settings()
    with told("privacy backup"):
        if to is not None:
            copy_without_keys(settings.storage_url, to)
        saved = asyncio.run(_save(settings, keys))
    copied = f"{to} and " if to else ""
    typer.echo(f"{copied}{saved} keys of periods in {keys}; never keep an older copy of that file")


def restore_keys(
    keys: Annotated[Path, typer.Argument(help="the newest file of keys of periods")],
) -> None:
    """After a copy of the database was brought back: give it the keys of the periods that may still be read."""
    with told("privacy restore-keys"):
        try:
            restored = asyncio.run(_restore(load_settings(), keys))
        except ValueError as error:
            typer.echo(f"privacy restore-keys: {error}", err=True)
            raise typer.Exit(1) from None
    typer.echo(f"{restored} keys of periods put back; run 'callbot privacy purge' before the service starts")


async def _save(settings: Settings, keys: Path) -> int:
    async with opened(settings, "backup") as storage:
        saved = await storage.period_keys.saved()
    await asyncio.to_thread(write_keys, keys, saved)
    return len(saved)


async def _restore(settings: Settings, keys: Path) -> int:
    saved = await asyncio.to_thread(read_keys, keys)
    async with opened(settings, "backup") as storage:
        return await storage.period_keys.restore(saved)
