"""Which question of the knowledge base is asked, and that nothing else is taken for one."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.understanding.questions import LEAST_SCORE, QuestionFinder, QuestionPhrases
from tests.bench.questions.judging import figures, judge, shipped_finder
from tests.bench.questions.sentences import Half, sentences

ENTRIES = (
    QuestionPhrases("price", ("combien ça coûte", "c'est payant", "quel est le prix")),
    QuestionPhrases("rubble", ("vous prenez les gravats", "où jeter des gravats", "que faire des restes de chantier")),
    QuestionPhrases("tyres", ("vous prenez les pneus", "où jeter des pneus", "les roues de voiture")),
    QuestionPhrases("centre", ("où est la déchèterie", "l'adresse de la déchèterie", "je peux aller à la déchèterie")),
    QuestionPhrases("lost", ("j'ai perdu ma référence", "je ne retrouve pas le code", "j'ai effacé le SMS")),
    QuestionPhrases("rain", ("et s'il pleut", "il va pleuvoir je sors quand même", "et s'il y a du vent")),
)
SMALL = QuestionFinder(ENTRIES)
SHIPPED = shipped_finder()
TUNED = (*sentences(Half.DEV), *sentences(Half.SEEN), *sentences(Half.FRESH))

spoken = st.lists(
    st.sampled_from([word for sentence in TUNED for word in sentence.text.split()]), min_size=1, max_size=14
).map(" ".join)


def bare(text: str) -> str:
    """Without accents, punctuation or small letters."""
    letters = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    return "".join(char if char.isalnum() else " " for char in letters).upper()


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("combien ça coûte", "price"),
        ("dites euh quel est le tarif", "price"),
        ("euh bonjour madame voilà je voulais savoir les gravats est-ce que vous les prenez", "rubble"),
        ("les gravas vous les prenez", "rubble"),
        ("vous ramassez les pneux", "tyres"),
        ("elle est où la dé chetterie", "centre"),
        ("elle est où la des chetterie", "centre"),
        ("j'ai égaré la référence", "lost"),
        ("oui alors et s'il pleut demain", "rain"),
    ],
)
def test_a_question_is_found_however_it_is_worded_or_misheard(text: str, question: str) -> None:
    found = SMALL.find(text)
    assert found is not None
    assert found.id == question
    assert LEAST_SCORE <= found.score <= 1


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "?!", "oui", "non merci", "c'est tout", "douze rue de Rome", "un canapé et deux matelas",
        "une machine à laver", "jeudi prochain", "zéro six douze trente-quatre", "treize mille six", "madame Fernandez",
        "est-ce que vous", "pa pa pa", "à quelle heure ouvre la piscine", "où est la mairie", "je t'aime",
    ],
)  # fmt: skip
def test_what_asks_nothing_known_is_no_question(text: str) -> None:
    assert SMALL.find(text) is None
    assert SHIPPED.find(text) is None


def test_the_same_price_asked_of_another_service_is_not_ours() -> None:
    ours, theirs = SMALL.ranked("combien ça coûte")[0], SMALL.ranked("combien ça coûte la piscine")[0]
    assert ours.id == theirs.id == "price"
    assert ours.score >= LEAST_SCORE > theirs.score


def test_two_questions_that_fit_alike_leave_none() -> None:
    twins = QuestionFinder((QuestionPhrases("a", ("où jeter des pneus",)), QuestionPhrases("b", ("où jeter un pneu",))))
    first, second = twins.ranked("où jeter des pneus", 2)
    assert twins.find("où jeter des pneus") is None
    assert {first.id, second.id} == {"a", "b"}
    assert first.why.lead < 0.1


def test_both_sides_of_the_threshold() -> None:
    """The more else is said, the less sure; the same question stays in front and at some length is no longer taken."""
    scores = []
    for strangers in range(12):
        found = SMALL.ranked("vous prenez les gravats " + "bidule zorglub " * strangers)[0]
        assert found.id == "rubble"
        taken = SMALL.find("vous prenez les gravats " + "bidule zorglub " * strangers)
        assert (taken is not None) is (found.score >= LEAST_SCORE)
        scores.append(found.score)
    assert scores == sorted(scores, reverse=True)
    assert scores[0] >= LEAST_SCORE > scores[-1]


def test_a_wording_of_one_word_needs_that_word() -> None:
    finder = QuestionFinder((QuestionPhrases("a", ("c'est pour mon commerce",)), *ENTRIES))
    assert [found.id for found in finder.ranked("c'est pour mon commerce")][:1] == ["a"]
    assert "a" not in [found.id for found in finder.ranked("c'est pour mon restaurant")]


def test_why_names_the_nearest_wording_and_how_well_it_fits() -> None:
    found = SMALL.find("je ne retrouve pas le code")
    assert found is not None
    assert found.why.phrasing == "je ne retrouve pas le code"
    assert found.why.matched == pytest.approx(1)
    assert found.why.explained == pytest.approx(1)
    assert found.score < found.why.fit < 1


def test_ranked_gives_as_many_as_asked_the_best_first_and_only_it_a_score() -> None:
    ranked = SMALL.ranked("vous prenez les gravats et les pneus", 2)
    fits = [found.why.fit for found in ranked]
    assert len(ranked) == 2
    assert fits == sorted(fits, reverse=True)
    assert ranked[1].score == 0
    assert SMALL.ranked("vous prenez les gravats", 0) == ()


def test_a_wording_said_as_it_stands_is_sure_however_frequent_its_words() -> None:
    finder = QuestionFinder(
        (
            QuestionPhrases("a", ("est-ce que c'est payant", "quel prix")),
            QuestionPhrases("b", ("payant pour le parking",)),
        )
    )
    sure = finder.find("oui mais c'est payant")
    assert sure is not None
    assert sure.id == "a"
    assert finder.ranked("vous payant")[0].score < sure.score


def test_without_entries_nothing_is_found() -> None:
    assert QuestionFinder(()).find("combien ça coûte") is None
    assert QuestionFinder((QuestionPhrases("empty", ()), QuestionPhrases("mute", ("est-ce que",)))).ranked("ça") == ()


def test_wordings_of_one_question_may_come_apart() -> None:
    apart = [QuestionPhrases(entry.id, (phrasing,)) for entry in ENTRIES for phrasing in entry.phrasings]
    assert QuestionFinder(apart).ranked("combien ça coûte") == SMALL.ranked("combien ça coûte")


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_every_wording_ranks_its_own_question_first(entry: QuestionPhrases) -> None:
    assert {SMALL.ranked(phrasing)[0].id for phrasing in entry.phrasings} == {entry.id}


@given(st.text(max_size=900))
def test_any_text_gives_a_score_or_nothing(text: str) -> None:
    ranked = SMALL.ranked(text)
    assert all(0 <= found.score <= 1 and 0 <= found.why.fit <= 1 for found in ranked)
    assert SMALL.find(text) == (ranked[0] if ranked and ranked[0].score >= LEAST_SCORE else None)


@given(spoken, st.permutations(ENTRIES))
def test_the_order_of_entries_does_not_matter(text: str, entries: list[QuestionPhrases]) -> None:
    turned = [QuestionPhrases(entry.id, entry.phrasings[::-1]) for entry in entries]
    assert QuestionFinder(turned).ranked(text) == SMALL.ranked(text)


@given(spoken)
def test_accents_case_and_punctuation_do_not_matter(text: str) -> None:
    assert SHIPPED.ranked(bare(text)) == SHIPPED.ranked(text)


def test_the_sentences_it_is_tuned_on_stay_right() -> None:
    found = figures(judge(SHIPPED, TUNED))
    assert found.wrong.right <= 1
    assert found.answered.right >= 225
    assert found.left.right >= found.left.total - 1


def test_no_sentence_of_the_bench_is_a_wording_of_the_knowledge_base() -> None:
    wordings = {str(bare(phrasing.text).split()) for phrasing in SHIPPED._phrasings}
    for half in Half:
        assert not [each.id for each in sentences(half) if str(bare(each.text).split()) in wordings]


def test_the_halves_share_no_sentence_and_hold_what_they_promise() -> None:
    texts = [each.text for half in Half for each in sentences(half)]
    assert len(texts) == len(set(texts)) >= 220
    for half in Half:
        none = [each for each in sentences(half) if not each.expected]
        assert 4 * len(none) >= len(sentences(half))
