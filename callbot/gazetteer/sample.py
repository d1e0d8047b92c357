"""The sample that the package brings along: well-known streets of the métropole, typed in as facts.

It lets everything run before the real base is imported. It says that it is a sample: in the file's first lines, in the
base it makes, and in ``callbot gazetteer status``. It has no house numbers, and points good to some hundred metres.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from callbot.domain.geography import Point
from callbot.gazetteer.profiles import profile
from callbot.gazetteer.store import Source, StreetEntry, write_base, writing

SAMPLE_SOURCE = "sample"


def sample_entries() -> Iterator[StreetEntry]:
    """The streets of the sample."""
    text = files(__package__).joinpath("sample_streets.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
        point = Point(float(row["lon"]), float(row["lat"]))
        yield StreetEntry(row["name"], row["insee"], row["postcode"], point, profile(row["name"]))


def ensure_gazetteer(path: Path) -> bool:
    """Build the base at ``path`` from the sample where there is none; True when it was built now. Services that start
    together wait for the first of them."""
    if path.exists():
        return False
    with writing(path, wait=True):
        if path.exists():
            return False
        entries = tuple(sample_entries())
        now = datetime.now(UTC).isoformat(timespec="seconds")
        write_base(path, entries, (Source(insee, SAMPLE_SOURCE, True, now) for insee in {e.insee for e in entries}))
    return True
