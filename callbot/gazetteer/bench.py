"""How often, and how fast, the search finds streets that were misheard. Printed, never asserted on time.

``python -m callbot.gazetteer.bench BASE PAIRS``: a base file, and a JSON list of [kind, heard, street, ...].
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from callbot.domain.meaning import HeardAddress
from callbot.gazetteer.folding import fold
from callbot.gazetteer.search import Gazetteer
from callbot.gazetteer.store import Store

_LISTED = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares 0..1, times in milliseconds."""

    pairs: int
    top1: float
    short_list: float
    """right street among the first ten"""
    median_ms: float
    p95_ms: float


def measure(gazetteer: Gazetteer, pairs: Sequence[tuple[str, str]]) -> Figures:
    """Search each heard text in the whole base; a street of the same name in another commune counts as found."""
    ranks, times = [], []
    for said, street in pairs:
        start = time.perf_counter()
        found = gazetteer.search(HeardAddress(street_heard=said), limit=_LISTED)
        times.append((time.perf_counter() - start) * 1000)
        names = [fold(one.address.street) for one in found]
        ranks.append(names.index(fold(street)) if fold(street) in names else None)
    return Figures(
        pairs=len(pairs),
        top1=sum(rank == 0 for rank in ranks) / len(pairs),
        short_list=sum(rank is not None for rank in ranks) / len(pairs),
        median_ms=statistics.median(times),
        p95_ms=sorted(times)[int(len(times) * 0.95)],
    )


def main(base: str, pairs: str) -> None:
    """Print the figures."""
    rows = json.loads(Path(pairs).read_text(encoding="utf-8"))
    figures = measure(Gazetteer(Store(Path(base))), [(row[1], row[2]) for row in rows])
    sys.stdout.write(
        f"{figures.pairs} misheard names: first {figures.top1:.3f}, among ten {figures.short_list:.3f}, "
        f"median {figures.median_ms:.1f} ms, p95 {figures.p95_ms:.1f} ms\n"
    )


if __name__ == "__main__":
    main(*sys.argv[1:3])
