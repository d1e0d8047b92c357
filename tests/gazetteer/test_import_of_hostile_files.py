"""Files of the address base that nobody should trust: whatever they hold, lines are refused or the file is."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from callbot.gazetteer import communes
from callbot.gazetteer.ban import LONGEST_LINE, AddressRow, Refusal, UnreadableFileError, read_rows
from callbot.gazetteer.importing import import_files
from tests.fuzzing import tries
from tests.gazetteer.test_import import HEADER, NOW, line

PLAIN, PACKED = "adresses-13.csv", "adresses-13.csv.gz"
CELLS = st.one_of(
    st.sampled_from(
        [
            "", " ", "0", "-1", "9" * 5_000, "1e999", "-inf", "nan", "5.38", "43.29", "13206", "13006", "2A004",
            "AAAAA", '"', '""', '"a;b"', "\x00", "a\x00b", "\r", "\u2028", "\ufeff", "é" * 300, "٣", "=1+1",
        ]
    ),
    st.text(max_size=12),
)  # fmt: skip
HEADERS = st.one_of(
    st.just(HEADER),
    st.permutations(HEADER.split(";")).map(";".join),
    st.lists(CELLS, max_size=12).map(";".join),
)
ROWS = st.lists(st.one_of(st.lists(CELLS, max_size=12), st.lists(CELLS, min_size=10, max_size=10)).map(";".join))
TABLES = st.tuples(HEADERS, ROWS).map(lambda parts: "\n".join([parts[0], *parts[1]]).encode("utf-8", "surrogatepass"))


def check(content: bytes, name: str) -> None:
    """Rows whose every field is what it says, refusals without the line's words, or one error for the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        try:
            rows = list(read_rows(path))
        except UnreadableFileError:
            return
    for row in rows:
        if isinstance(row, Refusal):
            assert row.line > 1
            assert "rome" not in row.reason.lower()
            continue
        assert isinstance(row, AddressRow)
        assert row.street.isprintable()
        assert len(row.street) <= 200
        assert len(row.insee) == len(row.postcode) == 5
        assert row.number is None or 0 <= row.number < 99_999
        assert 4.0 <= row.point.lon <= 7.0
        assert 42.5 <= row.point.lat <= 44.5


@tries(60)
@example(("\n".join([HEADER, line("9" * 5_000)])).encode())
@example(("\n".join([HEADER, line(street="Rue\x00de Rome")])).encode())
@given(st.one_of(TABLES, st.binary(max_size=400)))
def test_any_file_ends_with_rows_and_refusals_or_one_error(content: bytes) -> None:
    check(content, PLAIN)


@tries(40)
@given(st.one_of(TABLES.map(gzip.compress), st.binary(max_size=200)), st.integers(0, 400), st.integers(0, 255))
def test_any_archive_too_and_with_any_byte_changed(packed: bytes, at: int, byte: int) -> None:
    changed = bytearray(packed)
    if changed:
        changed[at % len(changed)] = byte
    check(bytes(changed), PACKED)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (line("9" * 5_000), "house number"),
        (line(street="Rue\x00de Rome"), "street name cannot be shown"),
        (line(street="Rue \u202ede Rome"), "street name cannot be shown"),
        (line(street="x" * 201), "street name cannot be shown"),
        (line(rep="b\x00s"), "repetition"),
        (line(rep="x" * 21), "repetition"),
    ],
)
def test_what_could_be_said_or_stored_by_nobody_is_refused(cell: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / PLAIN
    path.write_text("\n".join([HEADER, line(street="x" * 200), cell]), encoding="utf-8")
    kept, refusal = read_rows(path)
    assert isinstance(kept, AddressRow)
    assert isinstance(refusal, Refusal)
    assert reason in refusal.reason


@pytest.mark.parametrize("packed", [True, False])
def test_a_file_that_unpacks_to_one_endless_line_is_not_read_into_memory(packed: bool, tmp_path: Path) -> None:
    bomb = HEADER.encode() + b"\n" + b"9" * 20_000_000
    path = tmp_path / (PACKED if packed else PLAIN)
    path.write_bytes(gzip.compress(bomb) if packed else bomb)
    if packed:
        assert path.stat().st_size < 30_000
    with pytest.raises(UnreadableFileError, match="line 2: longer than"):
        import_files(tmp_path / "base.db", [path], communes(), NOW)
    assert not (tmp_path / "base.db").exists()


def test_both_sides_of_the_longest_line(tmp_path: Path) -> None:
    header = (HEADER + ";").ljust(LONGEST_LINE - 1, "x") + "\n"
    path = tmp_path / PLAIN
    path.write_text(header + line() + ";\n", encoding="utf-8")
    assert [type(row) for row in read_rows(path)] == [AddressRow]
    path.write_text("x" + header + line() + ";\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="line 1: longer than"):
        list(read_rows(path))
