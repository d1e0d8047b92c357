"""A wrong address becomes a regression case: it fails before the mend and passes after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from callbot.cli import app
from callbot.domain.events import AddressesFound, CallAnswered, CallerSpoke, Event, KeysPressed, Prompted, Understood
from callbot.domain.items import ItemLine
from callbot.domain.meaning import HeardAddress, Intent, Meaning
from callbot.domain.personal import Personal
from callbot.gazetteer.sample import sample_entries
from callbot.gazetteer.store import Source, write_base
from callbot.privacy import load_key_ring
from callbot.rehearsal.regressions import CaseError, read_case
from callbot.review.annotations import Annotation, ErrorKind, Expected
from callbot.review.cases import case_name, case_text
from callbot.settings import Settings, load_settings
from callbot.storage.regression_cases import FOLDER, SealedCases
from tests.review.sample import CALLER, START, kept

pytestmark = pytest.mark.process

STREET = "Rue Paradis"
CALL: tuple[Event, ...] = (
    CallAnswered(CALLER, today=date(2026, 11, 23)),
    Prompted("ask_need", 1, "Que souhaitez-vous ?"),
    CallerSpoke("Bonjour, j'ai un canapé à faire enlever.", confidence=0.9),
    Understood(Meaning(intent=Intent.BOOK, items=(ItemLine("canape", 1, "un canapé"),))),
    Prompted("ask_commune", 2, "Dans quelle commune ?"),
    CallerSpoke("Marseille, sixième arrondissement.", confidence=0.9),
    Understood(Meaning(address=HeardAddress(insee="13206"))),
    Prompted("ask_address", 3, "Quel est le numéro et la rue ?"),
    CallerSpoke("Cent rue Paradis.", ("Cent rue Paradis.", "Sans rue Paradis."), 0.4),
    Understood(Meaning(address=HeardAddress(100, None, "rue Paradis", "13206"))),
    AddressesFound(()),
    Prompted("ask_address", 4, "Je n'ai pas trouvé la rue."),
    KeysPressed("0"),
)
SPOKEN_AT = 9
"""the number of the event in which the street was said"""


def annotation(expected: Expected, seq: int = SPOKEN_AT) -> Annotation:
    note = Personal("La rue manque dans la base")
    return Annotation(7, "CA1", seq, ErrorKind.ADDRESS, note, expected, "acc1", START)


def case_of(expected: Expected, seq: int = SPOKEN_AT) -> str:
    text = case_text(annotation(expected, seq), kept(CALL))
    assert text is not None
    return text


def write_streets(settings: Settings, *, without: str = "") -> None:
    """An address base made of the sample, one street left out."""
    entries = [entry for entry in sample_entries() if entry.name != without]
    sources = [Source(insee, "sample", True, "2026-11-23") for insee in {entry.insee for entry in entries}]
    settings.gazetteer_file.unlink(missing_ok=True)
    write_base(settings.gazetteer_file, entries, sources)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings with a data folder of their own, as the command reads them."""
    monkeypatch.setenv("CALLBOT_DATA_DIR", str(tmp_path))
    load_settings.cache_clear()
    yield load_settings()
    load_settings.cache_clear()


def keep(settings: Settings, text: str) -> None:
    SealedCases(settings.data_dir / FOLDER, load_key_ring(settings)).write(case_name(7), text)


def test_a_wrong_address_fails_before_the_mend_and_passes_after(own: Settings) -> None:
    keep(own, case_of(Expected(street=STREET, number=100, insee="13206", items=(("canape", 1),))))
    write_streets(own, without=STREET)
    before = CliRunner().invoke(app, ["rehearse", "--regressions"])
    assert before.exit_code == 1
    assert "annotation_7: FAILED (misunderstood" in before.output
    assert "street: " in before.output
    assert "Paradis" not in before.output
    write_streets(own)
    after = CliRunner().invoke(app, ["rehearse", "--regressions"])
    assert after.exit_code == 0
    assert after.output.startswith("annotation_7: passed (understood")
    assert "1 of 1 runs passed" in after.output


@pytest.mark.parametrize(
    ("expected", "fault"),
    [
        (Expected(items=(("matelas", 1),)), "items: matelas not noted as expected"),
        (Expected(intent=Intent.CANCEL), "intent: not cancel"),
        (Expected(entry="prix"), "entry: not prix"),
        (Expected(number=10), "number: not the one expected"),
        (Expected(insee="13201"), "insee: not the commune expected"),
    ],
)
def test_what_is_not_understood_is_named_and_no_value_of_the_caller_shown(
    own: Settings, expected: Expected, fault: str
) -> None:
    keep(own, case_of(expected))
    told = CliRunner().invoke(app, ["rehearse", "--regressions", "annotation_7"])
    assert told.exit_code == 1
    assert f"  - {fault}" in told.output


def test_names_files_and_options_that_do_not_fit_are_told(own: Settings) -> None:
    unknown = CliRunner().invoke(app, ["rehearse", "--regressions", "annotation_9"])
    assert (unknown.exit_code, "no regression case 'annotation_9'" in unknown.output) == (2, True)
    assert CliRunner().invoke(app, ["rehearse", "--regressions", "--sound"]).exit_code == 2
    (own.data_dir / FOLDER).mkdir(exist_ok=True)
    (own.data_dir / FOLDER / "annotation_7.sealed").write_bytes(b"nothing of ours")
    broken = CliRunner().invoke(app, ["rehearse", "--regressions"])
    assert (broken.exit_code, "cannot be opened (CannotOpenError)" in broken.output) == (1, True)


def test_a_case_holds_what_was_said_up_to_the_line_and_no_more() -> None:
    case = read_case("annotation_7", case_of(Expected(street=STREET)))
    assert [answer.to for answer in case.answers] == ["ask_need", "ask_commune", "ask_address"]
    assert case.answers[-1].said == ("Cent rue Paradis.", "Sans rue Paradis.")
    assert case.answers[-1].confidence == pytest.approx(0.4)
    later = read_case("annotation_7", case_of(Expected(street=STREET), seq=13))
    assert later.answers[-1].keys == "0"


def test_an_annotation_on_our_own_words_judges_what_the_caller_said_before_them() -> None:
    assert read_case("annotation_7", case_of(Expected(street=STREET), seq=12)).answers[-1].to == "ask_address"
    assert case_text(annotation(Expected(street=STREET), seq=2), kept(CALL)) is None


@pytest.mark.parametrize("text", ["[", "a: b", "", "name: x\nanswers: []", "name: secret words\ntitle: 1"])
def test_a_case_that_cannot_be_used_is_told_without_its_words(text: str) -> None:
    with pytest.raises(CaseError, match=r"^annotation_7: ") as told:
        read_case("annotation_7", text)
    assert "secret" not in str(told.value)
