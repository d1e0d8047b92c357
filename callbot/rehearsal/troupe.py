"""Many rehearsals on text, side by side in processes: each reads the facts once, none shares anything with another."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Iterator, Sequence
from functools import partial

from callbot.bootstrap import load_facts
from callbot.privacy import load_key_ring
from callbot.rehearsal.by_text import Stage, run_on_text
from callbot.rehearsal.report import Run
from callbot.rehearsal.scenario import Scenario
from callbot.settings import Settings

Part = tuple[Scenario, int]
"""a scenario and the seed of its run"""

_stage: Stage | None = None
"""of this process"""


def open_stage(settings: Settings) -> Stage:
    """Reads what all runs share (blocking, seconds); raises ``KnowledgeError`` and its like."""
    return Stage(settings, load_facts(settings), load_key_ring(settings))


def runs_on_text(parts: Sequence[Part], settings: Settings, processes: int) -> Iterator[Run]:
    """The runs of ``parts`` in their order, ``processes`` at a time; blocking."""
    if processes == 1 or len(parts) == 1:
        yield from map(partial(_run, stage=open_stage(settings)), parts)
        return
    load_key_ring(settings)  # a key file that is missing is written once, not by each
    forked = multiprocessing.get_context("fork")
    with forked.Pool(processes, _begin, (settings,)) as pool:
        yield from pool.imap(_run_here, parts)


def _begin(settings: Settings) -> None:
    global _stage  # noqa: PLW0603 - what a process of the pool keeps between its parts
    _stage = open_stage(settings)


def _run_here(part: Part) -> Run:
    if _stage is None:
        raise RuntimeError("a process plays without its stage")
    return _run(part, _stage)


def _run(part: Part, stage: Stage) -> Run:
    scenario, seed = part
    return asyncio.run(run_on_text(scenario, stage, seed))
