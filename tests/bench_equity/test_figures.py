"""What is kept of a group: successes of the bot alone, those served by a person too, what was wrong."""

from __future__ import annotations

import pytest

from callbot.gazetteer.search import Gazetteer
from callbot.rehearsal.report import CallReport, Run
from tests.bench.equity.__main__ import row
from tests.bench.equity.callers import scenario, wishes
from tests.bench.equity.calls import Ending, Outcome, outcome_of
from tests.bench.equity.groups import GROUPS


def run(outcome: str, *faults: str) -> Run:
    """One run of one call."""
    return Run("equity_0", faults, outcome, (CallReport("CA1", deeds=7),), 60.0)


@pytest.mark.parametrize(
    ("left", "ending", "address", "items"),
    [
        (run("booked"), Ending.RIGHT, True, True),
        (run("booked", "the street of the booking is not the wanted one"), Ending.WRONG, False, True),
        (run("booked", "items 1 lit, expected 1 canape"), Ending.WRONG, True, False),
        (run("handed over: not_understood", "0 bookings, expected one"), Ending.PERSON, False, False),
        (run("call-back kept", "0 bookings, expected one"), Ending.PERSON, False, False),
        (run("ended: caller_silent", "0 bookings, expected one"), Ending.LOST, False, False),
    ],
)
def test_what_became_of_a_call(left: Run, ending: Ending, *, address: bool, items: bool) -> None:
    found = outcome_of(left, (500,))
    assert (found.ending, found.address_right, found.items_right, found.turns) == (ending, address, items, 7)


def test_a_service_that_breaks_is_no_outcome() -> None:
    with pytest.raises(RuntimeError, match="the service broke"):
        outcome_of(run("not judged", "the service broke: ValueError: x"), ())


def test_a_group_in_figures() -> None:
    endings = (Ending.RIGHT, Ending.RIGHT, Ending.PERSON, Ending.WRONG)
    figures = row([Outcome(ending, ending is Ending.RIGHT, True, 8, (400, 600), ()) for ending in endings])
    assert (figures["calls"], figures["success"], figures["served"], figures["wrong"]) == (4, 0.5, 0.75, 1)
    assert (figures["address"], figures["items"], figures["turns"], figures["cpu_ms_p50"]) == (0.5, 1.0, 8.0, 400)
    assert figures["interval"] == [0.15, 0.85]


def test_callers_want_the_same_however_many_there_are(gazetteer: Gazetteer) -> None:
    few, many = wishes(gazetteer, 3), wishes(gazetteer, 9)
    assert few == many[:3]
    for place, wish in enumerate(many):
        goal = scenario(GROUPS[0], place, wish).goal
        assert goal.street
        assert goal.number
        assert goal.things
