"""``callbot accounts``: made, listed, closed and reset from the command line."""

from __future__ import annotations

import asyncio
import json
import pty
import re
import subprocess
import sys
from os import close, read, write
from pathlib import Path

import pytest
import typer
from pwdlib.hashers.argon2 import Argon2Hasher
from typer.testing import CliRunner, Result

from callbot.access import Credentials, Opened, Passwords, Refused, SessionTimes, SignIn
from callbot.bootstrap import SystemClock
from callbot.commands import accounts
from callbot.privacy import load_key_ring
from callbot.settings import Settings
from callbot.storage import Storage
from callbot.storage.journals import Reveal

PASSWORD, OTHER = "quatre mots sans lien", "cheval pile agrafe correct"
app = typer.Typer()
accounts.register(app)


@app.callback()
def root() -> None:
    """A command of several."""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    chosen = Settings(data_dir=tmp_path)
    cheap = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "load_settings", lambda: chosen)
    monkeypatch.setattr(accounts, "Passwords", lambda: Passwords(cheap))
    return chosen


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, ["accounts", *arguments], input=typed)


def add(login: str = "c.essai", role: str = "agent", typed: str = PASSWORD) -> Result:
    return run("add", login, "--role", role, "--name", "Camille Essai", typed=f"{typed}\n")


def entered(settings: Settings, password: str) -> Opened | Refused:
    async def enter() -> Opened | Refused:
        keys = await asyncio.to_thread(load_key_ring, settings)
        async with await Storage.open(settings.storage_url, keys) as storage:
            sign_in = SignIn(storage.staff, Passwords(), SystemClock(), SessionTimes())
            return await sign_in.enter(Credentials("c.essai", password), "203.0.113.9")

    return asyncio.run(enter())


def journal(settings: Settings) -> list[Reveal]:
    async def look() -> list[Reveal]:
        keys = await asyncio.to_thread(load_key_ring, settings)
        async with await Storage.open(settings.storage_url, keys) as storage:
            return await storage.reveals.entries()

    return asyncio.run(look())


def test_the_first_account_is_made_here_and_signs_in(settings: Settings) -> None:
    made = add()
    assert made.exit_code == 0, made.output
    assert PASSWORD not in made.output
    assert "c.essai" not in made.output
    opened = entered(settings, PASSWORD)
    assert isinstance(opened, Opened)
    assert opened.account.must_change_password


@pytest.mark.parametrize(
    ("login", "typed", "words"),
    [
        ("x", PASSWORD, "a login has 3 to 64"),
        ("c.essai", "short", "fewer than 12 characters"),
        ("c.essai", "", "fewer than 12 characters"),
        ("c.essai", "c.essai is my name", "contains the login or the name"),
    ],
)
def test_what_is_not_taken_is_told_in_a_line_without_what_was_typed(
    settings: Settings, login: str, typed: str, words: str
) -> None:
    refused = add(login, typed=typed)
    assert refused.exit_code == 1
    assert words in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert not typed or typed not in refused.output


def test_a_login_taken_is_told(settings: Settings) -> None:
    add()
    assert "already" in add().stderr


def test_a_role_that_is_none_is_refused_by_name(settings: Settings) -> None:
    refused = add(role="king")
    assert refused.exit_code == 2
    assert "data_protection_officer" in re.sub(r"\s+", "", refused.output)


def test_the_list_shows_nobody_and_the_look_at_names_is_journaled(settings: Settings) -> None:
    add()
    rows = json.loads(run("list", "--json").output)
    assert [(row["role"], row["state"], row["second_factor"]) for row in rows] == [("agent", "open", False)]
    assert "login" not in rows[0]
    assert "Camille" not in run("list").output
    assert run("list", "--reveal").exit_code == 1
    assert journal(settings) == []
    shown = run("list", "--reveal", "--reason", "vérification des comptes")
    assert "c.essai  Camille Essai" in shown.output
    assert [look.what for look in journal(settings)] == ["accounts of staff"]


def test_disable_enable_and_reset_by_login_or_id(settings: Settings) -> None:
    add()
    account = json.loads(run("list", "--json").output)[0]["id"]
    assert run("disable", "c.essai").exit_code == 0
    assert "disabled" in run("list").output
    assert entered(settings, PASSWORD) is Refused.WRONG
    assert run("enable", account).exit_code == 0
    assert run("reset", account, typed=f"{OTHER}\n").exit_code == 0
    assert entered(settings, PASSWORD) is Refused.WRONG
    assert isinstance(entered(settings, OTHER), Opened)
    assert run("reset", "c.essai", "--second-factor").exit_code == 0
    assert "read_only" in run("role", "c.essai", "read_only").output
    assert "sessions ended" in run("sign-out", "c.essai").output
    unknown = run("disable", "nobody")
    assert (unknown.exit_code, "no account" in unknown.stderr) == (1, True)


def test_the_last_administrator_is_closed_by_no_command_either(settings: Settings) -> None:
    add(role="administrator")
    for command in (("disable", "c.essai"), ("role", "c.essai", "agent")):
        refused = run(*command)
        assert (refused.exit_code, "last administrator" in refused.stderr) == (1, True)


def test_who_called_the_command_is_in_the_journal(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "operator")
    add()

    async def noted() -> list[tuple[str, str]]:
        keys = await asyncio.to_thread(load_key_ring, settings)
        async with await Storage.open(settings.storage_url, keys) as storage:
            return [(note.by, note.change) for note in await storage.staff.changes(9)]

    assert asyncio.run(noted()) == [("operator", "made")]


@pytest.mark.process
def test_at_a_terminal_the_password_is_asked_twice_and_never_shown(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from callbot.cli import main; main()", "accounts", "add", "c.essai"]
    options = ["--role", "agent", "--name", "Camille Essai"]
    environment = {"CALLBOT_DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"}
    with subprocess.Popen(
        [*command, *options], stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    ) as asked:
        close(theirs)
        shown = ""
        # With the space behind: it comes once echo is off, and what was typed before that is thrown away.
        for prompt in ("Password: ", "Repeat for confirmation: "):
            while prompt not in shown:
                shown += read(ours, 1024).decode()
            write(ours, f"{PASSWORD}\n".encode())
        asked.wait(timeout=120)
    shown += _rest(ours)
    close(ours)
    assert asked.returncode == 0, shown
    assert PASSWORD not in shown


def _rest(descriptor: int) -> str:
    """What is left to read; the terminal's end is an error on Linux."""
    found = b""
    try:
        while part := read(descriptor, 1024):
            found += part
    except OSError:
        pass
    return found.decode()
