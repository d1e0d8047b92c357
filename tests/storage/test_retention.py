"""Nothing is kept past its limit and nothing goes before it: a clock on both sides of each, on both databases."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from callbot.domain.events import CallAnswered, CallerSpoke
from callbot.privacy import CannotOpenError, KeyRing
from callbot.privacy.copies import Copy, CopyDeletion, CopyKind
from callbot.privacy.journal import Noted
from callbot.privacy.keys import signature_fits
from callbot.privacy.purging import Purge
from callbot.privacy.retention import WITHOUT_PERSON, Kind, listed_tables, rules
from callbot.settings import Retention
from callbot.storage import Storage
from callbot.storage.regression_cases import SealedCases
from callbot.storage.tables import metadata
from tests.booking.sample import PinnedClock
from tests.storage import aged

LIMITS = {rule.kind: rule.days for rule in rules(Retention())}
MOMENT = timedelta(seconds=1)

Ageing = Callable[[Storage, str, datetime], Awaitable[None]]

BY_MOMENT: dict[Kind, tuple[Ageing, str]] = {
    Kind.MESSAGES: (lambda storage, name, at: aged.message(storage, name, at, f"XX{name}"), "outbox"),
    Kind.CALL_BACKS: (aged.call_back, "call_backs"),
    Kind.REPORTS: (aged.report, "reports"),
    Kind.JOURNAL: (lambda storage, _name, at: aged.look(storage, at), "reveal_journal"),
    Kind.SIGN_INS: (lambda storage, _name, at: aged.sign_in(storage, at), "sign_in_attempts"),
    Kind.ACCOUNTS: (aged.closed_account, "accounts"),
}


class Deleting:
    """A phone company that answers as it is told; ids it was asked for."""

    def __init__(self, *answers: int | None) -> None:
        self.answers = list(answers)
        self.asked: list[Copy] = []
        self.inbound: list[Copy] = []
        self.before: datetime | None = None

    async def sent_to_us(self, before: datetime) -> list[Copy]:
        self.before = before
        return self.inbound

    async def delete(self, copy: Copy) -> int | None:
        self.asked.append(copy)
        return self.answers.pop(0) if self.answers else 204


def purge(storage: Storage, clock: PinnedClock, keys: KeyRing, provider: Deleting | None = None) -> Purge:
    copies = CopyDeletion(storage.provider_copies, provider, clock.now) if provider else None
    return Purge(storage.retention, storage.journal, keys, clock.now, rules(Retention()), copies)


def test_every_table_says_how_long_it_is_kept_or_why_nobody_is_in_it() -> None:
    assert set(metadata.tables) - listed_tables(Retention()) == set()
    sealed = {name for name, table in metadata.tables.items() if any(c.name.endswith("_sealed") for c in table.columns)}
    indexed = {name for name, table in metadata.tables.items() if any(c.name.endswith("_index") for c in table.columns)}
    assert (sealed | indexed) & WITHOUT_PERSON.keys() == set()


@pytest.mark.parametrize("kind", list(BY_MOMENT))
async def test_what_is_a_moment_too_old_goes_and_what_is_not_stays(
    storage: Storage, clock: PinnedClock, key_ring: KeyRing, kind: Kind
) -> None:
    age, table = BY_MOMENT[kind]
    limit = clock.at - timedelta(days=LIMITS[kind])
    await age(storage, "old", limit - MOMENT)
    await age(storage, "new", limit + MOMENT)
    dry = await purge(storage, clock, key_ring).run(dry=True)
    assert {one.kind: one.due for one in dry.kinds}[kind] == 1
    assert not dry.clean
    assert await aged.rows(storage, table) == 2
    report = await purge(storage, clock, key_ring).run()
    assert {one.kind: (one.removed, one.left) for one in report.kinds}[kind] == (1, 0)
    assert report.clean
    assert await aged.rows(storage, table) == 1
    assert await storage.retention.oldest(kind) == limit + MOMENT


@pytest.mark.parametrize(("kind", "table"), [(Kind.BOOKINGS, "bookings"), (Kind.PHOTOS, "booking_photos")])
async def test_bookings_and_photos_count_from_the_end_of_their_pickup(
    storage: Storage, clock: PinnedClock, key_ring: KeyRing, kind: Kind, table: str
) -> None:
    day = clock.now().date() - timedelta(days=LIMITS[kind])
    await aged.booking(storage, "AAAAA", day)
    await aged.booking(storage, "BBBBB", day + timedelta(days=1))
    clock.at = clock.at.replace(hour=21, minute=59)  # 22:59 in Marseille, 23:59 before the clocks changed
    assert (await purge(storage, clock, key_ring).run()).clean
    assert await aged.rows(storage, table) == 2
    clock.at = clock.at.replace(hour=23, minute=0)
    report = await purge(storage, clock, key_ring).run()
    assert {one.kind: (one.due, one.removed, one.left) for one in report.kinds}[kind] == (1, 1, 0)
    assert await aged.rows(storage, table) == 1


async def test_words_go_after_thirty_days_with_the_index_of_who_rang_and_masked_calls_a_year_later(
    storage: Storage, clock: PinnedClock, key_ring: KeyRing
) -> None:
    limit = clock.at - timedelta(days=30)
    await aged.call(storage, clock, "CA1", limit - MOMENT)
    await aged.call(storage, clock, "CA2", limit + MOMENT)
    await aged.hand_over(storage, "CA1", limit - MOMENT)
    await aged.hand_over(storage, "CA2", limit + MOMENT)
    await purge(storage, clock, key_ring).run()
    assert await storage.events.events("CA1") == []
    assert await storage.events.events("CA2") == [CallAnswered(aged.CALLER), CallerSpoke("douze rue de Rome")]
    assert [call.call_id for call in await storage.events.calls_of(aged.CALLER, limit - timedelta(days=9))] == ["CA2"]
    async with storage._database.reading() as connection:
        notes = await connection.execute(text("SELECT call_id FROM hand_overs WHERE note_sealed IS NOT NULL"))
        assert list(notes.scalars()) == ["CA2"]
    assert await aged.rows(storage, "calls") == 2
    for call_id in ("CA1", "CA2"):
        await aged.masked(storage, call_id, limit)
    clock.at = limit + timedelta(days=365)
    await purge(storage, clock, key_ring).run()
    left = {table: await aged.rows(storage, table) for table in ("calls", "hand_overs", "review_calls", "review_lines")}
    assert left == dict.fromkeys(left, 1)


async def test_the_key_of_a_day_is_destroyed_once_nothing_of_it_may_be_read(
    storage: Storage, clock: PinnedClock, key_ring: KeyRing
) -> None:
    written = clock.at
    await aged.call(storage, clock, "CA1", written)
    async with storage._database.reading() as connection:
        backup = (await connection.execute(text("SELECT * FROM call_events"))).all()
    clock.at = written.replace(hour=1, minute=0) + timedelta(days=31) - MOMENT
    await purge(storage, clock, key_ring).run()
    assert await storage.events.events("CA1") == []  # the rows are gone; the key is there for one second more
    clock.advance(seconds=2)
    await purge(storage, clock, key_ring).run()
    async with storage._database.writing() as connection:
        for row in backup:
            await connection.execute(
                text("INSERT INTO call_events VALUES (:call_id, :seq, :at, :kind, NULL, :payload_sealed)"),
                {**row._mapping, "at": row.at},
            )
    with pytest.raises(CannotOpenError, match="destroyed"):
        await storage.events.events("CA1")


async def test_a_signed_report_a_day_is_noted_in_the_journal(
    storage: Storage, clock: PinnedClock, key_ring: KeyRing
) -> None:
    await aged.report(storage, "CA1", clock.at - timedelta(days=366))
    daily = purge(storage, clock, key_ring)
    report = await daily.daily()
    assert report is not None
    assert await daily.daily() is None
    clock.advance(days=1)
    assert await daily.daily() is not None
    (_, first) = await storage.retention.signed_reports()
    assert first == (report.text, report.signature)
    assert signature_fits(key_ring.verifying_key, *first)
    assert not signature_fits(key_ring.verifying_key, report.text.replace('"removed": 1', '"removed": 2'), first[1])
    assert {one["kind"] for one in json.loads(report.text)["kinds"]} == set(Kind) - {
        Kind.SOUND, Kind.PROVIDER_COPIES, Kind.CASES,
    }  # fmt: skip
    noted = await storage.journal.entries(Noted.RETENTION)
    assert len(noted) == 2
    assert "reports 1" in (noted[1].what or "")


async def test_copies_of_the_phone_company_are_deleted_and_its_answers_kept(
    storage: Storage, clock: PinnedClock, key_ring: KeyRing
) -> None:
    limit = clock.at - timedelta(days=30)
    for number, at in enumerate((limit - 2 * MOMENT, limit - MOMENT, limit + MOMENT)):
        await aged.call(storage, clock, f"CA{number}", at)
        await aged.message(storage, f"m{number}", at, f"SM{number}")
    provider = Deleting(204, 404, 500)
    report = await purge(storage, clock, key_ring, provider).run()
    assert provider.asked == [
        Copy(CopyKind.CALL, "CA0"), Copy(CopyKind.CALL, "CA1"), Copy(CopyKind.MESSAGE, "SM0"),
        Copy(CopyKind.MESSAGE, "SM1"),
    ]  # fmt: skip
    assert not report.clean
    assert await storage.provider_copies.counts() == (3, 1, 0)
    async with storage._database.reading() as connection:
        answers = await connection.execute(text("SELECT sid, answer FROM provider_copies ORDER BY sid"))
        assert [tuple(row) for row in answers] == [("CA0", 204), ("CA1", 404), ("SM0", 500), ("SM1", 204)]
    clock.advance(hours=1)
    again = Deleting(None)
    assert not (await purge(storage, clock, key_ring, again).run()).clean
    assert len(again.asked) == 1
    clock.advance(hours=1)
    assert (await purge(storage, clock, key_ring, Deleting()).run()).clean


async def test_what_residents_sent_to_the_phone_company_goes_too(
    storage: Storage, clock: PinnedClock, key_ring: KeyRing
) -> None:
    provider = Deleting(204, 204)
    provider.inbound = [Copy(CopyKind.MESSAGE, "SM8"), Copy(CopyKind.MESSAGE, "SM9")]
    report = await purge(storage, clock, key_ring, provider).run()
    assert report.clean
    assert provider.before == clock.at - timedelta(days=30)
    assert provider.asked == provider.inbound
    clock.advance(hours=1)
    await purge(storage, clock, key_ring, provider).run()
    assert provider.asked == provider.inbound
    assert await storage.provider_copies.counts() == (2, 0, 0)


async def test_cases_in_files_go_with_the_calls_they_are_made_from(
    storage: Storage, clock: PinnedClock, key_ring: KeyRing, tmp_path: Path
) -> None:
    cases = SealedCases(tmp_path, key_ring)
    limit = clock.at - timedelta(days=LIMITS[Kind.CASES])
    for name, made in (("old", limit - MOMENT), ("new", limit + MOMENT)):
        await asyncio.to_thread(cases.write, name, "texte")
        await asyncio.to_thread(os.utime, tmp_path / f"{name}.sealed", (made.timestamp(), made.timestamp()))
        await asyncio.to_thread(cases.seal_again, name)
    report = await replace(purge(storage, clock, key_ring), cases=cases).run()
    [line] = [kind for kind in report.kinds if kind.kind is Kind.CASES]
    assert (line.due, line.removed, line.left) == (1, 1, 0)
    assert await asyncio.to_thread(cases.names) == ("new",)
    assert line.oldest == (limit + MOMENT).isoformat()
