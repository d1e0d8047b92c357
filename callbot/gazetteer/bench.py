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
class Search:
    """One search to be timed, and the street it should find."""

    heard: HeardAddress
    hypotheses: tuple[str, ...]
    street: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares 0..1, times in milliseconds."""

    pairs: int
    top1: float
    short_list: float
    """right street among the first ten"""
    median_ms: float
    p95_ms: float


def measure(gazetteer: Gazetteer, searches: Sequence[Search]) -> Figures:
    """Run each search; a street of the same name in another commune counts as found."""
    ranks, times = [], []
    for one in searches:
        start = time.perf_counter()
        found = gazetteer.search(one.heard, one.hypotheses, limit=_LISTED)
        times.append((time.perf_counter() - start) * 1000)
        names = [fold(candidate.address.street) for candidate in found]
        ranks.append(names.index(fold(one.street)) if fold(one.street) in names else None)
    return Figures(
        pairs=len(searches),
        top1=sum(rank == 0 for rank in ranks) / len(searches),
        short_list=sum(rank is not None for rank in ranks) / len(searches),
        median_ms=statistics.median(times),
        p95_ms=sorted(times)[int(len(times) * 0.95)],
    )


def alone(pairs: Sequence[tuple[str, str]]) -> list[Search]:
    """Each heard text as the only reading, anywhere in the base."""
    return [Search(HeardAddress(street_heard=said), (), street) for said, street in pairs]


def in_calls(pairs: Sequence[tuple[str, str]]) -> list[Search]:
    """As a call searches: the street as heard, and five readings of the whole sentence that differ a little."""
    return [Search(HeardAddress(12, street_heard=said), _sentences(said), street) for said, street in pairs]


def in_their_sector(gazetteer: Gazetteer, pairs: Sequence[tuple[str, str]]) -> list[Search]:
    """As in ``in_calls``, each in the first commune that has a street of that name; others are left out."""
    where: dict[str, str] = {}
    for street in gazetteer.index.streets:
        where.setdefault(fold(street.name), street.insee)
    return [
        Search(HeardAddress(12, street_heard=said, insee=where[fold(street)]), _sentences(said), street)
        for said, street in pairs
        if fold(street) in where
    ]


def _sentences(said: str) -> tuple[str, ...]:
    *first, last = said.split()
    glued = "".join([*first[-1:], last])
    return (
        f"c'est au douze {said} à Marseille",
        f"euh c'est au 12 {said}",
        f"c'est au douze {' '.join([*first[:-1], glued])}",
        f"c'est au deux {said.replace('e', 'a', 1)}",
        f"sept au douze {' '.join(first)} {last.replace('o', 'ou').replace('i', 'y')}",
    )


def main(base: str, pairs: str) -> None:
    """Print the figures."""
    rows = json.loads(Path(pairs).read_text(encoding="utf-8"))
    noisy = [(row[1], row[2]) for row in rows]
    gazetteer = Gazetteer(Store(Path(base)))
    for name, searches in {
        "one reading, everywhere": alone(noisy),
        "six readings, everywhere": in_calls(noisy),
        "six readings, its sector": in_their_sector(gazetteer, noisy),
    }.items():
        figures = measure(gazetteer, searches)
        sys.stdout.write(
            f"{name}: {figures.pairs} misheard names: first {figures.top1:.3f}, among ten {figures.short_list:.3f}, "
            f"median {figures.median_ms:.1f} ms, p95 {figures.p95_ms:.1f} ms\n"
        )


if __name__ == "__main__":
    main(*sys.argv[1:3])
