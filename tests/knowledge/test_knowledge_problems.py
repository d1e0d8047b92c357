"""Each kind of mistake gives its file, its line and what is expected; all mistakes of all files come at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from callbot.knowledge import KnowledgeError, Problem, load_knowledge

Breaks = Callable[[str, str, str], int]

ITEMS, NORTH, SOUTH = "items/items.yaml", "territories/nord.yaml", "territories/sud.yaml"
QUESTIONS, ROBOT = "questions/questions.yaml", "questions/robot.md"
HOURS, MESSAGES = "opening_hours.yaml", "messages.yaml"


def problems_of(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(folder)
    return caught.value.problems


ENGLISH = {"expected", "found", "missing", "appears", "with", "the", "did", "you", "comes", "nothing", "list"}
"""words of the messages of the command line, none of them a key of these files"""
MISTAKES = [
    # file, text replaced, by, what the message says (the line is the one of the text replaced)
    (ITEMS, "volume_m3: 1.5", "volum_m3: 1.5", 'unknown key "volum_m3"', 'did you mean "volume_m3"?'),
    (ITEMS, "volume_m3: 1.5", 'volume_m3: "big"', "expected a number above 0", 'found a text "big"'),
    (ITEMS, "volume_m3: 1.5", "volume_m3: -1", "expected a number above 0", ""),
    (ITEMS, "volume_m3: 1.5", "volume_m3: 12:30", "expected a number above 0", ""),
    (ITEMS, "label: canapé", "label: 12", "expected a text (put it between quotes)", "found a number"),
    (ITEMS, "label: canapé", 'label: ""', "expected a text", "found an empty text"),
    (ITEMS, "label: canapé", "label:", "expected a text", "found nothing"),
    (ITEMS, "label: canapé", "label: [a]", "expected a text", "found a list"),
    (ITEMS, "verdict: accepted", "verdict: acepted", "one of accepted, refused, ask_human", 'did you mean "accepted"?'),
    (ITEMS, "[sofa, divan]", "sofa", "expected a list of texts", ""),
    (ITEMS, "[roue]", "[roue, SOFÀ]", '"SOFÀ" already names the item "canape"', "in one item only"),
    (ITEMS, "  volume_certainty: S", "  volume_certainty: X", "expected one of S, T, G, I", ""),
    (ITEMS, "  certainty: S", "  certainty: T", 'expected "sample: true"', ""),
    (ITEMS, "2026-01-01", "2026-13-01", "expected a date like 2026-01-31", ""),
    (ITEMS, "  canape:", "  Canapé:", "small letters without accents", ""),
    (ITEMS, "items:", "item:", 'unknown key "item"', 'did you mean "items"?'),
    (NORTH, "mode: appointment", "mode: apointment", "one of appointment, calendar, unknown", "did you mean"),
    (NORTH, "13002: Allauch", "1302: Allauch", "expected an INSEE code of five digits", "like 13055"),
    (NORTH, "[13201]", "[13299]", 'unknown commune of this territory "13299"', 'did you mean "13201"?'),
    (NORTH, "[13201]", "13201", "expected a list of codes", ""),
    (NORTH, "[13201]", "[[1]]", "expected a code", ""),
    (NORTH, "[lundi, jeudi]", "[lundi, jeudy]", 'unknown weekday "jeudy"', 'did you mean "jeudi"?'),
    (NORTH, "[lundi, jeudi]", "[]", "expected at least 1 texts", ""),
    (NORTH, "capacity: 20", "capacity: 2.5", "expected a whole number", ""),
    (NORTH, "capacity: 20", "capacity: 0", "expected a whole number from 1", ""),
    (NORTH, '"12:00"', '"25:00"', "expected a time like 08:30", ""),
    (NORTH, "evening_before: true", "evening_before: maybe", "expected true or false", ""),
    (NORTH, '"05:00"', '"5 h"', "expected a time like 08:30", ""),
    (NORTH, "  pneu:", "  pneux:", 'unknown item "pneux"', 'did you mean "pneu"?'),
    (NORTH, "limits: {max_items: 6", "limits: {max_item: 6", 'unknown key "max_item"', 'did you mean "max_items"?'),
    (NORTH, "limits: {max_items: 6, max_volume_m3: 3}", "limits: 6", "expected a block of keys", "found a number"),
    (NORTH, "horizon_days: 28", "horizon_days: 0", "expected a whole number from 1", ""),
    (QUESTIONS, '"quel est le prix"]', "]", "expected at least 3 texts, found 2", ""),
    (ROBOT, '"un répondeur"]', '"Quel est le prix ?"]', 'already a variant of the question "prix"', ""),
    (QUESTIONS, '"C\'est gratuit."', '"Un. Deux. Trois."', "expected at most 2 sentences, found 3", ""),
    (QUESTIONS, '"C\'est gratuit."', '"' + "a" * 261 + '"', "expected at most 260 characters, found 261", ""),
    (ROBOT, "certainty: I", "certainty: Z", "expected one of S, T, G, I", ""),
    (ROBOT, "id: robot", "id: Robot", "small letters without accents", ""),
    (HOURS, '["07:30-17:30"]', '["17:30-07:30"]', "the end after the start", ""),
    (HOURS, '["07:30-17:30"]', '["7h30"]', 'expected hours like "08:00-18:30"', ""),
    (HOURS, "  samedi:", "  samdi:", 'unknown key "samdi"', 'did you mean "samedi"?'),
    (MESSAGES, "le {date}", "le {dat}", "unknown place {dat} in confirmation", "did you mean"),
    (MESSAGES, "le {date}", "le {date!r}", "expected plain places like {reference}", ""),
    (MESSAGES, "le {date}", "le {date", "expected every { closed by }", ""),
    (MESSAGES, "{reference} ", "", "expected the place {reference}", ""),
    (MESSAGES, "le {date}", "le {date} ê", "ê does not fit an ordinary SMS", ""),
    (MESSAGES, "-{last}", "", "text of call_back: expected the place {last}", ""),
    (MESSAGES, "Plus de {reference},", "Plus de", "text of cancellation: expected the place {reference}", ""),
    (MESSAGES, "Nouveau : {reference}", "Nouveau : {first}", "unknown place {first} in amendment", ""),
    (MESSAGES, "Plus de {reference}", "Plus de {reference} {reason}", "unknown place {reason} in cancellation", ""),
    (MESSAGES, "Fermé {reference}", "Fermé {reference} {put_out}", "unknown place {put_out} in inaccessible", ""),
    (MESSAGES, "Plus rien.", "Plus rien, {reference}.", "expected one of none", ""),
    (MESSAGES, "trop d'objets", "trop de {items}", "expected no place in a reason", ""),
    (MESSAGES, "trop d'objets", "trop pour être pris", "ê does not fit an ordinary SMS", ""),
    (
        MESSAGES,
        "  confirmation:",
        "  confirmations:",
        'unknown message "confirmations"',
        'did you mean "confirmation"?',
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_gives_file_line_and_what_is_expected(
    folder: Path, breaks: Breaks, mistake: tuple[str, str, str, str, str]
) -> None:
    file, old, new, wrong, expected = mistake
    line = breaks(file, old, new)

    problems = problems_of(folder)

    assert any(
        (one.file, one.line) == (file, line) and wrong in one.message and expected in one.message for one in problems
    ), problems
    for one in problems:
        assert one.french
        assert not ENGLISH.intersection(re.findall(r"[a-z]+", one.french)), one.french


ADDED = [
    # file, line after which a line is added, the line, what the message says (its line is the added one)
    (ITEMS, "  valid_from: 2026-01-01", "  colour: red", 'unknown key "colour" in defaults'),
    (ITEMS, "  valid_from: 2026-01-01", "  valid_to: 2025-12-31", "expected the same day or later"),
    (ITEMS, "    label: pneu", "    label: roue", 'key "label" appears twice in pneu'),
    (ITEMS, "    label: pneu", "    [a]: b", "expected a simple key in pneu"),
    (ITEMS, "    label: pneu", "  - b", "not valid YAML"),
    (
        NORTH,
        "    capacity: 20",
        "  est: {name: Est, communes: [13201], weekdays: [lundi], capacity: 9}",
        "in one sector",
    ),
    (NORTH, "mode: appointment", "marks: {colour: S}", 'unknown key "colour" in marks'),
    (NORTH, "mode: appointment", "marks: {sector: Z}", "expected one of S, T, G, I"),
    (NORTH, "mode: appointment", "closures: [{first: 2026-02-02, last: 2026-02-01, reason: x}]", "same day or later"),
    (NORTH, "mode: appointment", "closures: [strike]", "expected a block of keys"),
    (SOUTH, "mode: unknown", "closures: strike", "expected a block of named blocks"),
    (
        SOUTH,
        "mode: unknown",
        "sectors: {centre: {name: C, communes: [13056], weekdays: [lundi], capacity: 1}}",
        "two ter",
    ),
    (MESSAGES, "messages:", "  welcome: {text: Bonjour}", 'unknown message "welcome"; expected one of confirmation'),
    (MESSAGES, "reasons:", "  rain: {text: la pluie}", 'unknown reason "rain"; expected one of other_items'),
]


@pytest.mark.parametrize("added", ADDED)
def test_a_line_too_many_gives_file_line_and_what_is_expected(
    folder: Path, breaks: Breaks, added: tuple[str, str, str, str]
) -> None:
    file, after, line, wrong = added
    where = breaks(file, f"{after}\n", f"{after}\n{line}\n") + 1

    problems = problems_of(folder)

    assert any((one.file, one.line) == (file, where) and wrong in one.message for one in problems), problems


REQUIRED = [
    (ITEMS, "    plural: canapés\n", 'missing key "plural" in canape; expected a text', 8),
    (ITEMS, "    volume_m3: 1.5\n", 'missing key "volume_m3" in canape; expected a number above 0', 8),
    (ITEMS, '    alternative: "Un garage le reprend."\n', 'missing key "alternative" in pneu', 15),
    (NORTH, "mode: appointment\n", 'missing key "mode" in territories/nord.yaml', 1),
    (NORTH, "    capacity: 20\n", 'missing key "capacity" in centre; expected a whole number', 21),
    (NORTH, "horizon_days: 28\n", 'missing key "horizon_days"', 1),
    (QUESTIONS, '  owner: "somebody"\n', 'missing key "owner" in prix; expected a text', 6),
    (HOURS, "  dimanche: []\n", 'missing key "dimanche" in hours', 6),
    (HOURS, "open_on_holidays: false\n", 'missing key "open_on_holidays"', 1),
    (ROBOT, "certainty: I\n", 'missing key "certainty"', 2),
    (ROBOT, "Oui, je suis\nune machine.\n", "the answer is missing; expected text after the front matter", 9),
]


@pytest.mark.parametrize("missing", REQUIRED)
def test_what_is_missing_gives_file_line_and_what_is_expected(
    folder: Path, breaks: Breaks, missing: tuple[str, str, str, int]
) -> None:
    file, gone, wrong, line = missing
    breaks(file, gone, "")

    problems = problems_of(folder)

    assert any((one.file, one.line) == (file, line) and wrong in one.message for one in problems), problems


def test_a_commune_in_two_territories_names_both(folder: Path, breaks: Breaks) -> None:
    breaks(NORTH, "13002: Allauch", "13056: Martigues")
    [problem] = problems_of(folder)
    assert (problem.file, problem.line) == (SOUTH, 9)
    assert 'already belongs to the territory "nord"; expected in one territory only' in problem.message


@pytest.mark.parametrize(
    ("ends", "begins", "wrong"),
    [
        ("2026-12-31", "2027-01-01", None),
        ("2027-01-01", "2027-01-01", "appears in two files at a time"),
        ("2026-12-30", "2027-01-01", "has no rules between 2026-12-30"),
    ],
)
def test_versions_of_a_territory_follow_day_by_day(
    folder: Path, breaks: Breaks, ends: str, begins: str, wrong: str | None
) -> None:
    text = (folder / NORTH).read_text(encoding="utf-8")
    (folder / "territories/nord_2027.yaml").write_text(
        text.replace("valid_from: 2026-01-01", f"valid_from: {begins}").replace("capacity: 20", "capacity: 30"),
        encoding="utf-8",
    )
    breaks(NORTH, "valid_from: 2026-01-01", f"valid_from: 2026-01-01\nvalid_to: {ends}")
    if wrong is not None:
        [problem] = problems_of(folder)
        assert (problem.file, problem.line) == ("territories/nord_2027.yaml", 4)
        assert wrong in problem.message
        return
    kb = load_knowledge(folder)
    old, new = kb.territory_of("13201", date(2026, 12, 31)), kb.territory_of("13201", date(2027, 1, 1))
    assert old is not None
    assert new is not None
    assert (old.key, new.key) == ("nord", "nord@2027-01-01")
    assert (old.sectors[0].capacity, new.sectors[0].capacity) == (20, 30)
    assert kb.territory_of("13201") is new
    assert kb.territory_of("13201", date(2025, 12, 31)) is None
    assert kb.out_of_date(date(2027, 6, 1)) == ()
    assert kb.catalogue["pneu"].ruling_in(new.key).ground is not None


def test_a_day_put_out_must_end_after_it_starts(folder: Path, breaks: Breaks) -> None:
    breaks(NORTH, "evening_before: true", "evening_before: false")
    [problem] = problems_of(folder)
    assert (problem.file, problem.line) == (NORTH, 15)
    assert 'expected a time after "start"' in problem.message


def test_a_question_in_two_files_is_one_too_many(folder: Path, breaks: Breaks) -> None:
    breaks(ROBOT, "id: robot", "id: prix")
    assert any('question "prix" appears twice' in one.message for one in problems_of(folder))


def test_an_item_in_two_files_is_one_too_many(folder: Path) -> None:
    (folder / "items" / "more.yaml").write_bytes((folder / ITEMS).read_bytes())
    found = [one for one in problems_of(folder) if "appears twice; expected one entry for each item" in one.message]
    assert [(one.file, one.line) for one in found] == [("items/more.yaml", 8), ("items/more.yaml", 15)]


def test_all_problems_of_all_files_come_at_once_in_reading_order(folder: Path, breaks: Breaks) -> None:
    lines = [
        (ITEMS, breaks(ITEMS, "gender: m\n    volume_m3: 1.5", "gender: x\n    volume_m3: 1.5")),
        (ITEMS, breaks(ITEMS, "gender: m\n    volume_m3: 0.1", "gender: y\n    volume_m3: 0.1")),
        (MESSAGES, breaks(MESSAGES, "le {date}", "le {date} {day}")),
        (HOURS, breaks(HOURS, "open_on_holidays: false", "open_on_holidays: 3")),
        (QUESTIONS, breaks(QUESTIONS, '"C\'est gratuit."', "12")),
        (NORTH, breaks(NORTH, "capacity: 20", "capacity: many")),
    ]
    assert [(one.file, one.line) for one in problems_of(folder)] == sorted(lines)


def test_one_wrong_default_is_told_once(folder: Path, breaks: Breaks) -> None:
    line = breaks(ITEMS, "  certainty: S", "  certainty: Q")
    assert [(one.file, one.line) for one in problems_of(folder)] == [(ITEMS, line)]


@pytest.mark.parametrize(
    ("file", "content", "line", "wrong"),
    [
        (ITEMS, b"- a\n", 1, "expected a block of keys"),
        (ITEMS, b"", 1, "expected a block of keys"),
        (ITEMS, b"a: 1\nb: \x01\n", 1, "not valid YAML"),
        (ITEMS, b"a: b\nc: caf\xe9\n", 2, "expected UTF-8 text"),
        (ITEMS, b"a: [\n", 2, "not valid YAML"),
        (ITEMS, b"a: 1\n---\nb: 1\n", 2, "not valid YAML"),
        (ITEMS, b"items: !!python/object/apply:os.getcwd []\n", 1, "expected a block of named blocks"),
        (ROBOT, b"Oui.\n", 1, "expected front matter"),
        (ROBOT, b"---\nid: [\n---\nOui.\n", 3, "not valid YAML"),
        (ROBOT, b"---\n- a\n---\nOui.\n", 2, "expected a block of keys"),
        (HOURS, b"hours: 3\n", 1, "expected a block of keys"),
        (MESSAGES, b"messages: {}\n", 1, 'missing message "confirmation"'),
        (MESSAGES, b"messages: {}\n", 1, 'missing message "call_back"'),
        (MESSAGES, b"messages: {}\n", 1, 'missing message "stopped"'),
        (MESSAGES, b"reasons: {}\n", 1, 'missing reason "too_much"'),
    ],
)
def test_a_file_that_is_no_such_thing_is_told(folder: Path, file: str, content: bytes, line: int, wrong: str) -> None:
    (folder / file).write_bytes(content)
    problems = problems_of(folder)
    assert any((one.file, one.line) == (file, line) and wrong in one.message for one in problems), problems


@pytest.mark.parametrize("name", ["messages.yml", "items/canape.yml", "item/canape.yaml", "notes.txt"])
def test_a_file_nobody_reads_is_told(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).touch()
    [problem] = problems_of(folder)
    assert problem.file == name
    assert "nothing reads this file; expected opening_hours.yaml" in problem.message


@pytest.mark.parametrize("name", ["README.md", "items/README.md", ".gitkeep"])
def test_notes_beside_the_entries_are_let_be(folder: Path, name: str) -> None:
    (folder / name).write_text("notes", encoding="utf-8")
    assert len(load_knowledge(folder).catalogue) == 2


@pytest.mark.parametrize("name", [HOURS, MESSAGES])
def test_a_missing_file_is_told(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert problems_of(folder) == (
        Problem(name, 1, "the file is missing; expected in the folder of the knowledge base"),
    )


def test_a_missing_kind_of_entries_is_told(folder: Path) -> None:
    (folder / ITEMS).unlink()
    assert Problem("items", 1, "expected at least one file items/*.yaml") in problems_of(folder)


def test_no_folder_at_all_is_told(tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path / "nowhere")
    assert "expected the folder of the knowledge base" in str(problem)
