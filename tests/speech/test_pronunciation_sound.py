"""How the natural voice pronounces: what it is given must be French, and hold no letter nobody should hear."""

from __future__ import annotations

import re

import pytest

from callbot.speech.pronunciation import french_phonemes
from callbot.speech.spoken import spoken

pytest.importorskip("kokoro_onnx", reason="the extra natural-voice is not installed")
pytestmark = pytest.mark.sound

_NAMES = (
    "24, Rue des Ailanthes", "3, Allee des Romarins", "3, Rond-Point Claudie Darcy", "Avenue Saint-Exupery",
    "Rue de l'Astree", "Boulevard Wallon", "Rue John Scott", "Parking du King", "un dressing",
)  # fmt: skip


@pytest.mark.parametrize("name", _NAMES)
def test_no_mark_of_a_language_is_ever_read_aloud(name: str) -> None:
    assert re.search(r"[()]", french_phonemes(spoken(name))) is None


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Rue des Ailanthes", "ɛlˈɑ̃t"),
        ("Allee des Romarins", "alˈe"),
        ("Claudie Darcy", "daʁsˈi"),
        ("Rue de l'Astree", "lastʁˈe"),
        ("Impasse Wallon", "valˈɔ̃"),
        ("Rue Raoul Dufy", "dyfˈi"),
    ],
)
def test_names_espeak_takes_for_english_are_said_as_in_french(written: str, said: str) -> None:
    assert said in french_phonemes(spoken(written))


def test_what_is_french_already_stays_as_it_was() -> None:
    assert french_phonemes("Rue de Rome. C'est bien ça ?") == "ʁˈy də- ʁˈɔm. sɛ bjˈɛ̃ sˈa ?"
