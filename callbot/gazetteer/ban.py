"""Reads the national address base's export ``adresses-*.csv[.gz]`` line by line; nothing here knows the store.

Layout: https://adresse.data.gouv.fr/data/ban/adresses/latest/csv (Licence Ouverte 2.0): semicolons, UTF-8, a header.
Columns are found by name in whatever order. A broken line is refused with its number and the reason, never guessed.
"""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from callbot.domain.geography import Point
from callbot.gazetteer.communes import MARSEILLE

REQUIRED = ("numero", "rep", "nom_voie", "code_postal", "code_insee", "lon", "lat")
NO_NUMBER = 99999
"""the base's way of saying that an address has no number"""
_HIGHEST_NUMBER = 99999
_AREA = (4.0, 42.5, 7.0, 44.5)
"""west, south, east, north of any point that can belong to the métropole and its neighbours, degrees"""
_PROGRESS_EVERY = 5000
LONGEST_LINE = 65_536
"""bytes, its end included; the base's own lines are below 1,000, a small archive may unpack to one of gigabytes"""
_LONGEST_STREET, _LONGEST_REPETITION = 200, 20
"""characters; the longest names of the base have 60 and 5"""

Progress = Callable[[int, int], None]
"""called with (bytes read, bytes in all)"""


class UnreadableFileError(Exception):
    """The file as a whole cannot be imported; the message says which file, where, and why."""


class BrokenLineError(Exception):
    """One line cannot be used; the message is the reason, without the line's content."""


@dataclass(frozen=True, slots=True)
class AddressRow:
    """One usable line. ``number`` None: the street itself, without a number."""

    street: str
    insee: str
    postcode: str
    number: int | None
    repetition: str
    point: Point


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that could not be used."""

    file: str
    line: int
    reason: str


def read_rows(path: Path, progress: Progress | None = None) -> Iterator[AddressRow | Refusal]:
    """Every line of the file after its header, as a row or as a refusal. Raises ``UnreadableFileError``."""
    lines = _decoded(path, progress)
    _, header = next(lines, (1, ""))
    columns = _columns(path.name, header)
    width = len(_fields(header))
    for number, line in lines:
        if not line:
            continue
        try:
            yield _row(_checked(_fields(line), width), columns)
        except BrokenLineError as broken:
            yield Refusal(path.name, number, str(broken))


def _columns(file: str, header: str) -> Mapping[str, int]:
    """Where each column is."""
    try:
        found = {name.strip().lower(): i for i, name in enumerate(_fields(header))}
    except BrokenLineError as broken:
        raise UnreadableFileError(f"{file}, line 1: {broken}") from broken
    if missing := [name for name in REQUIRED if name not in found]:
        raise UnreadableFileError(f"{file}, line 1: missing columns {', '.join(missing)} (separator is a semicolon)")
    return found


def _fields(line: str) -> Sequence[str]:
    """The fields of one line; a quote that is never closed must not swallow the lines behind it."""
    if '"' not in line:
        return line.split(";")
    try:
        return next(csv.reader([line], delimiter=";", strict=True))
    except csv.Error as error:
        raise BrokenLineError("quotes do not match") from error


def _checked(fields: Sequence[str], width: int) -> Sequence[str]:
    if len(fields) != width:
        raise BrokenLineError(f"{len(fields)} fields instead of {width}")
    return fields


def _row(fields: Sequence[str], columns: Mapping[str, int]) -> AddressRow:
    street = " ".join(fields[columns["nom_voie"]].split())
    if not street:
        raise BrokenLineError("no street name")
    if len(street) > _LONGEST_STREET or not street.isprintable():
        raise BrokenLineError("street name cannot be shown")
    postcode = _code(fields[columns["code_postal"]], "postcode")
    return AddressRow(
        street=street,
        insee=_arrondissement(_code(fields[columns["code_insee"]], "INSEE code"), postcode),
        postcode=postcode,
        number=_number(fields[columns["numero"]]),
        repetition=_repetition(fields[columns["rep"]]),
        point=_point(fields[columns["lon"]], fields[columns["lat"]]),
    )


def _code(text: str, what: str) -> str:
    """Five characters, digits but for Corsica's 2A and 2B."""
    code = text.strip().upper()
    if len(code) != 5 or not code.isascii() or not code.replace("A", "0", 1).replace("B", "0", 1).isdecimal():
        raise BrokenLineError(f"{what} is not a code of five digits")
    return code


def _arrondissement(insee: str, postcode: str) -> str:
    """A street filed under Marseille as a whole belongs to the arrondissement of its postcode (13006 -> 13206)."""
    return f"132{postcode[3:]}" if insee == MARSEILLE and "13001" <= postcode <= "13016" else insee


def _number(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    # the length first: Python refuses to read a number of thousands of digits
    if not (text.isascii() and text.isdecimal()) or len(text) > 9 or int(text) > _HIGHEST_NUMBER:
        raise BrokenLineError("house number is not a number")
    return None if int(text) == NO_NUMBER else int(text)


def _repetition(text: str) -> str:
    """bis, ter, a..., in small letters."""
    text = text.strip().lower()
    if len(text) > _LONGEST_REPETITION or not text.isprintable():
        raise BrokenLineError("repetition of a house number is none")
    return text


def _point(lon: str, lat: str) -> Point:
    try:
        point = Point(float(lon), float(lat))
    except ValueError as error:
        raise BrokenLineError("no position") from error
    west, south, east, north = _AREA
    # written so that nan is refused too
    if not (west <= point.lon <= east and south <= point.lat <= north):
        raise BrokenLineError("position is far away")
    return point


def _decoded(path: Path, progress: Progress | None) -> Iterator[tuple[int, str]]:
    """Line numbers (from 1) and lines without their ends; tells ``progress`` how far it is."""
    total = path.stat().st_size
    number = 0
    with path.open("rb") as raw, _opened(path, raw) as content:
        try:
            for number, line in enumerate(_bounded(content, path.name), start=1):
                if progress and number % _PROGRESS_EVERY == 0:
                    progress(raw.tell(), total)
                yield number, line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise UnreadableFileError(f"{path.name}, line {number}: not UTF-8 (an old export in Latin-1?)") from error
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise UnreadableFileError(f"{path.name}: the compressed file is broken after line {number}") from error
    if progress:
        progress(total, total)


def _bounded(content: IO[bytes], file: str) -> Iterator[bytes]:
    """The lines; none is read further than a line can be long."""
    number = 0
    while line := content.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise UnreadableFileError(f"{file}, line {number}: longer than {LONGEST_LINE:,} bytes")
        yield line


@contextmanager
def _opened(path: Path, raw: BinaryIO) -> Iterator[IO[bytes]]:
    if path.suffix != ".gz":
        yield raw
        return
    with gzip.open(raw) as content:
        yield cast("IO[bytes]", content)
