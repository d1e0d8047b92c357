"""``python -m tests.bench.dialogue [REPEAT]``: rehearsals on text by group, lengths of calls and prompts, targets."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import typer

from callbot.commands.logs import configure_logs
from callbot.rehearsal.report import Run
from callbot.rehearsal.scenario import Means, load_scenarios
from callbot.rehearsal.troupe import runs_on_text
from callbot.rehearsal.verdict import K, booking_seconds, pass_k
from callbot.settings import load_settings
from callbot.speech.codec import TELEPHONE_RATE
from callbot.speech.voice_light import LightVoice
from tests.bench.dialogue.figures import distinct_prompts, grouped, longest, median_turns

TARGET_PASS_K = 0.98
TARGET_BOOKING_S = 150.0
TARGET_PROMPT_S = 8.0
PROMPTS_SHOWN = 5


def main(repeat: int = K) -> None:
    """Runs everything and prints the tables."""
    configure_logs(logging.CRITICAL)
    scenarios = [each for each in load_scenarios() if Means.TEXT in each.means]
    parts = [(scenario, seed) for seed in range(repeat) for scenario in scenarios]
    runs = list(runs_on_text(parts, load_settings(), os.cpu_count() or 1))
    k = min(K, repeat)
    typer.echo(
        f"{datetime.now(UTC):%Y-%m-%d}, {len(scenarios)} scenarios, {repeat} times each, on text in virtual time\n"
    )
    _print_groups(runs, k)
    typer.echo(f"\nmedian booking call {booking_seconds(runs)} s (target at most {TARGET_BOOKING_S:.0f}), ", nl=False)
    typer.echo(f"{median_turns(runs)} turns of the caller")
    _print_prompts(runs)
    for run in (each for each in runs if not each.passed):
        typer.echo(f"{run.scenario} (seed {run.seed}): {'; '.join(run.faults)}")


def _print_groups(runs: Sequence[Run], k: int) -> None:
    typer.echo(f"| group | scenarios | pass^1 | pass^{k} (target {TARGET_PASS_K}) |\n| --- | --- | --- | --- |")
    for group, own in [*grouped(runs).items(), ("**all**", runs)]:
        count = len({run.scenario for run in own})
        typer.echo(f"| {group} | {count} | {pass_k(own, 1):.3f} | {pass_k(own, k):.3f} |")


def _print_prompts(runs: Sequence[Run]) -> None:
    lengths = _spoken_seconds(distinct_prompts(runs))
    typer.echo(f"\nlongest prompts of {len(lengths)}, light voice (target at most {TARGET_PROMPT_S:.0f} s):")
    for (act, text), seconds in longest(lengths, PROMPTS_SHOWN):
        typer.echo(f"  {seconds:5.1f} s  {act}: {text}")
    late = sum(seconds > TARGET_PROMPT_S for seconds in lengths.values())
    typer.echo(f"  {late} of {len(lengths)} take longer than the target\n")


def _spoken_seconds(prompts: Mapping[tuple[str, str], Sequence[str]]) -> dict[tuple[str, str], float]:
    """Each prompt as it is really spoken: part after part, each rendered once."""
    voice = LightVoice()
    parts = {part for said in prompts.values() for part in said}
    seconds = {part: len(voice.render(part)) / TELEPHONE_RATE for part in parts}
    return {prompt: sum(seconds[part] for part in said) for prompt, said in prompts.items()}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
