"""Questions in the words of callers, beside slots and intents, over the knowledge base that ships."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from callbot.domain.meaning import Expectation, Intent, Meaning, YesNo
from callbot.gazetteer.communes import read_communes
from callbot.knowledge import load_knowledge
from callbot.understanding import QuestionPhrases, Understander
from callbot.understanding.asked import HUMAN, OF_ITEMS, SERVED_BY

E = Expectation
KNOWLEDGE = load_knowledge(Path(__file__).parents[2] / "knowledge_base")


@pytest.fixture(scope="module")
def reader() -> Understander:
    entries = [QuestionPhrases(entry.id, entry.variants) for entry in KNOWLEDGE.questions]
    return Understander(KNOWLEDGE.catalogue, read_communes(), entries)


def hear(reader: Understander, text: str, expect: Expectation = E.ANY) -> Meaning:
    return reader.understand(text, expect, today=date(2026, 11, 20))


def test_the_entries_that_are_things_to_do_are_in_the_knowledge_base() -> None:
    known = {entry.id for entry in KNOWLEDGE.questions}
    assert {HUMAN, *SERVED_BY, *OF_ITEMS} <= known


@pytest.mark.parametrize("expect", [E.ANY, E.ITEMS, E.ADDRESS, E.COMMUNE, E.YES_NO, E.DATE, E.PHONE, E.REFERENCE])
@pytest.mark.parametrize(
    ("text", "entry"),
    [("combien ça coûte ?", "prix"), ("c'est payant ?", "prix"), ("où je pose les objets ?", "ou_poser"),
     ("vous passez à quelle heure ?", "heure_passage")],
)  # fmt: skip
def test_a_question_is_answered_wherever_it_is_asked(
    text: str, entry: str, expect: Expectation, reader: Understander
) -> None:
    meaning = hear(reader, text, expect)
    assert (meaning.question, meaning.nearest) == (entry, ())
    assert meaning.address is None
    assert meaning.yes_no is None


@pytest.mark.parametrize(
    ("text", "item"),
    [("est-ce que vous prenez les gravats ?", "gravats"), ("vous prenez un piano ?", "piano"),
     ("les pneus c'est repris par qui", "pneu")],
)  # fmt: skip
def test_the_rules_answer_for_objects(text: str, item: str, reader: Understander) -> None:
    meaning = hear(reader, text)
    assert meaning.intent is Intent.QUESTION
    assert [one.item for one in meaning.items] == [item]
    assert (meaning.question, meaning.nearest) == (None, ())


def test_a_question_about_something_else_keeps_the_objects_it_names(reader: Understander) -> None:
    meaning = hear(reader, "le canapé il va prendre l'eau s'il pleut")
    assert (meaning.question, meaning.intent) == ("pluie", Intent.QUESTION)
    assert [one.item for one in meaning.items] == ["canape"]


def test_a_question_nobody_has_an_answer_to_names_the_nearest(reader: Understander) -> None:
    meaning = hear(reader, "est-ce que vos camions prennent les autoroutes ?")
    assert meaning.question is None
    assert 1 <= len(meaning.nearest) <= 3


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("oui", E.YES_NO), ("oui c'est bien ça", E.YES_NO), ("12 rue de la Déchetterie", E.ADDRESS),
        ("un canapé et deux matelas", E.ITEMS), ("jeudi", E.DATE), ("ça sent le gaz", E.ANY), ("répétez", E.ADDRESS),
        ("je voudrais parler à un conseiller", E.ANY), ("attendez", E.ANY), ("06 12 34 56 78", E.PHONE),
        ("je voudrais annuler mon rendez-vous", E.ANY), ("je veux prendre un rendez-vous", E.ANY),
        ("le camion n'est pas passé", E.ANY), ("effacez mes données", E.ANY), ("ma référence c'est AC4KH", E.ANY),
    ],
)  # fmt: skip
def test_answers_and_things_to_do_ask_nothing(text: str, expect: Expectation, reader: Understander) -> None:
    meaning = hear(reader, text, expect)
    assert (meaning.question, meaning.nearest) == (None, ())


def test_a_yes_with_a_question_in_it_answers_nothing_yet(reader: Understander) -> None:
    meaning = hear(reader, "oui mais c'est gratuit ?", E.YES_NO)
    assert (meaning.question, meaning.yes_no) == ("prix", None)
    assert hear(reader, "oui", E.YES_NO).yes_no is YesNo.YES


def test_without_entries_no_question_is_found(understander: Understander) -> None:
    meaning = hear(understander, "combien ça coûte ?")
    assert (meaning.intent, meaning.question, meaning.nearest) == (Intent.QUESTION, None, ())


@pytest.mark.parametrize(
    "text",
    ["Vous prenez les frigos ?", "Est-ce que vous prenez les frigos ?", "vous ramassez des frigos", "les frigos c'est"
     " repris ?", "les frigos vous les prenez ?", "frigos vous acceptez ?"],
)  # fmt: skip
def test_a_kind_asked_about_is_not_several_of_it(text: str, reader: Understander) -> None:
    assert [(one.item, one.quantity) for one in hear(reader, text).items] == [("refrigerateur", 1)]


@pytest.mark.parametrize(
    ("text", "quantity"),
    [("vous prenez les deux frigos ?", 2), ("vous prenez mes frigos ?", 2), ("j'ai des frigos, vous les prenez ?", 2),
     ("vous pouvez prendre des frigos ?", 2), ("des frigos", 2), ("vous prenez trois frigos ?", 3)],
)  # fmt: skip
def test_things_that_are_there_are_counted_even_in_a_question(text: str, quantity: int, reader: Understander) -> None:
    assert [(one.item, one.quantity) for one in hear(reader, text).items] == [("refrigerateur", quantity)]


@pytest.mark.parametrize(
    "text",
    ["Quel est le nom du chauffeur du camion ?", "Comment s'appelle le chauffeur du camion ?", "Qui est le maire ?",
     "C'est quelle marque de camion ?", "Combien pèse un camion de ramassage à vide ?", "il pèse combien votre camion",
     "quel est le poids du camion", "qui a gagné le match hier soir", "bonjour, pourquoi le ciel est bleu",
     "je voudrais savoir combien de chauffeurs vous avez", "où est-ce que vous achetez vos camions"],
)  # fmt: skip
def test_what_no_entry_answers_is_a_question_all_the_same(text: str, reader: Understander) -> None:
    meaning = hear(reader, text)
    assert (meaning.intent, meaning.question, meaning.name) == (Intent.QUESTION, None, None)


@pytest.mark.parametrize(
    ("text", "intent"),
    [("comment ?", Intent.REPEAT), ("pourquoi pas", Intent.UNKNOWN), ("quoi", Intent.REPEAT), ("oui", Intent.UNKNOWN),
     ("qui", Intent.UNKNOWN), ("quel temps fait-il", Intent.JOKE), ("12 rue de Rome", Intent.UNKNOWN),
     ("ou alors jeudi", Intent.UNKNOWN), ("quand passez-vous", Intent.STATUS), ("jeudi, quand même", Intent.UNKNOWN),
 ("comment allez-vous", Intent.UNKNOWN), ("quand même un peu", Intent.UNKNOWN), ("quelle horreur", Intent.UNKNOWN),
 ("comment dire", Intent.UNKNOWN)],
)  # fmt: skip
def test_an_opening_word_alone_makes_no_question(text: str, intent: Intent, reader: Understander) -> None:
    assert hear(reader, text).intent is intent


@pytest.mark.parametrize(
    "text",
    ["Quel est le poids maximum d'un objet ?", "combien de kilos vous prenez", "c'est combien le poids maximum",
     "est-ce qu'il y a un poids maximum", "un objet il pèse combien au maximum"],
)  # fmt: skip
def test_the_weight_of_objects_is_still_known(text: str, reader: Understander) -> None:
    assert hear(reader, text).question == "poids_maximum"


@pytest.mark.parametrize("expect", [E.ANY, E.ITEMS, E.YES_NO, E.DATE])
@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("Et à quelle heure je sors mes encombrants ?", "quand_sortir"),
        ("quand est-ce que je dois sortir les objets", "quand_sortir"),
        ("quand est-ce que je dois sortir mes encombrants", "quand_sortir"),
        ("mes encombrants je les sors quand", "quand_sortir"),
        ("Et s'il pleut ?", "pluie"),
        ("s'il pleut", "pluie"),
        ("et en cas de pluie ?", "pluie"),
        ("et s'il neige ?", "pluie"),
        ("et s'il y a de l'orage", "pluie"),
        ("Il faut que je sois chez moi ?", "presence"),
        ("Il faut que je sois présent ?", "presence"),
        ("faut que je sois à la maison", "presence"),
    ],
)
def test_short_questions_are_sure(text: str, entry: str, expect: Expectation, reader: Understander) -> None:
    meaning = hear(reader, text, expect)
    assert (meaning.question, meaning.intent) == (entry, Intent.QUESTION)


@pytest.mark.parametrize(
    "text",
    ["c'est quand mon rendez-vous", "à quelle heure est mon rendez-vous", "quand passe le camion pour mes encombrants",
     "vous passez quand"],
)  # fmt: skip
def test_when_it_comes_is_about_the_booking(text: str, reader: Understander) -> None:
    assert hear(reader, text).intent is Intent.STATUS


@pytest.mark.parametrize("text", ["et s'il vous plaît", "si c'est possible", "et si on continuait", "si vous voulez"])
def test_a_case_without_a_telling_word_is_no_question(text: str, reader: Understander) -> None:
    assert hear(reader, text).question is None
