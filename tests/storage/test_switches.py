"""The switch over both databases: seen by a second process, never edited, tripped by what the calls tell."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from callbot.domain.events import CallerSpoke, Ended, EndReason, HandedOver, HandOverReason, PartFailed, Prompted
from callbot.editing.switch import CACHE_S, CachedSwitch, Switch, Switched
from callbot.editing.tripping import Signs
from callbot.privacy import KeyRing
from callbot.storage import Storage
from tests.booking.sample import PinnedClock


async def test_a_second_process_sees_it_within_the_cache_time(
    storage: Storage, database_url: str, key_ring: KeyRing, clock: PinnedClock
) -> None:
    seconds = [0.0]
    async with await Storage.open(database_url, key_ring, clock.now) as other:
        seen = CachedSwitch(other.switches, lambda: seconds[0])
        assert not await seen.to_people()
        assert await Switch(storage.switches, clock).turn("a.essai", "essai de panne", to_people=True)
        seconds[0] += CACHE_S
        assert await seen.to_people()
        assert await Switch(storage.switches, clock).turn("b.essai", "tout va bien", to_people=False)
        seconds[0] += CACHE_S
        assert not await seen.to_people()
    assert [(line.to_people, line.by) for line in await storage.switches.history(9)] == [
        (False, "b.essai"), (True, "a.essai"),
    ]  # fmt: skip


async def test_of_two_that_trip_at_once_one_writes(storage: Storage, clock: PinnedClock) -> None:
    trips = [Switched(to_people=True, by="automatic", reason=f"panne {one}", at=clock.now()) for one in range(4)]
    added = await asyncio.gather(*(storage.switches.add(trip) for trip in trips))
    assert sorted(added) == [False, False, False, True]


@pytest.mark.parametrize("deed", ["UPDATE service_switches SET made_by = 'x'", "DELETE FROM service_switches"])
async def test_the_history_is_never_edited(storage: Storage, clock: PinnedClock, deed: str) -> None:
    await Switch(storage.switches, clock).turn("a.essai", "essai de panne", to_people=True)
    with pytest.raises(DBAPIError, match="append-only"):
        async with storage._database.writing() as connection:
            await connection.execute(text(deed))
    assert len(await storage.switches.history(9)) == 1


async def test_signs_are_counted_by_call_from_a_moment_on(storage: Storage, clock: PinnedClock) -> None:
    async def tell(call: str, *events: PartFailed | Ended | HandedOver | CallerSpoke | Prompted) -> None:
        for event in events:
            await storage.events.append(call, event)

    await tell("CA1", PartFailed("speech"), HandedOver(HandOverReason.TECHNICAL), Ended(EndReason.FAILURE))
    clock.advance(minutes=1)
    since = clock.now()
    await tell("CA2", PartFailed("booking"), PartFailed("booking"), HandedOver(HandOverReason.TECHNICAL))
    await tell("CA3", Ended(EndReason.DONE), HandedOver(HandOverReason.ASKED))
    await tell("CA4", CallerSpoke("bonjour"))
    clock.advance(seconds=3)
    await tell("CA4", Prompted("ask_items", 1, "Quels objets ?"), Prompted("ask_items", 2, "Lesquels ?"))
    assert await storage.signs.since(since) == Signs(1, 1, (3.0,))
