"""Groups differ in what they are named for, and in nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from callbot.rehearsal.scenario import Style
from callbot.speech.codec import (
    SILENCE,
    TELEPHONE_RATE,
    Samples,
    mulaw_to_pcm,
    pcm_to_mulaw,
    pcm_to_samples,
    samples_to_pcm,
)
from tests.bench.addresses.line import voice_on_the_line
from tests.bench.equity.groups import GROUPS, Group, Talker, arrives

TONE = pcm_to_mulaw(
    samples_to_pcm((0.3 * np.sin(2 * np.pi * 800 * np.arange(TELEPHONE_RATE) / TELEPHONE_RATE)).astype(np.float32))
)
BY_NAME = {group.name: group for group in GROUPS}


def heard(group: Group, seed: int = 4) -> Samples:
    """What arrives of a second of a tone."""
    return pcm_to_samples(mulaw_to_pcm(arrives(TONE, group.line, seed)))


def loudness(samples: Samples) -> float:
    """RMS in dB below full scale."""
    return 10 * float(np.log10((samples.astype(np.float64) ** 2).mean() + 1e-12))


def test_names_are_told_apart_and_two_references_come_first() -> None:
    assert len(BY_NAME) == len(GROUPS)
    clean = pcm_to_samples(mulaw_to_pcm(pcm_to_mulaw(samples_to_pcm(voice_on_the_line(TONE)))))
    for reference in GROUPS[:2]:
        assert not reference.styles
        assert np.array_equal(heard(reference), clean)


@pytest.mark.parametrize(("name", "snr_db"), [("un peu de bruit (20 dB)", 20), ("rue très bruyante (10 dB)", 10)])
def test_noise_is_as_far_below_the_voice_as_its_name_says(name: str, snr_db: float) -> None:
    clean, noisy = heard(GROUPS[0]), heard(BY_NAME[name])
    middle = slice(clean.size // 3, clean.size // 2)
    noise = loudness(noisy[middle] - clean[middle])
    assert loudness(clean[middle]) - noise == pytest.approx(snr_db, abs=4)


def test_a_choppy_line_loses_one_frame_in_twenty() -> None:
    lost = [np.count_nonzero(heard(BY_NAME["ligne hachée (5 % de pertes)"], seed) == 0) for seed in range(60)]
    whole = np.count_nonzero(heard(GROUPS[0]) == 0)
    share = (np.mean(lost) - whole) / heard(GROUPS[0]).size
    assert 0.02 < share < 0.08


def test_a_far_voice_is_softer() -> None:
    assert loudness(heard(BY_NAME["voix lointaine"])) < loudness(heard(GROUPS[0])) - 10


def test_throats_change_pitch_pace_and_tremor() -> None:
    high = Talker({"a": 1.0}, pitch=1.25).voiced(TONE)
    assert len(high) == pytest.approx(len(TONE) / 1.25, rel=0.02)
    trembling = pcm_to_samples(mulaw_to_pcm(Talker({"a": 1.0}, tremor=0.5).voiced(TONE)))
    pieces = [loudness(piece) for piece in np.array_split(trembling, 50)]
    assert max(pieces) - min(pieces) > 3


def test_the_same_caller_has_the_same_line() -> None:
    group = BY_NAME["rue bruyante (15 dB)"]
    assert arrives(TONE, group.line, 3) == arrives(TONE, group.line, 3) != arrives(TONE, group.line, 4)


def test_silence_stays_a_line() -> None:
    for group in GROUPS:
        assert arrives(SILENCE * 800, group.line, 1)
    assert {style for group in GROUPS for style in group.styles} == {Style.HESITANT, Style.RAMBLING}
