"""A database in which a promise is broken behind the program's back turns exactly its clause red."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callbot.privacy.charter import CHECKS, read_charter, run
from callbot.privacy.charter.text import charter_file
from callbot.privacy.dictionary import DICTIONARY, term_of, undocumented, unknown
from callbot.privacy.retention import rules
from callbot.settings import Retention
from callbot.storage import Storage
from tests.privacy.charter_world import NOW, kept_grounds
from tests.storage.conftest import KEYS

CLAUSES = read_charter(charter_file().read_text(encoding="utf-8"))
AT = "2027-03-09 10:00:00.000000"
_DAY = "INSERT INTO pickup_days (sector, day, capacity, used) VALUES ('nord', '2027-03-15', 9, 1)"
_BOOKING = (
    "INSERT INTO bookings (reference, call_id, status, day, sector, insee, commune, postcode, address_sealed,"
    " readback_accepted, created_by, created_at) VALUES (?, ?, ?, '2027-03-15', 'nord', '13001', 'Essai', '13100', ?,"
    " ?, 'bot', '2027-03-09 10:00:00.000000')"
)
_CALL = (
    "INSERT INTO calls (id, started_at, last_event_at, events, channel, end_reason)"
    " VALUES (?, '2027-03-09 10:00:00.000000', '2027-03-09 10:00:00.000000', 3, 'phone', 'done')"
)
_READ = (
    "INSERT INTO review_calls (call_id, started_at, events, readable, channel, insee, territory, motive, outcome,"
    " reason, asked, unsure, abandoned_at, first_words, lines) VALUES (?, '2027-03-09 10:00:00.000000', 3, true,"
    " 'phone', '', '', 'book', 'booked', '', false, false, '', '', 3)"
)
SEALED = b"\x04test" + bytes(range(128, 190))


def sound(db: sqlite3.Connection) -> None:
    db.execute(_DAY)
    db.execute(_BOOKING, ("AAAA1", "call-1", "booked", SEALED, True))
    _call(db, "call-1")
    for seq, speaker, act in ((2, "bot", "notice"), (3, "bot", "ask_need"), (4, "caller", "ask_need")):
        _line(db, "call-1", seq, speaker, act)


def _call(db: sqlite3.Connection, call: str) -> None:
    db.execute(_CALL, (call,))
    db.execute(_READ, (call,))


def _line(db: sqlite3.Connection, call: str, seq: int, speaker: str, act: str) -> None:
    db.execute(
        "INSERT INTO review_lines (call_id, seq, at, speaker, act, masked, entry) VALUES (?, ?, ?, ?, ?, '', '')",
        (call, seq, AT, speaker, act),
    )


def without_checks(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA ignore_check_constraints = ON")


def unread(db: sqlite3.Connection) -> None:
    without_checks(db)
    db.execute(_BOOKING, ("AAAA2", "call-2", "booked", SEALED, False))


def refused(db: sqlite3.Connection) -> None:
    without_checks(db)
    db.execute("UPDATE bookings SET status = 'refused'")


def _rewritten(name: str) -> Callable[[sqlite3.Connection], None]:
    """The same table without one of its rules."""

    def broken(db: sqlite3.Connection) -> None:
        db.execute("PRAGMA writable_schema = ON")
        changed = db.execute(
            "UPDATE sqlite_master SET sql = replace(sql, ?, 'other_rule') WHERE name = 'bookings'", (name,)
        )
        assert changed.rowcount == 1

    return broken


def readable(db: sqlite3.Connection) -> None:
    db.execute("UPDATE bookings SET address_sealed = ?", ("12 rue inventée".encode(),))


def a_new_column(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE bookings ADD COLUMN shoe_size INTEGER")


def rewritable(db: sqlite3.Connection) -> None:
    db.execute("DROP TRIGGER call_events_never_change")


def unannounced(db: sqlite3.Connection) -> None:
    _call(db, "call-3")
    _line(db, "call-3", 2, "bot", "ask_need")
    _line(db, "call-3", 3, "bot", "notice")


def dead_line(db: sqlite3.Connection) -> None:
    db.execute("UPDATE calls SET end_reason = 'broken_stream'")


def too_old(db: sqlite3.Connection) -> None:
    db.execute("UPDATE calls SET last_event_at = '2026-01-01 10:10:00.000000'")


def unequal(db: sqlite3.Connection) -> None:
    db.execute("UPDATE pickup_days SET capacity = 99")
    db.execute("INSERT INTO pickup_days (sector, day, capacity, used) VALUES ('nord', '2027-03-30', 99, 40)")
    for number in range(40):
        for way, day in (("bot", "2027-03-30"), ("agent", "2027-03-15")):
            db.execute(_BOOKING, (f"{way[0]}{number:04}", f"{way}-{number}", "booked", SEALED, True))
            db.execute("UPDATE bookings SET created_by = ?, day = ? WHERE call_id = ?", (way, day, f"{way}-{number}"))


BROKEN: list[tuple[int, Callable[[sqlite3.Connection], None]]] = [
    (1, unannounced),
    (4, refused),
    (4, _rewritten("ck_bookings_status")),
    (5, unread),
    (5, _rewritten("ck_bookings_read_back")),
    (6, a_new_column),
    (8, too_old),
    (11, unequal),
    (14, rewritable),
    (19, readable),
    (20, dead_line),
]


async def broken_by(path: Path, breaks: Callable[[sqlite3.Connection], None] | None) -> tuple[int, ...]:
    """The promises that the database at ``path`` breaks; all that it does not tell is kept."""
    with sqlite3.connect(path) as db:
        sound(db)
        if breaks:
            breaks(db)
    db.close()
    async with await Storage.open(f"sqlite+aiosqlite:///{path}", KEYS, lambda: NOW) as storage:
        read = await storage.charter.read(NOW)
    grounds = kept_grounds()
    known = grounds.database
    assert known is not None
    database = replace(
        read, journal_holds=True, last_purge=known.last_purge, first_day=known.first_day,
        signed_month=known.signed_month, last_exercise=known.last_exercise,
        lead_times=read.lead_times if len(read.lead_times) > 1 else known.lead_times,
    )  # fmt: skip
    limits = {table: rule.days for rule in rules(Retention()) for table in rule.tables}
    return run(
        CLAUSES, CHECKS,
        replace(
            grounds, database=database, configuration=replace(grounds.configuration, limits=limits),
            register=replace(grounds.register, undocumented=undocumented(DICTIONARY, read.columns)),
        ),
    ).broken  # fmt: skip


async def test_a_sound_database_breaks_no_promise(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "copy.db"
    shutil.copyfile(sqlite_template, path)
    assert await broken_by(path, None) == ()


@pytest.mark.parametrize(("number", "breaks"), BROKEN, ids=[f"{n}-{b.__name__}{i}" for i, (n, b) in enumerate(BROKEN)])
async def test_a_database_that_breaks_a_promise(
    sqlite_template: Path, tmp_path: Path, number: int, breaks: Callable[[sqlite3.Connection], None]
) -> None:
    path = tmp_path / "copy.db"
    shutil.copyfile(sqlite_template, path)
    assert await broken_by(path, breaks) == (number,)


async def test_both_databases_are_read_and_every_column_is_in_the_dictionary(database_url: str) -> None:
    async with await Storage.open(database_url, KEYS) as storage:
        found = await storage.charter.read(datetime.now(UTC))
    assert undocumented(DICTIONARY, found.columns) == ()
    assert unknown(DICTIONARY, found.columns) == ()
    assert found.unguarded == found.missing_constraints == found.readable == ()
    assert found.calls == found.bookings == found.unannounced == 0


def test_every_table_says_how_long_it_is_kept() -> None:
    kept = rules(Retention())
    assert [entry.table for entry in DICTIONARY if not term_of(entry.table, kept)] == []
    assert term_of("call_events", kept) == "30 jours après la fin de la conversation"
