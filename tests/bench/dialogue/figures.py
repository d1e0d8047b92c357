"""What many runs say about groups of scenarios, turns and prompts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from callbot.rehearsal.report import Run

Prompt = tuple[str, str]
"""act and text"""


def grouped(runs: Sequence[Run]) -> dict[str, list[Run]]:
    """Runs by group, in the order of the names."""
    return {group: [run for run in runs if run.group == group] for group in sorted({run.group for run in runs})}


def median_turns(runs: Sequence[Run]) -> float | None:
    """Turns of the caller in calls that booked at once; None when none did."""
    turns = [run.calls[0].deeds for run in runs if run.outcome == "booked" and len(run.calls) == 1]
    return median(turns) if turns else None


def distinct_prompts(runs: Sequence[Run]) -> dict[Prompt, tuple[str, ...]]:
    """Everything that was said, once, with its parts."""
    return {(say.act.value, say.text): say.parts for run in runs for call in run.calls for say in call.prompts}


def longest(lengths: Mapping[Prompt, float], most: int) -> list[tuple[Prompt, float]]:
    """The longest prompt of each act, longest first, at most ``most``."""
    by_act: dict[str, tuple[Prompt, float]] = {}
    for prompt, seconds in lengths.items():
        if prompt[0] not in by_act or by_act[prompt[0]][1] < seconds:
            by_act[prompt[0]] = prompt, seconds
    return sorted(by_act.values(), key=lambda found: -found[1])[:most]
