"""What counts as right, asked and wrong among the answers out of few."""

from __future__ import annotations

import pytest

from tests.bench.addresses.closed import (
    ClosedOutcome,
    Turn,
    commune_outcomes,
    commune_turn,
    national,
    phone_outcomes,
    phone_turn,
)
from tests.bench.addresses.corpus import Task, Utterance
from tests.bench.addresses.voices import Split

ALL_OF_MARSEILLE = tuple(f"132{n:02}" for n in range(1, 17))


@pytest.mark.parametrize(
    ("found", "turn"),
    [
        (ClosedOutcome("13206"), Turn.RIGHT),
        (ClosedOutcome("13210"), Turn.WRONG),
        (ClosedOutcome("", ("13206", "13210")), Turn.NAMED_FIRST),
        (ClosedOutcome("", ("13210", "13206")), Turn.NAMED_NEXT),
        (ClosedOutcome("", ("13210", "13203")), Turn.ASKED_AGAIN),
        (ClosedOutcome("", ALL_OF_MARSEILLE), Turn.ASKED_AGAIN),
        (ClosedOutcome(""), Turn.ASKED_AGAIN),
    ],
)
def test_what_becomes_of_a_commune(found: ClosedOutcome, turn: Turn) -> None:
    assert commune_turn(found, "13206") is turn


def test_what_becomes_of_a_phone_number() -> None:
    assert phone_turn(ClosedOutcome("0611223344"), "0611223344") is Turn.RIGHT
    assert phone_turn(ClosedOutcome("0611223345"), "0611223344") is Turn.WRONG
    assert phone_turn(ClosedOutcome(""), "0611223344") is Turn.ASKED_AGAIN
    assert national("+33611223344") == "0611223344"
    assert national("+262692000000") == "+262692000000"


def test_counts_take_their_own_tasks_only() -> None:
    commune, pairs, digits = (
        Utterance(task, Split.DEV, "voice", False, "Le sixième.", wanted, 1)
        for task, wanted in (
            (Task.COMMUNE, "13206"),
            (Task.PHONE_PAIRS, "0611223344"),
            (Task.PHONE_DIGITS, "0611223344"),
        )
    )
    results = [
        (commune, ClosedOutcome("13206")),
        (pairs, ClosedOutcome("0611223344")),
        (digits, ClosedOutcome("0611223345")),
    ]
    assert commune_outcomes(results) == {Turn.RIGHT: 1}
    assert phone_outcomes(results) == {Turn.RIGHT: 1, Turn.WRONG: 1}
