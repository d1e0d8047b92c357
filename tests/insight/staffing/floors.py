"""Floors in a few words, and random ones for properties."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

import numpy as np
from hypothesis import strategies as st

from callbot.insight.staffing.floor import CallBacks, Callers, Duty


def callers(*calls: tuple[float, float] | tuple[float, float, float]) -> Callers:
    """Calls as (ring, talk) or (ring, talk, patience), in seconds."""
    rows = [(*call, inf)[:3] for call in calls]
    at, talk, patience = (np.array([row[part] for row in rows], dtype=np.float64) for part in range(3))
    return Callers(at, talk, patience)


def duty(*changes: tuple[float, int]) -> Duty:
    """From each moment on so many agents."""
    return Duty(np.array([float(since) for since, _ in changes]), np.array([agents for _, agents in changes]))


def owed(*calls: tuple[float, float]) -> CallBacks:
    """Call-backs as (since, talk)."""
    return CallBacks(np.array([float(since) for since, _ in calls]), np.array([float(talk) for _, talk in calls]))


def poisson_callers(dice: np.random.Generator, *, load: float, talk_s: float, patience_s: float, calls: int) -> Callers:
    """What Erlang's formulas assume; ``patience_s`` may be ``inf``."""
    at = np.cumsum(dice.exponential(talk_s / load, calls))
    patience = np.full(calls, inf) if patience_s == inf else dice.exponential(patience_s, calls)
    return Callers(at, dice.exponential(talk_s, calls), patience)


_seconds = st.integers(0, 600).map(float)


@st.composite
def some_callers(draw: st.DrawFn, *, patient: bool = False) -> Callers:
    """Up to forty calls within ten minutes."""
    rings: Sequence[float] = sorted(draw(st.lists(_seconds, max_size=40)))
    patience = st.just(inf) if patient else _seconds | st.just(inf)
    return callers(*((ring, draw(_seconds), draw(patience)) for ring in rings))


@st.composite
def some_duty(draw: st.DrawFn) -> Duty:
    """Up to six changes of up to five agents."""
    since = sorted(draw(st.sets(_seconds, max_size=6)))
    return duty(*((moment, draw(st.integers(0, 5))) for moment in since))
