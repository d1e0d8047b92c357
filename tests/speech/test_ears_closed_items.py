"""Things of the catalogue out of sentences made of their names, on a scripted decoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.domain.items import Catalogue, ItemKind, Ruling, Verdict
from callbot.speech.closed_items import ChosenItems, ItemReader, ItemSentence, ItemSet, Things
from callbot.speech.engine import Encoding, Hints, Hypothesis, SpokenLanguage, Transcription

VOICE, SILENCE = Encoding("voice", 100, 1.0), Encoding("silence", 100, 0.0)


def kind(item: str, label: str, plural: str, *synonyms: str, feminine: bool = False) -> ItemKind:
    return ItemKind(item, label, plural, feminine, synonyms, 1.0, Ruling(item, Verdict.ACCEPTED))


CATALOGUE = Catalogue({
    each.id: each
    for each in (
        kind("table", "table", "tables", "table à manger de six places", feminine=True),
        kind("chaise", "chaise", "chaises", feminine=True),
        kind("tabouret", "tabouret", "tabourets"),
        kind("panier", "panier à linge", "paniers à linge", "corbeille"),
        kind("matelas", "matelas", "matelas"),
        kind("surmatelas", "surmatelas", "surmatelas"),
    )
})  # fmt: skip
ITEMS = ItemSet(CATALOGUE, lambda word: word)
Scores = Callable[[Sequence[str]], Sequence[float]]


def level(said: Sequence[str]) -> list[float]:
    return [-10.0 for _ in said]


def favouring(wanted: str) -> Scores:
    return lambda said: [-2.0 if text == wanted else -40.0 for text in said]


def chosen(*readings: str, score: Scores, usual: Scores = level) -> ChosenItems | None:
    return ITEMS.choose(readings, score, usual)


@pytest.mark.parametrize(
    ("reading", "meant", "things"),
    [
        ("Gâtre tabourrés.", "Quatre tabourets.", {("tabouret", 4)}),
        ("Trois pannées et linge.", "Trois paniers à linge.", {("panier", 3)}),
        ("J'ai une tâble.", "J'ai une table.", {("table", 1)}),
        ("Une table 4 chaise.", "Une table et quatre chaises.", {("table", 1), ("chaise", 4)}),
        ("6 tables et un sur matelas.", "Six tables et un surmatelas.", {("table", 6), ("surmatelas", 1)}),
        ("Je voudrais faire enlever dé chaise.", "Des chaises.", {("chaise", 2)}),
    ],
)
def test_the_decoder_chooses_among_things_that_sound_like_what_was_read(
    reading: str, meant: str, things: set[tuple[str, int]]
) -> None:
    found = chosen(reading, score=favouring(meant))
    assert found is not None
    assert found.sentence.written == meant
    assert set(found.sentence.things) == things
    assert found.better_than(frozenset())


def test_an_answer_that_names_nothing_is_no_thing() -> None:
    assert chosen("C'est tout.", score=favouring("C'est tout.")) is None
    assert chosen("", "?!", score=level) is None


def test_what_a_sentence_scores_on_silence_counts_against_it() -> None:
    def usual(said: Sequence[str]) -> list[float]:
        return [0.0 if text.endswith(" surmatelas.") else -40.0 for text in said]

    found = chosen("un cur matelas", score=level, usual=usual)
    assert found is not None
    assert found.sentence.things == {("matelas", 1)}


def test_the_usual_name_wins_over_a_synonym_that_fits_as_well() -> None:
    same = chosen("une corbaille", score=level)
    assert same is not None
    assert same.sentence.synonyms == 1
    either = ItemSet(
        Catalogue({"a": kind("a", "bane", "banes"), "b": kind("b", "xylophone", "xylophones", "bame")}), str
    )
    found = either.choose(["un bahe"], level, level)
    assert found is not None
    assert found.sentence.things == {("a", 1)}


def test_long_synonyms_are_descriptions_nobody_repeats_word_for_word() -> None:
    found = chosen("une table à manger de six places", score=level)
    assert found is None or "six places" not in found.sentence.said


def sentence(*things: tuple[str, int]) -> ChosenItems:
    return ChosenItems(ItemSentence("…", frozenset(things), "…"), 0.6, 55.0, -6.0)


def test_both_sides_of_each_limit() -> None:
    one, two = sentence(("table", 1)), sentence(("table", 1), ("chaise", 4))
    some = frozenset({"table"})
    assert one.better_than(some)
    assert not ChosenItems(one.sentence, 0.59, 55.0, -6.0).better_than(some)
    assert not ChosenItems(one.sentence, 1.0, 54.9, -6.0).better_than(some)
    assert not ChosenItems(one.sentence, 1.0, 55.0, -6.1).better_than(some)
    assert not one.better_than(frozenset())
    assert ChosenItems(one.sentence, 0.7, 55.0, -6.0).better_than(frozenset())
    assert two.better_than(frozenset({"table", "chaise"}))
    assert not one.better_than(frozenset({"table", "chaise"}))
    assert not one.better_than(frozenset({"tablette"}))


@given(st.lists(st.text(max_size=40), max_size=5))
def test_any_readings_give_things_of_the_catalogue_or_none(readings: list[str]) -> None:
    found = chosen(*readings, score=level)
    assert found is None or all(item in CATALOGUE and 1 <= count <= 10 for item, count in found.sentence.things)
    assert found is None or 0 < found.probability <= 1


class ScriptedEngine:
    """Reads ``text`` without examples; ``meant`` fits the sound. Counts what is asked."""

    def __init__(self, text: str, meant: str) -> None:
        self.text, self.meant = text, meant
        self.prompts: list[str] = []
        self.on_silence: list[str] = []

    def encode(self, samples: object) -> Encoding:
        return VOICE

    def language(self, encoding: Encoding) -> SpokenLanguage:
        return SpokenLanguage("fr", 1.0, 1.0)

    def silence(self) -> Encoding:
        return SILENCE

    def transcribe(self, encoding: Encoding, hints: Hints) -> Transcription:
        self.prompts.append(hints.prompt)
        return words(self.text)

    def score(self, encoding: Encoding, answers: Sequence[str]) -> tuple[float, ...]:
        if encoding is SILENCE:
            self.on_silence += answers
            return tuple(level(answers))
        return tuple(favouring(self.meant)(answers))


def words(text: str, log_prob: float = -0.5) -> Transcription:
    return Transcription(text, (Hypothesis(text, log_prob), Hypothesis("Autre.", -2.0)), 0.1, 0.6, 1.0, 1.0)


def reader(engine: ScriptedEngine, named: frozenset[str] | None = frozenset()) -> ItemReader:
    return ItemReader(engine, lambda: ITEMS, lambda text: named)


def test_the_sentence_comes_first_and_what_was_read_after_it() -> None:
    engine = ScriptedEngine("Quatre tas bourrés.", "Quatre tabourets.")
    assert reader(engine).read(VOICE, words("Quatre tabourais.")) == (
        "Quatre tabourets.", "Quatre tabourais.", "Autre.",
    )  # fmt: skip
    assert engine.prompts == [""]


@pytest.mark.parametrize(
    ("read", "log_prob", "named"),
    [
        ("Quatre tabourais.", -0.11, frozenset()),
        ("Quatre tabourais, pas la table.", -0.5, frozenset()),
        ("Non, quatre tabourais.", -0.5, frozenset()),
        ("Quatre tabourais.", -0.5, None),
        ("Quatre tabourais.", -0.5, frozenset({"table", "chaise"})),
        ("Quatre tabourais.", -0.5, frozenset({"chaise"})),
    ],
)
def test_words_stay_where_they_are_clear_leave_something_out_or_say_more(
    read: str, log_prob: float, named: frozenset[str] | None
) -> None:
    engine = ScriptedEngine("Quatre tabourais.", "Quatre tabourets.")
    assert reader(engine, named).read(VOICE, words(read, log_prob)) == ()


def test_what_is_usual_is_scored_once() -> None:
    engine = ScriptedEngine("Quatre tabourais.", "Quatre tabourets.")
    ready = reader(engine)
    ready.read(VOICE, words("Quatre tabourais."))
    ready.read(VOICE, words("Quatre tabourais."))
    assert len(engine.on_silence) == len(set(engine.on_silence)) > 0


def test_another_version_of_the_catalogue_is_another_set() -> None:
    engine = ScriptedEngine("Un pianno.", "Un piano.")
    now = [ITEMS]
    ready = ItemReader(engine, lambda: now[0], lambda text: frozenset())
    assert ready.read(VOICE, words("Un pianno.")) == ()
    now[0] = ItemSet(Catalogue({"piano": kind("piano", "piano", "pianos")}), lambda word: word)
    assert ready.read(VOICE, words("Un pianno."))[0] == "Un piano."


def test_a_sentence_is_written_as_whisper_writes() -> None:
    one: Things = frozenset({("table", 1)})
    assert ItemSentence("une table", one, "unetable").written == "Une table."
