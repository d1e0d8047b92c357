"""Keys rotate under rows of every kind: nothing is lost, nothing stays under the old key, and it can be interrupted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from callbot.domain.events import Booked, CallerSpoke
from callbot.domain.personal import EmailAddress, PersonName
from callbot.privacy import CannotOpenError, KeyRing
from callbot.privacy.journal import Noted
from callbot.privacy.keys import new_key
from callbot.storage import Storage
from callbot.storage.resealing import SEALED, UNCHANGED, Resealing, sealed_columns
from tests.booking.sample import MOBILE, PinnedClock, draft
from tests.storage import aged

OLD, NEW, INDEX = new_key(), new_key(), new_key()


def test_every_sealed_column_is_sealed_again_or_append_only() -> None:
    known = {(one.table.name, one.column) for one in SEALED} | UNCHANGED
    assert set(sealed_columns()) == known


@pytest.fixture
def key_ring() -> KeyRing:
    return KeyRing({"old": OLD}, "old", INDEX)


async def filled(storage: Storage, clock: PinnedClock) -> str:
    """A booking with everything, its messages, a conversation and the journal; its reference."""
    desk = aged.desk_on(storage, clock)
    booked = await desk.book(replace(draft(), name=PersonName("Durand"), email=EmailAddress("durand@example.org")))
    assert isinstance(booked, Booked)
    await storage.events.append("CA1", CallerSpoke("douze rue de Rome"))
    await storage.journal.note(Noted.LOOK, "agent", "why", "what")
    async with storage.unit_of_work() as work:
        await work.photos.add_photo(booked.reference, b"picture", clock.now())
    return booked.reference


async def test_nothing_stays_under_the_old_key_and_everything_opens(storage: Storage, clock: PinnedClock) -> None:
    reference = await filled(storage, clock)
    before = await storage.booking(reference)
    ring = storage._keys
    assert ring.follow(KeyRing({"old": OLD, "new": NEW}, "new", INDEX))
    resealing = Resealing(storage._database, ring)
    assert set(await resealing.in_use()) == {"old"}
    assert await resealing.run() > 0
    assert set(await resealing.in_use()) == {"new"}
    assert await resealing.run() == 0
    assert ring.follow(KeyRing({"new": NEW}, "new", INDEX))
    assert await storage.booking(reference) == before
    assert [booking.reference for booking in await storage.bookings_of_phone(MOBILE)] == [reference]
    assert await storage.events.events("CA1") == [CallerSpoke("douze rue de Rome")]
    async with storage.unit_of_work() as work:
        assert await work.photos.photos(reference) == {1: b"picture"}
    leased = await storage.outbox.lease("me", clock.now() + timedelta(days=1), timedelta(minutes=1), 10)
    assert MOBILE.reveal() in {message.to.reveal() for message in leased}
    assert (await storage.journal.verify()).holds
    assert (await storage.journal.entries())[0].what == "what"


async def test_a_value_whose_key_is_gone_is_told_and_not_lost(storage: Storage, clock: PinnedClock) -> None:
    await filled(storage, clock)
    storage._keys.follow(KeyRing({"new": NEW}, "new", INDEX))
    with pytest.raises(CannotOpenError, match="'old'"):
        await Resealing(storage._database, storage._keys).run()
    assert set(await Resealing(storage._database, storage._keys).in_use()) == {"old"}


async def test_it_goes_on_where_it_was_interrupted_and_over_more_rows_than_a_batch(
    storage: Storage, clock: PinnedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callbot.storage.resealing.BATCH", 2)
    async with storage.unit_of_work() as work:
        for number in range(5):
            await work.outgoing.queue_sms(f"m{number}", MOBILE, f"Bonjour {number}")
    ring = storage._keys
    ring.follow(KeyRing({"old": OLD, "new": NEW}, "new", INDEX))
    resealing = Resealing(storage._database, ring)
    rows = [one for one in SEALED if one.table.name == "outbox"]
    async with storage._database.reading() as connection:
        [first, *_] = (await connection.execute(rows[0].table.select())).all()
    assert await resealing.left() == 10
    assert await resealing._row(rows[0].table, first, rows) == 2
    assert await resealing.left() == 8
    assert await resealing.run() == 8
    assert await resealing.left() == 0
    assert await aged.rows(storage, "outbox") == 5
