"""Exact formulas of queues, by which the simulation is judged (Erlang 1917, Palm 1957).

``load`` is in erlangs: calls a second times seconds a call. Arrivals are Poisson, talks exponential, agents alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf

_NEGLIGIBLE = 1e-15


def erlang_b(load: float, agents: int) -> float:
    """Share of calls lost when nobody may wait (M/M/n/n)."""
    lost = 1.0
    for n in range(1, agents + 1):
        lost = load * lost / (n + load * lost)
    return lost


def erlang_c(load: float, agents: int) -> float:
    """Share of calls that must wait when nobody gives up (M/M/n); 1 where the queue has no end."""
    if load >= agents:
        return 1.0
    lost = erlang_b(load, agents)
    return agents * lost / (agents - load * (1 - lost))


def mean_wait(load: float, agents: int, talk_s: float) -> float:
    """Mean wait in seconds over all calls when nobody gives up; ``inf`` where the queue has no end."""
    if load >= agents:
        return inf
    return erlang_c(load, agents) * talk_s / (agents - load)


def service_level(load: float, agents: int, talk_s: float, within_s: float) -> float:
    """Share of calls answered within ``within_s`` seconds when nobody gives up."""
    if load >= agents:
        return 0.0
    return 1 - erlang_c(load, agents) * exp(-(agents - load) * within_s / talk_s)


def agents_for(load: float, talk_s: float, *, share: float, within_s: float) -> int:
    """The fewest agents who answer ``share`` of the calls within ``within_s`` seconds when nobody gives up."""
    agents = max(1, int(load))
    while service_level(load, agents, talk_s, within_s) < share:
        agents += 1
    return agents


@dataclass(frozen=True, slots=True)
class Impatient:
    """A queue that callers leave, in its steady state (M/M/n+M)."""

    waits: float
    """share of calls that do not find a free agent"""
    abandonment: float
    """share of calls given up before they are answered"""
    mean_wait: float
    """seconds in the queue, over all calls, those given up included"""


def erlang_a(load: float, agents: int, talk_s: float, patience_s: float) -> Impatient:
    """The queue of ``agents`` whose callers give up after an exponential time of mean ``patience_s`` (Palm).

    The chances of each number of calls are summed until they are negligible.
    """
    arrival, ends, leaves = load / talk_s, 1 / talk_s, 1 / patience_s
    chance = total = 1.0
    full = queued = 0.0
    present = 0
    while present <= agents or chance > _NEGLIGIBLE * total:
        if present >= agents:
            full += chance
            queued += (present - agents) * chance
        present += 1
        chance *= arrival / (min(present, agents) * ends + max(0, present - agents) * leaves)
        total += chance
    length = queued / total
    return Impatient(full / total, leaves * length / arrival, length / arrival)
