"""The charter can be read by a program, and claims no check that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "ethics_charter.md").read_text(encoding="utf-8")
PRINCIPLES = {"transparence", "équité", "maîtrise humaine", "sobriété", "sûreté", "proportionnalité"}
STATES = {"en place", "en partie", "à venir"}
HEADING = re.compile(r"^## Engagement (\d+) - (\S.*)$", re.MULTILINE)
FOUND = list(HEADING.finditer(TEXT))
ENDS = [heading.start() for heading in FOUND[1:]] + [len(TEXT)]
SECTIONS = [(int(heading[1]), TEXT[heading.end() : end]) for heading, end in zip(FOUND, ENDS, strict=True)]


def line_of(section: str, label: str) -> str:
    [line] = re.findall(rf"^{label} : (\S.*)$", section, re.MULTILINE)
    return str(line)


def test_commitments_are_numbered_without_a_gap() -> None:
    numbers = [number for number, _ in SECTIONS]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 18
    assert len({heading[2] for heading in FOUND}) == len(FOUND)
    assert TEXT.count("## Engagement") == len(FOUND)


def test_each_of_the_six_principles_is_explained_and_bears_a_commitment() -> None:
    introduction = TEXT[: FOUND[0].start()]
    assert all(f"**{principle.capitalize()}.**" in introduction for principle in PRINCIPLES)
    assert {line_of(section, "Principe") for _, section in SECTIONS} == PRINCIPLES


@pytest.mark.parametrize(("number", "section"), SECTIONS, ids=[str(number) for number, _ in SECTIONS])
def test_each_commitment_has_a_promise_a_principle_a_check_and_its_state(number: int, section: str) -> None:
    promise = section.split("\nPrincipe :", maxsplit=1)[0].strip()
    assert len(promise) > 80, number
    assert line_of(section, "Principe") in PRINCIPLES
    assert len(line_of(section, "Vérification")) > 30
    assert re.split(r" - |\.", line_of(section, "État"))[0] in STATES


@pytest.mark.parametrize(("number", "section"), SECTIONS, ids=[str(number) for number, _ in SECTIONS])
def test_no_check_is_claimed_that_does_not_exist(number: int, section: str) -> None:
    state = line_of(section, "État")
    checks = re.findall(r"`([^`]+)`", state)
    assert bool(checks) is not state.startswith("à venir"), number
    assert [check for check in checks if not (ROOT / check).is_file()] == []
    assert not state.startswith("en partie") or "à venir" in state, "what is missing must be said"
