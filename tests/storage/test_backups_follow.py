"""Backups follow retention: a copy of the database that is brought back has lost the words whose time is over."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from callbot.domain.events import CallAnswered, CallerSpoke
from callbot.privacy import CannotOpenError, KeyRing
from callbot.privacy.purging import Purge
from callbot.privacy.retention import rules
from callbot.settings import Retention
from callbot.storage import Storage
from callbot.storage.backups import copy_without_keys, read_keys, write_keys
from callbot.storage.database import UnsupportedDatabaseError
from callbot.storage.period_keys import SavedKey
from tests.booking.sample import MOBILE, PinnedClock, draft
from tests.storage import aged
from tests.storage.conftest import KEYS

SAID = [CallAnswered(aged.CALLER), CallerSpoke("douze rue de Rome")]


def holds_any(copy: Path, keys: list[SavedKey]) -> bool:
    """True when one of these keys is in the bytes of the copy; there are some to look for."""
    assert {key.id.partition("/")[0] for key in keys} >= {"transcripts"}
    return any(key.sealed in copy.read_bytes() for key in keys)


def untidy(folder: Path) -> list[str]:
    """Drafts left behind, and files of the backup that others could read."""
    made = [path for path in folder.iterdir() if path.name in {"copy.db", "period-keys.json"}]
    assert len(made) == 2
    readable = [path.name for path in made if path.stat().st_mode & 0o077]
    return readable + [path.name for path in folder.iterdir() if path.name.startswith(".")]


async def brought_back(copy: Path, keys: list[SavedKey], clock: PinnedClock) -> Storage:
    """The copy opened as the database of the service, with saved keys put back."""
    opened = await Storage.open(f"sqlite+aiosqlite:///{copy}", KEYS, clock.now)
    await opened.period_keys.restore(keys)
    return opened


async def test_an_old_copy_gives_bookings_back_and_no_words_once_their_time_is_over(
    tmp_path: Path, sqlite_template: Path, clock: PinnedClock, key_ring: KeyRing
) -> None:
    path, copy, kept = tmp_path / "callbot.db", tmp_path / "copy.db", tmp_path / "period-keys.json"
    await asyncio.to_thread(path.write_bytes, await asyncio.to_thread(sqlite_template.read_bytes))
    url = f"sqlite+aiosqlite:///{path}"
    async with await Storage.open(url, key_ring, clock.now) as storage:
        await aged.call(storage, clock, "CA1", clock.at)
        await aged.desk_on(storage, clock).book(draft())
        await asyncio.to_thread(copy_without_keys, url, copy)
        await asyncio.to_thread(write_keys, kept, await storage.period_keys.saved())
        saved = await asyncio.to_thread(read_keys, kept)
        assert not await asyncio.to_thread(holds_any, copy, saved)
        async with await brought_back(copy, saved, clock) as soon:
            assert await soon.events.events("CA1") == SAID
    copy.unlink()
    async with await Storage.open(url, key_ring, clock.now) as storage:
        await asyncio.to_thread(copy_without_keys, url, copy)
        clock.advance(days=33)
        purge = Purge(storage.retention, storage.journal, key_ring, clock.now, rules(Retention()))
        assert (await purge.run()).clean
        await asyncio.to_thread(write_keys, kept, await storage.period_keys.saved())
    async with await brought_back(copy, await asyncio.to_thread(read_keys, kept), clock) as late:
        with pytest.raises(CannotOpenError, match="destroyed"):
            await late.events.events("CA1")
        [booking] = await late.bookings_of_phone(MOBILE)
        assert booking.phone == MOBILE
    assert await asyncio.to_thread(untidy, tmp_path) == []


async def test_a_key_that_is_destroyed_is_not_put_back(storage: Storage, clock: PinnedClock, key_ring: KeyRing) -> None:
    await aged.call(storage, clock, "CA1", clock.at)
    saved = await storage.period_keys.saved()
    clock.at += timedelta(days=33)
    await Purge(storage.retention, storage.journal, key_ring, clock.now, rules(Retention())).run()
    assert await storage.period_keys.restore(saved) == 0
    assert [key.id[:7] for key in await storage.period_keys.saved()] == ["journal"]


def test_a_copy_is_never_written_over_and_postgresql_has_its_own_tools(tmp_path: Path, sqlite_template: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_text("kept", encoding="utf-8")
    with pytest.raises(FileExistsError):
        copy_without_keys(f"sqlite+aiosqlite:///{sqlite_template}", copy)
    assert copy.read_text(encoding="utf-8") == "kept"
    with pytest.raises(UnsupportedDatabaseError, match="pg_dump"):
        copy_without_keys("postgresql://h/d", tmp_path / "other.db")
    assert not (tmp_path / "other.db").exists()
    with pytest.raises(ValueError, match="no saved keys"):
        read_keys(copy)
