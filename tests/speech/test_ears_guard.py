"""The guard: what was said passes, what was invented is refused with its name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.domain.meaning import Expectation
from callbot.speech.engine import Hypothesis, Transcription
from callbot.speech.guard import NO_SPEECH_FROM, Refusal, judge
from callbot.speech.hints import PROMPTS, hints_for
from callbot.speech.turns import LEAST_VOICED_MS


def heard(text: str, no_speech: float = 0.1, confidence: float = 0.7) -> Transcription:
    return Transcription(text, (Hypothesis(text, -0.3),), no_speech, confidence, 50, 300)


@pytest.mark.parametrize(
    "text",
    [
        "Oui.",
        "Non non non non.",
        "Un canapé, deux matelas et une armoire.",
        "Une vieille machine à laver. Une vieille machine à laver.",
        "06 00 00 00 00",
        "0 0 0 0 0 0 0 0",
        "Merci.",
        "12 bis rue de la Musique",
        "J'habite au 12 rue de Rome, dans le sixième.",
    ],
)
def test_what_people_say_passes(text: str) -> None:
    verdict = judge(heard(text), 3_000)
    assert (verdict.text, verdict.refused) == (text, None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Refusal.NO_WORDS),
        (". . . .", Refusal.NO_WORDS),
        ("... !", Refusal.NO_WORDS),
        ("Musique", Refusal.NO_WORDS),
        ("[Applaudissements]", Refusal.NO_WORDS),
        ("♪ la la la", Refusal.NO_WORDS),
        ("Sous-titres réalisés par la communauté d'Amara.org", Refusal.CREDIT_LINE),
        ("Sous-titrage ST' 501", Refusal.CREDIT_LINE),
        ("Merci d’avoir regardé cette vidéo !", Refusal.CREDIT_LINE),
        ("N'oubliez pas de vous abonner.", Refusal.CREDIT_LINE),
        ("non non non non non non", Refusal.LOOP),
        ("Il n'y a pas. Il n'y a pas. Il n'y a pas. Il n'y a pas.", Refusal.LOOP),
    ],
)
def test_what_is_invented_is_refused(text: str, reason: Refusal) -> None:
    verdict = judge(heard(text), 3_000)
    assert (verdict.text, verdict.refused) == ("", reason)


@pytest.mark.parametrize(("voiced_ms", "refused"), [(LEAST_VOICED_MS - 1, Refusal.NO_VOICE), (LEAST_VOICED_MS, None)])
def test_least_voice(voiced_ms: int, refused: Refusal | None) -> None:
    assert judge(heard("Oui."), voiced_ms).refused is refused


@pytest.mark.parametrize(("no_speech", "refused"), [(NO_SPEECH_FROM, Refusal.NO_SPEECH), (0.59, None)])
def test_no_speech_probability(no_speech: float, refused: Refusal | None) -> None:
    assert judge(heard("Oui.", no_speech), 500).refused is refused


@pytest.mark.parametrize(
    ("no_speech", "confidence", "refused"),
    [(0.4, 0.24, Refusal.NO_SPEECH), (0.4, 0.25, None), (0.39, 0.05, None)],
)
def test_weak_words_in_a_doubtful_sound(no_speech: float, confidence: float, refused: Refusal | None) -> None:
    assert judge(heard("14 ch.", no_speech, confidence), 2_000).refused is refused


@pytest.mark.parametrize(
    ("text", "no_speech", "refused"),
    [
        ("La Ciotat. La Ciotat.", 0.45, Refusal.PROMPT_ECHO),
        ("Aix-en-Provence.", 0.35, Refusal.PROMPT_ECHO),
        ("Aix-en-Provence.", 0.2, None),
        ("Aubagne.", 0.35, None),
        ("Aubagne.", 0.4, Refusal.PROMPT_ECHO),
    ],
)
def test_communes_of_the_prompt(text: str, no_speech: float, refused: Refusal | None) -> None:
    prompt = hints_for(Expectation.COMMUNE).prompt
    assert judge(heard(text, no_speech), 2_000, prompt).refused is refused


def test_a_prompted_yes_is_left_to_the_decoder() -> None:
    assert judge(heard("Oui.", 0.5), 400, hints_for(Expectation.YES_NO).prompt).refused is None


@pytest.mark.parametrize(("words", "refused"), [(11, None), (12, Refusal.TOO_MANY_WORDS)])
def test_more_words_than_anybody_says_in_a_second(words: int, refused: Refusal | None) -> None:
    counted = " ".join(f"mot{number}" for number in range(words))
    assert judge(heard(counted), 1_000).refused is refused


def test_the_prompt_said_back_is_refused_and_one_sentence_of_it_is_not() -> None:
    prompt = hints_for(Expectation.ITEMS).prompt
    one = "Un canapé, deux matelas et une armoire."
    two = f"{one} J'ai un vieux frigo et une machine à laver."
    assert judge(heard(two), 6_000, prompt).refused is Refusal.PROMPT_ECHO
    assert judge(heard(one), 3_000, prompt).refused is None
    assert judge(heard(one, no_speech=0.45), 3_000, prompt).refused is Refusal.PROMPT_ECHO
    assert judge(heard(f"{one} Et un vélo."), 3_000, prompt).refused is None


@given(st.text(max_size=80), st.floats(0, 1), st.integers(0, 30_000), st.sampled_from(list(PROMPTS.values())))
def test_any_text_is_judged_and_either_kept_whole_or_dropped(
    text: str, no_speech: float, voiced_ms: int, prompt: str
) -> None:
    verdict = judge(heard(text, no_speech), voiced_ms, prompt)
    assert verdict.text == ("" if verdict.refused else text)
