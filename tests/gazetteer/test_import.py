"""The importer takes the official layout in any order, tells what it refuses, and never leaves half a base."""

from __future__ import annotations

import gzip
import subprocess
import sys
import textwrap
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callbot.domain.geography import Point
from callbot.gazetteer import Gazetteer, UnreadableBaseError, communes, ensure_gazetteer
from callbot.gazetteer.ban import UnreadableFileError
from callbot.gazetteer.importing import REFUSALS_KEPT, ImportReport, import_files
from callbot.gazetteer.store import FORMAT, ImportRunningError, Store, writing

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
HEADER = "id;numero;rep;nom_voie;code_postal;code_insee;nom_commune;lon;lat;nom_ld"


def line(
    number: int | str = 12,
    street: str = "Rue de Rome",
    insee: str = "13206",
    *,
    rep: str = "",
    postcode: str = "13006",
    lon: str = "5.38",
    lat: str = "43.29",
) -> str:
    return f"x;{number};{rep};{street};{postcode};{insee};Marseille;{lon};{lat};"


def written(path: Path, lines: Iterable[str], header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def load(base: Path, *files: Path) -> ImportReport:
    return import_files(base, files, communes(), NOW)


def content(base: Path) -> list[tuple[str, str, str, Point | None, tuple[tuple[int, str, Point], ...]]]:
    """Everything in the base that a search can see."""
    store = Store(base)
    try:
        return [
            (
                entry.insee,
                entry.name,
                entry.postcode,
                entry.point,
                tuple((house.number, house.repetition, house.point) for house in entry.numbers),
            )
            for entry in store.entries(frozenset())
        ]
    finally:
        store.close()


def test_rows_become_streets_with_numbers(base: Path, tmp_path: Path) -> None:
    rows = [line(12), line(12, rep="BIS"), line(14, lon="5.39"), line(1, "La Canebière", "13201", postcode="13001")]
    report = load(base, written(tmp_path / "a.csv", rows))
    assert (report.lines, report.streets, report.numbers, report.refused) == (4, 2, 4, 0)
    assert report.communes == ("13201", "13206")
    numbers = ((12, "", Point(5.38, 43.29)), (12, "bis", Point(5.38, 43.29)), (14, "", Point(5.39, 43.29)))
    assert content(base)[1] == ("13206", "Rue de Rome", "13006", Point(5.38, 43.29), numbers)


def test_columns_are_found_by_name(base: Path, tmp_path: Path) -> None:
    header = "lat;extra;NOM_VOIE;lon;rep;code_insee;numero;code_postal"
    load(base, written(tmp_path / "a.csv", ["43.29;?;Rue de Rome;5.38;ter;13206;7;13006"], header))
    ((insee, name, postcode, _, numbers),) = content(base)
    assert (insee, name, postcode, numbers) == ("13206", "Rue de Rome", "13006", ((7, "ter", Point(5.38, 43.29)),))


def test_compressed_files_and_byte_order_marks_are_read(base: Path, tmp_path: Path) -> None:
    packed = tmp_path / "adresses-13.csv.gz"
    packed.write_bytes(gzip.compress(("\ufeff" + HEADER.replace("id;", "", 1) + "\r\n" + line()[2:] + "\r\n").encode()))
    assert load(base, packed).streets == 1


def test_missing_columns_are_named(base: Path, tmp_path: Path) -> None:
    bad = written(tmp_path / "a.csv", [], "numero,rep;nom_voie;code_postal;lon")
    with pytest.raises(UnreadableFileError, match=r"a\.csv, line 1: missing columns numero, rep, code_insee, lat"):
        load(base, bad)
    assert not base.exists()


def test_an_empty_file_is_refused(base: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"")
    with pytest.raises(UnreadableFileError, match="missing columns numero"):
        load(base, tmp_path / "a.csv")


def test_latin_1_is_refused_with_its_line(base: Path, tmp_path: Path) -> None:
    bad = tmp_path / "a.csv"
    bad.write_bytes("\n".join([HEADER, line(), line(1, "Rue de l'Évêché")]).encode("latin-1"))
    with pytest.raises(UnreadableFileError, match=r"a\.csv, line 3: not UTF-8"):
        load(base, bad)
    assert not base.exists()


def test_a_cut_archive_is_refused(base: Path, tmp_path: Path) -> None:
    whole = gzip.compress("\n".join([HEADER, *(line(n) for n in range(500))]).encode())
    (tmp_path / "a.csv.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableFileError, match=r"a\.csv\.gz: the compressed file is broken"):
        load(base, tmp_path / "a.csv.gz")
    (tmp_path / "b.csv.gz").write_bytes(b"not gzip at all")
    with pytest.raises(UnreadableFileError, match=r"b\.csv\.gz: the compressed file is broken"):
        load(base, tmp_path / "b.csv.gz")


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("a;b;c", "3 fields instead of 10"),
        (line(street="  "), "no street name"),
        (line(insee="1320"), "INSEE code"),
        (line(postcode="13OO6"), "postcode"),
        (line("douze"), "house number"),
        (line("-3"), "house number"),
        (line("²"), "house number"),
        (line(lon=""), "no position"),
        (line(lat="nord"), "no position"),
        (line(lon="nan"), "far away"),
        (line(lon="2.35", lat="48.85"), "far away"),
        (line(street='"Rue de Rome'), "quotes do not match"),
    ],
)
def test_broken_lines_are_refused_with_their_number(base: Path, tmp_path: Path, broken: str, reason: str) -> None:
    report = load(base, written(tmp_path / "a.csv", [line(1), broken, "", line(2)]))
    assert (report.refused, report.numbers) == (1, 2)
    (refusal,) = report.refusals
    assert (refusal.file, refusal.line) == ("a.csv", 3)
    assert reason in refusal.reason


