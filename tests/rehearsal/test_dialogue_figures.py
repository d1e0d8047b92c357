"""The figures of the dialogue bench."""

from __future__ import annotations

from callbot.dialogue.acts import Act, Say
from callbot.rehearsal.report import CallReport, Run
from tests.bench.dialogue.figures import distinct_prompts, grouped, longest, median_turns


def run(name: str, group: str, deeds: int, *prompts: Say, outcome: str = "booked") -> Run:
    return Run(name, (), outcome, (CallReport("CA1", deeds=deeds, prompts=list(prompts)),), 90.0, group=group)


NEED, MORE = Say(Act.ASK_NEED, ("Que", "prendre ?")), Say(Act.ASK_MORE, ("Autre chose ?",))
RUNS = [run("a", "z", 6, NEED), run("b", "a", 9, NEED, MORE), run("c", "z", 8), run("d", "z", 40, outcome="ended")]


def test_groups_are_told_in_order_and_lose_nobody() -> None:
    assert {group: [each.scenario for each in own] for group, own in grouped(RUNS).items()} == {
        "a": ["b"], "z": ["a", "c", "d"],
    }  # fmt: skip
    assert list(grouped(RUNS)) == ["a", "z"]


def test_turns_are_those_of_calls_that_booked() -> None:
    assert median_turns(RUNS) == 8
    assert median_turns(RUNS[3:]) is None


def test_each_prompt_counts_once_and_each_act_shows_its_longest() -> None:
    assert distinct_prompts(RUNS) == {
        ("ask_need", "Que prendre ?"): NEED.parts, ("ask_more", "Autre chose ?"): MORE.parts,
    }  # fmt: skip
    lengths = {("a", "x"): 2.0, ("a", "y"): 9.0, ("b", "z"): 4.0, ("c", "w"): 1.0}
    assert longest(lengths, 2) == [(("a", "y"), 9.0), (("b", "z"), 4.0)]
