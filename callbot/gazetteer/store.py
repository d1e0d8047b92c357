"""The address base on disk: one SQLite file with streets, house numbers, and where each commune's streets come from.

A base is never changed in place: a new one is written beside it and takes its place in one rename, so a killed import
leaves the old one whole, and whoever reads the old one goes on reading it.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from callbot.domain.geography import Point
from callbot.gazetteer.profiles import Profile
from callbot.gazetteer.records import IndexedStreet, Street

FORMAT = 1
"""layout and phonetics of the file; another format is rebuilt by an import"""

_SCHEMA = """
CREATE TABLE streets (
    id INTEGER PRIMARY KEY, insee TEXT NOT NULL, name TEXT NOT NULL, postcode TEXT NOT NULL, lon REAL, lat REAL,
    numbers INTEGER NOT NULL,
    letters TEXT NOT NULL, letter_roles TEXT NOT NULL, sounds TEXT NOT NULL, sound_roles TEXT NOT NULL,
    UNIQUE (insee, name)
);
CREATE TABLE numbers (
    street INTEGER NOT NULL REFERENCES streets (id), number INTEGER NOT NULL, repetition TEXT NOT NULL,
    lon REAL NOT NULL, lat REAL NOT NULL, PRIMARY KEY (street, number, repetition)
) WITHOUT ROWID;
CREATE TABLE sources (insee TEXT PRIMARY KEY, source TEXT NOT NULL, sample INTEGER NOT NULL, imported_at TEXT NOT NULL);
"""


class UnreadableBaseError(Exception):
    """The file is no address base of this format; the message says what to run."""


class ImportRunningError(Exception):
    """Another import is writing this base."""


@dataclass(frozen=True, slots=True)
class HouseNumber:
    """A house number of a street; ``repetition`` in lower case, "" for none."""

    number: int
    repetition: str
    point: Point


@dataclass(frozen=True, slots=True)
class StreetEntry:
    """A street to be written, with its numbers."""

    name: str
    insee: str
    postcode: str
    point: Point | None
    profile: Profile
    numbers: tuple[HouseNumber, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where the streets of one commune come from; ``sample``: a few well-known ones typed in, not the real base."""

    insee: str
    source: str
    sample: bool
    imported_at: str
    """ISO 8601, UTC"""


@dataclass(frozen=True, slots=True)
class BaseStatus:
    """What a base holds."""

    streets: int
    numbers: int
    communes: int
    """communes and arrondissements with at least one street"""
    sample_communes: int
    """of these, how many only from the sample"""
    sources: tuple[str, ...]
    imported_at: str | None
    """the latest import, ISO 8601"""

    @property
    def is_sample(self) -> bool:
        """True while any commune only has the sample's streets."""
        return self.sample_communes > 0


