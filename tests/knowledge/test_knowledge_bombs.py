"""Knowledge files written to hurt: small texts that grow, go round in circles, or hold what nobody expects."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from callbot.knowledge import KnowledgeError, Problem, load_knowledge
from callbot.knowledge.load import is_knowledge_file
from callbot.knowledge.sheet import Sheet
from tests.fuzzing import tries
from tests.knowledge.conftest import FILES, Breaks

NORTH, HOURS, MESSAGES = "territories/nord.yaml", "opening_hours.yaml", "messages.yaml"
LAUGHS = "a0: &a0 [ha, ha]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40))


def problems_of(folder: Path, **overlay: str) -> tuple[Problem, ...]:
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(folder, overlay)
    return caught.value.problems


@pytest.mark.parametrize("file", [HOURS, MESSAGES, NORTH])
@pytest.mark.parametrize(
    ("bomb", "line"), [(LAUGHS, 2), ("a: &a {b: *a}\n", 1), ("a: &a x\nb:\n  <<: *a\n", 3), ("- &a\n- *a\n", 2)]
)
def test_what_stands_for_something_else_is_refused_before_it_grows(
    folder: Path, file: str, bomb: str, line: int
) -> None:
    problems = problems_of(folder, **{file: bomb})
    assert (file, line) in [(one.file, one.line) for one in problems]
    assert any("an alias (*) is not read here" in one.message for one in problems)


@pytest.mark.parametrize("value", ["1.0e+999", "-1.0e+999", ".inf", ".nan", "9" * 5_000, "0x10", "12:30"])
@pytest.mark.parametrize("place", ["capacity: 20", "horizon_days: 28", "max_items: 6", "max_volume_m3: 3"])
def test_numbers_beyond_all_measure_are_told(folder: Path, breaks: Breaks, place: str, value: str) -> None:
    key = place.partition(":")[0]
    line = breaks(NORTH, place, f"{key}: {value}")
    assert (NORTH, line) in [(one.file, one.line) for one in problems_of(folder)]


@pytest.mark.parametrize("text", ["[" * 700, "{" * 700, "- " * 3_000, "a: " * 2_000, "? " * 3_000])
def test_what_is_nested_without_end_is_told(text: str) -> None:
    problems: list[Problem] = []
    assert Sheet("a.yaml", problems).parse(text) is None
    assert len(problems) == 1


KEYS = sorted({line.split(":")[0].strip(" -") for text in FILES.values() for line in text.splitlines() if ":" in line})
SCALARS = st.one_of(
    st.sampled_from(
        ["", "~", "true", "1", "1.0e+999", "2026-01-31", "9999-99-99", "12:00", "'\\0'", "!!binary aGk=", "!!set {a}",
         "!!python/object/apply:os.system [id]", "|", ">", '"\\u0000"', '"\\ud800"', "\u2028", "{reference}", "{x.y}"]
    ),
    st.text(max_size=8),
)  # fmt: skip
BLOCKS = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        st.lists(st.tuples(st.sampled_from(KEYS), inner), max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
        ),
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small base, written once: overlays change it without touching the files."""
    folder = tmp_path_factory.mktemp("base")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@tries(40)
@example(NORTH, "capacity", "1.0e+999")
@given(st.sampled_from(sorted(FILES)), st.sampled_from(KEYS), BLOCKS)
def test_any_value_of_any_kind_in_any_place_ends_with_a_base_or_problems(
    kept: Path, file: str, key: str, value: str
) -> None:
    lines = FILES[file].splitlines(keepends=True)
    changed = [f"{line.partition(':')[0]}: {value}\n" if line.strip().startswith(f"{key}:") else line for line in lines]
    text = "".join(changed).encode("utf-8", "replace").decode()
    try:
        base = load_knowledge(kept, {file: text})
    except KnowledgeError as error:
        problems = error.problems
    else:
        assert base.catalogue.kinds
        return
    assert problems
    # YAML knows more ends of lines than "\n"
    assert all(1 <= one.line <= len(text.splitlines()) + 1 for one in problems if one.file == file)


@tries(60)
@example("items/../../etc/passwd.yaml")
@example("items/x.yaml\n")
@given(
    st.one_of(
        st.text(max_size=30),
        st.lists(st.sampled_from(["items", "questions", "..", ".", "/", "\\", "x.yaml", "x.md", "%2e", "\x00"]))
        .map("".join),
    )
)  # fmt: skip
def test_no_name_of_a_file_leads_out_of_the_folder(name: str) -> None:
    if is_knowledge_file(name):
        folder = Path("/knowledge")
        assert (folder / name).resolve().is_relative_to(folder)
        assert ".." not in name
        assert name.isprintable()
