"""The papers on security: every proof they name exists, no point is without an answer, no claim without a proof."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAPERS = ROOT / "deploy" / "securite"
ASVS = (PAPERS / "asvs.md").read_text(encoding="utf-8")
THREATS = (PAPERS / "modele_de_menaces.md").read_text(encoding="utf-8")
STATES = {"tenu", "en partie", "non tenu", "sans objet", "à l'exploitant"}
ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in ASVS.splitlines()
    if re.match(r"\| \d+\.\d+\.\d+ \|", line)
]
SECTIONS = {
    # how many points of levels 1 and 2 each section of version 5.0.0 has
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4,
    "17.3": 2,
}  # fmt: skip
NAMED = re.compile(r"`((?:tests|deploy|callbot)/[\w./-]+\.\w+|[A-Z]+\.md|Makefile)`")


def test_every_point_of_level_two_is_answered_once() -> None:
    numbers = [row[0] for row in ROWS]
    assert len(set(numbers)) == len(numbers) == sum(SECTIONS.values()) == 253
    assert Counter(number.rpartition(".")[0] for number in numbers) == SECTIONS


def wrong_with(row: tuple[str, ...]) -> str:
    """What a row lacks, empty for nothing."""
    _, topic, state, why = row
    if not topic or state not in STATES or len(why) <= 5:
        return "no subject, state or answer"
    if state == "tenu" and not NAMED.search(why):
        return "what is kept is proved by a test or a paper"
    if state in ("en partie", "non tenu", "sans objet") and not NAMED.sub("", why).strip(" :,"):
        return "what is missing is said"
    return ""


def test_a_point_has_a_state_and_a_proof_or_a_reason() -> None:
    assert {len(row) for row in ROWS} == {4}
    assert [f"{row[0]}: {wrong}" for row in ROWS if (wrong := wrong_with(row))] == []


def test_the_sum_is_the_one_that_is_told() -> None:
    states = "|".join(STATES)
    told = re.findall(rf"(\d+) ({states})", ASVS.partition("Bilan")[2].partition("\n")[0])
    counted = Counter(row[2] for row in ROWS)
    assert {state: int(count) for count, state in told} == dict(counted)


@pytest.mark.parametrize("paper", [ASVS, THREATS], ids=["asvs", "threats"])
def test_every_proof_exists(paper: str) -> None:
    named = set(NAMED.findall(paper))
    assert len(named) > 30
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
    assert [link for link in re.findall(r"\]\(([\w./-]+)\)", paper) if not (PAPERS / link).exists()] == []


def test_every_threat_has_its_letter_a_counter_measure_and_a_test() -> None:
    rows = [line.strip("|").split("|") for line in THREATS.splitlines() if re.match(r"\| \d+ \|", line)]
    assert [int(row[0]) for row in rows] == list(range(1, len(rows) + 1))
    assert {row[1].strip() for row in rows} == set("STRIDE")
    for row in rows:
        assert len(row) == 5, row
        assert row[3].strip(), row
        assert "`tests/" in row[4], row
