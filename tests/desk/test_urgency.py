"""What comes first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callbot.desk.urgency import WORDS, Urgency, of_call, of_call_back
from callbot.domain.events import HandOverReason

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def test_every_urgency_is_said_in_words() -> None:
    assert set(WORDS) == set(Urgency)


@pytest.mark.parametrize("on_the_line", [True, False])
def test_a_danger_comes_first_whether_its_caller_is_there_or_not(on_the_line: bool) -> None:
    assert of_call(HandOverReason.EMERGENCY, on_the_line=on_the_line) is Urgency.DANGER


def test_who_waits_with_the_receiver_in_the_hand_comes_before_who_was_promised_a_call() -> None:
    asked = HandOverReason.ASKED
    order = [
        of_call(asked, on_the_line=True),
        of_call(asked, on_the_line=False, answered=True),
        of_call_back(NOW, NOW),
        of_call(asked, on_the_line=False),
        of_call_back(NOW + timedelta(seconds=1), NOW),
    ]
    assert order == sorted(order)
    assert len(set(order)) == 5
