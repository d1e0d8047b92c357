"""A commune or an arrondissement out of a closed set of sentences, on a scripted decoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.domain.geography import Commune
from callbot.speech.closed_sets import LIKELY_FROM, SURE_FROM, ChosenPlace, PlaceReader, PlaceSet, Sentence
from callbot.speech.engine import Encoding, Hints, Hypothesis, SpokenLanguage, Transcription

TOWNS = [Commune("13001", "Aix-en-Provence", ("13100",)), Commune("13005", "Aubagne", ("13400",))]
TOWNS += [Commune("13022", "Cassis", ("13260",)), Commune("13055", "Marseille", ("13001",))]
ARRONDISSEMENTS = [Commune(f"132{n:02}", f"Marseille {n}e", (f"130{n:02}",)) for n in range(1, 17)]
PLACES = PlaceSet([*TOWNS, *ARRONDISSEMENTS], lambda word: word)
Scores = Callable[[Sequence[str]], Sequence[float]]


def level(said: Sequence[str]) -> list[float]:
    return [-10.0 for _ in said]


def favouring(mark: str, by: float = 30.0) -> Scores:
    return lambda said: [-10.0 + (by if mark in text else 0.0) for text in said]


def chosen(*readings: str, score: Scores = level, usual: Scores = level) -> ChosenPlace | None:
    return PLACES.choose([readings], score, usual)


@pytest.mark.parametrize(
    ("reading", "insee"),
    [
        ("À Cassis.", "13022"),
        ("J'habite Aubagne", "13005"),
        ("C'est à obagne.", "13005"),
        ("Dans le quatorzième arrondissement.", "13214"),
        ("Marseille 14e.", "13214"),
        ("13 006.", "13206"),
        ("13.16", "13216"),
        ("Marseille, 13 1000 3.", "13203"),
        ("Treize zéro onze.", "13211"),
        ("À Aix.", "13001"),
        ("À Marseille.", "13055"),
    ],
)
def test_a_place_is_found_in_any_of_its_ways(reading: str, insee: str) -> None:
    found = chosen(reading)
    assert found is not None
    assert found.sentence.insee == insee


@pytest.mark.parametrize("reading", ["", "?!", "Je ne sais pas.", "Un conseiller.", "Trois matelas et un frigo cassé."])
def test_words_about_something_else_name_no_place(reading: str) -> None:
    assert chosen(reading) is None


def test_the_decoder_decides_between_places_that_sound_alike() -> None:
    for mark, insee in (("2e", "13202"), ("12e", "13212")):
        found = chosen("dans le dousième", score=favouring(f" {mark}"))
        assert found is not None
        assert found.sentence.insee == insee
        assert found.sure


def test_what_a_sentence_scores_on_silence_counts_against_it() -> None:
    without = chosen("le trosième", score=favouring("13e"))
    same = chosen("le trosième", score=favouring("13e"), usual=favouring("13e", 40.0))
    assert without is not None
    assert same is not None
    assert (without.sentence.insee, same.sentence.insee) == ("13213", "13203")


def test_nobody_is_sure_of_what_sounds_like_nothing_that_was_read() -> None:
    sentence = Sentence("À Cassis.", "13022", "acassis")
    assert ChosenPlace(sentence, None, SURE_FROM, 65.0).sure
    assert not ChosenPlace(sentence, None, SURE_FROM, 64.9).sure
    assert not ChosenPlace(sentence, None, SURE_FROM - 0.01, 100.0).sure


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_any_readings_give_a_place_of_the_territory_or_none(readings: list[str]) -> None:
    found = PLACES.choose([readings, readings], level, level)
    assert found is None or (found.sentence.insee and LIKELY_FROM <= found.probability <= 1)


class ScriptedEngine:
    """Reads fixed words; sentences with ``mark`` fit better. Counts what is scored on silence."""

    def __init__(self, text: str, mark: str, by: float) -> None:
        self.text, self.mark, self.by = text, mark, by
        self.on_silence: list[str] = []
        self.prompts: list[str] = []

    def encode(self, samples: np.ndarray) -> Encoding:
        return Encoding("silence" if not samples.any() else "voice", 100, 1.0)

    def language(self, encoding: Encoding) -> SpokenLanguage:
        return SpokenLanguage("fr", 1.0, 1.0)

    def silence(self) -> Encoding:
        return Encoding("silence", 100, 1.0)

    def transcribe(self, encoding: Encoding, hints: Hints) -> Transcription:
        self.prompts.append(hints.prompt)
        return words(self.text)

    def score(self, encoding: Encoding, answers: Sequence[str]) -> tuple[float, ...]:
        if encoding.states == "silence":
            self.on_silence += answers
            return tuple(-10.0 for _ in answers)
        return tuple(-10.0 + self.by * (self.mark in answer) for answer in answers)


def words(text: str) -> Transcription:
    return Transcription(text, (Hypothesis(text, -0.3),), 0.1, 0.8, 1.0, 1.0)


VOICE = Encoding("voice", 100, 1.0)


def test_a_sure_place_is_one_sentence_a_doubtful_one_two() -> None:
    sure = PlaceReader(ScriptedEngine("À Cassis.", "Cassis", 30.0), PLACES)
    assert sure.read(VOICE, words("À Cassis.")) == ("À Cassis.",)
    doubtful = PlaceReader(ScriptedEngine("Le sizième.", "-", 0.0), PLACES).read(VOICE, words("Le dizième."))
    assert len(doubtful) == 2


def test_where_no_place_is_likely_the_reading_without_examples_is_what_was_said() -> None:
    reader = PlaceReader(ScriptedEngine("Je ne sais pas.", "-", 0.0), PLACES)
    assert reader.read(VOICE, words("La Ciotat. La Ciotat.")) == ("Je ne sais pas.",)


def test_who_does_not_know_is_in_no_place_however_near_one_sounds() -> None:
    engine = ScriptedEngine("Je ne sais pas quel arrondissement.", "Cassis", 30.0)
    assert PlaceReader(engine, PLACES).read(VOICE, words("Je sais pas qu'elle a.")) == (engine.text,)
    assert PlaceReader(engine, PLACES).read(VOICE, words("À Cassis."))[0] == "À Cassis."


def test_the_second_reading_has_no_examples_and_silence_is_scored_once() -> None:
    engine = ScriptedEngine("À Cassis.", "Cassis", 30.0)
    reader = PlaceReader(engine, PLACES)
    reader.read(VOICE, words("À Cassis."))
    reader.read(VOICE, words("À Cassis."))
    assert engine.prompts == ["", ""]
    assert len(engine.on_silence) == len(set(engine.on_silence)) > 0
