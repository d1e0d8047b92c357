"""Each block of a territory file: what it is read as, and the file, line and words of each mistake in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from callbot.domain.items import Certainty
from callbot.domain.territories import (
    Assisted,
    AssistedOffer,
    Closure,
    ClosureKind,
    HouseholdLimit,
    Professionals,
    ProfessionalsMode,
    TerritoryRules,
)
from callbot.knowledge import KnowledgeError, Problem, load_knowledge

Breaks = Callable[[str, str, str], int]

ITEMS, NORTH, LATER = "items/items.yaml", "territories/nord.yaml", "territories/nord_2027.yaml"
MODE = "mode: appointment\n"
ASK = '"Un conseiller regarde avec vous."'
LONG = '"' + "a" * 261 + '"'


def problems_of(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(folder)
    return caught.value.problems


def north(folder: Path, day: date | None = None) -> TerritoryRules:
    found = load_knowledge(folder).territory_of("13201", day)
    assert found is not None
    return found


def limits(breaks: Breaks, more: str) -> int:
    return breaks(NORTH, "max_volume_m3: 3}", f"max_volume_m3: 3, {more}}}")


# ---- what is right ----


def test_what_is_not_written_is_unknown(folder: Path) -> None:
    rules = north(folder)
    unknown = (rules.household, rules.max_weight_kg, rules.assisted, rules.professionals, rules.valid_to)
    assert unknown == (None,) * 5
    assert (rules.closures, rules.holidays_worked, rules.works_on_holidays) == ((), frozenset(), False)
    assert (rules.sectors[0].capacity_items, rules.sectors[0].capacity_m3) == (None, None)


@pytest.mark.parametrize(
    ("line", "rule", "value"),
    [
        ("household: {most: 3, within_days: 365}", "household", HouseholdLimit(3, 365)),
        ("household: {most: 1, within_days: 1}", "household", HouseholdLimit(1, 1)),
        ("household: {most: 100, within_days: 730}", "household", HouseholdLimit(100, 730)),
        *[
            (f"assisted: {{offered: {offer}, spoken: {ASK}}}", "assisted", Assisted(AssistedOffer(offer), ASK[1:-1]))
            for offer in ("yes", "no", "by_person")
        ],
        *[
            (
                f"professionals: {{mode: {mode}, spoken: {ASK}}}",
                "professionals",
                Professionals(ProfessionalsMode(mode), ASK[1:-1]),
            )
            for mode in ("refused_here", "by_person", "accepted")
        ],
        ("works_on_holidays: true", "works_on_holidays", True),
        ("holidays_worked: []", "holidays_worked", frozenset()),
        (
            "holidays_worked: [2026-01-01, 2026-11-11]",
            "holidays_worked",
            frozenset({date(2026, 1, 1), date(2026, 11, 11)}),
        ),
        ('spoken_source: "la presse locale"', "spoken_source", "la presse locale"),
    ],
)
def test_a_block_is_read_as_it_is_written(folder: Path, breaks: Breaks, line: str, rule: str, value: object) -> None:
    breaks(NORTH, MODE, f"{MODE}{line}\n")
    assert getattr(north(folder), rule) == value


@pytest.mark.parametrize(
    ("written", "closure"),
    [
        ("reason: grève", Closure(date(2026, 5, 1), date(2026, 5, 3), "grève")),
        (
            "reason: mistral, kind: storm",
            Closure(date(2026, 5, 1), date(2026, 5, 3), "mistral", ClosureKind.STORM),
        ),
        (
            "reason: travaux, kind: works, sectors: [centre]",
            Closure(date(2026, 5, 1), date(2026, 5, 3), "travaux", ClosureKind.WORKS, frozenset({"centre"})),
        ),
    ],
)
def test_a_closure_is_of_all_sectors_or_of_those_named(
    folder: Path, breaks: Breaks, written: str, closure: Closure
) -> None:
    breaks(NORTH, MODE, f"{MODE}closures: [{{first: 2026-05-01, last: 2026-05-03, {written}}}]\n")
    [found] = north(folder).closures
    assert found == closure
    assert found.closes("centre", date(2026, 5, 1))
    assert found.closes("centre", date(2026, 5, 3))
    assert not found.closes("centre", date(2026, 4, 30))
    assert not found.closes("centre", date(2026, 5, 4))
    assert found.closes("elsewhere", date(2026, 5, 2)) == (not closure.sectors)


def test_capacities_are_bookings_objects_and_cubic_metres(folder: Path, breaks: Breaks) -> None:
    breaks(NORTH, "capacity: 20", "capacity: 20\n    capacity_items: 6\n    capacity_m3: 3")
    [sector] = north(folder).sectors
    assert (sector.capacity, sector.capacity_items, sector.capacity_m3) == (20, 6, 3)


# ---- weights, both sides of their bounds ----


@pytest.mark.parametrize(("weight", "fits"), [("0.1", True), ("1000", True), ("0", False), ("-1", False),
                                              ("1000.1", False), ("lourd", False), ("[80]", False)])  # fmt: skip
def test_the_weight_limit_of_a_territory_has_bounds(folder: Path, breaks: Breaks, weight: str, fits: bool) -> None:
    line = limits(breaks, f"max_weight_kg: {weight}")
    if fits:
        assert north(folder).max_weight_kg == float(weight)
        assert north(folder).ground("limits.max_weight_kg").most == float(weight)
        return
    [problem] = problems_of(folder)
    assert (problem.file, problem.line) == (NORTH, line)
    assert '"max_weight_kg" in limits: expected a number above 0 and at most 1000, found' in problem.message


@pytest.mark.parametrize(("weight", "fits"), [("0.1", True), ("5000", True), ("0", False), ("5000.1", False),
                                              ("lourd", False)])  # fmt: skip
def test_the_weight_of_an_object_has_bounds(folder: Path, breaks: Breaks, weight: str, fits: bool) -> None:
    breaks(ITEMS, "  volume_certainty: S", "  volume_certainty: S\n  weight_certainty: S")
    line = breaks(ITEMS, "    volume_m3: 1.5", f"    volume_m3: 1.5\n    weight_kg: {weight}") + 1
    if fits:
        assert load_knowledge(folder).catalogue["canape"].weight_kg == float(weight)
        assert load_knowledge(folder).catalogue["pneu"].weight_kg is None
        return
    [problem] = problems_of(folder)
    assert (problem.file, problem.line) == (ITEMS, line)
    assert '"weight_kg" in canape: expected a number above 0 and at most 5000, found' in problem.message


def test_a_weight_says_how_sure_it_is(folder: Path, breaks: Breaks) -> None:
    breaks(ITEMS, "    volume_m3: 1.5", "    volume_m3: 1.5\n    weight_kg: 40")
    [problem] = problems_of(folder)
    assert 'missing key "weight_certainty" in canape' in problem.message
    breaks(ITEMS, "    weight_kg: 40", "    weight_kg: 40\n    weight_certainty: I")
    origins = load_knowledge(folder).provenance
    assert (origins["weight/canape"].certainty, origins["weight/canape"].sample) == (Certainty.INFERRED, True)
    assert "weight/pneu" not in origins


# ---- what is wrong ----

WRONG = [
    # a line of the file, what the message says
    ("household: 3", '"household" in territories/nord.yaml: expected a block of keys'),
    ("household: {most: 3}", 'missing key "within_days" in household; expected a whole number from 1 to 730'),
    ("household: {within_days: 365}", 'missing key "most" in household; expected a whole number from 1 to 100'),
    ("household: {most: 0, within_days: 365}", "expected a whole number from 1 to 100"),
    ("household: {most: 101, within_days: 365}", "expected a whole number from 1 to 100"),
    ("household: {most: 2.5, within_days: 365}", "expected a whole number from 1 to 100"),
    ("household: {most: 3, within_days: 0}", "expected a whole number from 1 to 730"),
    ("household: {most: 3, within_days: 731}", "expected a whole number from 1 to 730"),
    ("household: {most: 3, within_day: 9}", 'unknown key "within_day" in household'),
    (f"assisted: {{offered: perhaps, spoken: {ASK}}}", "expected one of yes, no, by_person"),
    (f"assisted: {{spoken: {ASK}}}", 'missing key "offered" in assisted'),
    ("assisted: {offered: by_person}", 'missing key "spoken" in assisted'),
    (f"assisted: {{offered: by_person, spoken: {LONG}}}", "expected at most 260 characters, found 261"),
    ('assisted: {offered: by_person, spoken: "Un. Deux. Trois."}', "expected at most 2 sentences, found 3"),
    (f"professionals: {{mode: refused, spoken: {ASK}}}", 'did you mean "refused_here"?'),
    ("professionals: {mode: by_person}", 'missing key "spoken" in professionals'),
    (f"professionals: {{mode: by_person, spoken: {LONG}}}", "expected at most 260 characters, found 261"),
    (f"professionals: {{mode: by_person, spoken: {ASK}, price: 3}}", 'unknown key "price" in professionals'),
    ("works_on_holidays: sometimes", "expected true or false"),
    ("holidays_worked: 2026-05-01", "expected a list of codes, found a date"),
    ("holidays_worked: [1er mai]", '"1er mai" in holidays_worked: expected a date like 2026-01-31'),
    ("holidays_worked: [2026-02-30]", '"2026-02-30" in holidays_worked: expected a date'),
    ("holidays_worked: [2025-12-25]", "2025-12-25 in holidays_worked never applies"),
    ("closures: [{first: 2026-05-01, last: 2026-05-01}]", 'missing key "reason" in closures 1'),
    ("closures: [{last: 2026-05-01, reason: grève}]", 'missing key "first" in closures 1'),
    ("closures: [{first: 2026-05-01, last: 2026-05-01, reason: x, kind: snow}]", "expected one of strike, storm,"),
    (
        "closures: [{first: 2026-05-01, last: 2026-05-01, reason: x, sectors: [center]}]",
        'unknown sector of this territory "center"; did you mean "centre"?',
    ),
    ("closures: [{first: 2026-05-01, last: 2026-05-01, reason: x, sectors: []}]", "expected at least 1 texts"),
    ("closures: [{first: 2025-05-01, last: 2025-12-31, reason: x}]", "closures 1 never applies"),
    ("closures: [{first: 2026-05-01, last: 2026-05-01, reason: x, who: y}]", 'unknown key "who" in closures 1'),
    ('spoken_source: "la presse."', "expected at most 90 characters that end without a mark"),
    ('spoken_source: "' + "a" * 91 + '"', "expected at most 90 characters that end without a mark"),
    ("spoken_source: 2026", '"spoken_source" in territories/nord.yaml: expected a text'),
]  # fmt: skip


@pytest.mark.parametrize(("line", "wrong"), WRONG)
def test_a_wrong_block_is_told_with_file_line_and_what_is_expected(
    folder: Path, breaks: Breaks, line: str, wrong: str
) -> None:
    where = breaks(NORTH, MODE, f"{MODE}{line}\n") + 1
    problems = problems_of(folder)
    assert {(one.file, one.line) for one in problems} == {(NORTH, where)}
    assert any(wrong in one.message for one in problems), problems


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("days_before: 1", "days_before: 31", "expected a whole number from 0 to 30"),
        ("days_before: 1", "days_before: -1", "expected a whole number from 0 to 30"),
        ("days_before: 1, ", "", 'missing key "days_before" in cut_off'),
        ("max_items: 6", "max_items: 101", "expected a whole number from 1 to 100"),
        ("max_items: 6", "max_items: 0", "expected a whole number from 1 to 100"),
        ("max_volume_m3: 3", "max_volume_m3: 100.5", "expected a number above 0 and at most 100"),
        ("capacity: 20", "capacity: 2001", "expected a whole number from 1 to 2000"),
        ("horizon_days: 28", "horizon_days: 367", "expected a whole number from 1 to 366"),
    ],
)
def test_numbers_beyond_reason_are_told(folder: Path, breaks: Breaks, old: str, new: str, wrong: str) -> None:
    where = breaks(NORTH, old, new)
    assert [(one.file, one.line, wrong in one.message) for one in problems_of(folder)] == [(NORTH, where, True)]


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ("capacity_items: 5", "capacity_items of centre: expected at least max_items, 6"),
        ("capacity_m3: 2.9", "capacity_m3 of centre: expected at least max_volume_m3, 3"),
        ("capacity_items: 0", "expected a whole number from 1 to 20000"),
        ("capacity_m3: 0", "expected a number above 0 and at most 5000"),
    ],
)
def test_a_day_takes_at_least_the_largest_appointment(folder: Path, breaks: Breaks, more: str, wrong: str) -> None:
    where = breaks(NORTH, "    capacity: 20", f"    capacity: 20\n    {more}") + 1
    found = [one for one in problems_of(folder) if wrong in one.message]
    assert [(one.file, one.line) for one in found] == [(NORTH, where)]


# ---- versions and their days ----


def later(folder: Path, begins: str, **changes: str) -> None:
    """Another file of the north, in force from ``begins`` on."""
    text = (folder / NORTH).read_text(encoding="utf-8").replace("valid_from: 2026-01-01", f"valid_from: {begins}")
    for old, new in changes.items():
        text = text.replace(old, new)
    (folder / f"territories/nord_{begins}.yaml").write_text(text, encoding="utf-8")


def ends(breaks: Breaks, last: str) -> None:
    breaks(NORTH, "valid_from: 2026-01-01", f"valid_from: 2026-01-01\nvalid_to: {last}")


@pytest.mark.parametrize(
    ("day", "valid"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
    ],
)
def test_rules_hold_from_their_first_day_to_their_last(folder: Path, breaks: Breaks, day: date, valid: bool) -> None:
    ends(breaks, "2026-06-30")
    kb = load_knowledge(folder)
    assert (kb.territory_of("13201", day) is not None) is valid
    assert (kb.sector_of("13201", day) == "centre") is valid
    assert ("territory/nord" in kb.out_of_date(day)) is not valid


def test_three_versions_take_turns_day_by_day(folder: Path, breaks: Breaks) -> None:
    later(folder, "2026-04-01")
    later(folder, "2026-07-01")
    ends(breaks, "2026-03-31")
    second = folder / "territories/nord_2026-04-01.yaml"
    text = second.read_text(encoding="utf-8")
    second.write_text(text.replace("2026-04-01", "2026-04-01\nvalid_to: 2026-06-30"), encoding="utf-8")
    kb = load_knowledge(folder)
    turns = {
        date(2026, 3, 31): "nord",
        date(2026, 4, 1): "nord@2026-04-01",
        date(2026, 6, 30): "nord@2026-04-01",
        date(2026, 7, 1): "nord@2026-07-01",
        date(2030, 1, 1): "nord@2026-07-01",
    }
    found = {day: rules.key for day in turns if (rules := kb.territory_of("13201", day))}
    assert found == turns


@pytest.mark.parametrize(
    ("last", "begins", "wrong"),
    [
        (None, "2027-01-01", "territories/nord.yaml has no valid_to; expected it to end before 2027-01-01"),
        ("2027-06-30", "2027-01-01", "territories/nord.yaml ends on 2027-06-30; expected it to end before 2027-01-01"),
        ("2027-01-01", "2027-01-01", "expected it to end before 2027-01-01"),
        ("2026-12-30", "2027-01-01", "has no rules between 2026-12-30 (territories/nord.yaml) and 2027-01-01"),
        ("2026-06-30", "2027-01-01", "has no rules between 2026-06-30 (territories/nord.yaml) and 2027-01-01"),
    ],
)
def test_overlaps_and_gaps_between_versions_are_told(
    folder: Path, breaks: Breaks, last: str | None, begins: str, wrong: str
) -> None:
    later(folder, begins)
    if last is not None:
        ends(breaks, last)
    [problem] = problems_of(folder)
    assert (problem.file, problem.line) == (f"territories/nord_{begins}.yaml", 4)
    assert wrong in problem.message


def test_two_files_that_begin_on_the_same_day_are_told(folder: Path) -> None:
    (folder / LATER).write_bytes((folder / NORTH).read_bytes())
    assert any("appears in two files at a time" in one.message for one in problems_of(folder))


def test_rules_that_end_before_they_begin_are_told(folder: Path, breaks: Breaks) -> None:
    ends(breaks, "2025-12-31")
    assert any('"valid_to" comes before "valid_from"' in one.message for one in problems_of(folder))


@pytest.mark.parametrize(("begins", "told"), [("2026-07-01", False), ("2026-06-30", True)])
def test_a_commune_moves_to_another_territory_only_once_it_left(
    folder: Path, breaks: Breaks, begins: str, told: bool
) -> None:
    ends(breaks, "2026-06-30")
    breaks("territories/sud.yaml", "  13056: Martigues", "  13056: Martigues\n  13002: Allauch")
    breaks("territories/sud.yaml", "valid_from: 2026-01-01", f"valid_from: {begins}")
    if told:
        assert any(
            'commune 13002 already belongs to the territory "nord"' in one.message for one in problems_of(folder)
        )
        return
    kb = load_knowledge(folder)
    before, after = kb.territory_of("13002", date(2026, 6, 30)), kb.territory_of("13002", date(2026, 7, 1))
    assert (before and before.id, after and after.id) == ("nord", "sud")


def test_a_sector_of_a_later_version_may_differ(folder: Path, breaks: Breaks) -> None:
    later(folder, "2027-01-01", **{"  centre:\n    name: Centre": "  coeur:\n    name: Cœur"})
    ends(breaks, "2026-12-31")
    kb = load_knowledge(folder)
    assert (kb.sector_of("13201", date(2026, 12, 31)), kb.sector_of("13201", date(2027, 1, 1))) == ("centre", "coeur")
    assert kb.sector_of("13201") is None, "whoever knows the day decides"


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("closures: [{first: 2027-01-01, last: 2027-01-02, reason: x}]", "closures 1 never applies"),
        ("closures: [{first: 2026-12-31, last: 2027-01-02, reason: x}]", None),
        ("holidays_worked: [2027-01-01]", "2027-01-01 in holidays_worked never applies"),
        ("holidays_worked: [2026-12-31]", None),
    ],
)
def test_days_after_the_last_one_never_apply(folder: Path, breaks: Breaks, line: str, wrong: str | None) -> None:
    ends(breaks, "2026-12-31")
    breaks(NORTH, MODE, f"{MODE}{line}\n")
    if wrong is None:
        assert north(folder, date(2026, 12, 31)).valid_to == date(2026, 12, 31)
    else:
        assert [wrong in one.message for one in problems_of(folder)] == [True]


# ---- where a "no" comes from ----


def test_the_mark_of_a_rule_is_that_of_its_ground(folder: Path, breaks: Breaks) -> None:
    breaks(NORTH, MODE, f'{MODE}spoken_source: "un essai"\nsample: true\nmarks: {{household: T, weight: G}}\n')
    limits(breaks, "max_weight_kg: 80")
    rules = north(folder)
    grounds = {rule: rules.ground(rule) for rule in ("household", "limits.max_weight_kg", "limits.max_items")}
    assert {rule: ground.certainty for rule, ground in grounds.items()} == {
        "household": Certainty.TYPICAL,
        "limits.max_weight_kg": Certainty.GENERAL,
        "limits.max_items": Certainty.SOURCED,
    }
    assert {ground.spoken for ground in grounds.values()} == {"un essai"}
    assert [ground.most for ground in grounds.values()] == [None, 80, 6]
    assert {ground.version for ground in grounds.values()} == {date(2026, 1, 1)}


def test_a_refused_object_carries_the_source_worded_for_callers(folder: Path, breaks: Breaks) -> None:
    breaks(ITEMS, '  source: "a document"', '  source: "a document"\n  spoken_source: "le guide du tri"')
    tyre = load_knowledge(folder).catalogue["pneu"]
    assert tyre.ruling.ground is not None
    assert (tyre.ruling.ground.rule, tyre.ruling.ground.spoken) == ("items/pneu", "le guide du tri")
    own = tyre.ruling_in("nord").ground
    assert own is not None
    assert (own.rule, own.spoken) == ("nord/verdicts.pneu", "")


def test_a_source_of_its_own_is_not_said_like_that_of_the_file(folder: Path, breaks: Breaks) -> None:
    breaks(ITEMS, '  source: "a document"', '  source: "a document"\n  spoken_source: "le guide du tri"')
    breaks(ITEMS, "    label: pneu\n", '    label: pneu\n    source: "another document"\n')
    ground = load_knowledge(folder).catalogue["pneu"].ruling.ground
    assert ground is not None
    assert (ground.source, ground.spoken) == ("another document", "")
