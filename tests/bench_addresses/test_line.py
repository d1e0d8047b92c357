"""What the telephone line of the address benchmark does to a clip."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.speech.codec import BYTES_PER_MS, FRAME_BYTES, TELEPHONE_RATE, mulaw_to_pcm, pcm_to_mulaw, samples_to_pcm
from callbot.speech.voice import voiced_windows
from tests.bench.addresses.line import (
    AFTER_MS,
    BEFORE_MS,
    LOSS,
    Condition,
    Noise,
    at_snr,
    noise,
    noise_of,
    on_the_line,
    voice_on_the_line,
    with_losses,
)


def spoken_clip(seconds: float = 3.0) -> bytes:
    """Something like speech: a buzz of 140 Hz in syllables of a fifth of a second, at about -20 dBFS."""
    time = np.arange(int(seconds * TELEPHONE_RATE)) / TELEPHONE_RATE
    buzz = sum(np.sin(2 * np.pi * 140 * n * time) / n for n in range(1, 20))
    sound = 0.15 * buzz * (np.sin(2 * np.pi * 2.5 * time) > -0.3)
    return pcm_to_mulaw(samples_to_pcm(np.asarray(sound, dtype=np.float32)))


def energy(sound: np.ndarray[tuple[int], np.dtype[np.float32]]) -> float:
    """Mean power."""
    return float((sound.astype(np.float64) ** 2).mean())


@pytest.mark.parametrize("snr_db", [20.0, 15.0, 10.0])
@pytest.mark.parametrize("seed", [4, 5])
def test_noise_is_as_far_below_the_voice_as_it_says(snr_db: float, seed: int) -> None:
    voice = voice_on_the_line(spoken_clip())
    added = at_snr(noise(noise_of(seed), voice.size, seed), voice, snr_db)
    voiced = np.repeat(voiced_windows(voice), TELEPHONE_RATE // 100)
    voice, added = voice[: voiced.size][voiced], added[: voiced.size][voiced]
    assert 10 * np.log10(energy(voice) / energy(added)) == pytest.approx(snr_db, abs=0.5)


def test_street_and_babble_take_turns() -> None:
    assert [noise_of(seed) for seed in range(4)] == [Noise.STREET, Noise.BABBLE] * 2


@pytest.mark.parametrize("kind", list(Noise))
def test_two_utterances_do_not_have_the_same_noise(kind: Noise) -> None:
    assert not np.array_equal(noise(kind, 8_000, 2), noise(kind, 8_000, 3))


@pytest.mark.parametrize("condition", list(Condition))
@pytest.mark.parametrize("seed", [0, 1, 17])
def test_the_same_seed_gives_the_same_sound(condition: Condition, seed: int) -> None:
    clip = spoken_clip(1.0)
    assert on_the_line(clip, condition, seed) == on_the_line(clip, condition, seed)


def test_line_stands_before_and_after_the_words() -> None:
    clip = spoken_clip(1.0)
    heard = on_the_line(clip, Condition.CLEAN, 3)
    assert len(heard) == len(clip) + (BEFORE_MS + AFTER_MS) * BYTES_PER_MS
    assert np.abs(mulaw_to_pcm(heard)[: (BEFORE_MS - 20) * BYTES_PER_MS]).max() == 0


def test_noise_is_there_before_the_words_too() -> None:
    heard = on_the_line(spoken_clip(1.0), Condition.DB10, 3)
    assert np.abs(mulaw_to_pcm(heard)[: BEFORE_MS * BYTES_PER_MS]).max() > 0


def test_an_empty_clip_is_a_line_without_words() -> None:
    assert set(on_the_line(b"", Condition.DB10, 2)) == {0xFF}


def test_a_hundredth_of_the_frames_is_lost() -> None:
    sound = bytes(range(1, 161)) * 20_000
    heard = with_losses(sound, np.random.default_rng(0))
    frames = np.frombuffer(heard, dtype=np.uint8).reshape(-1, FRAME_BYTES)
    silenced = int((frames == 0xFF).all(axis=1).sum())
    if silenced == 0:
        pytest.fail("this generator says the last frame again: take one that leaves silence")
    assert silenced / len(frames) == pytest.approx(LOSS, abs=0.003)


def test_a_lost_frame_is_silence_or_the_one_before() -> None:
    sound = b"".join(bytes([n]) * FRAME_BYTES for n in range(200))
    ways = set()
    for seed in range(20):
        heard = with_losses(sound, np.random.default_rng(seed))
        for number in range(1, 200):
            arrived = heard[number * FRAME_BYTES]
            if arrived != number:
                ways.add("silence" if arrived == 0xFF else "again")
                assert arrived == 0xFF or arrived < number
    assert ways == {"silence", "again"}


@given(st.binary(max_size=1_000), st.integers(0, 1_000))
def test_losses_never_change_the_length(sound: bytes, seed: int) -> None:
    assert len(with_losses(sound, np.random.default_rng(seed))) == len(sound)
