"""Wording for the telephone, as pages and SMS show it: nothing is left that makes sense for the ear only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.calls.written import unbroken, written
from callbot.dialogue import prompts
from callbot.domain.references import make_reference, spoken_reference

FOR_THE_EAR = re.compile(
    r"\b(re)?dites\b|entend|écoute|clavier|dièse|raccroch|lentement|épelez|votre appel|paroles|\bparle|saisi\b"
    r"|passer? un conseiller|vous le passe|rappelez-nous",
    re.IGNORECASE,
)


def ladders() -> Iterator[tuple[prompts.Wording, ...]]:
    yield from prompts.QUESTIONS.values()
    yield from prompts.VARIANTS.values()
    yield from ((wording,) for wording in (*prompts.LEAD_INS.values(), *prompts.STATEMENTS.values()))


SAID_TWICE = " ".join(prompts.STATEMENTS["reference_again"])
EVERY_SENTENCE = sorted({" ".join(wording) for ladder in ladders() for wording in ladder} - {SAID_TWICE})


def test_no_prompt_speaks_of_sound() -> None:
    assert [shown for sentence in EVERY_SENTENCE if FOR_THE_EAR.search(shown := written(sentence))] == []


def test_every_prompt_stays_a_sentence() -> None:
    for sentence in EVERY_SENTENCE:
        shown = written(sentence)
        assert shown[0] == sentence[0] or shown[0].isupper(), shown
        assert shown[-1] == sentence[-1], shown
        assert not re.search(r"  |,,|,\.| \.|\(|\\", shown), shown
        assert re.findall(r"\{\w+\}", shown) == re.findall(r"\{\w+\}", sentence), shown


@pytest.mark.parametrize("act", list(prompts.QUESTIONS))
def test_a_question_asked_again_is_still_worded_otherwise(act: str) -> None:
    ladder = [written(" ".join(wording)) for wording in prompts.QUESTIONS[act]]  # type: ignore[index]
    assert all(one != other for one, other in pairwise(ladder))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Dites oui ou non.", "Répondez oui ou non."),
        ("Pour réserver, dites oui.", "Pour réserver, répondez oui."),
        ("Dites seulement le nom de la rue.", "Écrivez seulement le nom de la rue."),
        ("Dites le numéro dans la rue, ou tapez-le sur le clavier.", "Écrivez le numéro dans la rue."),
        ("Tapez le numéro sur le clavier, puis dièse.", "Tapez le numéro."),
        ("Tapez les dix chiffres sur le clavier, ou dites-les un par un.", "Tapez les dix chiffres."),
        ("Tapez 1 pour réserver, 2 pour changer.", "Tapez 1 pour réserver, 2 pour changer."),
        ("J'ai du mal à bien vous entendre. Voulez-vous parler à un conseiller ?",
         "Je ne comprends pas bien. Voulez-vous joindre un conseiller ?"),
        ("Le numéro est le 06, 12, 34, 56, 78. C'est bien ça ?", "Le numéro est le 06 12 34 56 78. C'est bien ça ?"),
        ("au numéro qui se termine par 67, 89. D'accord ?", "au numéro qui se termine par 67 89. D'accord ?"),
        ("Dites chaque lettre avec un mot : R comme Raoul, O comme Oscar, M comme Marcel.",
         "Écrivez chaque lettre. Par exemple : ROM."),
        ("Votre référence est : A comme Anatole, 4, K comme Kléber. Je répète : A comme Anatole, 4, K comme Kléber.",
         "Votre référence est : A4K."),
        ("S'il y a un danger, raccrochez et appelez le 18 ou le 112.",
         "S'il y a un danger, appelez le 18 ou le 112, ou envoyez un SMS au 114."),
        ("Les 10, 11, 12 ou 13, c'est-à-dire bientôt.", "Les 10, 11, 12 ou 13, c'est-à-dire bientôt."),
    ],
)  # fmt: skip
def test_examples(said: str, shown: str) -> None:
    assert written(said) == shown


@given(st.randoms(use_true_random=False))
def test_every_reference_is_shown_as_it_is_written_on_the_sticker(random: object) -> None:
    reference = make_reference(random.randrange)  # type: ignore[attr-defined]
    spoken = spoken_reference(reference)
    assert written(f"Votre référence est : {spoken}. Je répète : {spoken}.") == f"Votre référence est : {reference}."


@given(st.text(alphabet="23456789ACEFHKLMNPRTUVWXYZ", min_size=5, max_size=5))
def test_what_is_said_twice_is_written_once(reference: str) -> None:
    spoken = spoken_reference(reference)
    first, again = (" ".join(prompts.STATEMENTS[name]) for name in ("reference", "reference_again"))
    assert written(first.format(reference=spoken)) == f"Votre référence est : {reference}."
    assert written(again.format(reference=spoken)) == ""


def test_a_question_asked_again_is_still_asked() -> None:
    assert written("Je répète. Quelle date vous convient ?") == "Je répète. Quelle date vous convient ?"


@given(st.text(max_size=200))
def test_text_without_a_word_for_the_ear_is_shown_as_it_is(text: str) -> None:
    plain = re.sub(r"[^a-c ]", "", text)
    assert written(plain) == plain


def test_french_signs_stay_with_their_word() -> None:
    assert unbroken("Écrivez « oui » : c'est tout ?") == "Écrivez «\u00a0oui\u00a0»\u00a0: c'est tout\u00a0?"
