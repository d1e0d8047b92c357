"""Imports official files into the base: reads all of them, then replaces the streets of the communes they hold.

The new base takes the place of the old one at the very end, so an import that is killed leaves the old base; starting
it again takes seconds. The same files always give the same base.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from callbot.domain.geography import Point
from callbot.gazetteer.ban import AddressRow, Progress, Refusal, UnreadableFileError, read_rows
from callbot.gazetteer.communes import Communes
from callbot.gazetteer.profiles import profile
from callbot.gazetteer.store import HouseNumber, Source, Store, StreetEntry, write_base, writing

REFUSALS_KEPT = 20
"""refused lines listed in the report; all are counted"""


@dataclass(slots=True)
class ImportReport:
    """What became of every line."""

    files: tuple[str, ...]
    lines: int = 0
    streets: int = 0
    numbers: int = 0
    doubles: int = 0
    """lines that repeat a number already read"""
    outside: int = 0
    """lines of communes that are not of the métropole"""
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    """the first ``REFUSALS_KEPT``"""
    communes: tuple[str, ...] = ()
    """INSEE codes whose streets were replaced"""


@dataclass(slots=True)
class _Collected:
    """A street while its lines come in."""

    postcodes: Counter[str] = field(default_factory=Counter)
    numbers: dict[tuple[int, str], Point] = field(default_factory=dict)
    point: Point | None = None
    """of a line without number"""


def import_files(
    base: Path, files: Sequence[Path], communes: Communes, now: datetime, progress: Progress | None = None
) -> ImportReport:
    """Import ``files`` together into the base at ``base``, made when absent.

    Raises ``UnreadableFileError`` (nothing is changed), ``ImportRunningError``, ``UnreadableBaseError``.
    """
    report = ImportReport(files=tuple(path.name for path in files))
    with writing(base):
        collected = _collect(files, communes, report, progress)
        if not collected:
            raise UnreadableFileError(f"{', '.join(report.files)}: no line of the métropole's communes can be used")
        replaced = frozenset(insee for insee, _ in collected)
        _replace(base, collected, replaced, ", ".join(report.files), now)
    report.communes = tuple(sorted(replaced))
    report.streets = len(collected)
    report.numbers = sum(len(street.numbers) for street in collected.values())
    return report


def _collect(
    files: Iterable[Path], communes: Communes, report: ImportReport, progress: Progress | None
) -> dict[tuple[str, str], _Collected]:
    """The streets of all files by (INSEE code, name); fills the counts of ``report``."""
    streets: dict[tuple[str, str], _Collected] = {}
    known = frozenset(commune.insee for commune in communes)
    for path in files:
        for row in read_rows(path, progress):
            report.lines += 1
            if isinstance(row, Refusal):
                _refuse(row, report)
            elif row.insee not in known:
                report.outside += 1
            else:
                report.doubles += not _add(row, streets.setdefault((row.insee, row.street), _Collected()))
    return streets


def _refuse(refusal: Refusal, report: ImportReport) -> None:
    report.refused += 1
    if len(report.refusals) < REFUSALS_KEPT:
        report.refusals.append(refusal)


def _add(row: AddressRow, street: _Collected) -> bool:
    """Add a line to its street; False when it says nothing new."""
    street.postcodes[row.postcode] += 1
    if row.number is None:
        known = street.point is not None
        street.point = street.point or row.point
        return not known
    key = (row.number, row.repetition)
    if key in street.numbers:
        return False
    street.numbers[key] = row.point
    return True


def _replace(
    base: Path, collected: dict[tuple[str, str], _Collected], replaced: frozenset[str], source: str, now: datetime
) -> None:
    """Write the base anew: what was read, and the old streets of every other commune."""
    at = now.isoformat(timespec="seconds")
    sources = [Source(insee, source, False, at) for insee in sorted(replaced)]
    entries = _entries(collected)
    if not base.exists():
        write_base(base, entries, sources)
        return
    old = Store(base)
    try:
        kept = [one for one in old.sources() if one.insee not in replaced]
        write_base(base, [*entries, *old.entries(without=replaced)], [*kept, *sources])
    finally:
        old.close()


def _entries(collected: dict[tuple[str, str], _Collected]) -> Iterator[StreetEntry]:
    for (insee, name), street in collected.items():
        numbers = tuple(HouseNumber(number, rep, point) for (number, rep), point in street.numbers.items())
        postcode = min(street.postcodes, key=lambda code: (-street.postcodes[code], code))
        yield StreetEntry(name, insee, postcode, street.point or _middle(numbers), profile(name), numbers)


def _middle(numbers: Sequence[HouseNumber]) -> Point | None:
    """The number in the middle of the street: a point on it, where the mean of a bent street may not be."""
    if not numbers:
        return None
    ordered = sorted(numbers, key=lambda house: (house.number, house.repetition))
    return ordered[len(ordered) // 2].point