class Store:
    """A base opened for reading. Not for several threads at once: ``Gazetteer`` keeps a lock."""

    def __init__(self, path: Path) -> None:
        self._base = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        try:
            (version,) = self._base.execute("PRAGMA user_version").fetchone()
        except sqlite3.DatabaseError as error:
            self._base.close()
            raise UnreadableBaseError(f"{path} is not an address base: move it away, then import again") from error
        if version != FORMAT:
            self._base.close()
            raise UnreadableBaseError(f"{path} has format {version}, not {FORMAT}: move it away, then import again")

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def streets(self) -> Iterator[IndexedStreet]:
        """All streets with their profiles, ordered by id."""
        rows = self._base.execute(
            "SELECT id, name, insee, postcode, lon, lat, numbers, letters, letter_roles, sounds, sound_roles"
            " FROM streets ORDER BY id"
        )
        for street, name, insee, postcode, lon, lat, numbers, *keys in rows:
            yield IndexedStreet(Street(street, name, insee, postcode, _point(lon, lat), numbers), Profile(*keys))

    def number(self, street: int, number: int, repetition: str = "") -> Point | None:
        """Where this number of the street is, None when the base does not hold it."""
        row = self._base.execute(
            "SELECT lon, lat FROM numbers WHERE street = ? AND number = ? AND repetition = ?",
            (street, number, repetition),
        ).fetchone()
        return Point(*row) if row else None

    def numbers(self, street: int) -> tuple[HouseNumber, ...]:
        """All numbers of a street, in order."""
        rows = self._base.execute(
            "SELECT number, repetition, lon, lat FROM numbers WHERE street = ? ORDER BY number, repetition", (street,)
        )
        return tuple(HouseNumber(number, repetition, Point(lon, lat)) for number, repetition, lon, lat in rows)

    def numbers_near(self, point: Point, degrees: float) -> tuple[tuple[int, HouseNumber], ...]:
        """House numbers, each with its street's id, in the square of ``degrees`` on each side of ``point``."""
        rows = self._base.execute(
            "SELECT street, number, repetition, lon, lat FROM numbers"
            " WHERE lon BETWEEN ? AND ? AND lat BETWEEN ? AND ?",
            (point.lon - degrees, point.lon + degrees, point.lat - degrees, point.lat + degrees),
        )
        return tuple((street, HouseNumber(number, rep, Point(lon, lat))) for street, number, rep, lon, lat in rows)

    def sources(self) -> tuple[Source, ...]:
        """Where each commune's streets come from, by INSEE code."""
        rows = self._base.execute("SELECT insee, source, sample, imported_at FROM sources ORDER BY insee")
        return tuple(Source(insee, source, bool(sample), at) for insee, source, sample, at in rows)

    def status(self) -> BaseStatus:
        """Counts and sources."""
        sources = self.sources()
        return BaseStatus(
            streets=self._count("streets"),
            numbers=self._count("numbers"),
            communes=len(sources),
            sample_communes=sum(one.sample for one in sources),
            sources=tuple(sorted({one.source for one in sources})),
            imported_at=max((one.imported_at for one in sources), default=None),
        )

    def entries(self, without: frozenset[str]) -> Iterator[StreetEntry]:
        """Everything but the communes in ``without``, as it would be written again."""
        for indexed in self.streets():
            street = indexed.street
            if street.insee not in without:
                numbers = self.numbers(street.id)
                yield StreetEntry(street.name, street.insee, street.postcode, street.point, indexed.profile, numbers)

    def _count(self, table: str) -> int:
        (count,) = self._base.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - our own table names
        return int(count)


def _point(lon: float | None, lat: float | None) -> Point | None:
    return None if lon is None or lat is None else Point(lon, lat)


@contextmanager
def writing(path: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold the only right to replace the base at ``path``, until the process ends. Blocking.

    While another has it: wait for it, or raise ``ImportRunningError``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ImportRunningError(f"another import is writing {path}") from error
        yield


def write_base(path: Path, entries: Iterable[StreetEntry], sources: Iterable[Source]) -> None:
    """Write a whole base beside ``path`` and put it in its place. Call within ``writing``.

    Streets are numbered in the order of INSEE code and name: the same content always gives the same ids.
    """
    draft = path.with_name(f"{path.name}.building")
    draft.unlink(missing_ok=True)
    base = sqlite3.connect(draft)
    try:
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("PRAGMA synchronous = OFF")
        base.executescript(_SCHEMA)
        base.execute(f"PRAGMA user_version = {FORMAT}")
        _fill(base, entries, sources)
        base.commit()
    finally:
        base.close()
    _settle(draft, path)


def _fill(base: sqlite3.Connection, entries: Iterable[StreetEntry], sources: Iterable[Source]) -> None:
    ordered = sorted(entries, key=lambda entry: (entry.insee, entry.name))
    base.executemany("INSERT INTO streets VALUES (?,?,?,?,?,?,?,?,?,?,?)", map(_street_row, count(1), ordered))
    base.executemany("INSERT INTO numbers VALUES (?,?,?,?,?)", _number_rows(ordered))
    base.executemany(
        "INSERT INTO sources VALUES (?,?,?,?)", ((s.insee, s.source, int(s.sample), s.imported_at) for s in sources)
    )


def _street_row(street: int, entry: StreetEntry) -> tuple[object, ...]:
    point, keys = entry.point, entry.profile
    where = (point.lon, point.lat) if point else (None, None)
    sounds = (keys.letters, keys.letter_roles, keys.sounds, keys.sound_roles)
    return (street, entry.insee, entry.name, entry.postcode, *where, len(entry.numbers), *sounds)


def _number_rows(entries: list[StreetEntry]) -> Iterator[tuple[object, ...]]:
    for street, entry in enumerate(entries, start=1):
        for house in sorted(entry.numbers, key=lambda house: (house.number, house.repetition)):
            yield street, house.number, house.repetition, house.point.lon, house.point.lat


def _settle(draft: Path, path: Path) -> None:
    """Make the draft durable, then let it take the place of the base."""
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
