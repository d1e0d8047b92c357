"""The key of blind indexes is replaced under rows of every kind: what was found is found at every step, and by the new
key alone in the end."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from callbot.domain.events import CallAnswered
from callbot.domain.personal import PhoneNumber
from callbot.privacy import KeyRing
from callbot.privacy.index_keys import PLAIN, IndexKeys, new_index_key, tag_of
from callbot.privacy.key_file import read_or_make
from callbot.privacy.keys import new_key
from callbot.storage import Storage
from callbot.storage.reindexing import DOUBLED, NEVER_CHANGED, index_columns
from callbot.storage.tables import calls, metadata, opt_outs
from tests.booking.sample import MOBILE, PinnedClock, draft
from tests.storage.test_resealing import filled

SEALING, INNER, ONE, TWO = new_key(), new_key(), new_index_key(), new_index_key()
OTHER = PhoneNumber("+33700000001")


def ring_of(active: str, **keys: bytes) -> KeyRing:
    return KeyRing({"a": SEALING}, "a", INNER, IndexKeys(keys, active))


@pytest.fixture
def key_ring() -> KeyRing:
    return ring_of(PLAIN, plain=b"")


def test_every_column_of_indexes_moves_or_is_named_as_one_that_does_not() -> None:
    moving = {(one.table.name, one.column.name) for one in index_columns()}
    named = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_index")
    }
    assert moving | NEVER_CHANGED == named
    assert not moving & NEVER_CHANGED


async def found(storage: Storage, clock: PinnedClock) -> tuple[int, int, bool, bool, int]:
    """What look-ups answer: bookings of a number, its calls, STOP of another one, its SMS, bookings at the address."""
    since = clock.now() - timedelta(days=1)
    address = draft().address
    assert address is not None
    async with storage.unit_of_work() as work:
        queued = await work.outgoing.queue_sms(f"x:{clock.at.timestamp()}", OTHER, "bonjour")
    return (
        len(await storage.bookings_of_phone(MOBILE)),
        len(await storage.events.calls_of(MOBILE, since)),
        await storage.opt_outs.stopped(OTHER),
        queued,
        len(await storage.bookings_at(address, since.date())),
    )


async def rotated(storage: Storage, clock: PinnedClock, old: dict[str, bytes], new: dict[str, bytes]) -> None:
    """Each step of a rotation, with what is found after it."""
    ring = storage.key_ring
    (before,), (after,) = old, new
    good = await found(storage, clock)
    ring.follow(ring_of(before, **old, **new))
    assert await found(storage, clock) == good
    await storage.reindexing.double(after)
    ring.follow(ring_of(after, **old, **new))
    assert await found(storage, clock) == good
    assert await storage.reindexing.left() > 0
    assert await storage.reindexing.run() > 0
    assert await storage.reindexing.left() == 0
    assert await found(storage, clock) == good
    await storage.reindexing.end()
    ring.follow(ring_of(after, **new))
    assert await found(storage, clock) == good


async def test_two_rotations_lose_nothing_and_the_old_keys_find_nothing(storage: Storage, clock: PinnedClock) -> None:
    await filled(storage, clock)
    await storage.events.append("CA2", CallAnswered(MOBILE))
    await storage.opt_outs.stop(OTHER, clock.now())
    assert await found(storage, clock) == (1, 1, True, False, 1)
    await rotated(storage, clock, {PLAIN: b""}, {"one": ONE})
    await rotated(storage, clock, {"one": ONE}, {"two": TWO})
    for one in index_columns():
        async with storage._database.reading() as connection:
            values = (await connection.execute(select(one.column).where(one.column.is_not(None)))).scalars()
            assert all(value.startswith(tag_of("two")) for value in values)
    storage.key_ring.follow(ring_of("one", one=ONE))
    assert (await found(storage, clock))[:3] == (0, 0, False)


async def test_objections_made_meanwhile_stand_under_both_keys_and_are_lifted_under_both(
    storage: Storage, clock: PinnedClock
) -> None:
    storage.key_ring.follow(ring_of(PLAIN, plain=b"", one=ONE))
    assert await storage.opt_outs.stop(OTHER, clock.now())
    assert not await storage.opt_outs.stop(OTHER, clock.now())
    async with storage._database.reading() as connection:
        assert len((await connection.execute(select(opt_outs))).all()) == 2
    storage.key_ring.follow(ring_of("one", one=ONE))
    assert await storage.opt_outs.stopped(OTHER)
    storage.key_ring.follow(ring_of("one", plain=b"", one=ONE))
    assert await storage.opt_outs.start(OTHER, clock.now())
    async with storage._database.reading() as connection:
        assert not (await connection.execute(select(opt_outs))).all()


async def test_it_goes_on_where_it_was_interrupted(storage: Storage, clock: PinnedClock) -> None:
    await filled(storage, clock)
    await storage.events.append("CA2", CallAnswered(MOBILE))
    storage.key_ring.follow(ring_of("one", plain=b"", one=ONE))
    everything = await storage.reindexing.left()
    first = next(one for one in index_columns() if one.table is calls)
    done = await storage.reindexing._column(first)
    assert 0 < done < everything
    assert await storage.reindexing.left() == everything - done
    assert await storage.reindexing.run() == everything - done
    assert await storage.reindexing.run() == 0
    assert len(await storage.events.calls_of(MOBILE, clock.now() - timedelta(days=1))) == 1


async def test_a_row_written_by_a_process_that_is_behind_is_found_and_moved_later(
    storage: Storage, clock: PinnedClock
) -> None:
    storage.key_ring.follow(ring_of("one", plain=b"", one=ONE))
    await storage.reindexing.run()
    late = ring_of(PLAIN, plain=b"", one=ONE)
    row = {"id": "CA9", "started_at": clock.now(), "last_event_at": clock.now(), "events": 0}
    async with storage._database.writing() as connection:
        index = str(late.index(MOBILE.reveal()))
        await connection.execute(insert(calls).values(**row, caller_index=index))
    assert [call.call_id for call in await storage.events.calls_of(MOBILE, clock.now())] == ["CA9"]
    assert await storage.reindexing.run() == 1
    storage.key_ring.follow(ring_of("one", one=ONE))
    assert [call.call_id for call in await storage.events.calls_of(MOBILE, clock.now())] == ["CA9"]


def test_objections_are_the_tables_compared_inside_the_database() -> None:
    assert {table.name for table in DOUBLED} == {"opt_outs", "data_limits"}


ROWS = 1_500


@contextlib.asynccontextmanager
async def rotating(folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """``callbot privacy keys rotate-index --now`` on a folder of data."""
    command = (sys.executable, "-m", "tests.storage.rotating", str(folder))
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.process
async def test_killed_in_the_middle_it_goes_on_and_ends(
    sqlite_template: Path, tmp_path: Path, clock: PinnedClock
) -> None:
    path, keys = tmp_path / "callbot.db", tmp_path / "keys.json"
    await asyncio.to_thread(path.write_bytes, await asyncio.to_thread(sqlite_template.read_bytes))
    ring = (await asyncio.to_thread(read_or_make, keys)).ring()
    numbers = [PhoneNumber(f"+3360{number:07d}") for number in range(ROWS)]
    row = {"started_at": clock.now(), "last_event_at": clock.now(), "events": 0}
    async with await Storage.open(f"sqlite+aiosqlite:///{path}", ring, clock.now) as storage:
        rows = [
            {**row, "id": f"CA{place}", "caller_index": str(ring.index(number.reveal()))}
            for place, number in enumerate(numbers)
        ]
        async with storage._database.writing() as connection:
            await connection.execute(insert(calls), rows)
    async with rotating(tmp_path) as process:
        while not 0 < await asyncio.to_thread(moved, path) < ROWS:
            assert process.returncode is None
            await asyncio.sleep(0.01)
        process.kill()
        await process.wait()
    assert 0 < moved(path) < ROWS
    async with rotating(tmp_path) as process:
        _, told = await process.communicate()
        assert process.returncode == 0, told.decode()
    material = await asyncio.to_thread(read_or_make, keys)
    assert moved(path) == ROWS
    assert PLAIN not in material.index_keys
    async with await Storage.open(f"sqlite+aiosqlite:///{path}", material.ring(), clock.now) as storage:
        assert len(await storage.events.calls_of(numbers[7], clock.now())) == 1


def moved(path: Path) -> int:
    """Calls found by a key that came later."""
    with contextlib.closing(sqlite3.connect(path)) as plain:
        return int(plain.execute("SELECT count(*) FROM calls WHERE caller_index LIKE '%.%'").fetchone()[0])
