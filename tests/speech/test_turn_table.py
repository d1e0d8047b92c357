"""The table of turn-taking, the caller's pace, our own voice come back and the noise around the caller."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.domain.meaning import Expectation
from callbot.speech.codec import (
    FRAME_BYTES,
    SILENCE,
    TELEPHONE_RATE,
    frames,
    mulaw_to_pcm,
    pcm_to_mulaw,
    pcm_to_samples,
    samples_to_pcm,
)
from callbot.speech.hints import PROMPTS
from callbot.speech.own_voice import OwnVoice
from callbot.speech.surroundings import Surroundings, loudness
from callbot.speech.turn_taking import (
    BARGE_IN_MS,
    MOST_PATIENT,
    PACE_LIMIT,
    TURN_TAKING,
    CallerPace,
    Patience,
    is_back_channel,
)
from callbot.speech.turns import BargedIn, CallerEar, EarEvent, TurnEnded
from callbot.speech.voice_light import LightVoice

USUAL = Patience(end_ms=800, complete_ms=500, hanging_ms=1_400, no_input_ms=7_000)


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        (Expectation.YES_NO, 400, 500),
        (Expectation.ANY, 800, 800),
        (Expectation.ADDRESS, 1_200, 1_500),
        (Expectation.PHONE, 1_800, 2_000),
        (Expectation.NAME, 1_800, 2_000),
        (Expectation.REFERENCE, 1_800, 2_000),
    ],
)
def test_the_wait_is_made_for_the_question(asked: Expectation, least: int, most: int) -> None:
    assert least <= TURN_TAKING[asked].patience.end_ms <= most


def test_only_statements_are_nodded_at() -> None:
    assert [asked for asked, row in TURN_TAKING.items() if row.back_channel] == [None]
    assert all(row.barge_in_ms == BARGE_IN_MS for asked, row in TURN_TAKING.items() if asked is not None)


def test_each_question_has_its_own_examples() -> None:
    assert {asked: TURN_TAKING[asked].hints for asked in Expectation} == PROMPTS


def test_only_a_phone_number_may_begin_with_the_key_for_a_person() -> None:
    assert [asked for asked, row in TURN_TAKING.items() if row.keys.zero_opens] == [Expectation.PHONE]


def test_slowness_and_pauses_prolong_a_wait_up_to_a_limit() -> None:
    assert USUAL.stretched() == USUAL
    assert USUAL.stretched(1.2).end_ms == 960
    assert USUAL.stretched(slow=True) == Patience(1_200, 750, 2_100, 10_500)
    assert USUAL.stretched(1.6, slow=True).end_ms == round(800 * MOST_PATIENT)


def test_who_asked_for_time_is_waited_for_unless_the_answer_is_complete() -> None:
    waiting = USUAL.stretched(waiting=True)
    assert (waiting.end_ms, waiting.hanging_ms, waiting.no_input_ms) == (8_000, 8_000, 30_000)
    assert waiting.complete_ms == USUAL.complete_ms


def test_the_pace_grows_with_a_pause_and_comes_slowly_back() -> None:
    pace = CallerPace()
    pace.went_on(500, 800)
    assert pace.factor == 1
    pace.went_on(900, 800)
    learned = pace.factor
    assert learned == pytest.approx(1.35)
    pace.turn_ended()
    assert 1 < pace.factor < learned


@given(st.lists(st.one_of(st.none(), st.integers(0, 20_000)), max_size=40))
def test_the_pace_stays_in_its_bounds(pauses: list[int | None]) -> None:
    pace = CallerPace()
    for pause in pauses:
        if pause is None:
            pace.turn_ended()
        else:
            pace.went_on(pause, 800)
        assert 1 <= pace.factor <= PACE_LIMIT
    for _ in range(40):
        pace.turn_ended()
    assert pace.factor < 1.01


@pytest.mark.parametrize("text", ["Oui.", "D'accord.", "D’accord !", "Hm hm.", "Mmh", "Ok, très bien.", "Ah oui oui."])
def test_nods(text: str) -> None:
    assert is_back_channel(text)


@pytest.mark.parametrize("text", ["Non.", "Oui mais non", "Conseiller.", "", "Oui, le premier.", "oui oui oui oui"])
def test_more_than_a_nod(text: str) -> None:
    assert not is_back_channel(text)


# ---- our own voice and the noise around ----


def returned(said: bytes, down_db: float, delay_ms: int) -> bytes:
    """``said`` as a line brings it back."""
    samples = pcm_to_samples(mulaw_to_pcm(said)) * np.float32(10 ** (-down_db / 20))
    return SILENCE * (delay_ms * 8) + pcm_to_mulaw(samples_to_pcm(samples))


@pytest.fixture(scope="module")
def said() -> bytes:
    return LightVoice().render("Quelle est l'adresse de l'enlèvement ? Donnez le numéro et la rue.")


@pytest.mark.parametrize("down_db", [20, 30])
@pytest.mark.parametrize("delay_ms", [60, 440])
def test_our_own_voice_come_back_is_known(said: bytes, down_db: int, delay_ms: int) -> None:
    own, back = OwnVoice(), returned(said, down_db, delay_ms)
    for frame in frames(said[: 2_000 * 8]):
        own.says(frame)
    heard = [back[at : at + 400 * 8] for at in range(600 * 8, 1_500 * 8, 300 * 8)]
    assert all(own.explains(piece) for piece in heard)


def test_a_caller_as_loud_as_we_are_is_no_echo(said: bytes) -> None:
    own = OwnVoice()
    for frame in frames(said):
        own.says(frame)
    assert not own.explains(said[-3_200:])
    assert not own.explains(LightVoice(pitch=1.3).render("Attendez, je voudrais un conseiller.")[1_600:4_800])


@pytest.mark.parametrize("sound", [b"", SILENCE * 100, SILENCE * 3_200, SILENCE * 60_000])
def test_nothing_explains_nothing(said: bytes, sound: bytes) -> None:
    own = OwnVoice()
    assert not own.explains(sound)
    for frame in frames(said):
        own.says(frame)
    assert own.explains(sound) in (False, True)
    assert not own.explains(b"")


def noise(level_db: float, seconds: float) -> bytes:
    samples = np.random.default_rng(3).standard_normal(int(seconds * TELEPHONE_RATE)) * 10 ** (level_db / 20)
    return pcm_to_mulaw(samples_to_pcm(samples.astype(np.float32)))


def test_loudness_is_in_decibels_below_full_scale() -> None:
    assert loudness(noise(-30, 1)) == pytest.approx(-30, abs=0.5)
    assert loudness(SILENCE * FRAME_BYTES) < -100


def test_a_voice_stands_out_by_what_was_there_before() -> None:
    around = Surroundings()
    assert around.voice_from_db < -100
    for frame in frames(noise(-40, 2)):
        around.hear(frame)
    assert -38 < around.voice_from_db < -30


class Talk:
    """Every sound is a voice."""

    def hear(self, frame: bytes | None) -> bool:
        return frame is not None and loudness(frame) > -60


def events_over_bot(before: bytes, over: bytes) -> list[EarEvent]:
    ear = CallerEar(Talk())
    for frame in frames(SILENCE * 8_000 + before):
        ear.hear(frame)
    ear.bot_speaking = True
    return [event for frame in frames(over) for event in ear.hear(frame)]


def test_people_around_who_are_no_louder_than_before_do_not_interrupt() -> None:
    assert BargedIn() not in events_over_bot(noise(-40, 4), noise(-40, 3))
    assert BargedIn() in events_over_bot(noise(-40, 4), noise(-40, 1) + noise(-22, 1))


def test_an_echo_is_neither_barge_in_nor_turn(said: bytes) -> None:
    ear = CallerEar(Talk())
    ear.bot_speaking = True
    ours, back = list(frames(said)), list(frames(returned(said, 25, 120) + SILENCE * 16_000))
    for frame in ours[:20]:
        ear.plays(frame)
    events: list[EarEvent] = []
    for number, frame in enumerate(back):
        if number + 20 < len(ours):
            ear.plays(ours[number + 20])
        events += ear.hear(frame)
    assert not [event for event in events if isinstance(event, BargedIn | TurnEnded)]
