"""The chained journal on both databases: appended to only, and no edit of a copy goes unseen."""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from callbot.privacy import KeyRing
from callbot.privacy.chain import Fault
from callbot.privacy.journal import Noted, anchor_daily, anchor_now, note_knowledge
from callbot.storage import Storage
from callbot.storage.period_keys import Purpose
from tests.booking.sample import PinnedClock
from tests.storage.conftest import KEYS

EDITS = 1_000


async def filled(storage: Storage, count: int = 12) -> None:
    kinds = list(Noted)
    for number in range(count):
        await storage.journal.note(kinds[number % len(kinds)], "agent", f"reason {number}", f"thing {number}")


async def test_entries_come_back_and_the_chain_holds(storage: Storage, clock: PinnedClock) -> None:
    assert (await storage.journal.verify()).holds
    await storage.journal.note(Noted.ERASURE, "dpo", "request 12", "8 rows")
    clock.advance(minutes=1)
    await storage.reveals.record("agent", "réclamation", "bookings")
    look, erasure = await storage.journal.entries()
    assert (erasure.number, erasure.kind, erasure.who, erasure.reason, erasure.what) == (
        1, Noted.ERASURE, "dpo", "request 12", "8 rows",
    )  # fmt: skip
    assert (look.number, look.kind, look.at) == (2, Noted.LOOK, clock.now())
    assert [entry.number for entry in await storage.journal.entries(Noted.ERASURE)] == [1]
    verdict = await storage.journal.verify()
    assert verdict.holds
    assert verdict.entries == 2


async def test_entries_noted_at_once_get_one_number_each(storage: Storage) -> None:
    await asyncio.gather(*(storage.journal.note(Noted.LOOK, "agent", "why", str(number)) for number in range(20)))
    assert sorted(entry.number for entry in await storage.journal.entries()) == list(range(1, 21))
    more = asyncio.gather(*(storage.journal.note(Noted.LOOK, "agent", "why", "more") for _ in range(20)))
    verdicts = [await storage.journal.verify() for _ in range(15)]
    await more
    assert all(verdict.holds for verdict in verdicts)
    assert (await storage.journal.verify()).entries == 40


@pytest.mark.parametrize(
    "change", ["UPDATE journal SET kind = 'look'", "DELETE FROM journal", "DELETE FROM journal WHERE number = 12"]
)
async def test_the_database_refuses_any_change(storage: Storage, change: str) -> None:
    await filled(storage)
    with pytest.raises(DBAPIError, match="append-only"):
        async with storage.retention_run("not even so") as connection:
            await connection.execute(text(change))
    assert (await storage.journal.verify()).entries == 12


@pytest.mark.parametrize(
    "replacing",
    [
        "INSERT OR REPLACE INTO journal SELECT number, at, 'look', content_sealed, previous, 'x' FROM journal",
        "INSERT OR REPLACE INTO journal SELECT 9, at, kind, content_sealed, previous, hash FROM journal",
    ],
    ids=["by number", "by hash"],
)
async def test_sqlite_replaces_no_entry_either(tmp_path: Path, sqlite_template: Path, replacing: str) -> None:
    path = shutil.copyfile(sqlite_template, tmp_path / "callbot.db")
    async with await Storage.open(f"sqlite+aiosqlite:///{path}", KEYS) as storage:
        await filled(storage, 1)
        with pytest.raises(DBAPIError, match="append-only"):
            async with storage._database.writing() as connection:
                await connection.execute(text(replacing))
        assert (await storage.journal.verify()).holds


async def test_a_journal_that_is_taken_away_whole_is_missed(tmp_path: Path, sqlite_template: Path) -> None:
    path = shutil.copyfile(sqlite_template, tmp_path / "callbot.db")
    async with await Storage.open(f"sqlite+aiosqlite:///{path}", KEYS) as storage:
        await filled(storage, 3)
        with _without_triggers(path) as plain:
            plain.execute("DELETE FROM journal")
            plain.execute("DELETE FROM journal_head")
        assert [one.fault for one in (await storage.journal.verify()).broken] == [Fault.HEAD]


async def test_nobody_reads_who_looked_without_the_keys(storage: Storage) -> None:
    await storage.reveals.record("agent-name", "a reason to look", "a thing looked at")
    async with storage._database.reading() as connection:
        [row] = (await connection.execute(text("SELECT * FROM journal"))).all()
    assert not any(b"agent-name" in str(value).encode() or b"reason" in str(value).encode() for value in row)


async def test_the_month_whose_key_is_destroyed_is_unreadable_and_its_chain_holds(
    storage: Storage, clock: PinnedClock
) -> None:
    await filled(storage, 3)
    clock.advance(days=40)
    await storage.journal.note(Noted.LOOK, "agent", "why", "later")
    assert await storage.journal._periods.destroy_before(Purpose.JOURNAL, clock.now().date(), clock.now()) == 1
    said = [entry.what for entry in await storage.journal.entries()]
    assert said == ["later", None, None, None]
    assert [look.what for look in await storage.reveals.entries()] == ["later"]
    assert (await storage.journal.verify()).holds


