"""Turns in virtual time: a detector that follows a script, no sound and no clock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.domain.meaning import Expectation
from callbot.speech.codec import FRAME_BYTES, FRAME_MS, SILENT_FRAME
from callbot.speech.turn_taking import TURN_TAKING, Patience
from callbot.speech.turns import (
    EARLY_MS,
    LEAST_VOICED_MS,
    LONGEST_MS,
    LOOK_BACK_MS,
    BargedIn,
    CallerEar,
    EarEvent,
    MayHaveEnded,
    StayedSilent,
    TurnEnded,
    VoiceStarted,
    WentOn,
)

VOICE = b"\x01" * FRAME_BYTES
PATIENT = Patience(end_ms=800, complete_ms=400, hanging_ms=1_400, no_input_ms=6_000)


class Script:
    """A frame is a voice when it holds our voice byte."""

    def hear(self, frame: bytes | None) -> bool:
        return frame == VOICE


class Line:
    """An ear, and the time of each of its events in ms."""

    def __init__(self, patience: Patience | None = PATIENT) -> None:
        self.ear = CallerEar(Script())
        self.ear.expect(patience)
        self.now = 0
        self.events: list[tuple[int, EarEvent]] = []

    def play(self, frame: bytes | None, ms: int) -> Line:
        for _ in range(ms // FRAME_MS):
            self.now += FRAME_MS
            self.events += [(self.now, event) for event in self.ear.hear(frame)]
        return self

    def voice(self, ms: int) -> Line:
        return self.play(VOICE, ms)

    def silence(self, ms: int) -> Line:
        return self.play(SILENT_FRAME, ms)

    def times(self, kind: type[EarEvent]) -> list[int]:
        return [at for at, event in self.events if isinstance(event, kind)]

    def ended(self) -> list[TurnEnded]:
        return [event for _, event in self.events if isinstance(event, TurnEnded)]

    def names(self) -> list[str]:
        return [type(event).__name__ for _, event in self.events]


def test_a_turn_from_onset_to_end() -> None:
    line = Line().silence(1_000).voice(600).silence(2_000)
    assert line.names() == ["VoiceStarted", "MayHaveEnded", "TurnEnded"]
    assert line.times(VoiceStarted) == [1_060]
    assert line.times(MayHaveEnded) == [1_600 + EARLY_MS]
    assert line.times(TurnEnded) == [1_600 + PATIENT.end_ms]
    assert line.ended()[0].voiced_ms == 600


def test_the_look_back_keeps_the_sound_before_the_onset() -> None:
    line = Line().silence(1_000).voice(600).silence(2_000)
    audio = line.ended()[0].audio
    before = LOOK_BACK_MS - 60
    assert audio.index(VOICE) == before * 8
    assert len(audio) == (before + 600 + EARLY_MS) * 8


def test_what_is_read_early_is_what_the_turn_ends_with() -> None:
    line = Line().voice(600).silence(2_000)
    early = next(event for _, event in line.events if isinstance(event, MayHaveEnded))
    assert early.audio == line.ended()[0].audio
    assert early.voiced_ms == line.ended()[0].voiced_ms


def test_a_pause_below_the_patience_does_not_end_the_turn() -> None:
    line = Line().voice(600).silence(PATIENT.end_ms - FRAME_MS).voice(600).silence(2_000)
    assert line.names() == ["VoiceStarted", "MayHaveEnded", "WentOn", "MayHaveEnded", "TurnEnded"]
    assert line.times(WentOn) == [600 + PATIENT.end_ms - FRAME_MS + 40]
    assert line.ended()[0].voiced_ms == 1_200


def test_a_pause_of_the_patience_ends_it() -> None:
    line = Line().voice(600).silence(PATIENT.end_ms).voice(600).silence(2_000)
    assert line.names().count("TurnEnded") == 2


def test_one_frame_of_voice_in_the_pause_is_not_the_caller_going_on() -> None:
    line = Line().voice(600).silence(400).voice(20).silence(2_000)
    assert line.names() == ["VoiceStarted", "MayHaveEnded", "TurnEnded"]
    assert line.times(TurnEnded) == [600 + PATIENT.end_ms + 20]


def test_a_complete_answer_ends_its_turn_early() -> None:
    line = Line().voice(600).silence(300)
    line.ear.end_pause_after(PATIENT.complete_ms)
    line.silence(1_000)
    assert line.times(TurnEnded) == [600 + PATIENT.complete_ms]


def test_a_late_early_reading_ends_the_turn_at_once() -> None:
    line = Line().voice(600).silence(600)
    line.ear.end_pause_after(PATIENT.complete_ms)
    assert line.silence(20).times(TurnEnded) == [1_220]


def test_going_on_undoes_the_early_finish() -> None:
    line = Line().voice(600).silence(300)
    line.ear.end_pause_after(PATIENT.complete_ms)
    line.voice(400).silence(2_000)
    assert line.times(TurnEnded) == [1_300 + PATIENT.end_ms]


def test_finishing_early_without_a_pause_does_nothing() -> None:
    line = Line()
    line.ear.end_pause_after(PATIENT.complete_ms)
    line.voice(600)
    line.ear.end_pause_after(PATIENT.complete_ms)
    assert line.silence(2_000).times(TurnEnded) == [600 + PATIENT.end_ms]


def test_barge_in_needs_accumulated_voice_over_the_bot() -> None:
    line = Line()
    line.ear.bot_speaking = True
    line.voice(100).silence(100).voice(120)
    assert line.times(BargedIn) == []
    line.voice(20)
    assert line.times(BargedIn) == [340]
    line.voice(1_000)
    assert len(line.times(BargedIn)) == 1


def test_a_short_noise_over_the_bot_is_neither_barge_in_nor_turn() -> None:
    line = Line()
    line.ear.bot_speaking = True
    line.voice(LEAST_VOICED_MS - FRAME_MS).silence(2_000)
    assert line.names() == ["VoiceStarted"]


def test_voice_before_the_bot_speaks_does_not_count_as_barge_in() -> None:
    line = Line().voice(600)
    line.ear.bot_speaking = True
    assert line.voice(220).times(BargedIn) == []
    assert line.voice(20).times(BargedIn) == [840]


@pytest.mark.parametrize(("voiced", "turns"), [(LEAST_VOICED_MS - FRAME_MS, 0), (LEAST_VOICED_MS, 1)])
def test_the_least_voice_of_a_turn(voiced: int, turns: int) -> None:
    assert len(Line().voice(voiced).silence(2_000).ended()) == turns


def test_a_click_is_no_onset() -> None:
    assert Line().silence(500).voice(40).silence(1_000).voice(40).silence(1_000).names() == []


def test_silence_is_noticed_once_for_each_question() -> None:
    line = Line().silence(20_000)
    assert line.times(StayedSilent) == [6_000]
    line.ear.expect(PATIENT)
    assert line.silence(6_000).times(StayedSilent) == [6_000, 26_000]


def test_silence_is_not_counted_while_the_bot_speaks_or_looks_something_up() -> None:
    line = Line()
    line.ear.bot_speaking = True
    line.silence(10_000)
    line.ear.bot_speaking = False
    line.silence(5_980)
    assert line.times(StayedSilent) == []
    assert line.silence(20).times(StayedSilent) == [16_000]
    assert Line(None).silence(20_000).events == []


def test_a_dropped_noise_does_not_prolong_the_silence() -> None:
    line = Line().silence(3_000).voice(80).silence(20_000)
    assert line.times(StayedSilent)[0] <= 6_000 + 80 + PATIENT.end_ms


def test_missing_frames_are_silence_by_the_clock() -> None:
    line = Line().voice(600).play(None, 2_000)
    assert line.times(TurnEnded) == [600 + PATIENT.end_ms]
    assert line.ended()[0].audio.endswith(SILENT_FRAME)


def test_an_endless_voice_is_cut() -> None:
    line = Line().voice(60_000)
    assert line.times(TurnEnded)[0] <= LONGEST_MS + 60
    assert all(len(turn.audio) <= LONGEST_MS * 8 for turn in line.ended())
    assert len(line.ended()) == 2


def test_every_question_has_a_patience_in_order() -> None:
    waits = {asked: row.patience for asked, row in TURN_TAKING.items()}
    assert set(waits) == {*Expectation, None}
    assert all(
        EARLY_MS < each.complete_ms < each.end_ms < each.hanging_ms < each.no_input_ms for each in waits.values()
    )
    assert waits[Expectation.YES_NO].end_ms < waits[Expectation.ADDRESS].end_ms
    assert all(6_000 <= each.no_input_ms <= 8_000 for each in waits.values())


def _open_and_closed(events: list[str]) -> Iterator[bool]:
    """Whether each reading in a pause was preceded by the start of a voice and followed by its end or going on."""
    paused = False
    for name in events:
        if name in ("WentOn", "MayHaveEnded"):
            yield paused == (name == "WentOn")
        paused = name == "MayHaveEnded" or (paused and name not in ("WentOn", "TurnEnded"))


@given(st.lists(st.tuples(st.sampled_from([VOICE, SILENT_FRAME, None]), st.integers(1, 60)), max_size=30))
def test_whatever_comes_pauses_and_resumptions_alternate_and_no_sound_is_too_long(
    pieces: list[tuple[bytes | None, int]],
) -> None:
    line = Line()
    for frame, count in pieces:
        line.play(frame, count * FRAME_MS)
    assert all(_open_and_closed(line.names()))
    for turn in line.ended():
        assert LEAST_VOICED_MS <= turn.voiced_ms <= len(turn.audio) // 8 <= LONGEST_MS
