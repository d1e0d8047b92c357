"""The switch trips at its thresholds, not below them, on what happened in the last minutes and since it went back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from callbot.editing.switch import AUTOMATIC, CACHE_S, CachedSwitch, NoReasonError, Switch, Switched
from callbot.editing.tripping import LEAST_WAITS, Signs, Thresholds, Watch, slowest, tripped
from tests.booking.sample import PinnedClock

WINDOW = timedelta(minutes=10)


class History:
    """The history in memory; ``broken``: the database is away."""

    def __init__(self) -> None:
        self.entries: list[Switched] = []
        self.broken = False
        self.reads = 0

    async def current(self) -> Switched | None:
        self.reads += 1
        if self.broken:
            raise OSError("away")
        return self.entries[-1] if self.entries else None

    async def add(self, entry: Switched) -> bool:
        now = await self.current()
        if (now is not None and now.to_people) == entry.to_people:
            return False
        self.entries.append(entry)
        return True

    async def history(self, limit: int) -> list[Switched]:
        return self.entries[::-1][:limit]


class Happened:
    """Failures at these moments."""

    def __init__(self, failures: Sequence[datetime]) -> None:
        self.failures = failures

    async def since(self, first: datetime) -> Signs:
        return Signs(failures=sum(at >= first for at in self.failures))


@pytest.mark.parametrize(
    ("signs", "limits", "trips"),
    [
        (Signs(failures=2), Thresholds(WINDOW, failures=3), False),
        (Signs(failures=3), Thresholds(WINDOW, failures=3), True),
        (Signs(technical=4), Thresholds(WINDOW, technical=5), False),
        (Signs(technical=5), Thresholds(WINDOW, technical=5), True),
        (Signs(waits_s=[1.9] * 30), Thresholds(WINDOW, latency_s=2.0), False),
        (Signs(waits_s=[2.0] * 30), Thresholds(WINDOW, latency_s=2.0), True),
        (Signs(waits_s=[9.0] * (LEAST_WAITS - 1)), Thresholds(WINDOW, latency_s=2.0), False),
        (Signs(waits_s=[9.0] * LEAST_WAITS), Thresholds(WINDOW, latency_s=2.0), True),
        (Signs(99, 99, [99.0] * 99), Thresholds(WINDOW), False),
    ],
)
def test_each_threshold_trips_when_reached_and_not_below(signs: Signs, limits: Thresholds, *, trips: bool) -> None:
    assert bool(tripped(signs, limits)) is trips


def test_two_in_twenty_who_wait_long_are_not_one_in_ten_passed() -> None:
    assert slowest([1.0] * 18 + [9.0] * 2) == 1.0
    assert slowest([1.0] * 17 + [9.0] * 3) == 9.0


async def test_what_is_older_than_the_window_does_not_count() -> None:
    clock, history = PinnedClock(), History()
    watch = Watch(history, Happened([clock.now()] * 3), Thresholds(WINDOW, failures=3), clock)
    clock.advance(minutes=10, seconds=1)
    assert not await watch.look()
    clock.advance(seconds=-1)
    assert await watch.look()
    assert history.entries[-1].by == AUTOMATIC
    assert "3 appels avec une panne en 10 minutes" in history.entries[-1].reason


async def test_it_trips_once_and_old_failures_do_not_trip_it_again_after_it_went_back() -> None:
    clock, history = PinnedClock(), History()
    watch = Watch(history, Happened([clock.now()] * 3), Thresholds(WINDOW, failures=3), clock)
    assert await watch.look()
    assert not await watch.look()
    clock.advance(seconds=30)
    assert await Switch(history, clock).turn("a.essai", "réparé, essayé", to_people=False)
    assert not await watch.look()
    assert [entry.to_people for entry in history.entries] == [True, False]


async def test_nobody_switches_without_a_reason() -> None:
    switch = Switch(History(), PinnedClock())
    with pytest.raises(NoReasonError):
        await switch.turn("a.essai", "   ok  ", to_people=True)


async def test_a_process_sees_the_switch_within_the_cache_time_and_a_database_away_changes_nothing() -> None:
    history, seconds = History(), [0.0]
    seen = CachedSwitch(history, lambda: seconds[0])
    assert not await seen.to_people()
    await Switch(history, PinnedClock()).turn("a.essai", "essai de panne", to_people=True)
    seconds[0] = CACHE_S - 0.1
    assert not await seen.to_people()
    seconds[0] = CACHE_S
    assert await seen.to_people()
    history.broken = True
    seconds[0] += CACHE_S
    assert await seen.to_people()
    seen.forget()
    history.broken = False
    await history.add(Switched(to_people=False, by="x", reason="retour", at=PinnedClock().now()))
    assert not await seen.to_people()
    assert CACHE_S <= 5
