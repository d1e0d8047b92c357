"""What holds on any floor: nobody is lost, nobody waits beyond patience, more agents never make anybody wait longer."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from callbot.insight.staffing.floor import Callers, Duty, Fate, serve
from tests.insight.staffing.floors import duty, some_callers, some_duty

END = 900.0


@settings(deadline=None)
@given(some_callers(), some_duty())
def test_arrivals_are_answered_abandoned_or_waiting_at_the_end(callers: Callers, on_duty: Duty) -> None:
    served = serve(callers, on_duty, END)
    counts = np.bincount(served.fate, minlength=3)
    assert counts.sum() == len(callers.at)
    assert (served.wait >= 0).all()
    assert (served.wait <= callers.patience).all()
    gone = served.fate == Fate.ABANDONED
    assert (served.wait[gone] == callers.patience[gone]).all()
    waiting = served.fate == Fate.WAITING
    assert (served.wait[waiting] == END - callers.at[waiting]).all()


@settings(deadline=None)
@given(some_callers(), some_duty())
def test_no_more_calls_at_a_time_than_agents_ever_on_duty_and_answered_in_order(
    callers: Callers, on_duty: Duty
) -> None:
    served = serve(callers, on_duty, END)
    answered = served.fate == Fate.ANSWERED
    starts = (callers.at + served.wait)[answered]
    ends = starts + callers.talk[answered]
    most = max(on_duty.agents.tolist(), default=0)
    assert (np.diff(starts) >= 0).all()
    for start in starts:
        assert ((starts <= start) & (ends > start)).sum() <= most
    assert served.worked == callers.talk[answered].sum()


@settings(deadline=None)
@given(some_callers(patient=True), st.integers(0, 6), st.integers(0, 3))
def test_more_agents_never_make_a_patient_caller_wait_longer(callers: Callers, agents: int, more: int) -> None:
    few = serve(callers, duty((0, agents)), END)
    many = serve(callers, duty((0, agents + more)), END)
    assert (many.wait <= few.wait).all()


@settings(deadline=None)
@given(some_callers(patient=True), some_duty(), st.integers(1, 3))
def test_so_it_is_when_the_duty_changes_but_never_ends(callers: Callers, on_duty: Duty, more: int) -> None:
    """At its end those on duty stay for who waits, so that a duty that ends can be better than one that goes on."""
    few = Duty(on_duty.since, on_duty.agents + 1)
    many = Duty(on_duty.since, few.agents + more)
    assert (serve(callers, many, END).wait <= serve(callers, few, END).wait).all()


@settings(deadline=None)
@given(some_callers())
def test_as_many_agents_as_calls_and_nobody_waits(callers: Callers) -> None:
    served = serve(callers, duty((0, len(callers.at))), END)
    assert (served.wait == 0).all()
    assert (served.fate == Fate.ANSWERED).all()
