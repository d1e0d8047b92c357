"""``make restore-test``: a database backed up while bookings go on is brought back elsewhere and nothing is missing."""

from __future__ import annotations

import asyncio
import base64
import os
import secrets
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from callbot.privacy.journal import Noted
from callbot.settings import Retention
from callbot.storage import Storage
from tests.booking.sample import ONE_MATTRESS, TUESDAY, PinnedClock, address, draft
from tests.deploy.judges import BESIDE_PYTHON, DEPLOY, program
from tests.storage import aged
from tests.storage.conftest import KEYS, admin_dsn, database_url, postgres_server, postgres_template, sqlite_template
from tests.storage.ledger import assert_sound

__all__ = ["database_url", "postgres_server", "postgres_template", "sqlite_template"]
pytestmark = pytest.mark.process
BEFORE = 20
"""bookings made before the copy begins"""
MOST = 400


def settings_of(url: str, folder: Path) -> dict[str, str]:
    """The environment of commands on the database ``url``, with what PostgreSQL's own tools read."""
    parsed = make_url(url)
    environment = {
        **os.environ,
        "PATH": f"{BESIDE_PYTHON}:{os.environ['PATH']}",
        "CALLBOT_DATA_DIR": str(folder),
        "CALLBOT_STORAGE__URL": url,
        "CALLBOT_PRIVACY__KEYS": f'{{"test": "{base64.b64encode(bytes(range(32))).decode()}"}}',
        "CALLBOT_PRIVACY__ACTIVE_KEY": "test",
        "CALLBOT_PRIVACY__INDEX_KEY": base64.b64encode(bytes(32)).decode(),
        # The clock of these bookings stands still, that of the commands does not: nothing is past its time.
        **{f"CALLBOT_RETENTION__{name.upper()}": "36500" for name in Retention.model_fields},
    }
    if parsed.get_backend_name() == "postgresql":
        environment |= {"PGDATABASE": str(parsed.database), "PGHOST": str(parsed.host), "PGUSER": str(parsed.username)}
        environment |= {"PGPORT": str(parsed.port or 5432)}
        environment |= {"PGPASSWORD": parsed.password} if parsed.password else {}
    return environment


@contextmanager
def elsewhere(url: str, folder: Path) -> Iterator[str]:
    """An empty database of the same kind in another place."""
    if make_url(url).get_backend_name() == "sqlite":
        yield f"sqlite+aiosqlite:///{folder / 'brought-back.db'}"
        return
    name = f"callbot_back_{secrets.token_hex(4)}"
    with psycopg.connect(admin_dsn(url), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE template0'.encode())
        try:
            yield make_url(url).set(database=name).render_as_string(hide_password=False)
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@dataclass
class Bookings:
    """Books again and again until told to stop."""

    storage: Storage
    clock: PinnedClock
    made: int = 0
    enough: bool = False

    async def one(self) -> None:
        """Another booking."""
        call = f"CA{self.made}"
        desk = aged.desk_on(self.storage, self.clock, capacity=10_000)
        await desk.hold(call, address(), ONE_MATTRESS, TUESDAY)
        await desk.book(draft(call))
        self.made += 1

    async def go_on(self) -> None:
        """Until ``enough``; a busy machine takes its time over the copy, and a few hundred are enough."""
        while not self.enough and self.made < MOST:
            await self.one()


async def references(storage: Storage) -> set[str]:
    """Of all bookings."""
    return {booking.reference for booking in await storage.bookings()}


async def runs(script: str, environment: dict[str, str], *arguments: Path) -> str:
    """What a script of ``deploy/backup`` says; it must succeed."""
    process = await asyncio.create_subprocess_exec(
        DEPLOY / "backup" / script, *arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()


async def test_a_backup_under_bookings_is_brought_back_whole(database_url: str, tmp_path: Path) -> None:
    clock = PinnedClock()
    environment = settings_of(database_url, tmp_path)
    async with await Storage.open(database_url, KEYS, clock.now) as storage:
        await aged.call(storage, clock, "CA-said", clock.at)
        await storage.journal.note(next(iter(Noted)), "somebody", "a test", "CA-said")
        going_on = Bookings(storage, clock)
        for _ in range(BEFORE):
            await going_on.one()
        earlier = await references(storage)
        more = asyncio.create_task(going_on.go_on())
        copy = Path((await runs("backup.sh", environment, tmp_path / "copies", tmp_path / "keys")).strip())
        going_on.enough = True
        await more
        later = await references(storage)
    kept = tmp_path / "keys" / "period-keys.json"
    assert await asyncio.to_thread(no_keys_in, copy)
    assert '"transcripts"' in await asyncio.to_thread(kept.read_text)
    with elsewhere(database_url, tmp_path) as other:
        said = await runs("restore.sh", settings_of(other, tmp_path), copy, kept)
        assert "keys of periods put back" in said
        async with await Storage.open(other, KEYS, clock.now) as back:
            await assert_sound(back, announced=False)
            assert earlier <= await references(back) <= later
            assert len(earlier) == BEFORE
            assert len(await back.events.events("CA-said")) == 2
            assert (await back.journal.verify("")).holds
        again = await asyncio.to_thread(refused, settings_of(other, tmp_path), copy, kept)
        assert "not empty" in again or "is there already" in again


def refused(environment: dict[str, str], copy: Path, kept: Path) -> str:
    """What ``restore.sh`` says when it refuses."""
    command = [DEPLOY / "backup" / "restore.sh", copy, kept]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    return done.stderr


def no_keys_in(copy: Path) -> bool:
    """True when the copy, which is for its owner only, has bookings and no key of a period."""
    assert [path.stat().st_mode & 0o077 for path in (copy, copy.parent)] == [0, 0]
    if copy.suffix == ".db":
        with closing(sqlite3.connect(copy)) as read:
            return bool(read.execute("SELECT count(*) = 0 FROM period_keys").fetchone()[0])
    listed = subprocess.run(["pg_restore", "--list", copy], capture_output=True, text=True, check=True).stdout
    return "TABLE DATA public bookings" in listed and "TABLE DATA public period_keys" not in listed


def test_keys_beside_the_copies_and_copies_that_are_not_there_are_refused(tmp_path: Path) -> None:
    beside = subprocess.run(
        [DEPLOY / "backup" / "backup.sh", tmp_path, tmp_path], capture_output=True, text=True, check=False
    )
    assert (beside.returncode, "must not lie beside" in beside.stderr) == (1, True)
    nothing = tmp_path / "nothing"
    assert "no such copy" in refused(dict(os.environ), nothing, nothing)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_backup_leaves_nothing_that_looks_like_a_copy(tmp_path: Path) -> None:
    environment = settings_of("postgresql+psycopg://nobody@127.0.0.1:1/nothing", tmp_path)
    command = [DEPLOY / "backup" / "backup.sh", tmp_path / "copies", tmp_path / "keys"]
    assert subprocess.run(command, env=environment, capture_output=True, check=False).returncode != 0
    assert list((tmp_path / "copies").iterdir()) == []


@pytest.mark.peer
def test_the_scripts_are_sound_for_shellcheck() -> None:
    scripts = sorted((DEPLOY / "backup").glob("*.sh"))
    assert scripts
    subprocess.run([program("shellcheck"), *scripts], check=True)
