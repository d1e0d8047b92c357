"""The chore that keeps calls ready to be found: never in anybody's way, never for ever at one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from callbot.review import indexing
from callbot.review.digest import Digest
from callbot.review.indexing import Indexing
from callbot.review.search import Criteria, FoundCall
from tests.booking.sample import PinnedClock
from tests.review.sample import Kept, kept


@dataclass
class Shelf:
    """Transcripts in memory. ``refuses``: calls that cannot be kept."""

    waiting: list[str]
    refuses: frozenset[str] = frozenset()
    kept: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    asked_since: list[datetime | None] = field(default_factory=list)

    async def pending(self, since: datetime | None, limit: int) -> Sequence[str]:
        self.asked_since.append(since)
        return [call for call in self.waiting if call not in self.kept + self.skipped][:limit]

    async def keep(self, digest: Digest) -> None:
        if digest.call_id in self.refuses:
            raise RuntimeError("12 rue de Rome")
        self.kept.append(digest.call_id)

    async def skip(self, call_id: str) -> None:
        self.skipped.append(call_id)

    async def search(self, criteria: Criteria, limit: int, after: str = "") -> Sequence[FoundCall]:
        raise NotImplementedError

    async def found(self, call_id: str) -> FoundCall | None:
        raise NotImplementedError

    async def limited(self, call_id: str) -> bool:
        raise NotImplementedError


class Log:
    """Every call is the same one."""

    async def numbered(self, after: Mapping[str, int]) -> Mapping[str, Sequence[Kept]]:
        return {call: kept() for call in after}


def chore(shelf: Shelf, *, busy: bool = False) -> Indexing:
    return Indexing(Log(), shelf, PinnedClock(), frozenset(), lambda _insee: None, busy=lambda: busy, breath_s=0)


async def test_all_calls_are_kept_then_only_young_ones_are_looked_for() -> None:
    shelf = Shelf([f"CA{number}" for number in range(60)])
    mine = chore(shelf)
    assert (await mine.sweep(), await mine.sweep()) == (60, 0)
    assert shelf.kept == shelf.waiting
    assert shelf.asked_since[0] is None
    assert shelf.asked_since[-1] == PinnedClock().now() - timedelta(days=1)


async def test_one_that_cannot_be_kept_is_passed_over(capsys: pytest.CaptureFixture[str]) -> None:
    shelf = Shelf(["CA1", "CA2", "CA3"], frozenset({"CA2"}))
    assert await chore(shelf).sweep() == 3
    assert (shelf.kept, shelf.skipped) == (["CA1", "CA3"], ["CA2"])
    assert "Rome" not in capsys.readouterr().out


async def test_a_backlog_is_left_for_the_next_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(["CA1", "CA2"])
    mine = chore(shelf)
    monkeypatch.setattr(indexing, "SWEEP_S", -1.0)
    assert await mine.sweep() == 0
    monkeypatch.setattr(indexing, "SWEEP_S", 60.0)
    assert await mine.sweep() == 2
    assert shelf.asked_since[-1] is None, "until all were seen, old ones are looked for too"


async def test_while_somebody_is_on_the_phone_it_takes_longer_breaths(monkeypatch: pytest.MonkeyPatch) -> None:
    breaths: list[float] = []

    async def breathe(seconds: float) -> None:
        breaths.append(seconds)

    monkeypatch.setattr("callbot.review.indexing.asyncio.sleep", breathe)
    await chore(Shelf(["CA1"]), busy=True).sweep()
    await chore(Shelf(["CA1"])).sweep()
    assert breaths == [indexing.BUSY_BREATH_S, 0]