async def test_a_day_is_anchored_once_and_the_code_finds_its_state(storage: Storage, clock: PinnedClock) -> None:
    assert await anchor_daily(storage.journal, clock.now()) is None
    await filled(storage, 4)
    code = await anchor_daily(storage.journal, clock.now())
    assert code is not None
    assert await anchor_daily(storage.journal, clock.now() + timedelta(hours=2)) is None
    clock.advance(days=1)
    assert await anchor_daily(storage.journal, clock.now()) != code
    assert (await storage.journal.verify(code)).anchored == 4
    lost = await storage.journal.verify("0000-0000-0000-0000")
    assert [one.fault for one in lost.broken] == [Fault.ANCHOR]


async def test_a_version_of_the_knowledge_base_is_noted_when_it_changes(storage: Storage) -> None:
    noted = [await note_knowledge(storage.journal, version) for version in ("a", "a", "b", "a")]
    assert noted == [True, False, True, True]
    assert [entry.what for entry in await storage.journal.entries(Noted.KNOWLEDGE)] == ["a", "b", "a"]


async def test_an_older_copy_put_in_the_place_of_the_journal_is_told_by_the_anchor(
    tmp_path: Path, sqlite_template: Path, key_ring: KeyRing
) -> None:
    path = shutil.copyfile(sqlite_template, tmp_path / "callbot.db")
    async with await Storage.open(f"sqlite+aiosqlite:///{path}", key_ring) as storage:
        await filled(storage, 4)
    with sqlite3.connect(path) as plain:
        kept = b"".join(line.encode() for line in plain.iterdump())
    async with await Storage.open(f"sqlite+aiosqlite:///{path}", key_ring) as storage:
        await filled(storage, 2)
        code = await anchor_now(storage.journal)
    older = tmp_path / "older.db"
    with sqlite3.connect(older) as plain:
        plain.executescript(kept.decode())
    async with await Storage.open(f"sqlite+aiosqlite:///{older}", key_ring) as storage:
        assert (await storage.journal.verify()).holds
        assert not (await storage.journal.verify(code)).holds


Row = tuple[int, str, str, bytes, str, str]


def _edit(row: Row, luck: random.Random) -> Row:
    """Another value in one column, the number apart."""
    values = list(row)
    column = luck.randrange(1, 6)
    old = values[column]
    if isinstance(old, bytes):
        at = luck.randrange(len(old))
        values[column] = old[:at] + bytes([old[at] ^ luck.randrange(1, 256)]) + old[at + 1 :]
    elif column == 1:
        values[column] = f"2026-11-{luck.randrange(10, 20)} 0{luck.randrange(10)}:00:00.{luck.randrange(10**6):06}"
    elif column == 2:
        values[column] = luck.choice([kind.value for kind in Noted if kind.value != old])
    else:
        values[column] = luck.randbytes(32).hex()
    return tuple(values)  # type: ignore[return-value]


def _tampered(rows: list[Row], luck: random.Random) -> tuple[str, list[Row]]:
    """One edit of one of four sorts, by who has no key but knows how the table looks."""
    at = luck.randrange(len(rows))
    sort = luck.choice(("changed", "removed", "moved", "put in"))
    if sort == "changed":
        return sort, [*rows[:at], _edit(rows[at], luck), *rows[at + 1 :]]
    if sort == "removed":
        gap = luck.random() < 0.5
        left = [*rows[:at], *rows[at + 1 :]]
        return sort, left if gap else [(number, *row[1:]) for number, row in enumerate(left, 1)]
    if sort == "moved":
        other = luck.choice([index for index in range(len(rows)) if index != at])
        order = list(rows)
        order[at], order[other] = order[other], order[at]
        return sort, [(number, *row[1:]) for number, row in enumerate(order, 1)]
    new = _edit(rows[at], luck)
    new = (*new[:4], rows[at - 1][5] if at else "0" * 64, luck.randbytes(32).hex())
    return sort, [(number, *row[1:]) for number, row in enumerate([*rows[:at], new, *rows[at:]], 1)]


@contextmanager
def _without_triggers(path: Path) -> Iterator[sqlite3.Connection]:
    plain = sqlite3.connect(path, isolation_level=None)
    plain.execute("DROP TRIGGER journal_never_changes")
    plain.execute("DROP TRIGGER journal_never_loses")
    plain.execute("DROP TRIGGER journal_never_replaces")
    yield plain
    plain.close()


def _write(plain: sqlite3.Connection, rows: list[Row]) -> None:
    plain.execute("BEGIN")
    plain.execute("DELETE FROM journal")
    plain.executemany("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?)", rows)
    plain.execute("COMMIT")


async def test_a_thousand_random_edits_of_a_copy_are_all_found(tmp_path: Path, sqlite_template: Path) -> None:
    path = shutil.copyfile(sqlite_template, tmp_path / "copy.db")
    luck = random.Random(20261130)
    missed: list[str] = []
    sorts: set[str] = set()
    async with await Storage.open(f"sqlite+aiosqlite:///{path}", KEYS) as storage:
        await filled(storage, 12)
        with _without_triggers(path) as plain:
            before: list[Row] = plain.execute("SELECT * FROM journal ORDER BY number").fetchall()
            for _ in range(EDITS):
                sort, rows = _tampered(before, luck)
                assert rows != before
                _write(plain, rows)
                sorts.add(sort)
                if (await storage.journal.verify()).holds:
                    missed.append(sort)
            _write(plain, before)
        assert (await storage.journal.verify()).holds
    assert sorts == {"changed", "removed", "moved", "put in"}
    assert missed == []
