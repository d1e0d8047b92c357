"""``callbot privacy keys``: which there are, rotation without stopping, destruction."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import typer

from callbot.bootstrap.privacy import KEYS_SETTLE_S
from callbot.commands.privacy_journal import who_asks
from callbot.commands.problems import told
from callbot.privacy import KeyProblemError
from callbot.privacy.journal import Noted
from callbot.privacy.key_file import (
    KeyMaterial,
    activate_index_key,
    activate_key,
    add_index_key,
    add_key,
    destroy_index_key,
    destroy_key,
)
from callbot.privacy.key_sources import FromFile, key_source, unfit_for_the_public
from callbot.settings import Settings, load_settings
from callbot.storage import Storage
from callbot.storage.regression_cases import FOLDER, SealedCases
from callbot.storage.resealing import cases_in_use, reseal_cases

app = typer.Typer(help="Keys of personal data.", no_args_is_help=True)


def register(root: typer.Typer) -> None:
    """Hang ``keys`` into ``callbot privacy``."""
    root.add_typer(app, name="keys")


@app.callback()
def keys() -> None:
    """Keys of personal data: how they stand, rotation without stopping, destruction."""


@app.command()
def status() -> None:
    """Which keys there are, what is sealed with each, and what is weak; no key is shown."""
    settings = load_settings()
    with told("privacy keys"):
        material = key_source(settings).load()
        used = asyncio.run(_in_use(settings, material))
        unfit = unfit_for_the_public(settings, material.ring())
    for key_id in sorted({*material.keys, *used}):
        state = "seals" if key_id == material.active else "added, does not seal yet"
        state = state if key_id in {material.active, material.coming} else "out of use"
        state = state if key_id in material.keys else "GONE: what it sealed is lost"
        typer.echo(f"{key_id}  {used[key_id]} values  {state}")
    for key_id in material.index_keys:
        state = "indexes" if key_id == material.index_active else "look-ups only"
        typer.echo(f"{key_id}  {state}")
    for weakness in unfit:
        typer.echo(f"weak: {weakness}")


@app.command()
def rotate(
    now: Annotated[bool, typer.Option("--now", help="nothing runs: do not wait for other processes")] = False,
) -> None:
    """Change the key that seals. Run it twice: it adds a key, and two minutes later, when every running process has
    read it, lets it seal and seals everything again in small batches; interrupted, it goes on.

    Keys that come from a command or the settings are changed there; this then seals again.
    """
    settings = load_settings()
    with told("privacy keys rotate"):
        source = key_source(settings)
        if isinstance(source, FromFile):
            waits = _step(settings, source, now=now)
            if waits:
                typer.echo(waits)
                return
        done = asyncio.run(_reseal(settings))
    typer.echo(f"{done} values sealed again; 'callbot privacy keys status' says which keys nothing needs any more")


@app.command("rotate-index")
def rotate_index(
    now: Annotated[bool, typer.Option("--now", help="nothing runs: do not wait for other processes")] = False,
) -> None:
    """Change the key of blind indexes. Run it three times, two minutes apart: it adds a key, then finds everything by
    it, then destroys the old one. Look-ups answer under both meanwhile; interrupted, it goes on.
    """
    settings = load_settings()
    with told("privacy keys rotate-index"):
        source = key_source(settings)
        if not isinstance(source, FromFile):
            raise KeyProblemError("these keys come from a command or the settings: put them into a key file first")
        typer.echo(_index_step(settings, source, now=now))
        while now and len(source.load().index_keys) > 1:
            typer.echo(_index_step(settings, source, now=now))


@app.command()
def destroy(key_id: Annotated[str, typer.Argument(help="a key that is out of use")]) -> None:
    """Take a key away for good: what it sealed is unreadable, in backups too. Refused while anything needs it."""
    settings = load_settings()
    with told("privacy keys destroy"):
        source = key_source(settings)
        if not isinstance(source, FromFile):
            raise KeyProblemError("these keys come from a command or the settings: destroy it there")
        needed = asyncio.run(_in_use(settings, source.load()))[key_id]
        if needed:
            raise KeyProblemError(f"{needed} values are sealed with {key_id!r}: run 'callbot privacy keys rotate'")
        destroy_key(source.path, key_id)
        asyncio.run(_note(settings, f"destroyed {key_id}"))
    typer.echo(f"{key_id} is destroyed; copies of the key file in backups are yours to remove")


def _step(settings: Settings, source: FromFile, *, now: bool) -> str:
    """One step of a rotation in a key file; why it has to wait, empty when there is nothing to wait for."""
    material = source.load()
    if not material.coming and asyncio.run(_left(settings, material)):
        return ""  # sealing again was interrupted
    if not material.coming:
        added = add_key(source.path, time.time())
        asyncio.run(_note(settings, f"added {added}"))
        if not now:
            return f"{added} is added and does not seal yet: run this again in {KEYS_SETTLE_S:.0f} seconds"
    elif not now and time.time() < material.coming_at + KEYS_SETTLE_S:
        return f"{material.coming} was added a moment ago: wait until every running process has read it"
    active = activate_key(source.path)
    asyncio.run(_note(settings, f"{active} seals"))
    return ""


def _index_step(settings: Settings, source: FromFile, *, now: bool) -> str:
    """One step of the rotation of the index key; what was done, or why it has to wait."""
    material = source.load()
    other = material.ring().indexes.other
    if other is None:
        added = add_index_key(source.path, time.time())
        asyncio.run(_note(settings, f"added {added}"))
        return f"{added} is added, nothing is found by it yet: run this again in {KEYS_SETTLE_S:.0f} seconds"
    left = material.index_at + KEYS_SETTLE_S - time.time()
    if left > 0 and not now:
        return f"wait until every running process has read the keys: {left:.0f} seconds"
    coming = list(material.index_keys)[-1]
    if coming != material.index_active:
        doubled = asyncio.run(_double(settings, coming))
        activate_index_key(source.path, coming, time.time())
        done = asyncio.run(_reindex(settings))
        return f"{done + doubled} indexes are under {coming}: run this again in {KEYS_SETTLE_S:.0f} seconds"
    done = asyncio.run(_reindex(settings, last=True))
    destroy_index_key(source.path, other, time.time())
    asyncio.run(_note(settings, f"destroyed {other}"))
    return f"{done} more indexes are under {coming}; {other} is destroyed"


async def _double(settings: Settings, to: str) -> int:
    async with _opened(settings) as storage:
        return await storage.reindexing.double(to)


async def _reindex(settings: Settings, *, last: bool = False) -> int:
    async with _opened(settings) as storage:
        done = await storage.reindexing.run()
        if last:
            await storage.reindexing.end()
        who = await asyncio.to_thread(who_asks)
        await storage.journal.note(Noted.KEYS, who, "rotation of the index key", f"{done} indexes")
        return done


@asynccontextmanager
async def _opened(settings: Settings, material: KeyMaterial | None = None) -> AsyncIterator[Storage]:
    if material is None:
        material = await asyncio.to_thread(key_source(settings).load)
    async with await Storage.open(settings.storage_url, material.ring()) as storage:
        yield storage


async def _in_use(settings: Settings, material: KeyMaterial) -> Counter[str]:
    async with _opened(settings, material) as storage:
        cases = SealedCases(settings.data_dir / FOLDER, storage.key_ring)
        return await storage.resealing.in_use() + await asyncio.to_thread(cases_in_use, cases)


async def _left(settings: Settings, material: KeyMaterial) -> int:
    async with _opened(settings, material) as storage:
        return await storage.resealing.left()


async def _reseal(settings: Settings) -> int:
    async with _opened(settings) as storage:
        cases = SealedCases(settings.data_dir / FOLDER, storage.key_ring)
        done = await storage.resealing.run() + await asyncio.to_thread(reseal_cases, cases, storage.key_ring.active)
        who = await asyncio.to_thread(who_asks)
        await storage.journal.note(Noted.KEYS, who, "rotation", f"{done} values sealed again")
        return done


async def _note(settings: Settings, what: str) -> None:
    async with _opened(settings) as storage:
        await storage.journal.note(Noted.KEYS, await asyncio.to_thread(who_asks), "rotation", what)
