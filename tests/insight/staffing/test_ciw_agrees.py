"""ciw, a queue simulator nobody here wrote, lets the same callers wait exactly as long."""

from __future__ import annotations

from math import inf
from typing import Any

import ciw  # type: ignore[import-untyped]
import numpy as np
import pytest

from callbot.insight.staffing.floor import Callers, Fate, serve
from tests.insight.staffing.floors import duty, poisson_callers

pytestmark = pytest.mark.peer


class OfCaller(ciw.dists.Distribution):  # type: ignore[misc]
    """A time that belongs to the caller, not to the order in which ciw asks for it."""

    def __init__(self, times: list[float]) -> None:
        super().__init__()
        self.times = times

    def sample(self, t: float | None = None, ind: Any = None) -> float:
        """The time of ``ind``; ciw counts from 1."""
        place: int = ind.id_number - 1
        return self.times[place]


def by_ciw(callers: Callers, agents: int) -> dict[int, tuple[float, Fate]]:
    """Wait and fate of each caller who was answered or gave up, by place in ``callers``."""
    gaps = np.diff(callers.at, prepend=0.0).tolist()
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([*gaps, inf])],
        service_distributions=[OfCaller(callers.talk.tolist())],
        reneging_time_distributions=[OfCaller(callers.patience.tolist())],
        number_of_servers=[agents],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(float(callers.at[-1]) + 1e6)
    fates = {"service": Fate.ANSWERED, "renege": Fate.ABANDONED}
    return {
        record.id_number - 1: (record.waiting_time, fates[record.record_type])
        for record in simulation.get_all_records()
    }


@pytest.mark.parametrize("patience", [inf, 300.0, 60.0])
@pytest.mark.parametrize(("load", "agents"), [(0.7, 1), (4.7, 5), (9.0, 8)])
def test_every_caller_fares_alike(load: float, agents: int, patience: float) -> None:
    dice = np.random.default_rng([agents, 7])
    callers = poisson_callers(dice, load=load, talk_s=240.0, patience_s=patience, calls=1_500)
    served = serve(callers, duty((0, agents)), float(callers.at[-1]) + 1e6)
    theirs = by_ciw(callers, agents)
    assert len(theirs) == len(callers.at)
    for caller, (wait, fate) in theirs.items():
        assert served.fate[caller] == fate
        assert served.wait[caller] == pytest.approx(wait, abs=1e-6)
    if patience < inf:
        assert (served.fate == Fate.ABANDONED).any()  # or the comparison would say nothing about giving up
