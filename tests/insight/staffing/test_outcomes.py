"""What becomes of the bot's calls: assumed until enough were counted."""

from __future__ import annotations

import pytest

from callbot.domain.events import HandOverReason
from callbot.insight.staffing.outcomes import (
    ASSUMED_REASONS,
    ENOUGH_CALLS,
    Assumed,
    Counted,
    Outcomes,
    UnfitSharesError,
)


def test_the_assumption_says_so_and_sums_to_one() -> None:
    outcomes = Assumed().outcomes()
    assert outcomes.origin == "assumed"
    assert outcomes.settled + outcomes.handed_over + outcomes.left == pytest.approx(1)
    assert sum(ASSUMED_REASONS.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("given", "settled", "handed_over"),
    [
        (Assumed(settled=0.6), 0.6, 0.35),
        (Assumed(handed_over=0.2), 0.75, 0.2),
        (Assumed(settled=0.3, handed_over=0.3), 0.3, 0.3),
        (Assumed(settled=1.0), 1.0, 0.0),
        (Assumed(handed_over=1.0), 0.0, 1.0),
    ],
)
def test_one_share_given_fixes_the_other(given: Assumed, settled: float, handed_over: float) -> None:
    outcomes = given.outcomes()
    assert outcomes.settled == pytest.approx(settled)
    assert outcomes.handed_over == pytest.approx(handed_over)
    assert outcomes.left >= 0
    assert outcomes.origin == "given"


@pytest.mark.parametrize("shares", [(0.7, 0.4), (-0.1, 0.5), (1.2, 0.0), (float("nan"), 0.1), (0.1, float("nan"))])
def test_shares_that_cannot_be(shares: tuple[float, float]) -> None:
    with pytest.raises(UnfitSharesError, match="at most 1"):
        Assumed(*shares).outcomes()


def test_counted_calls_replace_the_assumption_once_there_are_enough() -> None:
    people = {HandOverReason.ASKED: 90, HandOverReason.NOT_UNDERSTOOD: 10}
    enough = Counted(ENOUGH_CALLS - 120, people, 20, Assumed()).outcomes()
    assert enough.handed_over == pytest.approx(100 / ENOUGH_CALLS)
    assert enough.reasons == {HandOverReason.ASKED: 0.9, HandOverReason.NOT_UNDERSTOOD: 0.1}
    assert "counted" in enough.origin
    assert Counted(ENOUGH_CALLS - 121, people, 20, Assumed()).outcomes() == Assumed().outcomes()


def test_nobody_was_handed_over() -> None:
    assert Counted(ENOUGH_CALLS, {}, 0, Assumed()).outcomes() == Outcomes(1, 0, {}, "counted on 400 calls", 400)