def test_the_list_of_refusals_is_capped_the_count_is_not(base: Path, tmp_path: Path) -> None:
    report = load(base, written(tmp_path / "a.csv", [line(), *["broken"] * 50]))
    assert (report.refused, len(report.refusals)) == (50, REFUSALS_KEPT)


def test_quoted_fields_and_streets_without_numbers(base: Path, tmp_path: Path) -> None:
    rows = ['x;;;"Rue ""A;B""";13006;13206;M;5.38;43.29;', line(99999, "Traverse Seule"), line("", "Traverse Seule")]
    report = load(base, written(tmp_path / "a.csv", rows))
    assert (report.streets, report.numbers, report.doubles) == (2, 0, 1)
    assert [row[1] for row in content(base)] == ['Rue "A;B"', "Traverse Seule"]


def test_only_the_metropole_is_kept(base: Path, tmp_path: Path) -> None:
    rows = [line(), line(insee="13004", postcode="13200"), line(insee="2A004", postcode="20000")]
    report = load(base, written(tmp_path / "a.csv", rows))
    assert (report.outside, report.refused, report.communes) == (2, 0, ("13206",))


def test_a_file_of_elsewhere_changes_nothing(base: Path, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="no line of the métropole"):
        load(base, written(tmp_path / "a.csv", [line(insee="75101", postcode="75001")]))
    assert not base.exists()


def test_marseille_as_a_whole_becomes_its_arrondissements(base: Path, tmp_path: Path) -> None:
    report = load(base, written(tmp_path / "a.csv", [line(insee="13055"), line(insee="13055", postcode="13390")]))
    assert report.communes == ("13055", "13206")


def test_importing_twice_gives_the_same_base(base: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", [line(2), line(1), line(1), line(5, "Rue Paradis")])
    first = load(base, file)
    before, bytes_before = content(base), base.read_bytes()
    assert load(base, file) == first
    assert content(base) == before
    assert base.read_bytes() == bytes_before
    assert first.doubles == 1


def test_a_changed_file_replaces_the_communes_it_holds(base: Path, tmp_path: Path) -> None:
    other = line(3, "Cours Foch", "13005", postcode="13400")
    load(base, written(tmp_path / "a.csv", [line(1), line(1, "Rue Vieille"), other]))
    load(base, written(tmp_path / "b.csv", [line(2)]))
    assert [(row[0], row[1], [n[0] for n in row[4]]) for row in content(base)] == [
        ("13005", "Cours Foch", [3]),
        ("13206", "Rue de Rome", [2]),
    ]


def test_several_files_together_make_one_base(base: Path, tmp_path: Path) -> None:
    files = [written(tmp_path / "a.csv", [line(1)]), written(tmp_path / "b.csv", [line(2)])]
    assert load(base, *files).numbers == 2


def test_an_import_replaces_the_sample_of_its_communes_only(base: Path, tmp_path: Path) -> None:
    assert ensure_gazetteer(base)
    assert not ensure_gazetteer(base)
    load(base, written(tmp_path / "a.csv", [line(1, "Rue Nouvelle")]))
    gazetteer = Gazetteer(Store(base))
    assert gazetteer.street_names("13206", 9) == ("Rue Nouvelle",)
    assert len(gazetteer.street_names("13201", 99)) >= 20
    status = gazetteer.status
    assert status.is_sample
    assert status.communes - status.sample_communes == 1
    assert status.sources == ("a.csv", "sample")
    gazetteer.close()


def test_progress_goes_to_the_end(base: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", (line(n) for n in range(1, 6000)))
    seen: list[tuple[int, int]] = []
    import_files(base, [file], communes(), NOW, lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert len(seen) > 1
    assert seen[-1] == (file.stat().st_size,) * 2


KILLED = """
    import os, signal, sys
    from datetime import UTC, datetime
    from pathlib import Path
    from callbot.gazetteer import communes, importing, store

    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)

    if sys.argv[3] == "while reading":
        progress = die
    else:
        store._number_rows = die
        progress = None
    importing.import_files(Path(sys.argv[1]), [Path(sys.argv[2])], communes(), datetime.now(UTC), progress)
"""


@pytest.mark.parametrize("moment", ["while reading", "while writing"])
def test_a_killed_import_leaves_the_old_base(base: Path, tmp_path: Path, moment: str) -> None:
    load(base, written(tmp_path / "old.csv", [line(1)]))
    before = base.read_bytes()
    big = written(tmp_path / "new.csv", (line(n) for n in range(1, 6000)))
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(base), str(big), moment]
    assert subprocess.run(command, check=False).returncode == -9
    assert base.read_bytes() == before
    assert load(base, big).numbers == 5999


def test_two_imports_at_once_are_refused(base: Path, tmp_path: Path) -> None:
    with writing(base), pytest.raises(ImportRunningError, match="another import"):
        load(base, written(tmp_path / "a.csv", [line()]))


def test_what_is_no_base_is_refused_with_advice(base: Path) -> None:
    base.write_bytes(b"something else, long enough not to be taken for an empty database" * 20)
    with pytest.raises(UnreadableBaseError, match="move it away"):
        Store(base)


def test_another_format_is_refused(base: Path) -> None:
    base.touch()
    with pytest.raises(UnreadableBaseError, match=f"format 0, not {FORMAT}"):
        Store(base)
