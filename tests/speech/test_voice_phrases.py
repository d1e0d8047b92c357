"""The phrase book: what is kept where, and which voice is taken."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from callbot.domain.meaning import Language
from callbot.settings import VoiceName
from callbot.speech import phrases
from callbot.speech.phrases import PhraseBook, choose_voice
from callbot.speech.voice import Manner, VoiceError, VoiceUnavailableError
from callbot.speech.voice_light import LightVoice
from callbot.speech.voice_natural import natural_voice_name


class CountingVoice:
    """Says a text as its own bytes and counts."""

    def __init__(self, name: str = "counting") -> None:
        self.name = name
        self.fast = True
        self.said: list[str] = []
        self.failing = False
        self.may_speak = threading.Event()
        self.may_speak.set()

    def render(self, text: str) -> bytes:
        self.may_speak.wait(5)
        self.said.append(text)
        if self.failing:
            raise VoiceError("no breath")
        return text.encode()


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_variable_parts_are_remembered_and_never_written(tmp_path: Path) -> None:
    voice = CountingVoice()
    book = PhraseBook(voice, tmp_path)
    assert await book.render("12, Rue de Rome") == b"12, Rue de Rome"
    assert await book.render("12, Rue de Rome") == b"12, Rue de Rome"
    assert voice.said == ["12, Rue de Rome"]
    assert names_in(tmp_path) == []


async def test_memory_is_bounded_and_forgets_the_least_used(tmp_path: Path) -> None:
    voice = CountingVoice()
    book = PhraseBook(voice, tmp_path, remembered=2)
    for text in ("a", "b", "a", "c", "a", "b"):
        await book.render(text)
    assert voice.said == ["a", "b", "c", "b"]


def test_fixed_phrases_are_rendered_once_for_all_processes(tmp_path: Path) -> None:
    first, progress = CountingVoice(), list[tuple[int, int]]()
    PhraseBook(first, tmp_path).render_fixed(["Bonjour.", "Merci.", "Merci."], lambda *at: progress.append(at))
    assert progress == [(1, 2), (2, 2)]
    assert not any("onjour" in path.name for path in tmp_path.iterdir())
    second = CountingVoice()
    book = PhraseBook(second, tmp_path)
    book.render_fixed(["Bonjour.", "Merci."])
    assert asyncio.run(book.render("Merci.")) == b"Merci."
    assert second.said == []


def test_other_voice_other_files(tmp_path: Path) -> None:
    PhraseBook(CountingVoice("one"), tmp_path).render_fixed(["Merci."])
    assert PhraseBook(CountingVoice("one"), tmp_path).has_rendered(["Merci."])
    assert not PhraseBook(CountingVoice("two"), tmp_path).has_rendered(["Merci."])


def test_rendering_resumes_after_a_failure(tmp_path: Path) -> None:
    voice = CountingVoice()
    book = PhraseBook(voice, tmp_path)
    book.render_fixed(["a"])
    voice.failing = True
    with pytest.raises(VoiceError):
        book.render_fixed(["a", "b"])
    voice.failing = False
    book.render_fixed(["a", "b"])
    assert voice.said == ["a", "b", "b"]


def test_an_emptied_file_is_rendered_anew(tmp_path: Path) -> None:
    voice = CountingVoice()
    PhraseBook(voice, tmp_path).render_fixed(["a"])
    next(tmp_path.iterdir()).write_bytes(b"")
    PhraseBook(voice, tmp_path).render_fixed(["a"])
    assert voice.said == ["a", "a"]


async def test_two_callers_share_one_rendering_and_one_may_give_up(tmp_path: Path) -> None:
    voice = CountingVoice()
    voice.may_speak.clear()
    book = PhraseBook(voice, tmp_path)
    impatient, patient = (asyncio.create_task(book.render("a")) for _ in range(2))
    await asyncio.wait([impatient], timeout=0)
    impatient.cancel()
    voice.may_speak.set()
    assert await patient == b"a"
    assert voice.said == ["a"]
    with pytest.raises(asyncio.CancelledError):
        await impatient


async def test_a_failure_is_told_and_not_remembered(tmp_path: Path) -> None:
    voice = CountingVoice()
    voice.failing = True
    book = PhraseBook(voice, tmp_path)
    with pytest.raises(VoiceError):
        await book.render("a")
    voice.failing = False
    assert await book.render("a") == b"a"


def test_light_is_taken_where_the_natural_one_is_not(tmp_path: Path) -> None:
    for wanted in (VoiceName.AUTO, VoiceName.LIGHT):
        assert isinstance(choose_voice(wanted, tmp_path, tmp_path, ["a"], threads=1), LightVoice)
    with pytest.raises(VoiceUnavailableError):
        choose_voice(VoiceName.NATURAL, tmp_path, tmp_path, ["a"], threads=1)


@pytest.mark.parametrize("rendered", [True, False])
def test_auto_takes_the_natural_one_only_with_its_phrases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rendered: bool
) -> None:
    natural = CountingVoice(natural_voice_name())
    monkeypatch.setattr(phrases, "natural_voice_missing", lambda models_dir: "")
    monkeypatch.setattr(phrases, "NaturalVoice", lambda models_dir, threads: natural)
    if rendered:
        PhraseBook(natural, tmp_path).render_fixed(["a"])
    chosen = choose_voice(VoiceName.AUTO, tmp_path, tmp_path, ["a"], threads=1)
    assert (chosen is natural) is rendered
    assert choose_voice(VoiceName.NATURAL, tmp_path, tmp_path, ["a"], threads=1) is natural


def test_a_fast_voice_says_whole_sentences_and_a_slow_one_keeps_its_lead_ins(tmp_path: Path) -> None:
    voice = CountingVoice()
    book = PhraseBook(voice, tmp_path)
    parts = ("C'est noté :", "un lit.", "Nous pouvons passer", "lundi.", "Cela vous convient-il ?")
    assert book.breaths(parts) == ("C'est noté : un lit.", "Nous pouvons passer lundi.", "Cela vous convient-il ?")
    voice.fast = False
    assert book.breaths(parts) == parts
    assert book.breaths(()) == ()


class PacedVoice(CountingVoice):
    """Can speak slower."""

    def slower(self) -> PacedVoice:
        return PacedVoice(f"{self.name} slow")

    def render(self, text: str) -> bytes:
        return super().render(text) + self.name.encode()


async def test_a_slow_sentence_is_said_by_the_same_voice_slower_and_remembered_apart(tmp_path: Path) -> None:
    book = PhraseBook(PacedVoice("one"), tmp_path)
    await asyncio.to_thread(book.render_fixed, ["Merci."])
    assert await book.render("Merci.") == b"Merci.one"
    assert await book.render("Merci.", Manner(slow=True)) == b"Merci.one slow"
    assert await book.render("Merci.") == b"Merci.one"


async def test_a_voice_that_has_one_pace_keeps_it(tmp_path: Path) -> None:
    assert await PhraseBook(CountingVoice(), tmp_path).render("a", Manner(slow=True)) == b"a"


@pytest.mark.parametrize("slow", [False, True])
def test_foreign_sentences_are_said_by_the_light_voice(tmp_path: Path, slow: bool) -> None:
    book = PhraseBook(CountingVoice(), tmp_path)
    foreign = book.voice_for(Manner(slow, Language.GERMAN))
    assert isinstance(foreign, LightVoice)
    assert (foreign.language, foreign.speed < 1) == (Language.GERMAN, slow)
    assert book.voice_for(Manner(language=Language.OTHER)) is book.voice


def test_a_slow_book_says_foreign_sentences_whole(tmp_path: Path) -> None:
    voice = CountingVoice()
    voice.fast = False
    book = PhraseBook(voice, tmp_path)
    assert book.breaths(("I am", "here."), Manner(language=Language.ENGLISH)) == ("I am here.",)
    assert book.breaths(("Je suis", "là.")) == ("Je suis", "là.")
