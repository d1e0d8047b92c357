"""What several runs say together: how many passed, and how many scenarios pass every time."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from statistics import mean, median
from typing import Final

from callbot.rehearsal.report import Run

K: Final = 4
"""a service that is right once is not right always: a scenario counts when so many runs in a row pass"""


def pass_hat(passed: int, runs: int, k: int) -> float:
    """The probability that ``k`` runs all pass, estimated without bias from ``passed`` of at least ``k`` ``runs``."""
    if not 1 <= k <= runs:
        raise ValueError("k runs can only be judged from as many runs")
    return comb(passed, k) / comb(runs, k)


def verdict(runs: Sequence[Run]) -> dict[str, object]:
    """The JSON of ``callbot rehearse --json``: one entry a scenario, times in seconds.

    ``pass_1`` and ``pass_k`` are shares of scenarios: one run passes, ``k`` runs (``K``, or as many as were made) do.
    """
    by_name = {name: [run for run in runs if run.scenario == name] for name in dict.fromkeys(r.scenario for r in runs)}
    entries = [_entry(name, own) for name, own in by_name.items()]
    passed = sum(run.passed for run in runs)
    k = _k(runs)
    return {
        "passed": passed,
        "failed": len(runs) - passed,
        "channel": runs[0].means if runs else "",
        "k": k,
        "pass_1": round(pass_k(runs, 1), 4) if runs else None,
        "pass_k": round(pass_k(runs, k), 4) if runs else None,
        "booking_call_s": booking_seconds(runs),
        "scenarios": entries,
    }


def pass_k(runs: Sequence[Run], k: int) -> float:
    """The mean of ``pass_hat`` over the scenarios of ``runs``."""
    names = dict.fromkeys(run.scenario for run in runs)
    own = [[run.passed for run in runs if run.scenario == name] for name in names]
    return mean(pass_hat(sum(each), len(each), min(k, len(each))) for each in own)


def booking_seconds(runs: Sequence[Run]) -> float | None:
    """The median length of calls that booked at once; None when none did."""
    lengths = [run.seconds for run in runs if run.outcome == "booked" and len(run.calls) == 1]
    return round(median(lengths), 1) if lengths else None


def _k(runs: Sequence[Run]) -> int:
    names = [run.scenario for run in runs]
    return min(K, min((names.count(name) for name in set(names)), default=1))


def _entry(name: str, own: Sequence[Run]) -> dict[str, object]:
    return {
        "name": name,
        "group": own[-1].group,
        "channel": own[-1].means,
        "runs": len(own),
        "passed": sum(run.passed for run in own),
        "pass_1": round(sum(run.passed for run in own) / len(own), 4),
        "pass_k": float(all(run.passed for run in own)),
        "outcome": own[-1].outcome,
        "turns": own[-1].turns,
        "seconds": round(sum(run.seconds for run in own), 1),
        "faults": sorted({fault for run in own for fault in run.faults}),
        "failed_seeds": [run.seed for run in own if not run.passed],
        "unplanned": sorted({act for run in own for act in run.unplanned}),
    }
