"""The phone company's buffer in virtual time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.rehearsal.playback import Playback

SECOND = b"\xff" * 8000


def test_a_mark_comes_back_when_its_sound_was_played_and_not_before() -> None:
    playback = Playback()
    playback.add(SECOND, 10.0)
    playback.mark("a:1", 10.0)
    assert playback.played(10.999) == []
    assert playback.played(11.0) == ["a:1"]
    assert playback.played(12.0) == []


def test_sound_that_comes_early_waits_its_turn() -> None:
    playback = Playback()
    assert playback.add(SECOND, 0.0) == 0.0
    playback.mark("a:1", 0.0)
    assert playback.add(SECOND, 0.1) == 1.0
    playback.mark("b:2", 0.1)
    assert playback.played(1.5) == ["a:1"]
    assert playback.played(2.0) == ["b:2"]
    assert playback.began_at == 0.0


def test_a_mark_without_sound_comes_back_at_once() -> None:
    playback = Playback()
    playback.mark("a:1", 5.0)
    assert playback.played(5.0) == ["a:1"]


def test_clear_throws_sound_away_and_sends_its_marks_back() -> None:
    playback = Playback()
    playback.add(SECOND, 0.0)
    playback.mark("a:1", 0.0)
    playback.add(SECOND, 0.0)
    playback.mark("b:2", 0.0)
    assert playback.played(1.0) == ["a:1"]
    assert playback.clear(1.2) == ["b:2"]
    assert not playback.playing(1.2)
    assert playback.played(9.0) == []
    assert playback.add(SECOND, 1.3) == 1.3


def test_began_at_follows_each_silence() -> None:
    playback = Playback()
    playback.add(SECOND, 0.0)
    playback.add(SECOND, 3.0)
    assert playback.began_at == 3.0
    assert playback.playing(3.999)
    assert not playback.playing(4.0)


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 200)), max_size=20))
def test_marks_come_back_in_order_none_lost_none_early(pieces: list[tuple[int, int]]) -> None:
    playback, now, due = Playback(), 0.0, list[float]()
    for number, (frames, gap) in enumerate(pieces):
        now += gap / 50
        playback.add(b"\xff" * 160 * frames, now)
        playback.mark(str(number), now)
        due.append(playback.ends_at)
    assert due == sorted(due)
    assert playback.played(now + 1e6) == [str(number) for number in range(len(pieces))]
    assert playback.ends_at == pytest.approx(max(due, default=0.0))
