"""Virtual time passes only when somebody acts, and as long as that would take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callbot.dialogue.acts import Act, Say
from callbot.rehearsal.mind import Intention, Leave, MakeNoise, PressKeys, StayQuiet, Words
from callbot.rehearsal.virtual_time import (
    CHARACTERS_A_SECOND,
    PATIENCE_S,
    SILENCE_S,
    WORKDAY,
    RunningClock,
    VirtualClock,
    answer_seconds,
    prompt_seconds,
)
from callbot.settings import LOCAL_ZONE


def test_the_clock_stands_until_it_is_advanced() -> None:
    clock = VirtualClock(WORKDAY)
    assert clock.now() == clock.now() == WORKDAY
    clock.advance(90.5)
    assert clock.now() - WORKDAY == timedelta(seconds=90.5)


def test_a_moment_without_a_zone_is_local() -> None:
    clock = VirtualClock(datetime.fromisoformat("2026-12-01T21:30"))
    assert clock.now().tzinfo is LOCAL_ZONE
    assert clock.now().astimezone(UTC).hour == 20


def test_the_running_clock_goes_on_from_its_moment() -> None:
    clock = RunningClock(WORKDAY)
    first, second = clock.now(), clock.now()
    assert WORKDAY <= first <= second < WORKDAY + timedelta(hours=1)


def test_prompts_take_as_long_as_they_are_and_longer_when_said_slowly() -> None:
    say = Say(Act.ASK_NEED, ("x" * 30,))
    assert prompt_seconds(say) == pytest.approx(30 / CHARACTERS_A_SECOND)
    slow = Say(Act.ASK_NEED, ("x" * 30,), slow=True)
    assert prompt_seconds(slow) > prompt_seconds(say)


@pytest.mark.parametrize(
    ("intention", "seconds"),
    [
        (Words(("x" * 15, 500, "x" * 14)), 0.6 + 2.0 + 0.5 + PATIENCE_S),
        (PressKeys("12#"), 0.6 + 1.5),
        (MakeNoise(3.0), 3.0 + PATIENCE_S),
        (StayQuiet(), SILENCE_S),
        (Leave(), SILENCE_S),
    ],
)
def test_every_answer_takes_its_time(intention: Intention, seconds: float) -> None:
    assert answer_seconds(intention, 600) == pytest.approx(seconds)
