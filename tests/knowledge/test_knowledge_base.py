"""What a correct knowledge base gives: rulings by territory, places, hours, messages, questions, version, coverage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from callbot.domain.geography import Commune
from callbot.domain.items import Certainty, ItemLine, Verdict
from callbot.domain.territories import BookingMode, CutOff
from callbot.knowledge import Filled, KnowledgeBase, Rule, coverage, load_knowledge, plain

Breaks = Callable[[str, str, str], int]
PARIS = ZoneInfo("Europe/Paris")
MONDAY, TUESDAY, SATURDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 7), date(2026, 3, 8)


@pytest.fixture
def small(folder: Path) -> KnowledgeBase:
    return load_knowledge(folder)


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), PARIS)


def test_items_keep_their_words_volume_and_source(small: KnowledgeBase) -> None:
    sofa = small.catalogue["canape"]
    assert (sofa.label, sofa.plural, sofa.feminine, sofa.synonyms) == ("canapé", "canapés", False, ("sofa", "divan"))
    assert small.catalogue.volume((ItemLine("canape", 2), ItemLine("pneu", 1))) == pytest.approx(3.1)
    assert (sofa.ruling.source, sofa.ruling.certainty) == ("a document", Certainty.SOURCED)


def test_a_territory_may_rule_otherwise(small: KnowledgeBase) -> None:
    tyre = small.catalogue["pneu"]
    assert tyre.ruling_in("nord").verdict is Verdict.ASK_HUMAN
    assert tyre.ruling_in("nord").alternative == "Un conseiller vous répond."
    assert tyre.ruling_in("sud").verdict is Verdict.REFUSED
    assert tyre.ruling_in(None).verdict is Verdict.REFUSED


def test_a_ruling_of_a_territory_has_its_own_source_where_it_gives_one(folder: Path, breaks: Breaks) -> None:
    breaks("territories/nord.yaml", "    verdict: ask_human", '    source: "letter"\n    verdict: ask_human')
    assert load_knowledge(folder).catalogue["pneu"].ruling_in("nord").source == "letter"


def test_places_are_found_by_their_code(small: KnowledgeBase) -> None:
    north, south = small.territories
    assert small.territory_of("13201") is north
    assert small.territory_of("13056") is south
    assert small.territory_of("75056") is None
    assert small.sector_of("13201") == "centre"
    assert small.sector_of("13002") is None
    assert small.sector_of("75056") is None
    assert north.cut_off == CutOff(1, time(12))
    assert north.put_out is not None
    assert north.put_out.spoken == "Sortez-les la veille au soir."
    assert (north.max_items, north.max_volume_m3, north.horizon_days) == (6, 3, 28)
    assert {sector.id: sorted(sector.weekdays) for sector in north.sectors} == {"centre": [0, 3]}


def test_what_a_territory_does_not_say_is_not_guessed(small: KnowledgeBase) -> None:
    south = small.territories[1]
    assert south.mode is BookingMode.UNKNOWN
    assert (south.cut_off, south.put_out, south.max_items, south.max_volume_m3) == (None, None, None, None)
    assert (south.sectors, south.horizon_days) == ((), 0)


def test_closures_are_read(folder: Path, breaks: Breaks) -> None:
    closure = "closures: [{first: 2026-05-01, last: 2026-05-01, reason: grève}]"
    breaks("territories/nord.yaml", "mode: appointment", f"mode: appointment\n{closure}")
    [found] = load_knowledge(folder).territories[0].closures
    assert (found.first, found.last, found.reason) == (date(2026, 5, 1), date(2026, 5, 1), "grève")


@pytest.mark.parametrize(
    ("day", "clock", "is_open"),
    [
        (MONDAY, "07:59:59", False), (MONDAY, "08:00", True), (MONDAY, "18:29:59", True), (MONDAY, "18:30", False),
        (TUESDAY, "11:59:59", True), (TUESDAY, "12:00", False), (TUESDAY, "13:59:59", False), (TUESDAY, "14:00", True),
        (SATURDAY, "07:30", True), (SATURDAY, "17:29:59", True), (SATURDAY, "17:30", False), (SUNDAY, "12:00", False),
    ],
)  # fmt: skip
def test_hours_both_sides_of_each_limit(small: KnowledgeBase, day: date, clock: str, is_open: bool) -> None:
    assert small.opening_hours.is_open(at(day, clock)) is is_open


def test_a_holiday_is_closed_unless_said_open(small: KnowledgeBase, folder: Path, breaks: Breaks) -> None:
    assert not small.opening_hours.is_open(at(MONDAY, "10:00"), {MONDAY})
    assert small.opening_hours.is_open(at(MONDAY, "10:00"), {TUESDAY})
    breaks("opening_hours.yaml", "open_on_holidays: false", "open_on_holidays: true")
    assert load_knowledge(folder).opening_hours.is_open(at(MONDAY, "10:00"), {MONDAY})


def test_the_hours_of_a_day(small: KnowledgeBase) -> None:
    hours = small.opening_hours
    assert [(f"{span.start:%H:%M}", f"{span.end:%H:%M}") for span in hours.spans_on(TUESDAY)] == [
        ("08:00", "12:00"),
        ("14:00", "18:00"),
    ]
    assert hours.spans_on(SUNDAY) == ()
    assert hours.spans_on(TUESDAY, {TUESDAY}) == ()


def test_questions_come_from_yaml_and_markdown(small: KnowledgeBase) -> None:
    price, robot = small.question("prix"), small.question("robot")
    assert price is not None
    assert robot is not None
    assert small.question("nothing") is None
    assert robot.answer == "Oui, je suis une machine."
    assert (price.certainty, price.sample, price.owner) == (Certainty.SOURCED, False, "somebody")
    assert (robot.certainty, robot.sample, robot.source) == (Certainty.INFERRED, True, "charter")
    assert (robot.valid_from, robot.valid_to) == (date(2026, 1, 1), None)


def test_a_file_written_on_another_system_reads_the_same(small: KnowledgeBase, folder: Path) -> None:
    file = folder / "questions" / "robot.md"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert load_knowledge(folder).question("robot") == small.question("robot")


def test_messages_fill_their_places(small: KnowledgeBase) -> None:
    message = small.messages["confirmation"]
    assert message.render({"reference": "AC4KR", "date": "2 mars"}) == "Rendez-vous AC4KR le 2 mars."
    with pytest.raises(KeyError):
        message.render({"reference": "AC4KR"})


def test_validity_has_both_its_days(folder: Path, breaks: Breaks) -> None:
    breaks("messages.yaml", "  valid_from: 2026-01-01", "  valid_from: 2026-01-01\n  valid_to: 2026-06-30")
    kb = load_knowledge(folder)
    assert kb.out_of_date(date(2026, 1, 1)) == ()
    assert kb.out_of_date(date(2026, 6, 30)) == ()
    ended = (*(f"message/{name}" for name in kb.messages), *(f"reason/{why.value}" for why in kb.reasons))
    assert kb.out_of_date(date(2026, 7, 1)) == ended
    assert "item/canape" in kb.out_of_date(date(2025, 12, 31))


def test_the_version_changes_with_any_file_and_only_then(small: KnowledgeBase, folder: Path) -> None:
    assert load_knowledge(folder).version == small.version
    versions = {small.version}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        original = file.read_bytes()
        file.write_bytes(original + b"\n")
        versions.add(load_knowledge(folder).version)
        file.write_bytes(original)
    assert len(versions) == 8
    (folder / "items" / "items.yaml").rename(folder / "items" / "renamed.yaml")
    assert load_knowledge(folder).version not in versions


@pytest.mark.parametrize(
    ("written", "same"),
    [("Clic-clac", "clic clac"), ("CANAPÉ D’ANGLE", "canape d'angle"), ("Sac d'œufs", "sac d oeufs")],
)
def test_plain_spelling(written: str, same: str) -> None:
    assert plain(written) == plain(same)


def test_coverage_tells_filled_sample_and_missing(folder: Path, breaks: Breaks) -> None:
    breaks("territories/nord.yaml", "mode: appointment", "mode: appointment\nmarks: {capacity: I, limits: T}")
    communes = [Commune(code, code, ()) for code in ("13201", "13002", "13056", "75056")]
    rows = coverage(load_knowledge(folder), communes)
    assert [row.territory for row in rows] == ["Nord", "Nord", "Sud", ""]
    centre, allauch, martigues, paris = (dict(row.rules) for row in rows)
    assert centre == {
        Rule.MODE: Filled.FILLED,
        Rule.SECTOR: Filled.FILLED,
        Rule.CALENDAR: Filled.FILLED,
        Rule.CAPACITY: Filled.SAMPLE,
        Rule.CUT_OFF: Filled.FILLED,
        Rule.PUT_OUT: Filled.FILLED,
        Rule.LIMITS: Filled.SAMPLE,
        Rule.WEIGHT: Filled.MISSING,
        Rule.HOUSEHOLD: Filled.MISSING,
        Rule.ASSISTED: Filled.MISSING,
        Rule.PROFESSIONALS: Filled.MISSING,
        Rule.ITEMS: Filled.FILLED,
    }
    assert allauch == centre | dict.fromkeys((Rule.SECTOR, Rule.CALENDAR, Rule.CAPACITY), Filled.MISSING)
    assert martigues == dict.fromkeys(Rule, Filled.MISSING) | {Rule.ITEMS: Filled.FILLED}
    assert paris == dict.fromkeys(Rule, Filled.MISSING)


def test_one_sample_item_makes_the_items_a_sample(folder: Path, breaks: Breaks) -> None:
    breaks("items/items.yaml", "    verdict: accepted", "    verdict: accepted\n    certainty: T\n    sample: true")
    [row] = coverage(load_knowledge(folder), [Commune("13056", "Martigues", ())])
    assert row.rules[Rule.ITEMS] is Filled.SAMPLE
