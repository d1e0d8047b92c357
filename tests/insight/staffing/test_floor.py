"""The floor by hand: who is answered when, who gives up, who leaves at the end of the duty, who is called back."""

from __future__ import annotations

import pytest

from callbot.insight.staffing.floor import Fate, serve
from tests.insight.staffing.floors import callers, duty, owed


def test_first_come_first_served() -> None:
    served = serve(callers((0, 100), (10, 50), (20, 5)), duty((0, 1)), 1000)
    assert served.wait.tolist() == [0, 90, 130]
    assert served.fate.tolist() == [Fate.ANSWERED] * 3
    assert served.worked == 155


def test_a_second_agent_takes_the_second_call() -> None:
    served = serve(callers((0, 100), (10, 50), (20, 5)), duty((0, 2)), 1000)
    assert served.wait.tolist() == [0, 0, 40]


def test_who_gives_up_is_not_answered_and_keeps_nobody_waiting() -> None:
    served = serve(callers((0, 100), (10, 500, 30), (20, 5, 80)), duty((0, 1)), 1000)
    assert served.fate.tolist() == [Fate.ANSWERED, Fate.ABANDONED, Fate.ANSWERED]
    assert served.wait.tolist() == [0, 30, 80]  # answered in the very second in which patience ends


def test_the_end_finds_some_still_waiting() -> None:
    served = serve(callers((0, 100), (10, 5, 20), (20, 5)), duty((0, 1)), 60)
    assert served.fate.tolist() == [Fate.ANSWERED, Fate.ABANDONED, Fate.WAITING]
    assert served.wait.tolist() == [0, 20, 40]


def test_an_agent_who_comes_takes_who_waits_longest() -> None:
    served = serve(callers((0, 10), (5, 10)), duty((50, 1), (55, 2)), 1000)
    assert served.wait.tolist() == [50, 50]


def test_an_agent_who_leaves_ends_the_call_and_takes_no_other() -> None:
    served = serve(callers((0, 100), (0, 200), (10, 5)), duty((0, 2), (50, 1)), 1000)
    assert served.wait.tolist() == [0, 0, 190]  # free at 100, but that one has gone; the other is free at 200


def test_an_agent_who_shall_leave_may_stay_after_all() -> None:
    served = serve(callers((0, 100), (0, 200), (10, 5)), duty((0, 2), (50, 1), (60, 2)), 1000)
    assert served.wait.tolist() == [0, 0, 90]


def test_at_closing_time_those_who_wait_are_answered_and_later_ones_are_not() -> None:
    served = serve(callers((0, 100), (10, 50), (160, 5)), duty((0, 1), (50, 0)), 1000)
    assert served.wait.tolist() == [0, 90, 840]
    assert served.fate.tolist() == [Fate.ANSWERED, Fate.ANSWERED, Fate.WAITING]


def test_the_next_morning_takes_who_waited_all_night() -> None:
    served = serve(callers((0, 100), (110, 50)), duty((0, 1), (50, 0), (500, 1)), 1000)
    assert served.wait.tolist() == [0, 390]


def test_call_backs_wait_until_no_caller_needs_the_agent() -> None:
    served = serve(callers((0, 100), (10, 50)), duty((0, 1)), 1000, owed((0, 30), (5, 30)))
    assert served.wait.tolist() == [30, 120]  # the first call-back began as the line opened
    assert served.call_backs_made == 2
    assert served.worked == 210


def test_of_several_agents_one_stays_free_for_who_rings() -> None:
    served = serve(callers((5, 100), (6, 100)), duty((0, 2)), 1000, owed((0, 400), (0, 400)))
    assert served.wait.tolist() == [0, 99]
    assert served.call_backs_made == 2


def test_call_backs_that_nobody_has_time_for_are_not_made() -> None:
    served = serve(callers((20, 35)), duty((0, 1), (50, 0)), 1000, owed((10, 5), (30, 10), (90, 10)))
    assert served.wait.tolist() == [0]
    assert served.call_backs_made == 1  # the second fell due in a call that lasted beyond the duty


@pytest.mark.parametrize("agents", [0, 3])
def test_nobody_rings(agents: int) -> None:
    served = serve(callers(), duty((0, agents)), 1000)
    assert len(served.wait) == len(served.fate) == 0
    assert served.worked == 0


def test_nobody_answers() -> None:
    served = serve(callers((0, 10, 60), (900, 10, 600)), duty(), 1000)
    assert served.fate.tolist() == [Fate.ABANDONED, Fate.WAITING]
    assert served.wait.tolist() == [60, 100]
