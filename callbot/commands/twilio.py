"""``callbot twilio setup``: the number at Twilio rings us, the fallback document and nobody else."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from typing import Annotated, NoReturn

import typer

from callbot.commands.problems import told
from callbot.settings import load_settings
from callbot.telephony.setting_up import Change, Found, SetUpError, TwilioAccount, Wish, set_up

app = typer.Typer(help="The account at Twilio.", no_args_is_help=True)


def register(root: typer.Typer) -> None:
    """Adds these commands."""
    root.add_typer(app, name="twilio")


@app.callback()
def twilio() -> None:
    """The account at Twilio."""


@app.command()
def setup(
    fallback_url: Annotated[
        str, typer.Option(help="https address of the fallback document, elsewhere than the service")
    ],
    number: Annotated[str, typer.Option(help="the number, +33...; without it CALLBOT_TWILIO__SENDER")] = "",
    service: Annotated[
        str,
        typer.Option(
            "--messaging-service", help="name of a messaging service that sends from the number; made where missing"
        ),
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would be changed and change nothing")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="changes as JSON")] = False,
) -> None:
    """Give the number the addresses of this service: calls, their fallback, their end, messages. Done again, it
    changes nothing. It never buys a number.
    """
    with told("twilio setup"):
        settings = load_settings()
        if not settings.twilio.configured:
            _refuse("set CALLBOT_TWILIO__ACCOUNT_SID and CALLBOT_TWILIO__AUTH_TOKEN first")
        wish = Wish(number or settings.twilio.sender, settings.server.public_url, fallback_url, service)
        try:
            made, found = asyncio.run(set_up(TwilioAccount(settings.twilio), wish, dry_run=dry_run))
        except SetUpError as error:
            _refuse(str(error))
    _show(made, found, dry_run=dry_run, as_json=as_json)


def _refuse(text: str) -> NoReturn:
    typer.echo(f"twilio setup: {text}", err=True)
    raise typer.Exit(1)


def _show(made: list[Change], found: Found, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        shown = {"dry_run": dry_run, "changes": [asdict(one) for one in made], "messaging_service": found.service_sid}
        typer.echo(json.dumps(shown, ensure_ascii=False))
        return
    for one in made:
        typer.echo(f"{one.where} {one.field}: {one.is_now or 'empty'} -> {one.becomes or 'empty'}")
    done = "would be changed" if dry_run else "changed and read back"
    typer.echo(f"{len(made)} fields {done}" if made else "everything is as it must be")
    if found.service_sid:
        typer.echo(f"to send by the service: CALLBOT_TWILIO__SENDER={found.service_sid}")
