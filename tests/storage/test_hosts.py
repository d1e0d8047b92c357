"""What several hosts on one database agree on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import ProgrammingError

from callbot.domain.events import CallAnswered, CallerSpoke, Channel, NothingHeard
from callbot.insight.figures.figure import CallFilter
from callbot.privacy import KeyRing
from callbot.storage import Connections, Storage
from callbot.storage.hosts import LEASE
from tests.booking.sample import PinnedClock

EVER = CallFilter(date(2026, 1, 1), date(2026, 12, 31))
KEYS = KeyRing({"test": bytes(range(32))}, "test", bytes(32))


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


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_while_the_replica_is_away_the_database_itself_is_read(database_url: str) -> None:
    away = make_url(database_url).set(host="127.0.0.1", port=1).render_as_string(hide_password=False)
    async with await Storage.open(database_url, KEYS, connections=Connections(1, 1, away)) as storage:
        assert await storage.figures.count(EVER) == 0
    assert "@" not in repr(Connections(1, 1, "postgresql://somebody@somewhere/db"))


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_what_may_be_old_is_read_from_the_replica(postgres_server: str, database_url: str) -> None:
    """Another database stands for the one that follows: what is read there says where it came from."""
    empty = make_url(postgres_server).set(database="postgres").render_as_string(hide_password=False)
    async with await Storage.open(database_url, KEYS, connections=Connections(1, 1, empty)) as storage:
        with pytest.raises(ProgrammingError, match="call_facts"):
            await storage.figures.count(EVER)
        assert await storage.events.events("CA1") == []


async def test_a_call_that_is_not_known_has_no_second_event(storage: Storage) -> None:
    assert not await storage.events.follow("CA1", NothingHeard(), 1)
    assert await storage.events.summary("CA1") is None
