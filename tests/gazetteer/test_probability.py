"""Scores become probabilities: what must hold whatever figures were fitted."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.gazetteer.probability import (
    JUDGED,
    JUDGED_SLOWED,
    TEXT,
    Judgement,
    Model,
    judged_probabilities,
    probabilities,
)

LIKENESS = st.floats(0, 1)
LOGS = st.floats(-2000, 0)
JUDGEMENTS = st.builds(Judgement, LOGS, LOGS)
CANDIDATES = st.lists(st.tuples(LIKENESS, JUDGEMENTS), max_size=20)
MODELS = st.sampled_from([JUDGED, JUDGED_SLOWED])
PLAIN = Model(likeness=10.0, none=5.0, sound=0.5, prior=0.8)
SAME = Judgement(-10.0, -20.0)
Candidates = list[tuple[float, Judgement]]


def judged(candidates: Candidates, model: Model) -> tuple[float, ...]:
    return judged_probabilities([alike for alike, _ in candidates], [one for _, one in candidates], model)


def chance(alike: float, fit: float, prior: float = -20.0, model: Model = PLAIN) -> float:
    """Of one candidate beside a rival that is always the same."""
    return judged([(alike, Judgement(fit, prior)), (0.7, SAME)], model)[0]


@pytest.mark.parametrize("model", [TEXT, JUDGED, JUDGED_SLOWED])
def test_every_fitted_weight_speaks_for_the_candidate(model: Model) -> None:
    assert model.likeness > 0
    assert model.sound >= 0
    assert 0 <= model.prior <= 1


@given(st.lists(LIKENESS, max_size=40))
def test_words_alone_sum_to_1_at_most_in_the_order_of_likeness(likeness: list[float]) -> None:
    chances = probabilities(sorted(likeness, reverse=True))
    assert len(chances) == len(likeness)
    assert list(chances) == sorted(chances, reverse=True)
    assert all(0 <= one <= 1 for one in chances)
    assert sum(chances) <= 1 + 1e-9


def test_a_wider_lead_makes_surer() -> None:
    assert probabilities([0.9, 0.6])[0] > probabilities([0.9, 0.88])[0]


@given(CANDIDATES, MODELS)
def test_judged_ones_sum_to_1_at_most(candidates: Candidates, model: Model) -> None:
    chances = judged(candidates, model)
    assert len(chances) == len(candidates)
    assert all(0 <= one <= 1 for one in chances)
    assert sum(chances) <= 1 + 1e-9


@given(CANDIDATES, MODELS, st.randoms(use_true_random=False))
def test_the_order_in_which_they_come_changes_nothing(candidates: Candidates, model: Model, chaos: object) -> None:
    places = list(range(len(candidates)))
    chaos.shuffle(places)  # type: ignore[attr-defined]  # hypothesis' Random
    shuffled = judged([candidates[place] for place in places], model)
    before = judged(candidates, model)
    assert shuffled == pytest.approx([before[place] for place in places], abs=1e-9)


@given(CANDIDATES.filter(bool), MODELS, st.floats(0, 1), st.floats(0, 500))
def test_more_likeness_or_a_better_fit_never_make_less_sure(
    candidates: Candidates, model: Model, likeness: float, fit: float
) -> None:
    (alike, one), *others = candidates
    before = judged(candidates, model)[0]
    assert judged([(alike + likeness, one), *others], model)[0] >= before - 1e-9
    assert judged([(alike, replace(one, fit=one.fit + fit)), *others], model)[0] >= before - 1e-9


@given(CANDIDATES.filter(bool), MODELS, st.floats(0, 1))
def test_more_likeness_of_one_never_makes_another_surer(candidates: Candidates, model: Model, likeness: float) -> None:
    (alike, one), *others = candidates
    before, after = judged(candidates, model), judged([(alike + likeness, one), *others], model)
    assert all(later <= earlier + 1e-9 for earlier, later in zip(before[1:], after[1:], strict=True))


@given(CANDIDATES, MODELS, st.floats(-500, 500))
def test_a_sound_that_fits_all_of_them_worse_changes_nothing(
    candidates: Candidates, model: Model, worse: float
) -> None:
    """A long or noisy utterance lowers every fit: only the differences between candidates tell something."""
    shifted = [(alike, replace(one, fit=one.fit - worse)) for alike, one in candidates]
    assert judged(shifted, model) == pytest.approx(judged(candidates, model), abs=1e-6)


@given(LIKENESS, JUDGEMENTS, MODELS)
def test_one_alone_fits_best_so_its_likeness_decides(alike: float, one: Judgement, model: Model) -> None:
    assert judged([(alike, one)], model) == pytest.approx(probabilities([alike], model))


@given(st.lists(LIKENESS, min_size=1, max_size=20), JUDGEMENTS, MODELS)
def test_where_all_fit_alike_likeness_decides(likeness: list[float], one: Judgement, model: Model) -> None:
    assert judged([(alike, one) for alike in likeness], model) == pytest.approx(probabilities(likeness, model))


def test_likeness_and_fit_both_count() -> None:
    assert chance(0.8, -10) > chance(0.7, -10) > chance(0.7, -12)


def test_what_words_are_worth_without_sound_is_taken_off() -> None:
    usual, rare = chance(0.7, -10, prior=-5), chance(0.7, -10, prior=-25)
    assert rare > usual
    without = replace(PLAIN, prior=0.0)
    assert chance(0.7, -10, prior=-5, model=without) == chance(0.7, -10, prior=-25, model=without)
    assert PLAIN.fits(Judgement(-10, -5)) == pytest.approx(-6)


def test_what_is_like_nothing_said_is_none_of_these_however_well_it_fits() -> None:
    assert chance(0.1, -1) < 0.5 < chance(0.9, -1)
    assert sum(judged([(0.1, SAME), (0.1, SAME)], PLAIN)) < 0.5


def test_without_weight_of_the_sound_the_judgement_changes_nothing() -> None:
    deaf = replace(PLAIN, sound=0.0)
    assert judged([(0.7, SAME), (0.6, Judgement(-1.0, -9.0))], deaf) == pytest.approx(probabilities([0.7, 0.6], deaf))


def test_two_alike_share_what_one_would_have() -> None:
    one = (0.8, SAME)
    first, second = judged([one, one], PLAIN)
    assert first == second < judged([one], PLAIN)[0]


@pytest.mark.parametrize("model", [TEXT, JUDGED, JUDGED_SLOWED])
def test_nothing_to_choose_from_is_nothing(model: Model) -> None:
    assert probabilities([], model) == ()
    assert judged([], model) == ()


@pytest.mark.parametrize("far", [-1e6, 1e6])
@pytest.mark.parametrize("usual", [-1e6, 0.0])
def test_extreme_values_do_not_overflow(far: float, usual: float) -> None:
    chances = judged([(0.5, Judgement(far, usual)), (0.5, SAME)], PLAIN)
    assert all(math.isfinite(one) and 0 <= one <= 1 for one in chances)
    assert sum(chances) <= 1 + 1e-9


def test_candidates_and_judgements_go_in_pairs() -> None:
    with pytest.raises(ValueError, match="shorter"):
        judged_probabilities([0.5, 0.6], [SAME], PLAIN)
