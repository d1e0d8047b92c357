"""What callers asked and nobody wrote down, put together by what came nearest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

RECENT: Final = timedelta(days=7)
CALLS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Gap:
    """A question without an answer, at an event of a call; ``nearest``: entries that came nearest, best first."""

    call_id: str
    seq: int
    at: datetime
    nearest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Gaps whose nearest entry is the same. ``near``: the others that came near, most often first; ``calls``: the last
    of them, where their masked words can be read."""

    nearest: str
    near: tuple[str, ...]
    count: int
    recent: int
    last: datetime
    calls: tuple[Gap, ...]


def clusters(gaps: Iterable[Gap], now: datetime) -> list[Cluster]:
    """Ranked: those asked most in the last seven days, then most at all, then last."""
    by_nearest: dict[str, list[Gap]] = {}
    for gap in gaps:
        by_nearest.setdefault(gap.nearest[0] if gap.nearest else "", []).append(gap)
    found = [_cluster(nearest, of_it, now) for nearest, of_it in by_nearest.items()]
    return sorted(found, key=lambda each: (each.recent, each.count, each.last), reverse=True)


def _cluster(nearest: str, gaps: list[Gap], now: datetime) -> Cluster:
    latest = sorted(gaps, key=lambda gap: gap.at, reverse=True)
    others = Counter(entry for gap in gaps for entry in gap.nearest[1:])
    recent = sum(gap.at >= now - RECENT for gap in gaps)
    near = tuple(entry for entry, _ in others.most_common(3))
    return Cluster(nearest, near, len(gaps), recent, latest[0].at, tuple(latest[:CALLS_SHOWN]))
