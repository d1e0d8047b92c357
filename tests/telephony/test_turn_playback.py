"""What was heard of a prompt that was stopped, and what is said again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.telephony.playback import PlaybackClock, unheard_rest


def test_what_was_sent_ahead_is_not_heard_yet() -> None:
    clock = PlaybackClock()
    clock.sent(1, 400, 10.0)
    assert clock.until == pytest.approx(10.4)
    assert [clock.heard_ms(1, at) for at in (9.9, 10.0, 10.1, 10.4, 12.0)] == [0, 0, 100, 400, 400]


def test_a_gap_in_the_sending_is_silence_not_sound() -> None:
    clock = PlaybackClock()
    clock.sent(1, 100, 10.0)
    clock.sent(1, 100, 11.0)
    assert clock.heard_ms(1, 10.9) == 100
    assert clock.heard_ms(1, 11.05) == 150


def test_the_second_prompt_begins_when_the_first_is_over() -> None:
    clock = PlaybackClock()
    clock.sent(1, 300, 10.0)
    clock.sent(2, 300, 10.1)
    assert (clock.heard_ms(1, 10.3), clock.heard_ms(2, 10.3)) == (300, 0)
    assert clock.heard_ms(2, 10.5) == 200


def test_a_late_mark_tells_the_delay_of_the_line() -> None:
    clock = PlaybackClock()
    clock.sent(1, 1_000, 10.0)
    clock.mark_returned(1, 11.2)
    clock.sent(2, 1_000, 12.0)
    assert clock.heard_ms(2, 12.5) == 300


def test_marks_of_a_cleared_generation_say_nothing() -> None:
    clock = PlaybackClock()
    clock.sent(1, 5_000, 10.0)
    clock.cleared(11.0)
    clock.mark_returned(1, 20.0)
    assert clock.lag_s == 0
    assert clock.heard_ms(1, 20.0) == 0
    assert clock.until == 11.0


NOTED = "C'est noté : une armoire."
ASKED = "Nous pouvons passer lundi ou mardi. Quelle date vous convient ?"


@pytest.mark.parametrize(
    ("heard_ms", "rest"),
    [
        (0, (NOTED, ASKED)),
        (900, (NOTED, ASKED)),
        (1_999, (ASKED,)),
        (2_500, (ASKED,)),
        (5_300, ("Quelle date vous convient ?",)),
        (5_900, ()),
    ],
)
def test_a_cut_prompt_goes_on_from_the_sentence_that_was_cut(heard_ms: int, rest: tuple[str, ...]) -> None:
    assert unheard_rest([(NOTED, 2_000), (ASKED, 4_000)], (), heard_ms) == rest


def test_what_was_not_rendered_yet_is_still_to_be_said() -> None:
    assert unheard_rest([(NOTED, 2_000)], (ASKED,), 1_990) == (ASKED,)
    assert unheard_rest([], (NOTED, ASKED), 0) == (NOTED, ASKED)


def test_a_sentence_in_several_parts_is_begun_again() -> None:
    parts = [("Bonjour.", 800), ("Votre référence est", 1_000), ("A, 4.", 1_000)]
    assert unheard_rest(parts, (), 2_200) == ("Votre référence est", "A, 4.")
    assert unheard_rest(parts[:2], ("A, 4.",), 1_790) == ("Votre référence est", "A, 4.")


@given(
    texts=st.lists(st.tuples(st.text("ab. ?", min_size=1, max_size=30), st.integers(1, 5_000)), max_size=5),
    unspoken=st.lists(st.text("ab. ?", min_size=1, max_size=9), max_size=3),
    heard_ms=st.integers(0, 30_000),
)
def test_the_rest_is_always_an_end_of_the_prompt(
    texts: list[tuple[str, int]], unspoken: list[str], heard_ms: int
) -> None:
    whole = "|".join([*(text for text, _ in texts), *unspoken])
    assert whole.endswith("|".join(unheard_rest(texts, unspoken, heard_ms)))
