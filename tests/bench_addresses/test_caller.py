"""The simulated caller: honest, patient, and never says yes to an address that is not theirs."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from callbot.dialogue.acts import Act, Say
from callbot.dialogue.prompts import QUESTIONS, VARIANTS, said
from callbot.dialogue.wording import spoken_address
from callbot.domain.addresses import StreetAddress
from callbot.domain.geography import Commune
from tests.bench.addresses.caller import HonestCaller, Speaks, Types, initials

COMMUNES = {f"132{n:02}": Commune(f"132{n:02}", f"Marseille {n}e", (f"130{n:02}",)) for n in range(1, 17)} | {
    "13005": Commune("13005", "Aubagne", ("13400",))
}
MINE = StreetAddress("Rue des Lilas", "13206", "Marseille 6e", "13006", 12)
FIRST = "J'habite au douze rue des Lilas."


def caller(address: StreetAddress = MINE, seed: int = 1) -> HonestCaller:
    return HonestCaller(address, FIRST, COMMUNES, Random(seed))


def read_back(address: StreetAddress, wording: int = 0) -> Say:
    return said(Act.CONFIRM_ADDRESS, QUESTIONS[Act.CONFIRM_ADDRESS][wording], address=spoken_address(address, COMMUNES))


def choice(*choices: str, wording: int = 0, street: str | None = None) -> Say:
    keys = ", ".join(f"{each}, tapez {place}" for place, each in enumerate(choices, start=1))
    wordings = VARIANTS["choose_in_street"] if street else QUESTIONS[Act.CHOOSE_ADDRESS]
    named = said(Act.CHOOSE_ADDRESS, wordings[wording], choices=", ou ".join(choices), keys=keys, street=street or "")
    return replace(named, hints=choices)


@pytest.mark.parametrize("wording", [0, 1])
def test_yes_to_the_address_and_to_nothing_else(wording: int) -> None:
    assert caller().answer(read_back(MINE, wording)) == Speaks("Oui, c'est ça.")
    for other in (
        replace(MINE, number=2),
        replace(MINE, number=112),
        replace(MINE, repetition="bis"),
        replace(MINE, street="Rue des Lilas Blancs"),
        replace(MINE, street="Ancienne Rue des Lilas"),
        replace(MINE, insee="13216"),
    ):
        assert caller().answer(read_back(other, wording)) == Speaks("Non, ce n'est pas ça.")


def test_keys_where_keys_are_asked_for() -> None:
    assert caller().answer(read_back(MINE, 2)) == Types("1")
    assert caller().answer(read_back(replace(MINE, number=2), 2)) == Types("2")


def test_the_address_is_said_as_it_is_asked_for() -> None:
    mine = caller()
    number_and_street = Say(Act.ASK_ADDRESS, QUESTIONS[Act.ASK_ADDRESS][0])
    street_alone = Say(Act.ASK_ADDRESS, VARIANTS["street_alone"][0])
    assert mine.answer(number_and_street) == Speaks(FIRST)
    assert mine.answer(number_and_street) == Speaks("Douze rue des Lilas.")
    assert mine.answer(street_alone) == Speaks("Rue des Lilas.")


def test_the_number_is_said_then_typed_but_bis_has_no_key() -> None:
    by_voice = Say(Act.ASK_NUMBER, ("Quel est le numéro ?",))
    by_keys = Say(Act.ASK_NUMBER, QUESTIONS[Act.ASK_NUMBER][0])
    assert caller().answer(by_voice) == Speaks("Au douze.")
    assert caller().answer(by_keys) == Types("12#")
    assert caller(replace(MINE, repetition="bis")).answer(by_keys) == Speaks("Au douze bis.")


@pytest.mark.parametrize(
    ("wrong", "part", "key"),
    [
        (replace(MINE, number=2), "Le numéro.", "1"),
        (replace(MINE, street="Rue des Tulipes"), "La rue.", "2"),
        (replace(MINE, street="Rue des Tulipes", number=2), "La rue.", "2"),
    ],
)
def test_the_part_that_is_wrong_is_named(wrong: StreetAddress, part: str, key: str) -> None:
    mine = caller()
    mine.answer(read_back(wrong))
    assert mine.answer(Say(Act.ASK_PART, QUESTIONS[Act.ASK_PART][0])) == Speaks(part)
    assert mine.answer(Say(Act.ASK_PART, QUESTIONS[Act.ASK_PART][2])) == Types(key)


def test_the_commune_that_is_wrong_is_named() -> None:
    mine = caller()
    mine.answer(read_back(replace(MINE, insee="13205")))
    assert mine.answer(Say(Act.ASK_PART, QUESTIONS[Act.ASK_PART][0])) == Speaks("L'arrondissement.")


def test_the_choice_is_named_or_counted() -> None:
    asked = choice("Rue des Tulipes", "Rue des Lilas")
    answers = {caller(seed=seed).answer(asked) for seed in range(20)}
    assert answers == {Speaks("La deuxième."), Speaks("Rue des Lilas.")}
    assert caller().answer(choice("Rue des Tulipes", "Rue des Lilas", wording=2)) == Types("2")


def test_none_of_the_choices_is_taken_for_ones_own() -> None:
    assert caller().answer(choice("Rue des Tulipes", "Rue des Lys")) == Speaks("Aucune des deux.")
    assert caller().answer(choice("Rue A", "Rue B", "Rue C")) == Speaks("Aucune des trois.")
    assert caller().answer(choice("Rue A", "Rue B", wording=2)) == Types("9")


def test_a_number_is_chosen_in_ones_own_street_only() -> None:
    answers = {caller(seed=seed).answer(choice("le 2", "le 12", street="Rue des Lilas")) for seed in range(20)}
    assert answers == {Speaks("La deuxième."), Speaks("Le 12.")}
    assert caller().answer(choice("le 2", "le 12", street="Rue des Tulipes")) == Speaks("Aucune des deux.")


def test_a_commune_is_chosen_in_ones_own_street_only() -> None:
    lines = ("dans le sixième arrondissement", "à Aubagne")
    assert caller().answer(choice(*lines, street="Rue des Lilas", wording=2)) == Types("1")
    aubagne = replace(MINE, insee="13005")
    assert caller(aubagne).answer(choice(*lines, street="Rue des Lilas", wording=2)) == Types("2")


def test_a_person_is_refused_once() -> None:
    mine, offer = caller(), Say(Act.OFFER_HUMAN, QUESTIONS[Act.OFFER_HUMAN][0])
    assert [mine.answer(offer) for _ in range(2)] == [Speaks("Non."), Speaks("Oui.")]


def test_the_commune_is_said_typed_and_confirmed() -> None:
    asked = [Say(Act.ASK_COMMUNE, QUESTIONS[Act.ASK_COMMUNE][place]) for place in (0, 2)]
    assert [caller().answer(each) for each in asked] == [Speaks("Dans le sixième."), Types("6")]
    assert caller(replace(MINE, insee="13005")).answer(asked[0]) == Speaks("À Aubagne.")
    right, wrong = (
        said(Act.CONFIRM_COMMUNE, QUESTIONS[Act.CONFIRM_COMMUNE][0], commune=name)
        for name in ("Marseille, sixième arrondissement", "Marseille, seizième arrondissement")
    )
    assert caller().answer(right) == Speaks("Oui, c'est ça.")
    assert caller().answer(wrong) == Speaks("Non, ce n'est pas ça.")


@pytest.mark.parametrize(
    ("street", "letters"),
    [
        ("Rue de Rome", "ROM"),
        ("Boulevard de l'Épée", "EPE"),
        ("Impasse d'Or", "OR"),
        ("La Canebière", "CAN"),
        ("Corniche", "COR"),
        ("Rue du 4 Septembre", "QUA"),
    ],
)
def test_the_first_letters_are_those_of_the_telling_word(street: str, letters: str) -> None:
    assert initials(street) == letters


def test_letters_are_spelled_one_by_one() -> None:
    by_keys, by_voice = (Say(Act.ASK_INITIALS, QUESTIONS[Act.ASK_INITIALS][place]) for place in (0, 1))
    assert caller().answer(by_keys) == Types("545#")
    reply = caller().answer(by_voice)
    assert isinstance(reply, Speaks)
    assert reply.text.startswith("Elle")
    assert reply.text.count(",") == 2
