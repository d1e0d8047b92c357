"""Who is read first, and how long a caller would wait."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError
from itertools import count

import pytest

from callbot.speech.readers import BUSY_S, Claim, ReadingThreads, Urgency, claimed, current_claim


class Held:
    """One thread that is kept busy until ``go``."""

    def __init__(self, readers: ReadingThreads) -> None:
        self.readers = readers
        self.order: list[str] = []
        self.gate, self._begun = threading.Event(), threading.Event()
        readers.submit(self._hold)
        assert self._begun.wait(10)

    def _hold(self) -> None:
        self._begun.set()
        self.gate.wait(10)

    def ask(self, name: str, claim: Claim) -> None:
        """Stand in line."""
        with claimed(claim):
            self.readers.submit(self.order.append, name)

    def go(self) -> list[str]:
        """The order in which all were served."""
        last = self.readers.submit(lambda: None)
        self.gate.set()
        last.result(10)
        self.readers.shutdown()
        return self.order


@pytest.fixture
def held() -> Iterator[Held]:
    """A line in front of one thread; each piece takes a second by the clock."""
    seconds = count()
    readers = ReadingThreads(1, clock=lambda: float(next(seconds)))
    held = Held(readers)
    yield held
    held.gate.set()
    readers.shutdown(cancel_futures=True)


def test_whoever_waits_comes_before_whoever_pauses_and_both_before_what_is_foreseen(held: Held) -> None:
    for name, urgency in (("ahead", Urgency.AHEAD), ("pause", Urgency.PAUSING), ("waits", Urgency.WAITING)):
        held.ask(name, Claim(urgency))
    assert held.go() == ["waits", "pause", "ahead"]


def test_the_same_urgency_keeps_its_order(held: Held) -> None:
    for name in "abc":
        held.ask(name, Claim(Urgency.PAUSING))
    assert held.go() == ["a", "b", "c"]


def test_a_turn_that_ends_moves_up_while_its_work_stands_in_line(held: Held) -> None:
    foreseen = Claim(Urgency.AHEAD)
    held.ask("foreseen", foreseen)
    held.ask("pause", Claim(Urgency.PAUSING))
    foreseen.urgency = Urgency.WAITING
    assert held.go() == ["foreseen", "pause"]


def test_who_claims_nothing_waits_like_a_caller(held: Held) -> None:
    held.ask("pause", Claim(Urgency.PAUSING))
    held.readers.submit(held.order.append, "plain")
    assert held.go() == ["plain", "pause"]


def test_only_callers_who_wait_make_the_ears_busy(held: Held) -> None:
    for _ in range(20):
        held.ask("ahead", Claim(Urgency.AHEAD))
    assert held.readers.wait_s == 0
    assert not held.readers.busy
    while held.readers.wait_s < BUSY_S:
        assert not held.readers.busy
        held.ask("waits", Claim())
    assert held.readers.busy


def test_work_knows_the_claim_it_was_handed_in_with() -> None:
    with ReadingThreads(1) as readers:
        with claimed(Claim(Urgency.AHEAD)):
            ahead = readers.submit(current_claim)
        assert ahead.result(10).urgency is Urgency.AHEAD
        assert readers.submit(current_claim).result(10).urgency is Urgency.WAITING


def test_what_fails_is_told_to_whoever_asked() -> None:
    with ReadingThreads(1) as readers:
        failed = readers.submit(int, "x")
        with pytest.raises(ValueError, match="invalid literal"):
            failed.result(10)
        assert readers.submit(int, "7").result(10) == 7


def test_what_was_cancelled_in_line_is_not_done(held: Held) -> None:
    waiting = held.readers.submit(held.order.append, "cancelled")
    assert waiting.cancel()
    assert held.go() == []
    with pytest.raises(CancelledError):
        waiting.result()


def test_nothing_is_taken_after_the_end() -> None:
    readers = ReadingThreads(2)
    readers.shutdown()
    with pytest.raises(RuntimeError, match="after shutdown"):
        readers.submit(int)


async def test_tasks_keep_the_claim_they_were_begun_with() -> None:
    with ReadingThreads(1) as readers:
        held = await asyncio.to_thread(Held, readers)

        async def read(name: str) -> None:
            await asyncio.get_running_loop().run_in_executor(readers, held.order.append, name)

        with claimed(Claim(Urgency.AHEAD)):
            ahead = asyncio.create_task(read("ahead"))
        waits = asyncio.create_task(read("waits"))
        await asyncio.sleep(0)  # both stand in line now
        await asyncio.to_thread(held.go)
        await asyncio.gather(ahead, waits)
    assert held.order == ["waits", "ahead"]
