"""What several hosts on one database agree on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callbot.domain.events import CallAnswered, CallerSpoke, Channel, NothingHeard
from callbot.storage import Storage
from callbot.storage.hosts import LEASE
from tests.booking.sample import PinnedClock


async def test_a_mark_is_used_up_once_and_forgotten_when_nobody_would_take_it(
    storage: Storage, clock: PinnedClock
) -> None:
    ends = clock.now() + timedelta(minutes=1)
    assert await storage.used_tickets.use_up("a", ends)
    assert not await storage.used_tickets.use_up("a", ends)
    assert await storage.used_tickets.use_up("b", ends)
    clock.advance(minutes=1, seconds=1)
    assert await storage.used_tickets.use_up("a", clock.now())


async def test_a_chore_is_one_process_s_until_it_does_not_renew(storage: Storage, clock: PinnedClock) -> None:
    leases = storage.leases
    assert await leases.take("figures", "one")
    assert await leases.take("figures", "one")
    assert not await leases.take("figures", "two")
    assert await leases.take("reminders", "two")
    clock.at += LEASE
    assert not await leases.take("figures", "two")
    assert await leases.take("figures", "one")
    clock.at += LEASE
    assert not await leases.take("figures", "two")
    clock.advance(seconds=1)
    assert await leases.take("figures", "two")
    assert not await leases.take("figures", "one")


async def test_who_stops_leaves_its_chores_to_others_at_once(storage: Storage) -> None:
    assert await storage.leases.take("figures", "one")
    await storage.leases.release("two", "figures")
    assert not await storage.leases.take("figures", "two")
    await storage.leases.release("one", "figures")
    assert await storage.leases.take("figures", "two")


@pytest.mark.parametrize(("after", "stored"), [(0, False), (1, True), (2, False)])
async def test_of_two_writers_of_a_call_the_second_learns_it(storage: Storage, after: int, stored: bool) -> None:
    assert await storage.events.follow("CA1", CallAnswered(None, Channel.TURNS), 0)
    assert await storage.events.follow("CA1", CallerSpoke("oui"), after) is stored
    assert len(await storage.events.events("CA1")) == 1 + stored


async def test_a_call_that_is_not_known_has_no_second_event(storage: Storage) -> None:
    assert not await storage.events.follow("CA1", NothingHeard(), 1)
    assert await storage.events.summary("CA1") is None
