"""Whatever is typed into a file, the loader ends with a base or with problems that name an existing line."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbot.knowledge import KnowledgeError, Problem, load_knowledge

REAL = Path(__file__).parents[2] / "knowledge_base"
SMALL = (
    "items/literie.yaml",
    "territories/marseille_provence.yaml",
    "questions/suivi.yaml",
    "questions/droits_donnees.md",
)
TEXTS = {name: (REAL / name).read_text(encoding="utf-8") for name in (*SMALL, "messages.yaml", "opening_hours.yaml")}
TYPED = st.one_of(
    st.sampled_from(
        [":", "-", "'", '"', "{", "}", "[", "]", "&a ", "*a", "!!set ", "\t", "\n", "<<: ", "? ", "---\n", "|", ""]
    ),
    st.text(max_size=5),
)


@pytest.mark.process
@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(TEXTS)), st.floats(0, 1), st.integers(0, 12), TYPED)
def test_any_typing_ends_with_a_base_or_with_problems(name: str, where: float, erased: int, typed: str) -> None:
    start = int(where * len(TEXTS[name]))
    changed = TEXTS | {name: TEXTS[name][:start] + typed + TEXTS[name][start + erased :]}
    with tempfile.TemporaryDirectory() as folder:
        for file, text in changed.items():
            target = Path(folder, file)
            target.parent.mkdir(exist_ok=True)
            target.write_text(text, encoding="utf-8", errors="surrogatepass")
        for problem in problems_of(Path(folder)):
            assert problem.message
            assert problem.french
            lines = changed.get(problem.file, "").count("\n") + 1
            assert 1 <= problem.line <= lines + 1, problem


def problems_of(folder: Path) -> tuple[Problem, ...]:
    try:
        kb = load_knowledge(folder)
    except KnowledgeError as error:
        return error.problems or (Problem("", 0, "refused without a reason"),)
    return () if kb.catalogue.kinds else (Problem("", 0, "an empty catalogue"),)
