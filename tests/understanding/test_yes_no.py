"""Yes and no, with the traps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from callbot.domain.meaning import Expectation, Intent, YesNo
from callbot.understanding import Understander
from callbot.understanding.sentence import Sentence
from callbot.understanding.yes_no import find_yes_no

Read = Callable[[str], Sentence]

YES = (
    "oui", "Oui.", "ouais", "oui oui", "oui, c'est ça, merci", "c'est ça", "c'est bien ça", "c'est exact",
    "exactement", "tout à fait", "absolument", "d'accord", "OK", "ok très bien", "parfait", "ça me va", "ça marche",
    "c'est bon", "c'est correct", "voilà", "si", "si si", "mais si", "ah ben oui", "euh oui", "je crois que oui",
    "je pense que oui", "bien sûr", "bien sûr que oui", "évidemment", "volontiers", "pourquoi pas",
    "je ne dis pas non", "pas de souci", "pas de problème", "aucun problème", "sans problème",
    "non non c'est bien ça", "non non, c'est bon", "ce n'est pas faux", "ça ne me dérange pas", "je confirme",
    "je valide", "je veux bien", "allez-y", "effectivement", "entendu", "super", "non... si, c'est ça",
    "oui c'est bien le 12", "très bien", "non attendez, oui c'est ça", "affirmatif", "je ne suis pas contre",
    "oui s'il vous plaît", "ça me convient", "vous avez raison", "avec plaisir", "oui mais oui",
)  # fmt: skip

NO = (
    "non", "Non.", "nan", "non non", "non merci", "ben non", "euh non", "ah non", "pas du tout", "absolument pas",
    "surtout pas", "certainement pas", "oui… enfin non", "oui, euh non", "d'accord, ce n'est pas ok",
    "c'est pas ça", "ce n'est pas ça", "ce n'est pas le bon numéro", "c'est pas bon", "pas vraiment",
    "pas exactement", "pas tout à fait", "je crois que non", "je ne crois pas", "je ne pense pas", "je ne veux pas",
    "bien sûr que non", "c'est faux", "oui mais c'est le 22", "oui mais non", "oui mais pas jeudi",
    "d'accord mais c'est le 14", "non, ce n'est pas le 12", "ça ne me va pas", "ça ne va pas", "je ne peux pas",
    "négatif", "jamais", "non c'est le 14 rue de Rome", "ça ne m'arrange pas", "c'est une erreur", "pas d'accord",
    "incorrect", "non pas du tout", "ce n'est pas correct", "vous n'avez pas raison, non", "ce n'est pas exact",
    "non je ne confirme pas", "hélas non", "pas possible",
)  # fmt: skip

NEITHER = (
    "", "euh", "peut-être", "je ne sais pas", "je sais pas trop", "ça dépend", "je ne suis pas sûr", "deux matelas",
    "rue de Rome", "attendez", "j'hésite", "jeudi",
)  # fmt: skip


@pytest.mark.parametrize("text", YES)
def test_yes(text: str, sentence: Read) -> None:
    assert find_yes_no(sentence(text), Expectation.YES_NO) is YesNo.YES


@pytest.mark.parametrize("text", NO)
def test_no(text: str, sentence: Read) -> None:
    assert find_yes_no(sentence(text), Expectation.YES_NO) is YesNo.NO


@pytest.mark.parametrize("text", NEITHER)
def test_neither(text: str, sentence: Read) -> None:
    assert find_yes_no(sentence(text), Expectation.YES_NO) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("oui alors j'ai un canapé", YesNo.YES),
        ("non, juste le canapé", YesNo.NO),
        ("un canapé et une table, enfin non pas la table", None),
        ("bonjour j'ai deux matelas, si possible jeudi", None),
        ("il n'est pas passé", None),
        ("pas le canapé mais les chaises", None),
        ("c'est tout", YesNo.NO),
        ("voilà c'est tout", YesNo.NO),
        ("oui c'est tout merci", YesNo.NO),
        ("c'est bon merci", YesNo.NO),
        ("rien d'autre", YesNo.NO),
        ("aucune des deux", YesNo.NO),
        ("c'est la rue Paradis", None),
        ("non c'est tout", YesNo.NO),
        ("oui", YesNo.YES),
        ("oui, une table", YesNo.YES),
    ],
)
def test_within_another_answer_only_the_first_words_count(text: str, expected: YesNo | None, sentence: Read) -> None:
    assert find_yes_no(sentence(text), Expectation.ITEMS) is expected


@pytest.mark.parametrize("text", ["pas de portable", "je n'ai pas de portable", "j'en ai pas", "je n'en ai pas", "non"])
def test_having_no_mobile_is_a_no(text: str, sentence: Read) -> None:
    assert find_yes_no(sentence(text), Expectation.PHONE) is YesNo.NO


@pytest.mark.parametrize("text", ["Non, c'est ça.", "non c'est bon", "Non, c'est ça. Non."])
def test_a_no_and_a_yes_in_one_breath_decide_nothing(text: str, sentence: Read) -> None:
    assert find_yes_no(sentence(text), Expectation.YES_NO) is None


@pytest.mark.parametrize(
    "text",
    ["oui mais sans le canapé", "oui sauf le matelas", "oui mais enlevez le canapé", "d'accord mais ajoutez une table"],
)
def test_a_yes_that_takes_something_back_is_no_yes(text: str, sentence: Read) -> None:
    assert find_yes_no(sentence(text), Expectation.YES_NO) is YesNo.NO


def test_a_yes_without_a_problem_is_a_yes(sentence: Read) -> None:
    assert find_yes_no(sentence("oui sans problème"), Expectation.YES_NO) is YesNo.YES


@pytest.mark.parametrize("expect", [Expectation.ADDRESS, Expectation.YES_NO, Expectation.DATE])
def test_neither_of_two_is_a_no(expect: Expectation, sentence: Read) -> None:
    assert find_yes_no(sentence("ni l'une ni l'autre"), expect) is YesNo.NO


@pytest.mark.parametrize(
    "expect",
    [Expectation.ANY, Expectation.ITEMS, Expectation.YES_NO, Expectation.DATE, Expectation.ADDRESS, Expectation.PHONE],
)
@pytest.mark.parametrize(
    "text", ["non, au revoir", "non merci, je vais réfléchir, au revoir", "non non, bonne journée"]
)
def test_a_no_that_takes_leave_is_both(text: str, expect: Expectation, understander: Understander, today: date) -> None:
    meaning = understander.understand(text, expect, today=today)
    assert (meaning.intent, meaning.yes_no) == (Intent.GOODBYE, YesNo.NO)


@pytest.mark.parametrize(
    "text", ["Excusez-moi, je me suis trompé, au revoir.", "je me suis trompé d'adresse, au revoir"]
)
def test_who_is_wrong_here_and_leaves_goes_not_back(text: str, understander: Understander, today: date) -> None:
    meaning = understander.understand(text, Expectation.ANY, today=today)
    assert (meaning.intent, meaning.topic) == (Intent.GOODBYE, None)


def test_a_yes_that_takes_leave_stays_a_yes(understander: Understander, today: date) -> None:
    meaning = understander.understand("oui c'est bon, bonne journée", Expectation.YES_NO, today=today)
    assert (meaning.intent, meaning.yes_no) == (Intent.UNKNOWN, YesNo.YES)
