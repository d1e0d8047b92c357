"""Loudness, trimming, pauses; the light voice on odd texts; the natural one where it is installed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.domain.meaning import Language
from callbot.speech.codec import ENGINE_RATE, SILENCE, Samples, milliseconds, mulaw_to_pcm, pcm_to_samples
from callbot.speech.voice import LOUDNESS_DBFS, SLOW_SPEED, VoiceUnavailableError, telephone_sound, voiced_windows
from callbot.speech.voice_light import LightVoice, pieces
from callbot.speech.voice_natural import NaturalVoice, natural_voice_missing


def tone(ms: int, level: float, rate: int = ENGINE_RATE) -> Samples:
    return np.asarray(level * np.sin(2 * np.pi * 440 * np.arange(rate * ms // 1000) / rate), dtype=np.float32)


def silence(ms: int, rate: int = ENGINE_RATE) -> Samples:
    return np.zeros(rate * ms // 1000, dtype=np.float32)


def loudness(mulaw: bytes) -> float:
    samples = pcm_to_samples(mulaw_to_pcm(mulaw))
    voiced = np.repeat(voiced_windows(samples), 80)
    return float(10 * np.log10((samples[: voiced.size][voiced] ** 2).mean()))


@given(st.floats(0.01, 0.9))
def test_equal_loudness_whatever_comes_in(level: float) -> None:
    sound = telephone_sound(tone(400, level), ENGINE_RATE, "oui.")
    assert loudness(sound) == pytest.approx(LOUDNESS_DBFS, abs=0.7)


@pytest.mark.parametrize(("text", "pause_ms"), [("Oui.", 260), ("la rue,", 120), ("J'ai compris :", 140), ("le", 40)])
def test_long_silence_becomes_the_pause_of_the_last_sign(text: str, pause_ms: int) -> None:
    raw = np.concatenate([silence(500), tone(400, 0.3), silence(700)])
    sound = telephone_sound(raw, ENGINE_RATE, text)
    assert len(sound) / 8 == pytest.approx(20 + 400 + pause_ms, abs=25)
    assert sound.endswith(SILENCE * (pause_ms * 8))


def test_silence_gives_nothing() -> None:
    assert telephone_sound(silence(300), ENGINE_RATE, "oui") == b""
    assert telephone_sound(silence(0), ENGINE_RATE, "oui") == b""


def test_light_voice_speaks_at_the_common_loudness() -> None:
    sound = LightVoice().render("Quelle date vous convient ?")
    assert 1_000 < len(sound) / 8 < 3_500
    assert loudness(sound) == pytest.approx(LOUDNESS_DBFS, abs=1)


def test_the_same_words_are_the_same_sound_whatever_the_memory_held_before() -> None:
    said = {LightVoice().raw("Un canapé, deux matelas et une armoire.").tobytes()}
    for litter in (0xFF, 0x55, 0x01):
        held = [bytes((litter,)) * size for size in (24, 40, 100, 600, 900, 5_000, 90_000) for _ in range(50)]
        del held
        said.add(LightVoice().raw("Un canapé, deux matelas et une armoire.").tobytes())
    assert len(said) == 1


@pytest.mark.parametrize("text", ["", "  ", "…", "—", "<>", "😀"])
def test_nothing_to_say(text: str) -> None:
    assert LightVoice().render(text) == b""


def test_markup_is_read_as_words_and_obeyed_by_nobody() -> None:
    voice = LightVoice()
    plain = voice.render("speed level ' cinquante ' bonjour")
    assert len(voice.render("<speed level='50'>bonjour")) == len(plain)


@pytest.mark.parametrize("text", ["é" * 500, "mot " * 300, "1234567890" * 20, "Bonjour. " * 60, "!?" * 200 + "a"])
def test_endless_input_comes_back(text: str) -> None:
    assert LightVoice().render(text)


def test_speed_and_pitch_are_part_of_the_name_and_of_the_sound() -> None:
    slow, normal = LightVoice(speed=0.8, pitch=1.2), LightVoice()
    assert slow.name != normal.name
    assert len(slow.render("Bonjour madame.")) > len(normal.render("Bonjour madame."))


def test_many_threads_at_once() -> None:
    voice = LightVoice()
    texts = [f"Boulevard Baille, numéro {number}." for number in range(6)]
    alone = [voice.render(text) for text in texts]
    for _ in range(5):
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(voice.render, texts)) == alone


@given(st.text(alphabet="ab .!?,", max_size=900))
def test_pieces_are_short_and_lose_no_word(text: str) -> None:
    text = " ".join(text.split())
    text = text if all(len(word) <= 40 for word in text.split()) else "a b"
    cut = pieces(text)
    assert all(len(piece) <= 200 for piece in cut)
    assert "".join(cut).count("a") == text.count("a")


def test_natural_voice_without_files_says_what_to_do(tmp_path: Path) -> None:
    missing = natural_voice_missing(tmp_path)
    assert "callbot models fetch" in missing or "callbot[natural-voice]" in missing
    with pytest.raises(VoiceUnavailableError):
        NaturalVoice(tmp_path)


@pytest.mark.sound
def test_natural_voice_speaks() -> None:
    models = Path("var/models")
    if missing := natural_voice_missing(models):
        pytest.skip(missing)
    sound = NaturalVoice(models).render("Oui, bonjour.")
    assert 400 < len(sound) / 8 < 2_500
    assert loudness(sound) == pytest.approx(LOUDNESS_DBFS, abs=1.5)


def test_a_slower_voice_is_the_same_one_and_takes_longer() -> None:
    voice = LightVoice(pitch=1.1)
    slow = voice.slower()
    assert (slow.pitch, slow.speed) == (1.1, SLOW_SPEED)
    assert slow.name != voice.name
    assert len(slow.render("Bonjour madame.")) > 1.08 * len(voice.render("Bonjour madame."))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (Language.ENGLISH, "This service speaks French only. I am putting you through to a person."),
        (Language.SPANISH, "¿Habla francés? Le paso con una persona."),
        (Language.ITALIAN, "Le passo una persona, un attimo."),
        (Language.GERMAN, "Ich verbinde Sie mit einer Person, größte Grüße."),
    ],
)
def test_the_light_voice_reads_other_languages_as_they_are_read(language: Language, text: str) -> None:
    foreign, french = LightVoice(language=language), LightVoice()
    assert foreign.name != french.name
    assert foreign.render(text) not in (b"", french.render(text))
    assert 1_000 < milliseconds(foreign.render(text)) < 8_000


def test_a_language_without_a_voice_is_read_as_french() -> None:
    assert LightVoice(language=Language.OTHER).render("Bonjour.") == LightVoice().render("Bonjour.")


@pytest.mark.parametrize("text", ["<speed level='50'>hello", "{", "_" * 300, "a" * 5_000, "12", "\x00"])
def test_any_text_is_harmless_in_any_language(text: str) -> None:
    voice = LightVoice(language=Language.ENGLISH)
    spoken = milliseconds(voice.render(text))
    assert (spoken > 0) is any(letter.isalnum() for letter in text)
    assert milliseconds(voice.render("Goodbye.")) > 0, "the voice still speaks after it"
