"""``callbot accounts``: who of the staff may sign in. The first account is made here."""

from __future__ import annotations

import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Annotated, Any, TypeVar

import typer

from callbot.access import Account, Administration, NotDone, Passwords, Role, WeakPassword
from callbot.access.passwords import SHORTEST
from callbot.bootstrap import SystemClock
from callbot.commands.lists import AsJson, Reason, checked_reason, opened, show
from callbot.commands.problems import told
from callbot.settings import LOCAL_ZONE, Settings, load_settings

app = typer.Typer(help="Accounts of staff: who may sign in at /agents/connexion.", no_args_is_help=True)

Named = Annotated[str, typer.Argument(help="its login, or its id as `callbot accounts list` shows it")]
Done = TypeVar("Done")

_WEAK = {
    WeakPassword.SHORT: f"the password has fewer than {SHORTEST} characters",
    WeakPassword.LONG: "the password is too long",
    WeakPassword.PLAIN: "the password repeats too few different characters",
    WeakPassword.COMMON: "the password is of those that are tried first",
    WeakPassword.NAMED: "the password contains the login or the name",
}


def register(root: typer.Typer) -> None:
    """Hang ``accounts`` into the ``callbot`` command."""
    root.add_typer(app, name="accounts")


@app.callback()
def accounts() -> None:
    """Accounts of staff: who may sign in at /agents/connexion."""


@app.command()
def add(
    login: Annotated[str, typer.Argument(help="3 to 64 letters, digits and . _ - @")],
    role: Annotated[Role, typer.Option("--role", help="what it may do")],
    name: Annotated[str, typer.Option("--name", prompt="Display name", help="how pages address its owner")],
) -> None:
    """Make an account. Its password is asked twice, or read from standard input; its owner has to change it."""
    password = _new_password()
    made = _done(lambda administration: administration.add(login, name, role, password))
    typer.echo(f"{made.id}  {made.role.value}: signs in at /agents/connexion and chooses another password there")


@app.command("list")
def list_(
    as_json: AsJson = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="show logins and names; needs --reason")] = False,
    reason: Reason = "",
) -> None:
    """Every account with its role and state."""
    checked = checked_reason(reason, reveal=reveal)
    with told("accounts"):
        found = asyncio.run(_with_administration(load_settings(), lambda one: one.all(), checked))
    rows = [account_row(account, reveal=reveal) for account in found]
    show(rows, _lines(rows), as_json=as_json)


@app.command()
def disable(named: Named) -> None:
    """Close an account and end its sessions; nothing else of it is lost."""
    typer.echo(f"{_done(lambda one: one.set_disabled(named, disabled=True)).id}: disabled, its sessions ended")


@app.command()
def enable(named: Named) -> None:
    """Open a disabled account again."""
    typer.echo(f"{_done(lambda one: one.set_disabled(named, disabled=False)).id}: may sign in again")


@app.command("role")
def role_(named: Named, role: Annotated[Role, typer.Argument(help="what it may do from now on")]) -> None:
    """Give an account another role."""
    changed = _done(lambda one: one.set_role(named, role))
    typer.echo(f"{changed.id}: {changed.role.value}, from the next page on that its owner asks for")


@app.command("sign-out")
def sign_out(named: Named) -> None:
    """End all sessions of an account; its owner may sign in again."""
    typer.echo(f"{_done(lambda one: one.end_sessions(named)).id}: its sessions ended")


@app.command()
def reset(
    named: Named,
    second_factor: Annotated[
        bool,
        typer.Option(
            "--second-factor", help="take the one-time codes and the recovery codes away instead: both are lost"
        ),
    ] = False,
) -> None:
    """Give an account another password, asked twice or read from standard input; its sessions end."""
    if second_factor:
        typer.echo(
            f"{_done(lambda one: one.reset_second_factor(named)).id}: signs in without a code, sets up a new one"
        )
        return
    password = _new_password()
    changed = _done(lambda one: one.reset_password(named, password))
    typer.echo(f"{changed.id}: has a new password, which its owner has to change; its sessions ended")


def account_row(account: Account, *, reveal: bool) -> dict[str, Any]:
    """One row an account; login and name only with ``reveal``."""
    row = {
        "id": account.id,
        "role": account.role.value,
        "state": "disabled" if account.disabled else "open",
        "way_in": "login" if account.login else "provider",
        "second_factor": account.has_second_factor,
        "created": account.created_at.astimezone(LOCAL_ZONE).date().isoformat(),
    }
    if reveal:
        row |= {"login": account.login.reveal() if account.login else "", "name": account.name.reveal()}
    return row


def _lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        words = {**row, "second_factor": "with codes" if row["second_factor"] else "without codes"}
        yield "  ".join(word for word in words.values() if word)


def _new_password() -> str:
    """Never an argument: those are seen in the list of processes and kept in the shell's history."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _done(work: Callable[[Administration], Awaitable[Account | NotDone | WeakPassword]]) -> Account:
    """What became of it; what was refused is told in a line and ends the command with exit code 1."""
    with told("accounts"):
        found = asyncio.run(_with_administration(load_settings(), work))
    if isinstance(found, Account):
        return found
    typer.echo(f"accounts: {_WEAK[found] if isinstance(found, WeakPassword) else found.value}", err=True)
    raise typer.Exit(1)


async def _with_administration(
    settings: Settings, work: Callable[[Administration], Awaitable[Done]], reason: str | None = None
) -> Done:
    async with opened(settings, "accounts of staff", reason) as storage:
        who = await asyncio.to_thread(getpass.getuser)
        return await work(Administration(storage.staff, Passwords(), SystemClock(), who))
