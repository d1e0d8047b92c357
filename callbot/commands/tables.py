"""``callbot tables``: which version the tables of the database have, and back to an earlier one for a roll-back."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from callbot.commands.problems import told
from callbot.settings import load_settings
from callbot.storage.migrate import UnknownVersionError, known_versions, turn_back, version_of


def register(root: typer.Typer) -> None:
    """Adds this command."""
    root.command()(tables)


def tables(
    to: Annotated[
        str, typer.Option("--to", help="an earlier version, for the code of before; stop every process first")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="versions as JSON")] = False,
) -> None:
    """The version of the tables and the one this code wants; every start brings them forward by itself. Back: what only
    later versions knew is lost, everything else stays.
    """
    with told("tables"):
        url = load_settings().storage_url
        if to:
            try:
                turn_back(url, to)
            except UnknownVersionError as error:
                typer.echo(f"tables: {error}", err=True)
                raise typer.Exit(1) from None
        now, wanted = version_of(url), known_versions()[-1]
    if as_json:
        typer.echo(json.dumps({"tables": now, "code": wanted}))
    else:
        typer.echo(f"tables: {now or 'none yet'}, this code: {wanted}")
