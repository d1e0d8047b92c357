"""``callbot privacy export`` and ``erase``: what one person may ask for."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path
from typing import Annotated

import typer

from callbot.bootstrap import SystemClock, booking_desk
from callbot.bootstrap.privacy import rights_of
from callbot.commands.lists import opened
from callbot.commands.privacy_journal import who_asks
from callbot.commands.problems import told
from callbot.domain.bookings import Changer
from callbot.domain.events import Cancelled
from callbot.domain.personal import PhoneNumber
from callbot.knowledge import load_knowledge
from callbot.privacy.rights import AmbiguousSubjectError, Certificate, Export, Found, Subject, found_row
from callbot.settings import Settings, load_settings
from callbot.storage import Storage
from callbot.storage.regression_cases import FOLDER, SealedCases

Phone = Annotated[str, typer.Option("--phone", help="number of the person; - asks for it, out of the shell's history")]
Reference = Annotated[str, typer.Option("--reference", help="one booking and what hangs on it")]
Why = Annotated[str, typer.Option("--reason", help="number of the request, never a name: it is journaled")]
To = Annotated[Path, typer.Option("--to", help="a new folder, for its owner only")]

_SPACES = re.compile(r"[\s.\-()]")
_E164 = re.compile(r"\+\d{8,15}")


def register(root: typer.Typer) -> None:
    """Hang these commands into ``callbot privacy``."""
    root.command()(export)
    root.command()(erase)


def export(to: To, phone: Phone = "", reference: Reference = "", reason: Why = "") -> None:
    """Copy everything stored of one person into a folder: readable (donnees.txt), portable (donnees.json), photos."""
    subject = _subject(phone, reference, reason)
    with told("privacy export"):
        _private_folder(to)
        copy = asyncio.run(_exported(load_settings(), subject, reason))
        _write(to / "donnees.json", copy.as_json().encode())
        _write(to / "donnees.txt", copy.as_text().encode())
        for name, picture in copy.pictures.items():
            _write(to / name, picture)
    counted = ", ".join(f"{len(rows)} {kind}" for kind, rows in copy.sections.items())
    typer.echo(f"{to}: {counted}, {len(copy.pictures)} pictures")


def erase(  # noqa: PLR0917 - options of a command, each by its name
    to: To,
    phone: Phone = "",
    reference: Reference = "",
    reason: Why = "",
    cancel: Annotated[bool, typer.Option("--cancel", help="cancel pickups to come instead of keeping them")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
) -> None:
    """Erase one person and write the certificate. A pickup to come is kept for its address and items alone, and goes
    the day after: it is what the person asked for (RGPD art. 17); ``--cancel`` gives it back first.
    """
    subject = _subject(phone, reference, reason)
    settings = load_settings()
    with told("privacy erase"):
        found = asyncio.run(_found(settings, subject))
        counted = ", ".join(f"{count} {kind}" for kind, count in found_row(found).items() if count)
        typer.echo(f"found: {counted or 'nothing'}")
        if not yes:
            typer.confirm("Erase it for good?", abort=True)
        _private_folder(to)
        certificate, compacted = asyncio.run(_erased(settings, subject, reason, cancel=cancel))
        _write(to / "certificat.txt", certificate.as_text().encode())
        _write(to / "certificat.json", certificate.as_json().encode())
    typer.echo(f"erased: {certificate.id}, {certificate.kept_for_pickup} pickups kept until their day is over")
    if not compacted:
        typer.echo("the file could not be written anew while it is read: run it again, or stop the service", err=True)


def phone_number(said: str) -> PhoneNumber:
    """A number as it is typed; raises ``typer.BadParameter`` that does not show it."""
    plain = _SPACES.sub("", said)
    international = f"+33{plain[1:]}" if re.fullmatch(r"0[1-9]\d{8}", plain) else plain
    if not _E164.fullmatch(international):
        raise typer.BadParameter("a phone number is needed: 06 12 34 56 78 or +33612345678")
    return PhoneNumber(international)


def _subject(phone: str, reference: str, reason: str) -> Subject:
    if not reason.strip():
        raise typer.BadParameter("--reason is needed: the number of the request")
    said = typer.prompt("Phone number", hide_input=True) if phone == "-" else phone
    try:
        return Subject(phone_number(said) if said else None, reference.upper())
    except AmbiguousSubjectError as error:
        raise typer.BadParameter(str(error)) from None


async def _exported(settings: Settings, subject: Subject, reason: str) -> Export:
    async with opened(settings, "export") as storage:
        who = await asyncio.to_thread(who_asks)
        return await rights_of(settings, storage, SystemClock()).export(subject, who, reason)


async def _found(settings: Settings, subject: Subject) -> Found:
    async with opened(settings, "erase") as storage:
        return await rights_of(settings, storage, SystemClock()).find(subject)


async def _erased(settings: Settings, subject: Subject, reason: str, *, cancel: bool) -> tuple[Certificate, bool]:
    async with opened(settings, "erase") as storage:
        rights = rights_of(settings, storage, SystemClock())
        found = await rights.find(subject)
        if cancel:
            await _cancel(settings, storage, found)
        certificate = await rights.erase(subject, await asyncio.to_thread(who_asks), reason)
        cases = SealedCases(settings.data_dir / FOLDER, storage.key_ring)
        for case in found.cases:
            await asyncio.to_thread(cases.remove, case)
        return certificate, await storage.people.compact()


async def _cancel(settings: Settings, storage: Storage, found: Found) -> None:
    knowledge = await asyncio.to_thread(load_knowledge, settings.knowledge_dir)
    desk = booking_desk(settings, knowledge, storage, SystemClock())
    for reference in found.to_come:
        if not isinstance(await desk.cancel(reference, Changer.AGENT), Cancelled):
            typer.echo(f"{reference}: too late to cancel, kept for its pickup", err=True)


def _private_folder(folder: Path) -> None:
    """A new folder for its owner only; raises ``OSError``."""
    folder.mkdir(mode=0o700, parents=True)


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
