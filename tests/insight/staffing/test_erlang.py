"""The formulas agree with published figures, with each other, and at their limits."""

from __future__ import annotations

from math import inf

import pytest

from callbot.insight.staffing.erlang import agents_for, erlang_a, erlang_b, erlang_c, mean_wait, service_level

LOADS = [(0.5, 1), (4.7, 6), (9.5, 11), (40.0, 45)]


@pytest.mark.parametrize(("load", "lines"), [(4.7, 13), (9.5, 21)])
def test_lines_that_lose_one_call_in_a_thousand(load: float, lines: int) -> None:
    assert erlang_b(load, lines) <= 0.001 < erlang_b(load, lines - 1)


@pytest.mark.parametrize(("calls_an_hour", "agents"), [(71.0, 8), (0.4 * 71.0, 4)])
def test_agents_for_80_20_of_calls_of_four_minutes(calls_an_hour: float, agents: int) -> None:
    assert agents_for(calls_an_hour * 240 / 3600, 240, share=0.8, within_s=20) == agents


def test_one_agent_waits_as_the_textbook_says() -> None:
    assert erlang_c(0.5, 1) == pytest.approx(0.5)
    assert mean_wait(0.5, 1, 240) == pytest.approx(0.5 * 240 / 0.5)
    assert service_level(0.5, 1, 240, 0) == pytest.approx(0.5)


@pytest.mark.parametrize(("load", "agents"), LOADS)
def test_callers_who_never_give_up_make_erlang_c_of_erlang_a(load: float, agents: int) -> None:
    patient = erlang_a(load, agents, 240, 1e9)
    assert patient.waits == pytest.approx(erlang_c(load, agents), rel=1e-3)
    assert patient.mean_wait == pytest.approx(mean_wait(load, agents, 240), rel=1e-3)
    assert patient.abandonment < 1e-5


@pytest.mark.parametrize(("load", "agents"), LOADS)
def test_callers_who_give_up_at_once_make_erlang_b_of_erlang_a(load: float, agents: int) -> None:
    assert erlang_a(load, agents, 240, 1e-9).abandonment == pytest.approx(erlang_b(load, agents))


def test_a_queue_that_grows_for_ever() -> None:
    assert erlang_c(6, 6) == 1
    assert mean_wait(6, 6, 240) == inf
    assert service_level(6, 6, 240, 20) == 0
    assert erlang_a(12, 6, 240, 300).abandonment == pytest.approx(0.5, abs=0.01)  # those who leave are half


def test_nobody_on_duty() -> None:
    assert erlang_b(1, 0) == 1
    assert erlang_c(1, 0) == 1
