"""The floor in its steady state against exact formulas: Erlang B, C and A (Palm), on several seeded runs.

Each figure must lie within three times the half-width of its 95 % interval: wrong by chance about once in millions.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
import pytest

from callbot.insight.staffing.erlang import erlang_a, erlang_b, erlang_c, mean_wait, service_level
from callbot.insight.staffing.estimates import estimate
from callbot.insight.staffing.floor import Fate, serve
from tests.insight.staffing.floors import duty, poisson_callers

RUNS, CALLS, WARM_UP = 12, 20_000, 1_000
TALK = 240.0


@dataclass(frozen=True)
class Steady:
    """Shares and seconds of a run."""

    waits: float
    mean_wait: float
    within_20: float
    abandonment: float


def runs(load: float, agents: int, patience: float) -> list[Steady]:
    return [_run(np.random.default_rng([agents, seed]), load, agents, patience) for seed in range(RUNS)]


def _run(dice: np.random.Generator, load: float, agents: int, patience: float) -> Steady:
    callers = poisson_callers(dice, load=load, talk_s=TALK, patience_s=patience, calls=CALLS)
    served = serve(callers, duty((0, agents)), float(callers.at[-1]))
    wait, fate = served.wait[WARM_UP:-WARM_UP], served.fate[WARM_UP:-WARM_UP]
    waited = (wait > 0) | (fate != Fate.ANSWERED)
    prompt = (wait <= 20) & (fate == Fate.ANSWERED)
    return Steady(
        float(waited.mean()), float(wait.mean()), float(prompt.mean()), float((fate == Fate.ABANDONED).mean())
    )


def assert_agrees(values: list[float], exact: float) -> None:
    found = estimate(values)
    assert found is not None
    assert abs(found.value - exact) <= 3 * (found.high - found.value), (found, exact)


@pytest.mark.parametrize(("load", "agents"), [(0.6, 1), (4.7, 6), (8.0, 10)])
def test_patient_callers_wait_as_in_erlang_c(load: float, agents: int) -> None:
    found = runs(load, agents, inf)
    assert_agrees([run.waits for run in found], erlang_c(load, agents))
    assert_agrees([run.mean_wait for run in found], mean_wait(load, agents, TALK))
    assert_agrees([run.within_20 for run in found], service_level(load, agents, TALK, 20))
    assert all(run.abandonment == 0 for run in found)


@pytest.mark.parametrize(("load", "agents", "patience"), [(4.7, 5, 300.0), (6.0, 4, 120.0), (0.6, 1, 60.0)])
def test_impatient_callers_wait_and_give_up_as_in_erlang_a(load: float, agents: int, patience: float) -> None:
    found, exact = runs(load, agents, patience), erlang_a(load, agents, TALK, patience)
    assert_agrees([run.waits for run in found], exact.waits)
    assert_agrees([run.abandonment for run in found], exact.abandonment)
    assert_agrees([run.mean_wait for run in found], exact.mean_wait)


def test_callers_without_any_patience_are_lost_as_in_erlang_b() -> None:
    found = runs(4.7, 6, 1e-9)
    assert_agrees([run.abandonment for run in found], erlang_b(4.7, 6))
