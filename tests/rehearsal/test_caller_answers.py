"""What the caller says, and how truthfully; the sound it makes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from callbot.rehearsal.caller import Caller, Mouth, Speak
from callbot.rehearsal.clips import (
    Clips,
    caller_voices,
    last_voiced_byte,
    mixed,
    record_clips,
    room_noise,
    telephone_band,
    with_gain,
)
from callbot.rehearsal.goal import Goal
from callbot.rehearsal.mind import Leave, PressKeys, StayQuiet
from callbot.rehearsal.scenario import Scenario, Speaker
from callbot.rehearsal.truth import HeardPrompt, agrees, folded, wanted_choice
from callbot.speech.codec import FRAME_BYTES, SILENCE, SILENT_FRAME, mulaw_to_pcm, pcm_to_samples
from tests.rehearsal.fake_bot import tone

GOAL = Goal(
    street="Rue Saint-Ferréol", number=20, commune="premier arrondissement", phone="+33612345678", items=("canapé",)
)
GOOD_LINE = "20, Rue Saint-Ferréol, Marseille, premier arrondissement"


def caller(answers: dict[str, Any], **manners: Any) -> Caller:
    scenario = Scenario.model_validate(
        {
            "name": "one", "title": "t", "caller": "+33612345678", "goal": GOAL.model_dump(), "manners": manners,
            "calls": [{"answers": answers, "expect": {"booking": "none"}}],
        }
    )  # fmt: skip
    return Caller(scenario, scenario.calls[0], Clips({(Speaker.WOMAN, text): tone(100) for text in scenario.clips}))


def words(deed: object) -> str:
    assert isinstance(deed, Speak)
    return deed.words


def level(sound: bytes) -> float:
    samples = pcm_to_samples(mulaw_to_pcm(sound)).astype(np.float64)
    return float(10 * np.log10((samples**2).mean()))


def test_the_second_time_gets_the_second_answer_and_then_the_last_one_again() -> None:
    someone = caller({"ask_items": ["Un canapé.", "Un seul canapé."], "ask_need": "Rien."})
    assert [words(someone.answer(act, None)) for act in ("ask_items", "ask_need", "ask_items", "ask_items")] == [
        "Un canapé.", "Rien.", "Un seul canapé.", "Un seul canapé.",
    ]  # fmt: skip


def test_other_deeds() -> None:
    someone = caller({"a": {"keys": "0"}, "b": "silence", "c": "hang_up", "d": {"noise": 1.5}})
    assert someone.answer("a", None) == PressKeys("0")
    assert someone.answer("b", None) == StayQuiet()
    assert someone.answer("c", None) == Leave()
    noise = someone.answer("d", None)
    assert isinstance(noise, Speak)
    assert (noise.words, len(noise.sound)) == ("", 12_000)
    assert level(noise.sound) == pytest.approx(-24, abs=1.5)


def test_pauses_inside_an_answer() -> None:
    deed = caller({"a": {"say": ["Euh", 500, "oui"]}}).answer("a", None)
    assert isinstance(deed, Speak)
    assert deed.words == "Euh oui"
    assert deed.sound == tone(100) + SILENCE * 4000 + tone(100)


@pytest.mark.parametrize(
    ("act", "text", "agreed"),
    [
        ("confirm_address", f"J'ai compris : {GOOD_LINE}. C'est bien ça ?", True),
        ("confirm_address", "20, rue saint ferreol, premier arrondissement", True),
        ("confirm_address", GOOD_LINE.replace("20", "120"), False),
        ("confirm_address", GOOD_LINE.replace("Saint-", ""), False),
        ("confirm_address", GOOD_LINE.replace("premier", "sixième"), False),
        ("confirm_commune", "C'est bien à Marseille, premier arrondissement ?", True),
        ("confirm_commune", "C'est bien à Marseille, deuxième arrondissement ?", False),
        ("confirm_phone", "Le numéro est le 06, 12, 34, 56, 78. C'est bien ça ?", True),
        ("confirm_phone", "au numéro qui se termine par 56, 78. D'accord ?", True),
        ("confirm_phone", "au numéro qui se termine par 56, 79.", False),
        ("confirm_phone", "D'accord ?", False),
        ("recap", f"Je récapitule : un canapé, {GOOD_LINE}, le lundi 3.", True),
        ("recap", f"Je récapitule : un matelas, {GOOD_LINE}, le lundi 3.", False),
        ("recap", "Je récapitule : un canapé, 20, Rue de Rome.", False),
        ("offer_dates", "le lundi 3", True),
    ],
)
def test_truth(act: str, text: str, agreed: bool) -> None:
    assert agrees(GOAL, HeardPrompt(act, 1, text)) is agreed


def test_without_anybody_to_note_the_words_the_caller_trusts() -> None:
    assert words(caller({"confirm_address": "judge"}).answer("confirm_address", None)) == "Oui, c'est ça."


@pytest.mark.parametrize(
    ("text", "choice", "said"),
    [
        (f"J'hésite entre {GOOD_LINE} ou 20, Rue de Rome. Laquelle ?", 1, "La première."),
        (f"J'hésite entre 20, Rue de Rome ou {GOOD_LINE}. Laquelle ?", 2, "La deuxième."),
        ("J'hésite entre 20, Rue de Rome ou 20, Rue Paradis.", None, "Aucune."),
        ("Est-ce Rue de Rome, ou Rue Saint-Ferréol ?", 2, "La deuxième."),
        ("Est-ce Rue de Rome, ou Rue Paradis ?", None, "Aucune."),
        ("Rue Saint-Ferréol : le 20, ou le 120 ?", 1, "La première."),
        ("Rue Saint-Ferréol : le 2, ou le 12 ?", None, "Aucune."),
        ("Rue de Rome : le 20, ou le 120 ?", None, "Aucune."),
        (
            "Rue Saint-Ferréol : dans le sixième arrondissement, ou dans le premier arrondissement ?",
            2,
            "La deuxième.",
        ),
    ],
)
def test_choice_between_addresses(text: str, choice: int | None, said: str) -> None:
    assert wanted_choice(GOAL, text) == choice
    someone = caller({"choose_address": "judge"})
    assert words(someone.answer("choose_address", HeardPrompt("choose_address", 1, text))) == said


@pytest.mark.parametrize(
    ("act", "text", "keys"),
    [
        ("confirm_address", f"L'adresse est {GOOD_LINE}. Si c'est juste, tapez 1. Sinon, tapez 2.", "1"),
        ("confirm_address", "L'adresse est 2, Rue de Rome. Si c'est juste, tapez 1. Sinon, tapez 2.", "2"),
        ("confirm_phone", "Le numéro est le 06, 12, 34, 56, 78. Si c'est juste, tapez 1. Sinon, tapez 2.", "1"),
        ("choose_address", "Rue Saint-Ferréol : pour le 2, tapez 1, le 20, tapez 2. Sinon, tapez 9.", "2"),
        ("choose_address", f"Pour 2, Rue de Rome, tapez 1, {GOOD_LINE}, tapez 2. Sinon, tapez 9.", "2"),
        ("choose_address", "Pour 2, Rue de Rome, tapez 1, 3, Rue Paradis, tapez 2. Sinon, tapez 9.", "9"),
    ],
)
def test_who_is_asked_for_keys_presses_keys(act: str, text: str, keys: str) -> None:
    assert caller({act: "judge"}).answer(act, HeardPrompt(act, 1, text)) == PressKeys(keys)


def test_folding() -> None:
    assert folded("  L'Œuvre-d'Été ") == " l oeuvre d ete "


def test_the_mouth_always_gives_a_frame() -> None:
    mouth = Mouth(None)
    assert mouth.frame(0.0) == SILENT_FRAME
    mouth.speak(Speak(tone(30), "oui"))
    assert mouth.speaking
    first, second = mouth.frame(1.0), mouth.frame(1.02)
    assert first + second == tone(30).ljust(2 * FRAME_BYTES, SILENCE)
    assert (mouth.speaking, mouth.finished_at) == (False, 1.02)
    assert mouth.frame(1.04) == SILENT_FRAME


def test_noise_is_no_utterance_to_measure_from() -> None:
    mouth = Mouth(None)
    mouth.speak(Speak(tone(20), ""))
    mouth.frame(1.0)
    assert mouth.finished_at is None


def test_surroundings_are_heard_all_along() -> None:
    mouth = Mouth(-40)
    quiet = b"".join(mouth.frame(0.0) for _ in range(600))
    assert level(quiet) == pytest.approx(-40, abs=1.5)
    mouth.speak(Speak(tone(1000), "oui"))
    assert level(b"".join(mouth.frame(0.0) for _ in range(50))) > -20


def test_gain_band_and_mixture() -> None:
    assert level(with_gain(tone(500), -10)) == pytest.approx(level(tone(500)) - 10, abs=0.3)
    assert with_gain(tone(20), 0) == tone(20)
    seconds = np.arange(8000) / 8000
    for hertz, passes in ((100, False), (1000, True), (3900, False)):
        wave = np.asarray(0.5 * np.sin(2 * np.pi * hertz * seconds), dtype=np.float32)
        power = float((telephone_band(wave)[4000:] ** 2).mean())
        assert (power > 0.05) is passes
    assert level(mixed(tone(100), SILENCE * 800)) == pytest.approx(level(tone(100)), abs=0.1)
    assert room_noise(-30) == room_noise(-30)


def test_where_the_voice_in_a_clip_ends() -> None:
    assert last_voiced_byte(tone(200) + SILENCE * 1600) == 1600
    assert last_voiced_byte(SILENCE * 800) == 0
    assert last_voiced_byte(b"") == 0


def test_clips_are_recorded_once_and_by_hash(tmp_path: Path) -> None:
    voices = caller_voices(tmp_path, natural=False)
    wanted = [(Speaker.WOMAN, "Oui."), (Speaker.MAN, "Oui.")]
    clips = record_clips(wanted, tmp_path / "callers", voices)
    woman, man = clips.of(Speaker.WOMAN, "Oui."), clips.of(Speaker.MAN, "Oui.")
    assert woman != man
    assert level(woman) > -35
    names = sorted(path.name for path in (tmp_path / "callers").iterdir())
    assert len(names) == 2
    assert not any("ui" in name for name in names)
    (tmp_path / "callers" / names[0]).write_bytes(tone(20))
    again = record_clips(wanted, tmp_path / "callers", voices)
    assert tone(20) in (again.of(Speaker.WOMAN, "Oui."), again.of(Speaker.MAN, "Oui."))
    assert voices[Speaker.WOMAN].name != voices[Speaker.MAN].name
